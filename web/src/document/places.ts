/**
 * Where the nodes of a document stand, and how to change one of them in place.
 *
 * A place is a body: the nodes of the workflow (graph ""), of a subgraph, or of a loop. A body sees its own nodes and
 * those of the bodies around it, up to its graph. Ids are unique in the whole document.
 */

import {
  type AnyNode,
  type Graph,
  INSIDE,
  isLoop,
  type Link,
  type Loop,
  type Named,
  PARAMETER,
  type Workflow,
} from "./types";

export interface Place {
  /** Name of the subgraph; empty in the workflow itself. */
  readonly graph: string;
  /** Ids of the loops around, outermost first. */
  readonly loops: readonly string[];
}

export interface Home {
  readonly place: Place;
  readonly node: AnyNode;
}

export const TOP: Place = { graph: "", loops: [] };

export type Nodes = Named<AnyNode>;

const known = new WeakMap<Workflow, ReadonlyMap<string, Home>>();

/** Every node of the document by id. Made once for each document. */
export function homes(workflow: Workflow): ReadonlyMap<string, Home> {
  const found = known.get(workflow);
  if (found) return found;
  const index = new Map<string, Home>();
  const visit = (nodes: Nodes, place: Place): void => {
    for (const [id, node] of Object.entries(nodes)) {
      index.set(id, { place, node });
      if (isLoop(node)) visit(node.body, { graph: place.graph, loops: [...place.loops, id] });
    }
  };
  visit(workflow.nodes, TOP);
  for (const [graph, { nodes }] of Object.entries(workflow.subgraphs)) visit(nodes, { graph, loops: [] });
  known.set(workflow, index);
  return index;
}

export function nodeOf(workflow: Workflow, id: string): AnyNode | undefined {
  return homes(workflow).get(id)?.node;
}

export function loopOf(workflow: Workflow, id: string): Loop | undefined {
  const node = nodeOf(workflow, id);
  return node && isLoop(node) ? node : undefined;
}

export function placeOf(workflow: Workflow, id: string): Place {
  return homes(workflow).get(id)?.place ?? TOP;
}

export function insideOf(workflow: Workflow, loop: string): Place {
  const { graph, loops } = placeOf(workflow, loop);
  return { graph, loops: [...loops, loop] };
}

export function graphOf(workflow: Workflow, graph: string): Graph | undefined {
  return graph === "" ? workflow : workflow.subgraphs[graph];
}

export function nodesAt(workflow: Workflow, place: Place): Nodes {
  const top: Nodes = graphOf(workflow, place.graph)?.nodes ?? {};
  return place.loops.reduce<Nodes>((nodes, id) => {
    const loop = nodes[id];
    return loop && isLoop(loop) ? loop.body : {};
  }, top);
}

export function samePlace(a: Place, b: Place): boolean {
  return a.graph === b.graph && a.loops.length === b.loops.length && a.loops.every((id, i) => id === b.loops[i]);
}

/** Whether what stands in `outer` is seen from `inner`: the same body, or one around it. */
export function sees(inner: Place, outer: Place): boolean {
  return (
    inner.graph === outer.graph &&
    outer.loops.length <= inner.loops.length &&
    outer.loops.every((id, i) => id === inner.loops[i])
  );
}

/** Whether a link that stands in a place leads somewhere that is seen from there. */
export function isVisible(workflow: Workflow, link: Link, place: Place): boolean {
  const [target, name] = link;
  if (target === PARAMETER) return Object.hasOwn(graphOf(workflow, place.graph)?.inputs ?? {}, name);
  if (target.endsWith(INSIDE)) return place.loops.includes(target.slice(0, -INSIDE.length));
  const home = homes(workflow).get(target);
  return home !== undefined && sees(place, home.place);
}

export function changeGraph(workflow: Workflow, graph: string, change: (graph: Graph) => Graph): Workflow {
  if (graph === "") return { ...workflow, ...change(workflow) };
  const found = workflow.subgraphs[graph];
  return found ? { ...workflow, subgraphs: { ...workflow.subgraphs, [graph]: change(found) } } : workflow;
}

export function changeNodes(workflow: Workflow, place: Place, change: (nodes: Nodes) => Nodes): Workflow {
  const descend = (nodes: Nodes, loops: readonly string[]): Nodes => {
    const [id, ...rest] = loops;
    if (id === undefined) return change(nodes);
    const loop = nodes[id];
    return loop && isLoop(loop) ? { ...nodes, [id]: { ...loop, body: descend(loop.body, rest) } } : nodes;
  };
  return changeGraph(workflow, place.graph, (graph) => ({ ...graph, nodes: descend(graph.nodes, place.loops) }));
}

export function changeNode<T extends AnyNode>(workflow: Workflow, id: string, change: (node: T) => T): Workflow {
  const home = homes(workflow).get(id);
  if (!home) return workflow;
  const changed = change(home.node as T);
  return changed === home.node ? workflow : changeNodes(workflow, home.place, (nodes) => ({ ...nodes, [id]: changed }));
}

export function changeLoop(workflow: Workflow, id: string, change: (loop: Loop) => Loop): Workflow {
  return changeNode<AnyNode>(workflow, id, (node) => (isLoop(node) ? change(node) : node));
}

/** Ids of nodes with all that stands inside those that are loops. */
export function withInner(workflow: Workflow, ids: Iterable<string>): Set<string> {
  const all = new Set(ids);
  for (const [id, { place }] of homes(workflow)) if (place.loops.some((loop) => all.has(loop))) all.add(id);
  return all;
}

/** The given nodes without those that stand inside another given one. */
export function outermost(workflow: Workflow, ids: Iterable<string>): string[] {
  const given = new Set(ids);
  return [...given].filter((id) => {
    const home = homes(workflow).get(id);
    return home !== undefined && !home.place.loops.some((loop) => given.has(loop));
  });
}
