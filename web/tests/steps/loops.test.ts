import { describe, expect, test } from "vitest";
import type { CallList } from "../../src/api";
import { framesOf } from "../../src/steps/Filmstrip";
import {
  mainOutput,
  picturedTypes,
  shortValue,
  type WalkedLoop,
  walkedLists,
  walkedLoops,
} from "../../src/steps/loops";
import { example } from "../document/examples";

type Call = CallList["calls"][number];

const LATENT = [{ name: "latent", type: "Latent" }];
const PREDICTION = [{ name: "prediction", type: "Prediction" }];

function call(node: string, iterations: number[], outputs = PREDICTION, path: string[] = []): Call {
  return { node, path, iterations, type: "", outputs };
}

function only(loops: readonly WalkedLoop[]): WalkedLoop {
  const [first] = loops;
  if (!first || loops.length > 1) throw new Error(`there are ${loops.length} loops`);
  return first;
}

describe("the loops of a job", () => {
  test("hold what their nodes made, in the order of the body", () => {
    const calls = [0, 1, 2].flatMap((i) => [
      call("step", [i], [...LATENT, { name: "state", type: "SchedulerState" }]),
      call("cond", [i]),
      call("input", [i], LATENT),
    ]);
    const loop = only(walkedLoops(example("text-to-image"), [call("model", []), ...calls]));
    expect(loop).toMatchObject({ key: "denoising", title: "Denoising", path: [], around: [[]], counts: { "": 3 } });
    expect(loop.outputs.map(({ node, output, label }) => [node, output, label])).toEqual([
      ["input", "latent", "Latent"],
      ["cond", "prediction", "Prediction"],
      ["step", "latent", "Latent"],
    ]);
    expect(mainOutput(loop)).toMatchObject({ node: "step", output: "latent" });
  });

  test("of which nothing has run are left out", () => {
    expect(walkedLoops(example("text-to-image"), [call("model", [])])).toEqual([]);
  });

  test("inside of another have an own length for each iteration around them", () => {
    const calls = [call("step", [1, 0]), call("step", [0, 0]), call("step", [0, 1]), call("branch_image", [0])];
    const loops = walkedLoops(example("branch-at-step"), calls);
    expect(loops.map(({ key }) => key)).toEqual(["branches", "finishing"]);
    expect(loops[1]).toMatchObject({ around: [[0], [1]], counts: { 0: 2, 1: 1 } });
  });

  test("in a subgraph that stands twice are two", () => {
    const calls = [
      call("step", [0], LATENT, ["small"]),
      call("step", [0], LATENT, ["large"]),
      call("step", [1], LATENT, ["large"]),
    ];
    const loops = walkedLoops(example("hires-fix"), calls);
    expect(loops.map(({ path, counts }) => [path, counts])).toEqual([
      [["small"], { "": 1 }],
      [["large"], { "": 2 }],
    ]);
  });

  test("in a subgraph that is mapped over a list have what is around them", () => {
    const calls = [10, 2].flatMap((seed) => [0, 1].map((i) => call("step", [seed, i], LATENT, ["denoised"])));
    expect(only(walkedLoops(example("seed-sweep"), calls)).around).toEqual([[2], [10]]);
  });

  test("name the outputs of a node that shows several", () => {
    const calls = [call("cond", [0], [{ name: "heat", type: "Mask" }, ...PREDICTION])];
    const loop = only(walkedLoops(example("attention-map"), calls));
    expect(loop.outputs.map(({ label }) => label)).toEqual(["heat · Mask", "prediction · Prediction"]);
  });

  test("tell what they walk", () => {
    const workflow = example("text-to-image");
    expect(walkedLists(workflow, only(walkedLoops(workflow, [call("step", [0], LATENT)])))).toEqual([
      ["timestep", "schedule", "timesteps"],
    ]);
  });
});

test.each([
  ['{"Timestep": {"index": 3, "step": 3, "value": 800.0}}', "800"],
  ["7.5", "7.5"],
  ["a red heart", "a red heart"],
  ['{"Latent": {"samples": "[1, 4]"}}', ""],
])("%s is named %s", (text, name) => {
  expect(shortValue(text)).toBe(name);
});

test("a filmstrip holds the first and the last iteration, and each at most once", () => {
  expect(framesOf(3)).toEqual([0, 1, 2]);
  expect(framesOf(0)).toEqual([]);
  const many = framesOf(1000);
  expect([many[0], many.at(-1), new Set(many).size]).toEqual([0, 999, many.length]);
});

test("types that declare a preview can be looked at, beside the built-in ones", () => {
  const type = { doc: "", content_keyed: false, colour: "" };
  const types = {
    Depth: { ...type, name: "Depth", has_preview: true },
    Count: { ...type, name: "Count", has_preview: false },
  };
  const pictured = picturedTypes({ types });
  expect(["Latent", "Prediction", "Depth", "Count"].filter((name) => pictured.has(name))).toEqual([
    "Latent",
    "Prediction",
    "Depth",
  ]);
});
