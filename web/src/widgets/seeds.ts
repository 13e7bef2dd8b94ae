/** What a seed becomes after a run. */

import { type Graph, isLoop, type Literal, mapFields, mapNodes, type Workflow } from "../document";

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

/**
 * Name of a seed's mode: of an input of a graph, or of an input of a node. `owner` is the workflow, so that two that
 * have an input of the same name do not share its mode.
 */
export function seedKey(owner: string, graph: string, name: string, node = ""): string {
  return JSON.stringify([owner, node === "" ? graph : "", node, name]);
}

/** The same seed's key in another workflow; undefined for a key of any but the first. */
export function seedKeyOf(key: string, owner: string, other: string): string | undefined {
  const [present, ...rest] = JSON.parse(key) as readonly string[];
  return present === owner ? JSON.stringify([other, ...rest]) : undefined;
}

/** The workflow for the next run: every seed that is not fixed moves on. */
export function advanceSeeds(
  workflow: Workflow,
  owner: string,
  modeOf: (key: string) => SeedMode,
  random: () => number = Math.random,
): Workflow {
  const ofGraph = <T extends Graph>(graph: T, graphName: string): T => {
    const inputs = mapFields(graph.inputs, (parameter, name) => {
      if (parameter.widget !== "seed") return parameter;
      const seed = nextSeed(parameter.default, modeOf(seedKey(owner, graphName, name)), random);
      return seed === parameter.default ? parameter : { ...parameter, default: seed };
    });
    return inputs === graph.inputs ? graph : { ...graph, inputs };
  };
  const subgraphs = mapFields(workflow.subgraphs, ofGraph);
  const own = ofGraph(workflow, "");
  const moved = subgraphs === workflow.subgraphs ? own : { ...own, subgraphs };
  return mapNodes(moved, (node, id) => {
    if (isLoop(node)) return node;
    const values = mapFields(node.values, (value, name) =>
      nextSeed(value, modeOf(seedKey(owner, "", name, id)), random),
    );
    return values === node.values ? node : { ...node, values };
  });
}
