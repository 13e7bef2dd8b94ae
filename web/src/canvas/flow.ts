/** React Flow's nodes, made from what was measured. */

import type { Node as FlowNode } from "@xyflow/react";
import type { Frame, Loop, Note, WirePoint } from "../document";
import { texts } from "../texts";
import { type Geometry, type LoopTypeOf, type Rect, type Socket, zoneGeometry } from "./geometry";
import type { FrameData, LoopData, NoteData, PointData } from "./model";

export function placedAt(
  id: string,
  at: { x: number; y: number },
  parent: Rect | undefined,
  geometry: Geometry,
  loop: string,
) {
  const { width, height, sockets } = geometry;
  return {
    id,
    position: { x: at.x - (parent?.x ?? 0), y: at.y - (parent?.y ?? 0) },
    width,
    height,
    measured: { width, height },
    handles: sockets.map(handle),
    ...(loop ? { parentId: loop } : {}),
  };
}

const HANDLE_SIZE = 10;

function handle({ id, x, y, side }: Socket) {
  return {
    id,
    type: side,
    position: (side === "source" ? "right" : "left") as never,
    x: x - HANDLE_SIZE / 2,
    y: y - HANDLE_SIZE / 2,
    width: HANDLE_SIZE,
    height: HANDLE_SIZE,
  };
}

export function loopNode(
  id: string,
  node: Loop,
  rect: Rect,
  parent: Rect | undefined,
  loop: string,
  colour: string,
  shown: LoopData["shown"],
  typeOf: LoopTypeOf,
): FlowNode<LoopData, "loop"> {
  const geometry = zoneGeometry(node, rect, typeOf);
  const data = {
    id,
    node,
    title: node.title || texts.palette.loop.title,
    geometry,
    shown,
    colour,
    x: rect.x,
    y: rect.y,
  };
  return { ...placedAt(id, rect, parent, geometry, loop), type: "loop", data, zIndex: -1 };
}

/** `depth`: how many loops it stands in. A zone's height is one less than that of what stands in it. */
export function frameNode(frame: Frame, index: number, depth: number): FlowNode<FrameData, "frame"> {
  const { x, y, width, height } = frame;
  return {
    id: `frame:${index}`,
    type: "frame",
    position: { x, y },
    width,
    height,
    measured: { width, height },
    zIndex: depth - 2,
    // Only its title takes the mouse: inside a frame the canvas is as it is elsewhere.
    style: { pointerEvents: "none" },
    data: { index, frame },
  };
}

export function noteNode(note: Note, index: number): FlowNode<NoteData, "note"> {
  const { x, y, width, height } = note;
  return {
    id: `note:${index}`,
    type: "note",
    position: { x, y },
    width,
    height,
    measured: { width, height },
    data: { index, note },
  };
}

/** Room that a point of a wire takes, to be hit; the point itself is its middle. */
export const POINT = 16;

export function pointNode(
  id: string,
  wire: string,
  index: number,
  [x, y]: WirePoint,
  colour: string,
): FlowNode<PointData, "point"> {
  return {
    id,
    type: "point",
    position: { x: x - POINT / 2, y: y - POINT / 2 },
    width: POINT,
    height: POINT,
    measured: { width: POINT, height: POINT },
    data: { wire, index, colour },
  };
}
