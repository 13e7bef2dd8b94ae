/** Where things stand on the canvas: one, or several together. */

import type { Rect } from "./geometry";
import type { CanvasNode } from "./model";
import type { Projection } from "./projection";

type Standing = Pick<CanvasNode, "id" | "position" | "width" | "height">;

export function rectOf({ rects }: Pick<Projection, "rects">, node: Standing): Rect {
  const { id, position, width = 0, height = 0 } = node;
  return rects.get(id) ?? { ...position, width, height };
}

/** The smallest rectangle around some things, or around all; undefined where there are none. */
export function boundsOf(projected: Pick<Projection, "nodes" | "rects">, ids?: readonly string[]): Rect | undefined {
  const wanted = ids && new Set(ids);
  const rects = projected.nodes.filter(({ id }) => !wanted || wanted.has(id)).map((node) => rectOf(projected, node));
  if (rects.length === 0) return undefined;
  const x = Math.min(...rects.map((rect) => rect.x));
  const y = Math.min(...rects.map((rect) => rect.y));
  const right = Math.max(...rects.map((rect) => rect.x + rect.width));
  const bottom = Math.max(...rects.map((rect) => rect.y + rect.height));
  return { x, y, width: right - x, height: bottom - y };
}
