import { expect, test } from "vitest";
import {
  addCarry,
  addCollect,
  addEach,
  addInput,
  connect,
  connectThrough,
  copyText,
  demote,
  duplicate,
  EMPTY_PARAMETER,
  explodeSubgraph,
  homes,
  insertOnLink,
  linkAt,
  loopOf,
  makeSubgraph,
  moveIntoLoop,
  moveOutOfLoop,
  nodeOf,
  paste,
  promote,
  readClipboard,
  removeInput,
  removeLoopValue,
  removeNodes,
  renameInput,
  renameLoopValue,
  renameNode,
  renameOutput,
  resetValue,
  setValue,
  TOP,
  type Workflow,
  wrapInLoop,
  writeWorkflow,
} from "../../src/document";
import { example, workflow } from "./examples";

/** number -> doubled -> shown, with an output of the workflow. */
const CHAIN = workflow(
  JSON.stringify({
    latentloom: 1,
    outputs: { result: ["shown", "value"] },
    nodes: {
      number: { type: "number", values: { value: 2.5 } },
      doubled: { type: "multiply", values: { b: 2.5 }, links: { a: ["number", "value"] } },
      shown: { type: "float_to_text", links: { value: ["doubled", "value"] } },
    },
    layout: { nodes: { number: { x: 0, y: 0 }, doubled: { x: 300, y: 40 }, shown: { x: 600, y: 0 } } },
  }),
);

const linksOf = (document: Workflow, id: string): unknown => nodeOf(document, id)?.links;

test("a link takes the place of a value, and a value that of a link", () => {
  const linked = connect(CHAIN, { kind: "input", node: "doubled", name: "b" }, ["number", "value"]);
  expect(nodeOf(linked, "doubled")?.values).toEqual({});
  const valued = setValue(linked, "doubled", "a", 3);
  expect(linksOf(valued, "doubled")).toEqual({ b: ["number", "value"] });
  expect(resetValue(valued, "doubled", "a") && nodeOf(resetValue(valued, "doubled", "a"), "doubled")?.values).toEqual(
    {},
  );
});

test("a removed node takes its links and its box with it; closing lets the wire go on", () => {
  const cut = removeNodes(CHAIN, ["doubled"]);
  expect(linksOf(cut, "shown")).toEqual({});
  expect(Object.keys(cut.layout.nodes)).toEqual(["number", "shown"]);
  const closed = removeNodes(CHAIN, ["doubled"], () => "a");
  expect(linksOf(closed, "shown")).toEqual({ value: ["number", "value"] });
  expect(removeNodes(CHAIN, ["shown"]).outputs).toEqual({});
});

test("a renamed node is renamed everywhere, also where its inside is read", () => {
  const renamed = renameNode(example("text-to-image"), "denoising", "steps_loop");
  expect(linksOf(renamed, "decoded")).toMatchObject({ latent: ["steps_loop", "latent"] });
  expect(linksOf(renamed, "step")).toMatchObject({ latent: ["steps_loop/in", "latent"] });
  expect(renamed.layout.nodes.steps_loop).toBeDefined();
  expect(Object.keys(renamed.nodes)).toEqual(
    Object.keys(example("text-to-image").nodes).map((id) => (id === "denoising" ? "steps_loop" : id)),
  );
});

test("a value becomes an input of the workflow, and back the same document", () => {
  const promoted = promote(CHAIN, "number", "value", { ...EMPTY_PARAMETER, type: "float" });
  expect(promoted.inputs.value).toMatchObject({ type: "float", default: 2.5 });
  expect(linksOf(promoted, "number")).toEqual({ value: ["$", "value"] });
  expect(writeWorkflow(demote(promoted, "number", "value"))).toBe(writeWorkflow(CHAIN));
});

test("an input that leaves gives its default to what read it; a renamed one is read under its new name", () => {
  const document = example("text-to-image");
  expect(nodeOf(removeInput(document, "", "guidance"), "guided")?.values).toEqual({ scale: 5 });
  const renamed = renameInput(document, "", "guidance", "strength");
  expect(linksOf(renamed, "guided")).toMatchObject({ scale: ["$", "strength"] });
  expect(Object.keys(renamed.inputs).indexOf("strength")).toBe(Object.keys(document.inputs).indexOf("guidance"));
});

