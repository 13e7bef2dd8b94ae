import { expect, test } from "vitest";
import {
  addFrame,
  addNote,
  addPoint,
  copyText,
  duplicate,
  explodeSubgraph,
  insertOnLink,
  makeSubgraph,
  paste,
  placeBoxes,
  placeThings,
  removeNodes,
  removeThings,
  renameLoopValue,
  renameNode,
  TOP,
  thingOf,
  tidyWires,
  type Workflow,
  wireEnd,
  wireKey,
  wirePoints,
  writeWorkflow,
} from "../../src/document";
import { example, workflow } from "./examples";

/** number -> doubled -> shown; the first wire has a point, the second has two. */
const ROUTED = workflow(
  JSON.stringify({
    latentloom: 1,
    nodes: {
      number: { type: "number", values: { value: 2.5 } },
      doubled: { type: "multiply", values: { b: 2.5 }, links: { a: ["number", "value"] } },
      shown: { type: "float_to_text", links: { value: ["doubled", "value"] } },
    },
    layout: {
      nodes: { number: { x: 0, y: 0 }, doubled: { x: 300, y: 40 }, shown: { x: 600, y: 0 } },
      wires: {
        "doubled.a": [[200, 90]],
        "shown.value": [
          [450, 10],
          [550, 90.5],
        ],
      },
    },
  }),
);

const wiresIn = (document: Workflow): Workflow["layout"]["wires"] => tidyWires(document).layout.wires;

test("a wire's name says where it ends, and is read back, with any name of a loop's value", () => {
  for (const kind of ["input", "next", "collect"] as const)
    expect(wireEnd(wireKey({ kind, node: "loop", name: "a.b/next.c" }))).toEqual({
      kind,
      node: "loop",
      name: "a.b/next.c",
    });
  expect(wireEnd("nothing")).toBeUndefined();
  expect(thingOf("point:2:loop/next.a:b")).toEqual({ kind: "point", index: 2, wire: "loop/next.a:b" });
  expect(thingOf("wire:step.latent")).toEqual({ kind: "wire", wire: "step.latent" });
  expect(thingOf("wire")).toEqual({ kind: "node", id: "wire" });
});

test("points leave with their wire, and a renamed node keeps them", () => {
  expect(wiresIn(removeNodes(ROUTED, ["number"]))).toEqual({ "shown.value": ROUTED.layout.wires["shown.value"] });
  const renamed = renameNode(ROUTED, "doubled", "twice");
  expect(Object.keys(wiresIn(renamed))).toEqual(["twice.a", "shown.value"]);
  const loop = addPoint(example("text-to-image"), "denoising/next.latent", 0, { x: 1, y: 2 });
  expect(wiresIn(renameLoopValue(loop, "denoising", "latent", "picture"))).toEqual({
    "denoising/next.picture": [[1, 2]],
  });
});

test("points move with both ends of their wire, and stay when only one moves", () => {
  const both = placeBoxes(ROUTED, { doubled: { x: 310, y: 60 }, shown: { x: 610, y: 20 } });
  expect(wirePoints(both, "shown.value")).toEqual([
    [460, 30],
    [560, 111],
  ]);
  expect(wirePoints(both, "doubled.a")).toEqual([[200, 90]]);
  const moved = placeThings(ROUTED, { number: { x: 8, y: 8 }, "point:1:shown.value": { x: 7, y: 8.4 } });
  expect(wirePoints(moved, "shown.value")[1]).toEqual([7, 8]);
});

test("a node put into a wire parts its points", () => {
  const placed = placeBoxes(ROUTED, { number: { x: 500, y: 0 } });
  const inserted = insertOnLink(placed, "number", "value", "value", { kind: "input", node: "shown", name: "value" });
  expect(wirePoints(inserted, "number.value")).toEqual([[450, 10]]);
  expect(wirePoints(inserted, "shown.value")).toEqual([[550, 90.5]]);
});

test("a copy takes points, frames and notes along", () => {
  const noted = addNote(addFrame(ROUTED, frame("Sum")), { ...NOTE, text: "Why" });
  const clip = workflow(copyText(noted, ["doubled", "shown", "frame:0", "note:0"]));
  expect(clip.layout.wires).toEqual(ROUTED.layout.wires);
  const { workflow: pasted, keys } = paste(noted, TOP, clip, { x: 100, y: 0 });
  expect(keys).toEqual(["doubled_2", "shown_2", "frame:1", "note:1"]);
  expect(wirePoints(pasted, "shown_2.value")).toEqual([
    [550, 10],
    [650, 90.5],
  ]);
  expect(pasted.layout.frames[1]).toMatchObject({ title: "Sum", x: 100 });
  expect(duplicate(noted, ["note:0"], "part").workflow.layout.notes[1]).toMatchObject({ text: "Why", graph: "part" });
});

test("a subgraph has a picture of its own, which comes out again where it is taken apart, and goes where it is pasted", () => {
  const noted = addNote(ROUTED, { ...NOTE, text: "Why" });
  const made = makeSubgraph(noted, ["doubled", "shown", "note:0"], "part", "use", () => "float");
  expect(made.layout.notes[0]?.graph).toBe("part");
  expect(wiresIn(made)).toEqual({ "shown.value": ROUTED.layout.wires["shown.value"] });
  const { workflow: elsewhere } = paste(workflow('{"latentloom": 1}'), TOP, workflow(copyText(made, ["use"])), {
    x: 0,
    y: 0,
  });
  expect(elsewhere.layout.notes[0]).toMatchObject({ text: "Why", graph: "part" });
  expect(wiresIn(elsewhere)).toEqual(wiresIn(made));
  const apart = explodeSubgraph(tidyWires(made), "use");
  expect(apart.layout.notes.map(({ graph }) => graph)).toEqual(["part", ""]);
  expect(Object.keys(wiresIn(apart))).toEqual(["shown.value", "shown_2.value"]);
});

test("removing a wire unplugs it; together with a node it is the node's matter", () => {
  expect(removeThings(ROUTED, ["wire:shown.value"]).nodes.shown?.links).toEqual({});
  const closed = removeThings(ROUTED, ["doubled", "wire:shown.value"], () => "a");
  expect(closed.nodes.shown?.links).toEqual({ value: ["number", "value"] });
  expect(wiresIn(removeThings(ROUTED, ["point:0:doubled.a", "point:0:shown.value"]))).toEqual({
    "shown.value": [[550, 90.5]],
  });
});

test("what stands in the layout is written as it was read", () => {
  const text = writeWorkflow(ROUTED);
  expect(writeWorkflow(workflow(text))).toBe(text);
  expect(text).toContain('"shown.value": [\n        [\n          450.0,\n          10.0\n        ]');
});

const NOTE = { x: 0, y: 0, width: 240, height: 120, text: "", graph: "" };
const frame = (title: string) => ({ x: 0, y: 0, width: 800, height: 300, title, colour: "", graph: "" });
