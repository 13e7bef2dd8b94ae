/** What a seed becomes after a run. */

import { isLoop, type Literal, mapFields, mapNodes, type Workflow } from "../document";

export const SEED_MODES = ["fixed", "random", "increase"] as const;
export type SeedMode = (typeof SEED_MODES)[number];

/** Seeds that fit every generator, and that people can still read. */
export const SEEDS = 2 ** 32;

export function randomSeed(random: () => number = Math.random): bigint {
  return BigInt(Math.floor(random() * SEEDS));
}

export function nextSeed(seed: Literal, mode: SeedMode, random: () => number = Math.random): Literal {
  if (mode === "random") return randomSeed(random);
  if (mode === "increase" && typeof seed === "bigint") return seed + 1n;
  return seed;
}

/** Name of a seed's mode: an input of the workflow, or an input of a node. */
export function seedKey(name: string, node = ""): string {
  return node === "" ? `$.${name}` : `${node}.${name}`;
}

/** The workflow for the next run: every seed that is not fixed moves on. */
export function advanceSeeds(
  workflow: Workflow,
  modeOf: (key: string) => SeedMode,
  random: () => number = Math.random,
): Workflow {
  const inputs = mapFields(workflow.inputs, (parameter, name) => {
    const seed = parameter.widget === "seed" ? nextSeed(parameter.default, modeOf(seedKey(name)), random) : null;
    return seed === null || seed === parameter.default ? parameter : { ...parameter, default: seed };
  });
  const moved = inputs === workflow.inputs ? workflow : { ...workflow, inputs };
  return mapNodes(moved, (node, id) => {
    if (isLoop(node)) return node;
    const values = mapFields(node.values, (value, name) => nextSeed(value, modeOf(seedKey(name, id)), random));
    return values === node.values ? node : { ...node, values };
  });
}