test("an input or output that is renamed to a name that is taken gets a number; its own name stays", () => {
  const document = example("text-to-image");
  expect(Object.keys(renameInput(document, "", "guidance", "steps").inputs)).toContain("steps_2");
  expect(renameInput(document, "", "guidance", "guidance!")).toBe(document);
  const [output = ""] = Object.keys(document.outputs);
  expect(Object.keys(renameOutput(document, "", output, "a picture").outputs)).toEqual(["a_picture"]);
  expect(renameOutput(document, "", output, output)).toBe(document);
});

test("what is wrapped in a loop is collected for what reads it from outside", () => {
  const wrapped = wrapInLoop(CHAIN, ["doubled"], "loop");
  expect(loopOf(wrapped, "loop")?.body.doubled?.links).toEqual({ a: ["number", "value"] });
  expect(loopOf(wrapped, "loop")?.collect).toEqual({ value: ["doubled", "value"] });
  expect(linksOf(wrapped, "shown")).toEqual({ value: ["loop", "value"] });
});

test("a node that leaves a loop reads what the loop is given", () => {
  const document = example("text-to-image");
  const out = moveOutOfLoop(document, ["input"]);
  expect(Object.hasOwn(out.nodes, "input")).toBe(true);
  expect(linksOf(out, "input")).toMatchObject({ latent: ["start", "latent"], timestep: ["schedule", "timesteps"] });
  expect(linksOf(out, "cond")).toMatchObject({ latent: ["input", "latent"] });
});

test("a node that enters a loop keeps reading what is around it", () => {
  const wrapped = wrapInLoop(CHAIN, ["doubled"], "loop");
  const inside = moveIntoLoop(wrapped, ["number"], "loop");
  expect(Object.keys(loopOf(inside, "loop")?.body ?? {}).sort()).toEqual(["doubled", "number"]);
  expect(loopOf(inside, "loop")?.body.doubled?.links).toEqual({ a: ["number", "value"] });
});

test("a wire out of two loops is collected in both", () => {
  const inner = wrapInLoop(CHAIN, ["number"], "inner");
  const outer = wrapInLoop(inner, ["inner"], "outer");
  const linked = connectThrough(outer, { kind: "input", node: "doubled", name: "b" }, ["number", "value"]);
  const [loop, name] = linkAt(linked, { kind: "input", node: "doubled", name: "b" }) ?? ["", ""];
  expect(loop).toBe("outer");
  expect(loopOf(linked, "outer")?.collect[name]?.[0]).toBe("inner");
});

test("what a loop walks, carries and collects is added, renamed and removed with all that reads it", () => {
  let document = addEach(wrapInLoop(CHAIN, ["doubled"], "loop"), "loop", "factor", { value: [1, 2] });
  document = connect(document, { kind: "input", node: "doubled", name: "b" }, ["loop/in", "factor"]);
  document = addCarry(document, "loop", "sum", { link: ["number", "value"] }, ["doubled", "value"]);
  document = addCollect(document, "loop", "all", ["doubled", "value"]);
  expect(loopOf(document, "loop")).toMatchObject({
    each: ["number", "factor"],
    carry: ["sum"],
    next: { sum: ["doubled", "value"] },
  });
  const renamed = renameLoopValue(document, "loop", "factor", "times");
  expect(loopOf(renamed, "loop")?.body.doubled?.links.b).toEqual(["loop/in", "times"]);
  const removed = removeLoopValue(document, "loop", "factor");
  expect(loopOf(removed, "loop")?.body.doubled?.links.b).toBeUndefined();
  expect(loopOf(removed, "loop")?.values.factor).toBeUndefined();
});

