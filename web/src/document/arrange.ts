/** Rectangles lined up and spread. */

import type { Point } from "./boxes";

export interface Size {
  readonly width: number;
  readonly height: number;
}

export type Edge = "left" | "right" | "top" | "bottom" | "centre" | "middle";
export interface Rect extends Point, Size {}

/** Corners of rectangles lined up along an edge or a middle line. */
export function align(rects: Readonly<Record<string, Rect>>, edge: Edge): Record<string, Point> {
  const all = Object.values(rects);
  const left = Math.min(...all.map(({ x }) => x));
  const top = Math.min(...all.map(({ y }) => y));
  const right = Math.max(...all.map(({ x, width }) => x + width));
  const bottom = Math.max(...all.map(({ y, height }) => y + height));
  const line = (rect: Rect): Point => {
    switch (edge) {
      case "left":
        return { x: left, y: rect.y };
      case "right":
        return { x: right - rect.width, y: rect.y };
      case "centre":
        return { x: (left + right - rect.width) / 2, y: rect.y };
      case "top":
        return { x: rect.x, y: top };
      case "bottom":
        return { x: rect.x, y: bottom - rect.height };
      case "middle":
        return { x: rect.x, y: (top + bottom - rect.height) / 2 };
    }
  };
  return Object.fromEntries(Object.entries(rects).map(([id, rect]) => [id, line(rect)]));
}

/** Corners of rectangles with equal gaps between them; the first and the last stay. */
export function distribute(rects: Readonly<Record<string, Rect>>, axis: "x" | "y"): Record<string, Point> {
  const length = axis === "x" ? "width" : "height";
  const ordered = Object.entries(rects).sort(([, a], [, b]) => a[axis] - b[axis]);
  const first = ordered[0]?.[1];
  const last = ordered.at(-1)?.[1];
  if (!first || !last) return {};
  const filled = ordered.reduce((sum, [, rect]) => sum + rect[length], 0);
  const gap = (last[axis] + last[length] - first[axis] - filled) / Math.max(1, ordered.length - 1);
  let at = first[axis];
  return Object.fromEntries(
    ordered.map(([id, rect]) => {
      const point = axis === "x" ? { x: at, y: rect.y } : { x: rect.x, y: at };
      at += rect[length] + gap;
      return [id, point];
    }),
  );
}
