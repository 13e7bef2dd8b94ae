/** Random edits of a document: one of everything that the editor can do, on whatever is there. */

import fc from "fast-check";
import {
  addCarry,
  addCollect,
  addEach,
  addFrame,
  addInput,
  addNode,
  addNote,
  addOutput,
  addPoint,
  changeBox,
  changeFrame,
  changeNote,
  connectThrough,
  demote,
  duplicate,
  EMPTY_NODE,
  EMPTY_PARAMETER,
  explodeSubgraph,
  freshId,
  freshLoopName,
  freshSubgraphName,
  homes,
  INSIDE,
  insertOnLink,
  isLoop,
  type Link,
  type Literal,
  loopOf,
  makeSubgraph,
  moveIntoLoop,
  moveOutOfLoop,
  movePoint,
  placeOf,
  placeThings,
  promote,
  readers,
  removeInput,
  removeLoopValue,
  removeNodes,
  removeOutput,
  removePoint,
  removeThings,
  renameInput,
  renameLoopValue,
  renameNode,
  resetValue,
  setCollapsed,
  setColour,
  setMode,
  setTitle,
  setValue,
  TOP,
  tidyWires,
  type Workflow,
  wireKey,
  wirePoints,
  wrapInLoop,
} from "../../src/document";
import { autoLayout } from "../../src/document/layout";

/** Chooses among what is there by a number. */
function pick<T>(items: readonly T[], number: number): T | undefined {
  return items[number % Math.max(1, items.length)];
}

type Draw = { readonly a: number; readonly b: number; readonly text: string; readonly value: Literal };

