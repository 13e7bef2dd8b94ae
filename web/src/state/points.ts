/** Leading wires: giving them points. */

import type { Wire } from "../canvas/model";
import { placeAmong, roomiest } from "../canvas/paths";
import { addPoint, type Point, pointThing, wirePoints } from "../document";
import { texts } from "../texts";
import type { Editor } from "./editor";
import { activeTab, edit } from "./tabs";
import { projectionNow } from "./view";

type Vector = readonly [x: number, y: number];

/** Gives a wire a point where it was pointed at on the screen. */
export function addPointAt(editor: Editor, wire: string, screen: Point): void {
  const ends = endsOf(editor, wire);
  const at = editor.view.current?.toCanvas(screen);
  if (!ends || !at) return;
  add(editor, wire, placeAmong(ends[0], pointsNow(editor, wire), ends[1], [at.x, at.y]), [at.x, at.y]);
}

/** Gives a wire a point where it has most room. */
export function addPointTo(editor: Editor, wire: string): void {
  const ends = endsOf(editor, wire);
  if (!ends) return;
  const { index, at } = roomiest(ends[0], pointsNow(editor, wire), ends[1]);
  add(editor, wire, index, at);
}

function add(editor: Editor, wire: string, index: number, [x, y]: Vector): void {
  edit(editor.tabs, texts.edits.leadWire, (workflow) => addPoint(workflow, wire, index, { x, y }), {
    select: [pointThing(wire, index)],
  });
}

function pointsNow(editor: Editor, wire: string) {
  return wirePoints(activeTab(editor.tabs.getState()).workflow, wire);
}

/** Where a wire on the canvas begins and ends. */
function endsOf(editor: Editor, wire: string): readonly [Vector, Vector] | undefined {
  const projected = projectionNow(editor);
  const edge = projected.edges.find(({ data }) => data?.key === wire);
  const socketAt = (node: string, handle: Wire["sourceHandle"]): Vector | undefined => {
    const rect = projected.rects.get(node);
    const shown = projected.nodes.find(({ id }) => id === node);
    const socket = shown?.handles?.find(({ id }) => id === handle);
    if (!rect || !socket) return undefined;
    return [rect.x + socket.x + (socket.width ?? 0) / 2, rect.y + socket.y + (socket.height ?? 0) / 2];
  };
  const [from, to] = [
    edge && socketAt(edge.source, edge.sourceHandle),
    edge && socketAt(edge.target, edge.targetHandle),
  ];
  return from && to ? [from, to] : undefined;
}
