/**
 * A change of a document as a value: what undo, redo and autosave work with.
 *
 * Operations are functions from document to document that share what they leave alone; `difference` walks the two
 * only where they are not the same object. Places in an object are kept, so undoing restores the same bytes. Lists
 * are changed as a whole.
 */

/** One value at one path. `undefined` stands for absent; `at` is the place among the names of its object. */
export interface Patch {
  readonly path: readonly string[];
  readonly at: number;
  readonly before: unknown;
  readonly after: unknown;
}

export type Change = readonly Patch[];

type Fields = { readonly [name: string]: unknown };

/** What leads from one document to the other; empty when they are equal. */
export function difference(before: unknown, after: unknown, path: readonly string[] = []): Change {
  if (before === after) return [];
  if (!isFields(before) || !isFields(after)) return isSame(before, after) ? [] : [{ path, at: 0, before, after }];
  const old = Object.keys(before);
  const now = Object.keys(after);
  const stays = old.filter((name) => Object.hasOwn(after, name));
  const stayed = now.filter((name) => Object.hasOwn(before, name));
  if (stays.some((name, i) => name !== stayed[i])) return [{ path, at: 0, before, after }];
  const removed = old
    .map((name, at) => ({ path: [...path, name], at, before: before[name], after: undefined }))
    .filter((patch) => !Object.hasOwn(after, patch.path.at(-1) ?? ""))
    .reverse();
  const altered = stays.flatMap((name) => difference(before[name], after[name], [...path, name]));
  const added = now
    .map((name, at) => ({ path: [...path, name], at, before: undefined, after: after[name] }))
    .filter((patch) => !Object.hasOwn(before, patch.path.at(-1) ?? ""));
  return [...removed, ...altered, ...added];
}

/** The document after a change. */
export function apply<T>(document: T, change: Change): T {
  return change.reduce<unknown>((now, patch) => applyPatch(now, patch, 0), document) as T;
}

/** The change that takes back a change. */
export function invert(change: Change): Change {
  return change.map(({ path, at, before, after }) => ({ path, at, before: after, after: before })).reverse();
}

function applyPatch(target: unknown, patch: Patch, depth: number): unknown {
  const name = patch.path[depth];
  if (name === undefined) return patch.after;
  if (!isFields(target)) throw new Error(`A change does not fit: there is nothing at ${patch.path.join(".")}.`);
  if (depth < patch.path.length - 1 || (patch.before !== undefined && patch.after !== undefined)) {
    return { ...target, [name]: applyPatch(target[name], patch, depth + 1) };
  }
  const entries = Object.entries(target).filter(([key]) => key !== name);
  if (patch.after !== undefined) entries.splice(patch.at, 0, [name, patch.after]);
  return Object.fromEntries(entries);
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Equal lists of plain values need no patch. */
function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((part, i) => isSame(part, b[i]));
  if (isFields(a) && isFields(b)) return difference(a, b).length === 0;
  return false;
}

/** Two changes in a row as one. Changes of the same values, such as typing, become no longer by that. */
export function join(first: Change, second: Change): Change {
  const isSamePlaces = first.length === second.length && first.every((patch, i) => isAltered(patch, second[i]));
  if (!isSamePlaces) return [...first, ...second];
  return first.map((patch, i) => ({ ...patch, after: second[i]?.after }));
}

/** Whether the second patch only gives what the first has changed another value. */
function isAltered(first: Patch, second: Patch | undefined): boolean {
  const isSamePath =
    second?.path.length === first.path.length && second.path.every((name, i) => name === first.path[i]);
  return isSamePath && [first.after, second.before, second.after].every((value) => value !== undefined);
}