const draw: fc.Arbitrary<Draw> = fc.record({
  a: fc.nat(),
  b: fc.nat(),
  text: fc.string({ maxLength: 8 }),
  value: fc.oneof(fc.bigInt(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.string(), fc.boolean()),
});

type Maker = (workflow: Workflow, draw: Draw) => Workflow;

const node = (workflow: Workflow, number: number): string => pick([...homes(workflow).keys()], number) ?? "";
const loop = (workflow: Workflow, number: number): string =>
  pick(
    [...homes(workflow)].flatMap(([id, { node: found }]) => (isLoop(found) ? [id] : [])),
    number,
  ) ?? "";
const input = (workflow: Workflow, id: string, number: number): string => {
  const found = homes(workflow).get(id)?.node;
  return pick([...Object.keys(found?.links ?? {}), ...Object.keys(found?.values ?? {}), "fresh"], number) ?? "fresh";
};

const MAKERS: readonly Maker[] = [
  (w, { a, text }) =>
    addNode(w, placeOf(w, node(w, a)), freshId(w, text), { ...EMPTY_NODE, type: "text" }, { x: a % 99, y: 0 }),
  (w, { a }) => removeNodes(w, [node(w, a)]),
  (w, { a, b }) => removeNodes(w, [node(w, a), node(w, b)], (found) => Object.keys(found.links)[0]),
  (w, { a, text }) => renameNode(w, node(w, a), freshId(w, text)),
  (w, { a, text }) => setTitle(w, node(w, a), text),
  (w, { a, b }) => setMode(w, [node(w, a)], b % 2 === 0 ? "mute" : "run"),
  (w, { a, b, value }) => setValue(w, node(w, a), input(w, node(w, a), b), value),
  (w, { a, b }) => resetValue(w, node(w, a), input(w, node(w, a), b)),
  (w, { a, b }) => {
    const target = node(w, a);
    return connectThrough(w, { kind: "input", node: target, name: input(w, target, b) }, [node(w, b), "value"]);
  },
  (w, { a, b, value }) => promote(w, node(w, a), input(w, node(w, a), b), { ...EMPTY_PARAMETER, default: value }),
  (w, { a, b }) => demote(w, node(w, a), input(w, node(w, a), b)),
  (w, { text, value }) => addInput(w, "", freshId(w, text), { ...EMPTY_PARAMETER, type: "float", default: value }),
  (w, { a }) => removeInput(w, "", pick(Object.keys(w.inputs), a) ?? ""),
  (w, { a, text }) => renameInput(w, "", pick(Object.keys(w.inputs), a) ?? "", freshId(w, text)),
  (w, { a, text }) => addOutput(w, "", freshId(w, text), [node(w, a), "image"]),
  (w, { a }) => removeOutput(w, "", pick(Object.keys(w.outputs), a) ?? ""),
  (w, { a, b }) => wrapInLoop(w, [node(w, a), node(w, b)], freshId(w, "loop")),
  (w, { a, b }) => moveIntoLoop(w, [node(w, a)], loop(w, b)),
  (w, { a }) => moveOutOfLoop(w, [node(w, a)]),
  (w, { a, text, value }) => withLoop(w, a, (id, name) => addEach(w, id, name(text), { value: [value] })),
  (w, { a, b, text }) => withLoop(w, a, (id, name) => addCarry(w, id, name(text), { link: [node(w, b), "latent"] })),
  (w, { a, b, text }) => withLoop(w, a, (id, name) => addCollect(w, id, name(text), innerLink(w, id, b))),
  (w, { a, b }) => withLoop(w, a, (id) => removeLoopValue(w, id, pick(loopOf(w, id)?.carry ?? [], b) ?? "")),
  (w, { a, b, text }) =>
    withLoop(w, a, (id, name) => renameLoopValue(w, id, pick(loopOf(w, id)?.each ?? [], b) ?? "", name(text))),
  (w, { a, b }) => {
    const name = freshSubgraphName(w, "part", () => false);
    return makeSubgraph(w, [node(w, a), node(w, b)], name, freshId(w, "use", new Set([name])), () => "float");
  },
  (w, { a }) => explodeSubgraph(w, pick(uses(w), a) ?? ""),
  (w, { a, b }) => duplicate(w, [node(w, a), node(w, b)]).workflow,
  (w, { a, b }) => {
    const target = pick(readers(w), b)?.target;
    return target ? insertOnLink(w, node(w, a), "a", "value", target) : w;
  },
  (w, { a, b }) => changeBox(w, node(w, a), { x: a % 1000, y: b % 1000, width: 200 }),
  (w, { a }) => setCollapsed(w, [node(w, a)], true),
  (w, { text }) => addFrame(w, { x: 0, y: 0.5, width: 100, height: 50, title: text, colour: "", graph: "" }),
  (w, { a, text }) => changeFrame(w, a % Math.max(1, w.layout.frames.length), { title: text }),
  (w, { text }) => addNote(w, { x: 0, y: 0, width: 240, height: 120, text, graph: "" }),
  (w, { a, text }) => changeNote(w, a % Math.max(1, w.layout.notes.length), { text }),
  (w, { a, b }) => {
    const wire = pick(wires(w), a) ?? "";
    return addPoint(w, wire, b % (1 + wirePoints(w, wire).length), { x: a % 500, y: b % 500 });
  },
  (w, { a, b }) => movePoint(w, pick(Object.keys(w.layout.wires), a) ?? "", b % 3, { x: b % 99, y: a % 99 }),
  (w, { a }) => tidyWires(removePoint(w, pick(Object.keys(w.layout.wires), a) ?? "", a % 2)),
  (w, { a, b }) => setColour(w, [node(w, a), `frame:${b % 2}`], "teal"),
  (w, { a, b }) => removeThings(w, [node(w, a), "frame:0", `wire:${pick(wires(w), b)}`]),
  (w, { a, b }) => placeThings(w, { [node(w, a)]: { x: b % 99, y: 3 }, "note:0": { x: 1, y: b % 99 } }),
  (w) => autoLayout(w, TOP, () => ({ width: 200, height: 100 })),
];

/** The wires that can be given points. */
function wires(w: Workflow): string[] {
  return readers(w).flatMap(({ target }) => (target.kind === "output" ? [] : [wireKey(target)]));
}

function withLoop(
  w: Workflow,
  number: number,
  edit: (id: string, name: (word: string) => string) => Workflow,
): Workflow {
  const id = loop(w, number);
  const found = loopOf(w, id);
  return found ? edit(id, (word) => freshLoopName(found, word)) : w;
}

function innerLink(w: Workflow, id: string, number: number): Link {
  return [pick([...Object.keys(loopOf(w, id)?.body ?? {}), id + INSIDE], number) ?? "", "latent"];
}

function uses(w: Workflow): string[] {
  return [...homes(w)].flatMap(([id, { node: found }]) => (Object.hasOwn(w.subgraphs, found.type) ? [id] : []));
}

/** One edit as plain data, so that a failing sequence can be read. */
export const edit = fc.record({ maker: fc.nat(MAKERS.length - 1), draw });
export type Edit = { readonly maker: number; readonly draw: Draw };

export function doEdit(workflow: Workflow, { maker, draw: drawn }: Edit): Workflow {
  return MAKERS[maker]?.(workflow, drawn) ?? workflow;
}
