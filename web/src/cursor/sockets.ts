/** The sockets of a node as the cursor walks them: in columns from left to right, from the top down. */

import type { Socket } from "../canvas/geometry";
import type { CanvasNode } from "../canvas/model";
import type { Direction } from "./nearest";

export function socketsOf(node: CanvasNode): readonly Socket[] {
  return node.type === "node" || node.type === "loop" ? node.data.geometry.sockets : [];
}

/** The sockets of one node in reading order: left edge first. */
export function inOrder(sockets: readonly Socket[]): Socket[] {
  return [...sockets].sort((a, b) => a.x - b.x || a.y - b.y);
}

/** The socket beside another one of the same node; undefined at the edge. */
export function beside(sockets: readonly Socket[], from: Socket, direction: Direction): Socket | undefined {
  const step = direction === "left" || direction === "up" ? -1 : 1;
  const columns = [...new Set(sockets.map(({ x }) => x))].sort((a, b) => a - b);
  const column = (x: number | undefined): Socket[] => inOrder(sockets.filter((other) => other.x === x));
  if (direction === "up" || direction === "down") {
    const same = column(from.x);
    return same[same.indexOf(from) + step];
  }
  const next = column(columns[columns.indexOf(from.x) + step]);
  const off = (other: Socket): number => Math.abs(other.y - from.y);
  return next.reduce<Socket | undefined>((best, other) => (best && off(best) <= off(other) ? best : other), undefined);
}
