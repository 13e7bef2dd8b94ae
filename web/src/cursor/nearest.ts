/** Which of several boxes one reaches by going in a direction. */

import type { Rect } from "../canvas/geometry";

export type Direction = "left" | "right" | "up" | "down";
export const DIRECTIONS: readonly Direction[] = ["left", "right", "up", "down"];

/** One step in a direction, in canvas units. */
export const STEPS: Readonly<Record<Direction, { readonly x: number; readonly y: number }>> = {
  left: { x: -1, y: 0 },
  right: { x: 1, y: 0 },
  up: { x: 0, y: -1 },
  down: { x: 0, y: 1 },
};

/** Room that is left between boxes. */
const ROOM = 24;
/** How much farther off something beside the way is than something on it. */
const ASIDE = 2;

/** The nearest box whose middle lies that way; what stands beside the way counts as farther off. */
export function nearest<T extends { readonly rect: Rect }>(
  from: Rect,
  others: readonly T[],
  direction: Direction,
): T | undefined {
  const { x, y } = STEPS[direction];
  const [along, across] = x === 0 ? (["y", "x"] as const) : (["x", "y"] as const);
  let found: T | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const other of others) {
    const ahead = (middle(other.rect, along) - middle(from, along)) * (x + y);
    if (ahead < 1) continue;
    const aside = Math.abs(middle(other.rect, across) - middle(from, across));
    const distance = gap(from, other.rect, along) + ASIDE * gap(from, other.rect, across) + (ahead + aside) / 10;
    if (distance < least) [found, least] = [other, distance];
  }
  return found;
}

function middle(rect: Rect, axis: "x" | "y"): number {
  return rect[axis] + (axis === "x" ? rect.width : rect.height) / 2;
}

/** Room between two boxes along an axis; none where they overlap. */
function gap(a: Rect, b: Rect, axis: "x" | "y"): number {
  const length = axis === "x" ? "width" : "height";
  return Math.max(0, a[axis] - (b[axis] + b[length]), b[axis] - (a[axis] + a[length]));
}

/** Where a box has room: as near below a point as nothing stands. */
export function freeSpot(
  at: { readonly x: number; readonly y: number },
  size: { readonly width: number; readonly height: number },
  others: readonly Rect[],
): { readonly x: number; readonly y: number } {
  let y = Math.round(at.y);
  for (;;) {
    const box = { x: at.x, y, width: size.width, height: size.height };
    const hit = others.find((other) => gap(box, other, "x") < ROOM && gap(box, other, "y") < ROOM);
    if (!hit) return { x: at.x, y };
    y = Math.ceil(hit.y + hit.height + ROOM);
  }
}
