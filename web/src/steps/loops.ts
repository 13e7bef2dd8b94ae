/** Which loops of a job can be walked through, from its document and the calls whose results are known. */

import type { CallList, CatalogueContent } from "../api";
import { type AnyNode, type Graph, isLoop, type Loop, type Named, type Workflow } from "../document";

type Call = CallList["calls"][number];

/** An output of a node in a loop's body that can be looked at. */
export interface StepOutput {
  readonly node: string;
  readonly output: string;
  readonly type: string;
  /** Of the node. */
  readonly title: string;
  /** What it is: its type, and its name where the node shows several. */
  readonly label: string;
}

/** A loop, as it ran at one place: a subgraph that is used twice has its loops twice. */
export interface WalkedLoop {
  readonly key: string;
  readonly title: string;
  readonly path: readonly string[];
  readonly loop: Loop;
  readonly outputs: readonly StepOutput[];
  /** Iterations of the loops and mapped lists around it; one empty list where there are none. */
  readonly around: readonly (readonly number[])[];
  /** How many of its own iterations are known, by what is around, with commas between. */
  readonly counts: Named<number>;
}

const PICTURED = ["Latent", "Prediction", "Image", "Mask", "EncodedImage"];

/** Names of the types whose values can be looked at: the built-in ones, and those that declare a preview. */
export function picturedTypes({ types }: Pick<CatalogueContent, "types">): ReadonlySet<string> {
  const declared = Object.values(types).filter(({ has_preview }) => has_preview);
  return new Set([...PICTURED, ...declared.map(({ name }) => name)]);
}

export function walkedLoops(
  workflow: Workflow,
  calls: readonly Call[],
  pictured: ReadonlySet<string> = new Set(PICTURED),
): WalkedLoop[] {
  const byPlace = new Map<string, Call[]>();
  for (const call of calls) {
    const key = placeKey(call.path, call.node);
    const there = byPlace.get(key);
    if (there) there.push(call);
    else byPlace.set(key, [call]);
  }
  const found: WalkedLoop[] = [];
  visit(workflow, workflow, [], "", (id, loop, path, around) => {
    const walked = asWalked(id, loop, path, around, byPlace, pictured);
    if (walked) found.push(walked);
  });
  return found;
}

function placeKey(path: readonly string[], node: string): string {
  return [...path, node].join("/");
}

type Found = (id: string, loop: Loop, path: readonly string[], titles: string) => void;

/** Every loop below a graph, outer ones first. `titles`: what stands around it, as a person reads it. */
function visit(
  workflow: Workflow,
  { nodes }: Pick<Graph, "nodes">,
  path: readonly string[],
  titles: string,
  found: Found,
): void {
  for (const [id, node] of Object.entries(nodes)) {
    const title = titles + (node.title || id);
    if (isLoop(node)) {
      found(id, node, path, titles);
      visit(workflow, { nodes: node.body }, path, `${title} / `, found);
    } else if (Object.hasOwn(workflow.subgraphs, node.type)) {
      const graph = workflow.subgraphs[node.type];
      if (graph) visit(workflow, graph, [...path, id], `${title} / `, found);
    }
  }
}

function asWalked(
  id: string,
  loop: Loop,
  path: readonly string[],
  titles: string,
  byPlace: ReadonlyMap<string, readonly Call[]>,
  pictured: ReadonlySet<string>,
): WalkedLoop | undefined {
  const inside = Object.entries(loop.body).flatMap(([node, { title }]) => {
    const calls = byPlace.get(placeKey(path, node)) ?? [];
    return calls.map((call) => ({ call, title: title || node }));
  });
  if (inside.length === 0) return undefined;
  // A node that is mapped over a list inside the body has more numbers; the loop's own is the last of the shortest.
  const depth = Math.min(...inside.map(({ call }) => call.iterations.length));
  if (depth === 0) return undefined;
  const own = inside.filter(({ call }) => call.iterations.length === depth);
  const counts: { [around: string]: number } = {};
  for (const { call } of own) {
    const around = call.iterations.slice(0, -1).join(",");
    counts[around] = Math.max(counts[around] ?? 0, (call.iterations.at(-1) ?? 0) + 1);
  }
  const around = Object.keys(counts).map((text) => (text === "" ? [] : text.split(",").map(Number)));
  around.sort(compareNumbers);
  return {
    key: placeKey(path, id),
    title: titles + (loop.title || id),
    path,
    loop,
    around,
    counts,
    outputs: outputsOf(loop, own, pictured),
  };
}

/** What can be looked at, in the order of the body. */
function outputsOf(
  loop: Loop,
  inside: readonly { readonly call: Call; readonly title: string }[],
  pictured: ReadonlySet<string>,
): StepOutput[] {
  const byNode = new Map(inside.map(({ call, title }) => [call.node, { call, title }]));
  return Object.keys(loop.body).flatMap((node) => {
    const known = byNode.get(node);
    const shown = known?.call.outputs.filter(({ type }) => pictured.has(type)) ?? [];
    return shown.map(({ name, type }) => ({
      node,
      output: name,
      type,
      title: known?.title ?? node,
      label: shown.length > 1 ? `${name.replaceAll("_", " ")} · ${type}` : type,
    }));
  });
}

function compareNumbers(a: readonly number[], b: readonly number[]): number {
  for (const [i, number] of a.entries()) {
    const difference = number - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** The output that says most about a loop: what is carried on as a latent or an image, else the last one. */
export function mainOutput({ loop, outputs }: WalkedLoop): StepOutput | undefined {
  const carried = Object.values(loop.next);
  const main = outputs.find(({ node, output }) => carried.some((link) => link[0] === node && link[1] === output));
  return main ?? outputs.at(-1);
}

/** What a loop walks, where the list stands outside of all loops: so that a step can be named by its value. */
export function walkedLists(
  { nodes }: { readonly nodes: Named<AnyNode> },
  { loop, path }: WalkedLoop,
): [string, string, string][] {
  if (path.length > 0) return [];
  return loop.each.flatMap((name): [string, string, string][] => {
    const link = loop.links[name];
    return link && Object.hasOwn(nodes, link[0]) ? [[name, link[0], link[1]]] : [];
  });
}

/** A value of a walked list in a few characters: of a `Timestep` its value. */
export function shortValue(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    const inner = value !== null && typeof value === "object" ? Object.values(value)[0] : value;
    const chosen = inner !== null && typeof inner === "object" && "value" in inner ? inner.value : inner;
    return typeof chosen === "number"
      ? String(Number(chosen.toPrecision(4)))
      : typeof chosen === "object"
        ? ""
        : String(chosen);
  } catch {
    return text.slice(0, 40);
  }
}
