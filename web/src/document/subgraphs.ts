/** Subgraphs: made from nodes, and taken apart where they are used. */

import { freshName, mapFields, withField, withoutFields } from "./fields";
import { mapLinks, type Reader, readers, sourceOf } from "./links";
import { changeNodes, homes, outermost, type Place, placeOf, samePlace, withInner } from "./places";
import { allIds, freshIds, type Replacement, relabel, relabelLink } from "./relabel";
import {
  type AnyNode,
  EMPTY_BOX,
  EMPTY_GRAPH,
  EMPTY_NODE,
  EMPTY_PARAMETER,
  type Graph,
  type Link,
  type Node,
  PARAMETER,
  type Parameter,
  type Workflow,
} from "./types";

/** The type that a link brings, by name. */
export type TypeOf = (link: Link, place: Place) => string;

/** Names given to links, one for each that is different. */
class Names {
  private readonly byLink = new Map<string, { readonly name: string; readonly link: Link }>();

  nameOf(link: Link, word: string): string {
    const key = link.join("\n");
    const known = this.byLink.get(key);
    if (known) return known.name;
    const taken = new Set([...this.byLink.values()].map(({ name }) => name));
    const name = freshName(word, (other) => taken.has(other));
    this.byLink.set(key, { name, link });
    return name;
  }

  all(): readonly { readonly name: string; readonly link: Link }[] {
    return [...this.byLink.values()];
  }
}

/** Makes a subgraph of nodes of one body; a node of it takes their place. What they read and give is its in and out. */
export function makeSubgraph(
  workflow: Workflow,
  ids: readonly string[],
  name: string,
  id: string,
  typeOf: TypeOf,
): Workflow {
  const [first] = outermost(workflow, ids);
  if (first === undefined) return workflow;
  const place = placeOf(workflow, first);
  const chosen = outermost(workflow, ids).filter((other) => samePlace(placeOf(workflow, other), place));
  const all = withInner(workflow, chosen);
  const isOwn = ({ target }: Reader): boolean => target.kind !== "output" && all.has(target.node);
  const given = new Names();
  const results = new Names();
  for (const reader of readers(workflow)) {
    const isFromOwn = all.has(sourceOf(reader.link));
    if (isOwn(reader) && !isFromOwn) given.nameOf(reader.link, wordFor(reader));
    if (!isOwn(reader) && isFromOwn) results.nameOf(reader.link, reader.link[1]);
  }
  const rewired = mapLinks(workflow, (reader) => {
    const isFromOwn = all.has(sourceOf(reader.link));
    if (isOwn(reader) === isFromOwn) return reader.link;
    return isFromOwn ? [id, results.nameOf(reader.link, "")] : [PARAMETER, given.nameOf(reader.link, "")];
  });
  const inputs = given.all().map(({ name: input, link }): [string, Parameter] => {
    return [input, { ...EMPTY_PARAMETER, type: typeOf(link, place) }];
  });
  const index = homes(rewired);
  const graph: Graph = {
    ...EMPTY_GRAPH,
    inputs: Object.fromEntries(inputs),
    outputs: Object.fromEntries(results.all().map(({ name: output, link }) => [output, link])),
    nodes: Object.fromEntries(chosen.map((inner) => [inner, index.get(inner)?.node as AnyNode])),
  };
  const links = Object.fromEntries(given.all().map(({ name: input, link }) => [input, link]));
  const node: Node = { ...EMPTY_NODE, type: name, links };
  const replaced = changeNodes(rewired, place, (nodes) => withField(withoutFields(nodes, ...chosen), id, node));
  const box = { ...EMPTY_BOX, ...corner(workflow, chosen) };
  return {
    ...replaced,
    subgraphs: withField(replaced.subgraphs, name, graph),
    layout: { ...replaced.layout, nodes: withField(replaced.layout.nodes, id, box) },
  };
}

function wordFor({ link, target }: Reader): string {
  return link[0] === PARAMETER ? link[1] : target.name;
}

function corner(workflow: Workflow, ids: readonly string[]): { x: number; y: number } {
  const boxes = ids.flatMap((id) => workflow.layout.nodes[id] ?? []);
  if (boxes.length === 0) return { x: 0, y: 0 };
  return { x: Math.min(...boxes.map(({ x }) => x)), y: Math.min(...boxes.map(({ y }) => y)) };
}

/** Puts a copy of a subgraph's nodes in the place of a node that uses it. */
export function explodeSubgraph(workflow: Workflow, id: string): Workflow {
  const home = homes(workflow).get(id);
  const graph = home && workflow.subgraphs[home.node.type];
  if (!home || !graph) return workflow;
  const { node, place } = home;
  const ids = freshIds(
    allIds(graph.nodes),
    (word) => homes(workflow).has(word) || Object.hasOwn(workflow.subgraphs, word),
  );
  const outside = (name: string): Replacement => {
    const link = node.links[name];
    if (link) return { link };
    const value = node.values[name] ?? graph.inputs[name]?.default ?? null;
    return value === null ? undefined : { value };
  };
  const copies = relabel(graph.nodes, ids, (link) => (link[0] === PARAMETER ? outside(link[1]) : { link }));
  const results = mapFields(graph.outputs, (link) => {
    if (link[0] !== PARAMETER) return relabelLink(link, ids);
    return node.links[link[1]];
  });
  const linked = mapLinks(workflow, ({ link }) => (link[0] === id ? results[link[1]] : link));
  const replaced = changeNodes(linked, place, (nodes) => ({ ...withoutFields(nodes, id), ...copies }));
  return { ...replaced, layout: { ...replaced.layout, nodes: explodedBoxes(workflow, id, graph, ids) } };
}

function explodedBoxes(
  workflow: Workflow,
  id: string,
  graph: Graph,
  ids: ReadonlyMap<string, string>,
): Workflow["layout"]["nodes"] {
  const old = workflow.layout.nodes;
  const from = corner(workflow, Object.keys(graph.nodes));
  const to = old[id] ?? { x: 0, y: 0 };
  const moved = [...ids].flatMap(([inner, fresh]) => {
    const box = old[inner];
    return box ? [[fresh, { ...box, x: box.x - from.x + to.x, y: box.y - from.y + to.y }] as const] : [];
  });
  return { ...withoutFields(old, id), ...Object.fromEntries(moved) };
}

/** A name for a new subgraph, which is neither an id nor a subgraph here. */
export function freshSubgraphName(workflow: Workflow, word: string, isNodeType: (name: string) => boolean): string {
  const index = homes(workflow);
  return freshName(word, (name) => Object.hasOwn(workflow.subgraphs, name) || index.has(name) || isNodeType(name));
}

/** Removes the subgraphs that nothing uses, and the boxes of their nodes. */
export function removeUnusedSubgraph(workflow: Workflow, name: string): Workflow {
  const graph = workflow.subgraphs[name];
  const isUsed = [...homes(workflow).values()].some(({ node }) => node.type === name);
  if (!graph || isUsed) return workflow;
  const nodes = withoutFields(workflow.layout.nodes, ...allIds(graph.nodes));
  return { ...workflow, subgraphs: withoutFields(workflow.subgraphs, name), layout: { ...workflow.layout, nodes } };
}
