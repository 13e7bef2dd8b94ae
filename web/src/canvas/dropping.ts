/** Where nodes are dropped: on the canvas, into a loop, out of one, on a wire. */

import { isVariable, type Knowledge, match, parseType } from "../catalogue";
import {
  boxOf,
  homes,
  moveNodes,
  nodesOf,
  outermost,
  type Place,
  placeOf,
  placeThings,
  samePlace,
  sourceOf,
  type Target,
  thingOf,
  type Workflow,
  wireEnd,
  withInner,
} from "../document";
import { withCarriedCorners } from "./carrying";
import { POINT } from "./flow";
import type { Rect } from "./geometry";
import type { Projection } from "./projection";

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The loops in which a point of the canvas lies, outermost first. Those that are being moved do not count. */
export function loopUnder({ nodes, rects }: Projection, point: Point, moving: ReadonlySet<string>): string[] {
  const under: string[] = [];
  for (const { id, type, parentId } of nodes) {
    const rect = rects.get(id);
    if (type !== "loop" || !rect || moving.has(id) || !holds(rect, point)) continue;
    if (parentId === undefined || under.includes(parentId)) under.push(id);
  }
  // Of loops side by side that overlap, only one chain counts.
  return under.filter((id, i) => i === 0 || nodes.find((node) => node.id === id)?.parentId === under[i - 1]);
}

function holds({ x, y, width, height }: Rect, point: Point): boolean {
  return point.x >= x && point.x <= x + width && point.y >= y && point.y <= y + height;
}

/**
 * Stands things at new places. What a loop or a frame holds goes along, and what lands in another loop moves into its
 * body.
 */
export function dropThings(
  workflow: Workflow,
  projected: Projection,
  moved: Readonly<Record<string, Point>>,
): Workflow {
  const places = withCarriedCorners(projected, moved);
  const ids = outermost(workflow, nodesOf(Object.keys(places)));
  const placed = carryThings(workflow, projected, moved);
  const moving = new Set(ids);
  return ids.reduce((now, id) => {
    const to = places[id];
    const rect = projected.rects.get(id);
    if (!to || !rect) return now;
    const home = placeOf(now, id);
    const middle = { x: to.x + rect.width / 2, y: to.y + rect.height / 2 };
    const place: Place = { graph: home.graph, loops: loopUnder(projected, middle, moving) };
    return samePlace(home, place) ? now : moveNodes(now, [id], place);
  }, placed);
}

/** Stands things at new places with what they hold; nothing leaves its loop or comes into one. */
export function carryThings(
  workflow: Workflow,
  projected: Projection,
  moved: Readonly<Record<string, Point>>,
): Workflow {
  const places = withCarriedCorners(projected, moved);
  const ids = outermost(workflow, nodesOf(Object.keys(places)));
  return placeThings(workflow, { ...corners(places), ...boxesAt(workflow, projected, places, ids) });
}

/** Corners of frames and notes, and points of wires, whose place on the canvas is the corner of what they are hit by. */
function corners(places: Readonly<Record<string, Point>>): Record<string, Point> {
  return Object.fromEntries(
    Object.entries(places).flatMap(([key, { x, y }]) => {
      const { kind } = thingOf(key);
      if (kind === "node") return [];
      return [[key, kind === "point" ? { x: x + POINT / 2, y: y + POINT / 2 } : { x, y }] as const];
    }),
  );
}

/** Corners of nodes with all that stands in those that are loops. */
function boxesAt(
  workflow: Workflow,
  { rects }: Projection,
  places: Readonly<Record<string, Point>>,
  ids: readonly string[],
): Record<string, Point> {
  const points: Record<string, Point> = {};
  for (const id of ids) {
    const to = places[id];
    const from = rects.get(id);
    if (!to || !from) continue;
    for (const inner of withInner(workflow, [id])) {
      const { x, y } = boxOf(workflow, inner);
      points[inner] = { x: x + to.x - from.x, y: y + to.y - from.y };
    }
  }
  return points;
}

/** Where a mouse, a pen or a finger is, or was when it left. */
export function pointOf(event: { readonly nativeEvent: Event } | Event): Point {
  const native = "nativeEvent" in event ? event.nativeEvent : event;
  const touch = "changedTouches" in native ? (native as TouchEvent).changedTouches[0] : (native as MouseEvent);
  return { x: touch?.clientX ?? 0, y: touch?.clientY ?? 0 };
}

/** Id of the wire under the pointer, seen through the node that is dropped on it. */
export function wireUnder(node: string, { x, y }: Point): string | undefined {
  const found = document.elementsFromPoint(x, y).find((element) => element.closest(".react-flow__edge"));
  const wire = found?.closest(".react-flow__edge")?.getAttribute("data-id") ?? "";
  const thing = thingOf(wire);
  return thing.kind === "wire" && wireEnd(thing.wire)?.node !== node ? wire : undefined;
}

export interface Insertion {
  readonly id: string;
  readonly input: string;
  readonly output: string;
  readonly target: Target;
}

/** How a node goes into a wire: by its first free input that takes what the wire brings, and an output that fits. */
export function insertionOf(
  known: Knowledge,
  { edges }: Projection,
  id: string,
  wireId: string,
): Insertion | undefined {
  const { types, workflow, catalogue } = known;
  const data = edges.find((edge) => edge.id === wireId)?.data;
  const node = homes(workflow).get(id)?.node;
  const signature = types.signature(id);
  if (!data || !node || !signature || sourceOf(data.link) === id) return undefined;
  const { link, target } = data;
  const graph = placeOf(workflow, id).graph;
  const given = types.brings(link, graph);
  const wanted = types.wants(target) ?? given;
  if (!given || !wanted) return undefined;
  const input = signature.inputs.find(
    ({ name, type }) => node.links[name] === undefined && match(given, parseType(type), catalogue.conversions),
  );
  const output = signature.outputs.find(({ name, type }) => {
    const brought = types.brings([id, name], graph) ?? parseType(type);
    return isVariable(brought) || match(brought, wanted, catalogue.conversions) !== undefined;
  });
  return input && output ? { id, input: input.name, output: output.name, target } : undefined;
}