test("a subgraph takes the place of nodes, and taken apart gives the same wires", () => {
  const made = makeSubgraph(CHAIN, ["doubled"], "twice", "use", () => "float");
  expect(made.subgraphs.twice).toMatchObject({
    inputs: { a: { type: "float" } },
    outputs: { value: ["doubled", "value"] },
  });
  expect(made.subgraphs.twice?.nodes.doubled?.links).toEqual({ a: ["$", "a"] });
  expect(made.nodes.use).toMatchObject({ type: "twice", links: { a: ["number", "value"] } });
  expect(linksOf(made, "shown")).toEqual({ value: ["use", "value"] });
  const apart = explodeSubgraph(made, "use");
  const copy = Object.keys(apart.nodes).find((id) => id.startsWith("doubled")) ?? "";
  expect(linksOf(apart, copy)).toEqual({ a: ["number", "value"] });
  expect(linksOf(apart, "shown")).toEqual({ value: [copy, "value"] });
});

test("what is copied is a workflow's text; pasted it has fresh ids and its wires", () => {
  const clip = workflow(copyText(CHAIN, ["number", "doubled"]));
  expect(Object.keys(clip.nodes)).toEqual(["number", "doubled"]);
  const { workflow: pasted, keys } = paste(CHAIN, TOP, clip, { x: 10, y: 20 });
  expect(keys).toEqual(["number_2", "doubled_2"]);
  expect(linksOf(pasted, "doubled_2")).toEqual({ a: ["number_2", "value"] });
  expect(pasted.layout.nodes.doubled_2).toMatchObject({ x: 310, y: 60 });
});

test("a wire from outside the copy stays in the same workflow, and an input's default goes elsewhere", () => {
  const { workflow: twice } = duplicate(CHAIN, ["doubled"]);
  expect(linksOf(twice, "doubled_2")).toEqual({ a: ["number", "value"] });
  const withInput = connect(
    addInput(CHAIN, "", "factor", { ...EMPTY_PARAMETER, type: "float", default: 4.5 }),
    { kind: "input", node: "doubled", name: "b" },
    ["$", "factor"],
  );
  const clip = workflow(copyText(withInput, ["doubled"]));
  const empty = workflow('{"latentloom": 1}');
  const { workflow: elsewhere } = paste(empty, TOP, clip, { x: 0, y: 0 });
  expect(nodeOf(elsewhere, "doubled")).toMatchObject({ values: { b: 4.5 }, links: {} });
});

test("a loop is pasted whole, its inside under fresh ids", () => {
  const document = example("text-to-image");
  const { workflow: pasted } = duplicate(document, ["denoising"]);
  expect(loopOf(pasted, "denoising_2")?.body.step_2?.links.latent).toEqual(["denoising_2/in", "latent"]);
  expect(loopOf(pasted, "denoising_2")?.next.latent).toEqual(["step_2", "latent"]);
  expect(homes(pasted).size).toBe(homes(document).size + 6);
});

test("a node goes into a wire inside a loop by moving there", () => {
  const document = example("text-to-image");
  const inserted = insertOnLink(document, "enlarged", "image", "image", {
    kind: "input",
    node: "guided",
    name: "cond",
  });
  expect(homes(inserted).get("enlarged")?.place.loops).toEqual(["denoising"]);
  expect(linksOf(inserted, "guided")).toMatchObject({ cond: ["enlarged", "image"] });
});

test.each(["hello", '"latentloom"', "a {brace}", "[]"])(
  "the clipboard text %s is not meant to be a workflow",
  (text) => {
    expect(readClipboard(text)).toBeUndefined();
  },
);

test.each([
  ["{}", 'the field "latentloom" with its version is missing'],
  ['{"latentloom": 99}', "the version is 99"],
  ['{"last_node_id": 1, "nodes": [{"id": 1, "type": "KSampler"}], "links": []}', "is a workflow of ComfyUI"],
  ['{"3": {"class_type": "KSampler", "inputs": {}}}', "is a workflow of ComfyUI"],
])("the clipboard text %s is told why it is no workflow: %s", (text, why) => {
  const reading = readClipboard(text);
  expect(reading?.ok === false && reading.faults[0]?.what).toContain(why);
});
