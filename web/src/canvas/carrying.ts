/** What goes along when things are moved: what stands in a frame, and the points of wires whose two ends are moved. */

import type { NodeChange } from "@xyflow/react";
import { type Point, sourceOf } from "../document";
import { rectOf } from "./bounds";
import { isWithin } from "./geometry";
import type { CanvasNode } from "./model";
import type { Projection } from "./projection";

type Moves = readonly NodeChange<CanvasNode>[];

/** Keys of all that goes along, without what is moved itself and what stands in a loop that is. */
export function carried(projected: Projection, moving: ReadonlySet<string>): string[] {
  const byId = new Map(projected.nodes.map((node) => [node.id, node]));
  const isMoving = (id: string): boolean => {
    const parent = byId.get(id)?.parentId;
    return moving.has(id) || along.has(id) || (parent !== undefined && isMoving(parent));
  };
  const along = new Set<string>();
  for (const holder of projected.nodes) {
    if (!moving.has(holder.id) || (holder.type !== "frame" && holder.type !== "loop")) continue;
    const rect = rectOf(projected, holder);
    for (const node of projected.nodes) {
      const isHeld = holder.type === "frame" || node.type === "frame" || node.type === "note";
      if (isHeld && node.id !== holder.id && isWithin(rectOf(projected, node), rect)) along.add(node.id);
    }
  }
  for (const { data, target } of projected.edges) {
    if (!data || data.points.length === 0 || !isMoving(target) || !isMoving(sourceOf(data.link))) continue;
    for (const node of projected.nodes) if (node.type === "point" && node.data.wire === data.key) along.add(node.id);
  }
  return [...along].filter((id) => {
    const parent = byId.get(id)?.parentId;
    return !moving.has(id) && !(parent !== undefined && isMoving(parent));
  });
}

/** The changes of a drag with those of all that goes along. */
export function withCarried(projected: Projection, moves: Moves): Moves {
  const moved = moves.flatMap((move) => (move.type === "position" && move.position ? [move] : []));
  const along = carried(projected, new Set(moved.map(({ id }) => id)));
  const [first] = moved;
  const start = projected.nodes.find(({ id }) => id === first?.id)?.position;
  if (along.length === 0 || !first?.position || !start) return moves;
  const by = { x: first.position.x - start.x, y: first.position.y - start.y };
  const others = projected.nodes.flatMap(({ id, position }): NodeChange<CanvasNode>[] =>
    along.includes(id) ? [{ id, type: "position", position: { x: position.x + by.x, y: position.y + by.y } }] : [],
  );
  return [...moves, ...others];
}

/** The corners to which things are moved with those of all that goes along. */
export function withCarriedCorners(
  projected: Projection,
  places: Readonly<Record<string, Point>>,
): Readonly<Record<string, Point>> {
  const moving = new Set(Object.keys(places));
  const along = new Set(carried(projected, moving));
  const first = projected.nodes.find(({ id }) => moving.has(id));
  const to = first && places[first.id];
  if (along.size === 0 || !first || !to) return places;
  const from = rectOf(projected, first);
  const others = projected.nodes.flatMap((node) => {
    const { x, y } = rectOf(projected, node);
    return along.has(node.id) ? [[node.id, { x: x + to.x - from.x, y: y + to.y - from.y }] as const] : [];
  });
  return { ...places, ...Object.fromEntries(others) };
}
