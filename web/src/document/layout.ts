/**
 * Where nodes go by themselves: laid out from left to right, loops as zones.
 *
 * Fetched when it is first asked for: what lays out is large.
 */

import dagre from "@dagrejs/dagre";
import type { Size } from "./arrange";
import type { Point } from "./boxes";
import { placeBoxes } from "./boxes";
import { mapFields } from "./fields";
import { readers, sourceOf } from "./links";
import { homes, type Nodes, nodesAt, type Place } from "./places";
import { isLoop, type Workflow } from "./types";
import { wireEnd } from "./wires";

export type SizeOf = (id: string) => Size;

/** Room inside a zone around its nodes; more at the left and right edges, where its values are named. */
export const ZONE = { top: 56, bottom: 24, left: 108, right: 108 };
const COLUMN_GAP = 44;
const ROW_GAP = 24;

interface Laid extends Size {
  readonly points: Readonly<Record<string, Point>>;
  readonly sizes: Readonly<Record<string, Size>>;
}

/** Lays out a body: inner loops first, then each as one unit in the body around it. Its wires are straight again. */
export function autoLayout(workflow: Workflow, place: Place, sizeOf: SizeOf, origin: Point = { x: 0, y: 0 }): Workflow {
  const laid = layOut(workflow, place, sizeOf);
  const moved = Object.entries(laid.points).map(([id, { x, y }]) => [id, { x: x + origin.x, y: y + origin.y }]);
  const placed = placeBoxes(workflow, Object.fromEntries(moved));
  const boxes = { ...placed.layout.nodes };
  for (const [id, size] of Object.entries(laid.sizes)) {
    const box = boxes[id];
    if (box) boxes[id] = { ...box, ...size };
  }
  const wires = mapFields(placed.layout.wires, (points, key) =>
    Object.hasOwn(laid.points, wireEnd(key)?.node ?? "") ? undefined : points,
  );
  return { ...placed, layout: { ...placed.layout, nodes: boxes, wires } };
}

function layOut(workflow: Workflow, place: Place, sizeOf: SizeOf): Laid {
  const nodes = nodesAt(workflow, place);
  const inner = new Map<string, Laid>();
  for (const [id, node] of Object.entries(nodes)) {
    if (isLoop(node)) inner.set(id, layOut(workflow, { ...place, loops: [...place.loops, id] }, sizeOf));
  }
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: "LR", ranksep: COLUMN_GAP, nodesep: ROW_GAP, edgesep: ROW_GAP / 2 });
  graph.setDefaultEdgeLabel(() => ({}));
  const sizes: Record<string, Size> = {};
  for (const id of Object.keys(nodes)) {
    const zone = inner.get(id);
    const size = zone ? zoneSize(zone, sizeOf(id)) : sizeOf(id);
    if (zone) sizes[id] = size;
    graph.setNode(key(id), { ...size });
  }
  for (const [from, to] of edges(workflow, place, nodes)) graph.setEdge(key(from), key(to));
  dagre.layout(graph);
  const points: Record<string, Point> = {};
  for (const id of Object.keys(nodes)) {
    const { x, y, width, height } = graph.node(key(id));
    const corner = { x: x - width / 2, y: y - height / 2 };
    points[id] = corner;
    const zone = inner.get(id);
    for (const [innerId, point] of Object.entries(zone?.points ?? {})) {
      points[innerId] = { x: corner.x + ZONE.left + point.x, y: corner.y + ZONE.top + point.y };
    }
    Object.assign(sizes, zone?.sizes);
  }
  const { width = 0, height = 0 } = graph.graph();
  return { points, sizes, width: Math.max(0, width), height: Math.max(0, height) };
}

/** dagre keeps names in plain objects, where one such as "constructor" would be found without being there. */
function key(id: string): string {
  return `id ${id}`;
}

/** A zone holds its nodes, and is as high as its own sockets need. */
function zoneSize(inner: Size, own: Size): Size {
  return {
    width: Math.round(inner.width + ZONE.left + ZONE.right),
    height: Math.round(Math.max(inner.height + ZONE.top + ZONE.bottom, own.height)),
  };
}

/** Which nodes of a body stand before which: links, lifted out of the loops that they cross. */
function edges(workflow: Workflow, place: Place, nodes: Nodes): [string, string][] {
  const index = homes(workflow);
  const depth = place.loops.length;
  const lifted = (id: string): string | undefined => {
    const home = index.get(id);
    const unit = home?.place.loops[depth] ?? id;
    return Object.hasOwn(nodes, unit) ? unit : undefined;
  };
  return readers(workflow).flatMap(({ target, link }): [string, string][] => {
    if (target.kind === "output") return [];
    const [from, to] = [lifted(sourceOf(link)), lifted(target.node)];
    return from !== undefined && to !== undefined && from !== to ? [[from, to]] : [];
  });
}
