/** Nodes and their values: add, remove, rename, set. */

import { boxOf } from "./boxes";
import { freshName, mapFields, withField, withFieldRenamed, withoutFields } from "./fields";
import { connect, linkAt, mapLinks, placeOfTarget, sourceOf, type Target } from "./links";
import { moveNodes } from "./moving";
import { changeNode, changeNodes, homes, outermost, type Place, placeOf, withInner } from "./places";
import { type AnyNode, type Box, EMPTY_BOX, INSIDE, isLoop, type Link, type Mode, type Workflow } from "./types";
import { renameWires, setPoints, type WireEnd, wireKey, wirePoints } from "./wires";

/** A readable id that no node of the document has, nor any of `others`. */
export function freshId(workflow: Workflow, word: string, others: ReadonlySet<string> = new Set()): string {
  const taken = homes(workflow);
  return freshName(word, (id) => taken.has(id) || others.has(id) || Object.hasOwn(workflow.subgraphs, id));
}

export function addNode(workflow: Workflow, place: Place, id: string, node: AnyNode, at?: Partial<Box>): Workflow {
  const added = changeNodes(workflow, place, (nodes) => ({ ...nodes, [id]: node }));
  if (!at) return added;
  const boxes = { ...added.layout.nodes, [id]: { ...EMPTY_BOX, ...at } };
  return { ...added, layout: { ...added.layout, nodes: boxes } };
}

/** Which input of a node stands for one of its outputs when the node is taken away. */
export type StandIn = (node: AnyNode, output: string) => string | undefined;

/**
 * Removes nodes with what stands inside them, and every link to them.
 *
 * With `standIn`, what read a removed node reads what that node read: the wire is closed over the gap.
 */
export function removeNodes(workflow: Workflow, ids: readonly string[], standIn?: StandIn): Workflow {
  const gone = withInner(workflow, ids);
  const index = homes(workflow);
  const closed = (link: Link | undefined): Link | undefined => {
    const seen = new Set<string>();
    let now = link;
    while (now && gone.has(sourceOf(now))) {
      const node = index.get(now[0])?.node;
      const input = node && standIn?.(node, now[1]);
      if (!node || input === undefined || seen.has(now[0])) return undefined;
      seen.add(now[0]);
      now = node.links[input];
    }
    return now;
  };
  const unlinked = mapLinks(workflow, ({ link }) => closed(link));
  const without = outermost(workflow, ids).reduce<Workflow>(
    (now, id) => changeNodes(now, placeOf(workflow, id), (nodes) => withoutFields(nodes, id)),
    unlinked,
  );
  const boxes = withoutFields(without.layout.nodes, ...gone);
  return boxes === without.layout.nodes ? without : { ...without, layout: { ...without.layout, nodes: boxes } };
}

/** Gives a node another id, everywhere. */
export function renameNode(workflow: Workflow, id: string, other: string): Workflow {
  const home = homes(workflow).get(id);
  if (!home || id === other || homes(workflow).has(other)) return workflow;
  const linked = mapLinks(workflow, ({ link }) => {
    if (link[0] === id) return [other, link[1]];
    return link[0] === id + INSIDE ? [other + INSIDE, link[1]] : link;
  });
  const renamed = changeNodes(linked, home.place, (nodes) => withFieldRenamed(nodes, id, other));
  const pictured = renameWires(renamed, (end) => (end.node === id ? { ...end, node: other } : end));
  const boxes = withFieldRenamed(pictured.layout.nodes, id, other);
  return boxes === pictured.layout.nodes ? pictured : { ...pictured, layout: { ...pictured.layout, nodes: boxes } };
}

export function setTitle(workflow: Workflow, id: string, title: string): Workflow {
  return changeNode<AnyNode>(workflow, id, (node) => (node.title === title ? node : { ...node, title }));
}

export function setMode(workflow: Workflow, ids: readonly string[], mode: Mode): Workflow {
  return ids.reduce(
    (now, id) => changeNode<AnyNode>(now, id, (node) => (isLoop(node) && mode === "bypass" ? node : { ...node, mode })),
    workflow,
  );
}

/**
 * Puts a node into one wire, where the wire ends: it reads what the target read, and the target reads it. Points of
 * the wire that lie before the node are then the new wire's.
 */
export function insertOnLink(workflow: Workflow, id: string, input: string, output: string, target: Target): Workflow {
  const link = linkAt(workflow, target);
  const place = placeOfTarget(workflow, target);
  if (!link || sourceOf(link) === id || place.loops.includes(id)) return workflow;
  if (target.kind !== "output" && target.node === id) return workflow;
  const moved = moveNodes(workflow, [id], place);
  const placed = changeNode<AnyNode>(moved, id, (node) => ({
    ...node,
    values: withoutFields(node.values, input),
    links: withField(node.links, input, link),
  }));
  return splitPoints(connect(placed, target, [id, output]), target, { kind: "input", node: id, name: input });
}

function splitPoints(workflow: Workflow, target: Target, before: WireEnd): Workflow {
  const points = target.kind === "output" ? [] : wirePoints(workflow, wireKey(target));
  if (target.kind === "output" || points.length === 0) return workflow;
  const { x } = boxOf(workflow, before.node);
  const first = setPoints(
    workflow,
    wireKey(before),
    points.filter(([at]) => at < x),
  );
  return setPoints(
    first,
    wireKey(target),
    points.filter(([at]) => at >= x),
  );
}

/** Every node of the document changed by a function. */
export function mapNodes(workflow: Workflow, change: (node: AnyNode, id: string) => AnyNode): Workflow {
  const inside = (node: AnyNode, id: string): AnyNode => {
    const changed = change(node, id);
    if (!isLoop(changed)) return changed;
    const body = mapFields(changed.body, inside);
    return body === changed.body ? changed : { ...changed, body };
  };
  const nodes = mapFields(workflow.nodes, inside);
  const subgraphs = mapFields(workflow.subgraphs, (graph) => {
    const changed = mapFields(graph.nodes, inside);
    return changed === graph.nodes ? graph : { ...graph, nodes: changed };
  });
  return nodes === workflow.nodes && subgraphs === workflow.subgraphs ? workflow : { ...workflow, nodes, subgraphs };
}
