import { expect, test } from "vitest";
import { advanceSeeds, nextSeed, type SeedMode, seedKey } from "../../src/widgets/seeds";
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
  const modes: Record<string, SeedMode> = { [seedKey("seed")]: "increase", [seedKey("steps")]: "increase" };
  const after = advanceSeeds(before, (key) => modes[key] ?? "fixed", half);
  expect(after.inputs.seed?.default).toBe(8n);
  expect(after.inputs.steps).toBe(before.inputs.steps);
  expect(after.nodes).toBe(before.nodes);
  expect(advanceSeeds(before, () => "fixed")).toBe(before);
});
