/** Which chord does what: the usual shortcuts, and a person's own in their place. */

import { normalise } from "./chords";

export interface Bound {
  readonly id: string;
  readonly shortcut?: string;
}

/** Own shortcuts by command; empty for a command that has none. */
export type Own = { readonly [id: string]: string };

/** Second shortcuts, for hands that learnt them elsewhere. */
const ALSO: { readonly [id: string]: readonly string[] } = {
  redo: ["Ctrl+Y"],
  delete: ["Backspace"],
  menu: ["ContextMenu"],
};

/** The chords of a command, the one to be shown first. */
export function chordsOf({ id, shortcut }: Bound, own: Own): readonly string[] {
  const mine = own[id];
  if (mine !== undefined) return mine === "" ? [] : [normalise(mine)];
  return [...(shortcut ? [normalise(shortcut)] : []), ...(ALSO[id] ?? [])];
}

export function commandAt<T extends Bound>(commands: readonly T[], own: Own, chord: string): T | undefined {
  return commands.find((command) => chordsOf(command, own).includes(chord));
}

/** Chords that more than one command has, with the ids of these; only the first of them acts. */
export function conflicts(commands: readonly Bound[], own: Own): ReadonlyMap<string, readonly string[]> {
  const users = new Map<string, string[]>();
  for (const command of commands)
    for (const chord of chordsOf(command, own)) users.set(chord, [...(users.get(chord) ?? []), command.id]);
  return new Map([...users].filter(([, ids]) => ids.length > 1));
}

/** The command that has a chord already, other than the one it is meant for. */
export function takenBy<T extends Bound>(commands: readonly T[], own: Own, chord: string, id: string): T | undefined {
  return commands.find((command) => command.id !== id && chordsOf(command, own).includes(chord));
}

/** Gives a command a chord. Whoever had it loses it; a chord that is the usual one is not kept as an own one. */
export function rebound(commands: readonly Bound[], own: Own, id: string, chord: string): Own {
  const next: Record<string, string> = { ...own };
  for (const command of commands) {
    if (command.id === id || chord === "") continue;
    const rest = chordsOf(command, own).filter((each) => each !== chord);
    if (rest.length < chordsOf(command, own).length) next[command.id] = rest[0] ?? "";
  }
  const usual = commands.find((command) => command.id === id)?.shortcut ?? "";
  if (chord === (usual && normalise(usual))) delete next[id];
  else next[id] = chord;
  return next;
}

/** The usual shortcut again; a command that took it meanwhile goes without. */
export function restored(commands: readonly Bound[], own: Own, id: string): Own {
  const usual = commands.find((command) => command.id === id)?.shortcut ?? "";
  const { [id]: _, ...rest } = own;
  return usual ? rebound(commands, rest, id, normalise(usual)) : rest;
}
