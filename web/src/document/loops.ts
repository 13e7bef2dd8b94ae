/** Loops: made around a selection, and what they walk (`each`), carry on and collect. */

import { freshName, withField, withFieldRenamed, withoutFields } from "./fields";
import { connectThrough, mapLinks } from "./links";
import { moveNodes } from "./moving";
import { addNode } from "./nodes";
import { changeLoop, insideOf, loopOf, outermost, placeOf, samePlace } from "./places";
import { EMPTY_LOOP, INDEX, INSIDE, type Link, type Literal, type Loop, type Workflow } from "./types";
import { renameWires } from "./wires";

export type LoopPart = "each" | "carry" | "collect";

/** What a loop is given at an `each` or `carry`: a link, or a value. */
export type Given = { readonly link: Link } | { readonly value: Literal };

/** Numbers that a new loop walks until it is given a list of its own. */
const FIRST_NUMBERS: Literal = [0n, 1n, 2n];

/** Wraps nodes of one body in a loop; what is read from outside is collected. */
export function wrapInLoop(workflow: Workflow, ids: readonly string[], loop: string, title = "Loop"): Workflow {
  const [first, ...rest] = outermost(workflow, ids);
  if (first === undefined) return workflow;
  const place = placeOf(workflow, first);
  const wrapped = [first, ...rest.filter((id) => samePlace(placeOf(workflow, id), place))];
  const fresh: Loop = { ...EMPTY_LOOP, title, each: ["number"], values: { number: FIRST_NUMBERS } };
  return moveNodes(addNode(workflow, place, loop, fresh), wrapped, { ...place, loops: [...place.loops, loop] });
}

export function moveIntoLoop(workflow: Workflow, ids: readonly string[], loop: string): Workflow {
  return loopOf(workflow, loop) ? moveNodes(workflow, ids, insideOf(workflow, loop)) : workflow;
}

/** Moves nodes out of the innermost loop that they stand in. */
export function moveOutOfLoop(workflow: Workflow, ids: readonly string[]): Workflow {
  return outermost(workflow, ids).reduce((now, id) => {
    const place = placeOf(now, id);
    return moveNodes(now, [id], { ...place, loops: place.loops.slice(0, -1) });
  }, workflow);
}

export function namesOf(loop: Loop): ReadonlySet<string> {
  return new Set([INDEX, ...loop.each, ...loop.carry, ...Object.keys(loop.collect)]);
}

export function freshLoopName(loop: Loop, word: string): string {
  const taken = namesOf(loop);
  return freshName(word, (name) => taken.has(name));
}

export function addEach(workflow: Workflow, loop: string, name: string, given?: Given): Workflow {
  return give(
    changeLoop(workflow, loop, (old) => ({ ...old, each: [...old.each, name] })),
    loop,
    name,
    given,
  );
}

/** Adds a carry. Until it is linked, each iteration hands on what it got. */
export function addCarry(workflow: Workflow, loop: string, name: string, given?: Given, next?: Link): Workflow {
  const added = changeLoop(workflow, loop, (old) => ({
    ...old,
    carry: [...old.carry, name],
    next: withField(old.next, name, next ?? [loop + INSIDE, name]),
  }));
  return give(added, loop, name, given);
}

export function addCollect(workflow: Workflow, loop: string, name: string, link: Link): Workflow {
  return changeLoop(workflow, loop, (old) => ({ ...old, collect: withField(old.collect, name, link) }));
}

function give(workflow: Workflow, loop: string, name: string, given: Given | undefined): Workflow {
  if (!given) return workflow;
  if ("link" in given) return connectThrough(workflow, { kind: "input", node: loop, name }, given.link);
  return changeLoop(workflow, loop, (old) => ({ ...old, values: withField(old.values, name, given.value) }));
}

/** Removes an `each`, a carry or something collected, and the links that read it. */
export function removeLoopValue(workflow: Workflow, loop: string, name: string): Workflow {
  if (!loopOf(workflow, loop)) return workflow;
  const unlinked = mapLinks(workflow, ({ link }) => (reads(link, loop, name) ? undefined : link));
  return changeLoop(unlinked, loop, (old) => ({
    ...old,
    each: old.each.filter((other) => other !== name),
    carry: old.carry.filter((other) => other !== name),
    values: withoutFields(old.values, name),
    links: withoutFields(old.links, name),
    next: withoutFields(old.next, name),
    collect: withoutFields(old.collect, name),
  }));
}

export function renameLoopValue(workflow: Workflow, loop: string, name: string, other: string): Workflow {
  const found = loopOf(workflow, loop);
  if (!found || name === other || namesOf(found).has(other)) return workflow;
  const linked = mapLinks(workflow, ({ link }) => (reads(link, loop, name) ? [link[0], other] : link));
  const renamed = (names: readonly string[]): string[] => names.map((old) => (old === name ? other : old));
  const wired = renameWires(linked, (end) => (end.node === loop && end.name === name ? { ...end, name: other } : end));
  return changeLoop(wired, loop, (old) => ({
    ...old,
    each: renamed(old.each),
    carry: renamed(old.carry),
    values: withFieldRenamed(old.values, name, other),
    links: withFieldRenamed(old.links, name, other),
    next: withFieldRenamed(old.next, name, other),
    collect: withFieldRenamed(old.collect, name, other),
  }));
}

function reads([source, name]: Link, loop: string, value: string): boolean {
  return (source === loop || source === loop + INSIDE) && name === value;
}
