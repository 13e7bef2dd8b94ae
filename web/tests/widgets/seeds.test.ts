import { expect, test } from "vitest";
import { addInput, EMPTY_PARAMETER, setValue } from "../../src/document";
import { advanceSeeds, nextSeed, type SeedMode, seedKey, seedKeyOf } from "../../src/widgets/seeds";
import { example } from "../document/examples";

const half = (): number => 0.5;

test("a fixed seed stays, an increased one is the next, a random one any", () => {
  expect(nextSeed(7n, "fixed", half)).toBe(7n);
  expect(nextSeed(7n, "increase", half)).toBe(8n);
  expect(nextSeed(9007199254740992n, "increase", half)).toBe(9007199254740993n);
  expect(nextSeed(7n, "random", half)).toBe(2147483648n);
  expect(nextSeed(null, "increase", half)).toBe(null);
});

test("only the seeds that are not fixed move on, and a document without such is the same object", () => {
  const before = example("text-to-image");
  const modes: Record<string, SeedMode> = {
    [seedKey("mine", "", "seed")]: "increase",
    [seedKey("mine", "", "steps")]: "increase",
  };
  const after = advanceSeeds(before, "mine", (key) => modes[key] ?? "fixed", half);
  expect(after.inputs.seed?.default).toBe(8n);
  expect(after.inputs.steps).toBe(before.inputs.steps);
  expect(after.nodes).toBe(before.nodes);
  expect(advanceSeeds(before, "mine", () => "fixed")).toBe(before);
});

test("a seed's mode is of one workflow and one value: a namesake elsewhere, or in a node, has its own", () => {
  const workflow = setValue(example("text-to-image"), "random", "seed", 3n);
  const theirs = advanceSeeds(workflow, "theirs", modes(seedKey("mine", "", "seed")));
  expect(theirs).toBe(workflow);
  const ofNode = advanceSeeds(workflow, "mine", modes(seedKey("mine", "", "seed", "random")));
  expect(ofNode.inputs).toBe(workflow.inputs);
  expect(ofNode.nodes.random?.values.seed).toBe(4n);
  const parameter = { ...EMPTY_PARAMETER, type: "int", widget: "seed", default: 1n };
  const subgraphs = { part: { title: "", description: "", inputs: {}, outputs: {}, nodes: {} } };
  const inPart = addInput({ ...workflow, subgraphs }, "part", "seed", parameter);
  const advanced = advanceSeeds(inPart, "mine", modes(seedKey("mine", "part", "seed")));
  expect(advanced.subgraphs.part?.inputs.seed?.default).toBe(2n);
  expect(advanced.inputs).toBe(workflow.inputs);
});

test("a workflow under another name keeps its modes", () => {
  expect(seedKeyOf(seedKey("mine", "", "seed", "random"), "mine", "ours")).toBe(seedKey("ours", "", "seed", "random"));
  expect(seedKeyOf(seedKey("theirs", "", "seed"), "mine", "ours")).toBeUndefined();
});

function modes(increasing: string): (key: string) => SeedMode {
  return (key) => (key === increasing ? "increase" : "fixed");
}
