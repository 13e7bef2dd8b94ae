/** Subgraphs: made from nodes, and taken apart where they are used. */

import { boxOf } from "./boxes";
import { freshName, mapFields, withField, withoutFields } from "./fields";
import { mapLinks, type Reader, readers, sourceOf } from "./links";
import { cornerOf, joinPictures, movedPicture, pictureOf } from "./picture";
import { changeNodes, homes, outermost, type Place, placeOf, samePlace, withInner } from "./places";
import { allIds, freshIds, type Replacement, relabel, relabelLink } from "./relabel";
import { nodesOf } from "./things";
import {
  type AnyNode,
  EMPTY_BOX,
  EMPTY_GRAPH,
  EMPTY_NODE,
  EMPTY_PARAMETER,
  type Frame,
  type Graph,
  type Link,
  type Node,
  type Note,
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

/**
 * Makes a subgraph of nodes of one body; a node of it takes their place. What they read and give is its in and out.
 * Frames and notes among the keys go into it.
 */
export function makeSubgraph(
  workflow: Workflow,
  keys: readonly string[],
  name: string,
  id: string,
  typeOf: TypeOf,
): Workflow {
  const [first, ...rest] = outermost(workflow, nodesOf(keys));
  if (first === undefined) return workflow;
  const place = placeOf(workflow, first);
  const chosen = [first, ...rest].filter((other) => samePlace(placeOf(workflow, other), place));
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
  const wanted = new Set(keys);
  const taken = <T extends Frame | Note>(kind: string, things: readonly T[]): readonly T[] =>
    things.map((thing, i) => (wanted.has(`${kind}:${i}`) ? { ...thing, graph: name } : thing));
  const { nodes, wires, frames, notes } = replaced.layout;
  const corner = cornerOf(pictureOf(workflow.layout, new Set(chosen), (_, key) => wanted.has(key)));
  return {
    ...replaced,
    subgraphs: withField(replaced.subgraphs, name, graph),
    layout: {
      nodes: withField(nodes, id, { ...EMPTY_BOX, ...corner }),
      wires,
      frames: taken("frame", frames),
      notes: taken("note", notes),
    },
  };
}

function wordFor({ link, target }: Reader): string {
  return link[0] === PARAMETER ? link[1] : target.name;
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
  const { nodes: boxes, ...others } = replaced.layout;
  const inner = pictureOf(workflow.layout, new Set(ids.keys()), (thing) => thing.graph === node.type);
  const [from, to] = [cornerOf(inner), boxOf(workflow, id)];
  const moved = movedPicture(inner, ids, place.graph, { x: to.x - from.x, y: to.y - from.y });
  return { ...replaced, layout: joinPictures({ nodes: withoutFields(boxes, id), ...others }, moved) };
}

/** A name for a new subgraph, which is neither an id nor a subgraph here. */
export function freshSubgraphName(workflow: Workflow, word: string, isNodeType: (name: string) => boolean): string {
  const index = homes(workflow);
  return freshName(word, (name) => Object.hasOwn(workflow.subgraphs, name) || index.has(name) || isNodeType(name));
}

/** Removes a subgraph that nothing uses, and its picture. */
export function removeUnusedSubgraph(workflow: Workflow, name: string): Workflow {
  const graph = workflow.subgraphs[name];
  const isUsed = [...homes(workflow).values()].some(({ node }) => node.type === name);
  if (!graph || isUsed) return workflow;
  const own = new Set(allIds(graph.nodes));
  const others = new Set(Object.keys(workflow.layout.nodes).filter((id) => !own.has(id)));
  const layout = pictureOf(workflow.layout, others, (thing) => thing.graph !== name);
  return { ...workflow, subgraphs: withoutFields(workflow.subgraphs, name), layout };
}
