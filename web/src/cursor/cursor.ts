/**
 * Where the keyboard is on the canvas: at a node, or at one of its sockets.
 *
 * The cursor's node is always selected, so whatever selects by mouse moves the cursor there, too.
 */

import { FAR_ZOOM } from "../canvas/detail";
import type { Rect, Socket } from "../canvas/geometry";
import type { CanvasNode, End } from "../canvas/model";
import type { Projection } from "../canvas/projection";
import { type Editor, knowledge } from "../state/editor";
import { activeTab, select } from "../state/tabs";
import { say } from "../state/ui";
import { projectionNow } from "../state/view";
import { describe } from "./describe";
import { socketsOf } from "./sockets";

/** What stands on the canvas, and where the cursor is in it. */
export interface Scene extends Projection {
  readonly cursor: End | undefined;
  /** The node at the cursor. */
  readonly node: CanvasNode | undefined;
  /** The socket at the cursor; undefined where it is at the node itself. */
  readonly socket: Socket | undefined;
}

export function sceneOf(editor: Editor): Scene {
  const projected = projectionNow(editor);
  const found = cursorOf(editor);
  const node = projected.nodes.find(({ id }) => id === found?.node);
  const socket = node && socketsOf(node).find(({ id }) => id === found?.socket);
  const cursor = node && { node: node.id, socket: socket?.id ?? "" };
  return { ...projected, cursor, node, socket };
}

export function cursorOf(editor: Editor): End | undefined {
  const { selection } = activeTab(editor.tabs.getState());
  const { cursor } = editor.ui.getState();
  if (cursor && selection.has(cursor.node) && (cursor.socket === "" || selection.size === 1)) return cursor;
  const last = [...selection].at(-1);
  return last === undefined ? undefined : { node: last, socket: "" };
}

export function hasSocket(editor: Editor): boolean {
  return (cursorOf(editor)?.socket ?? "") !== "";
}

/** Puts the cursor somewhere: it is selected, told, and seen; a socket near enough to be read. */
export function putCursor(editor: Editor, end: End, alsoSelected: Iterable<string> = []): void {
  select(editor.tabs, [...alsoSelected, end.node]);
  editor.ui.setState({ cursor: end });
  editor.view.current?.focus();
  const scene = sceneOf(editor);
  const rect = rectOf(scene, end);
  const isTooFar = end.socket !== "" && (editor.view.current?.zoom() ?? 1) < FAR_ZOOM;
  if (isTooFar) editor.view.current?.fit([end.node]);
  else if (rect) editor.view.current?.reveal(rect);
  const { selection } = activeTab(editor.tabs.getState());
  say(editor.ui, describe(knowledge(editor), editor.server.getState().faults, scene, selection.size));
}

/** The box of a node, or a small one around a socket with the room of a row. */
export function rectOf({ rects, nodes }: Projection, { node: id, socket: name }: End): Rect | undefined {
  const node = nodes.find((other) => other.id === id);
  const rect = rects.get(id) ?? backdropRect(node);
  const socket = node && socketsOf(node).find((other) => other.id === name);
  if (!rect || !socket) return rect;
  const reach = Math.min(SOCKET_REACH, rect.width);
  const x = rect.x + socket.x - (socket.x > rect.width / 2 ? reach : 0);
  return { x, y: rect.y + socket.y - SOCKET_REACH / 8, width: reach, height: SOCKET_REACH / 4 };
}

const SOCKET_REACH = 120;

function backdropRect(node: CanvasNode | undefined): Rect | undefined {
  if (node?.width === undefined || node.height === undefined) return undefined;
  return { ...node.position, width: node.width, height: node.height };
}

/** Where a socket is on the canvas. */
export function pointOfEnd(scene: Projection, { node: id, socket: name }: End): { x: number; y: number } | undefined {
  const rect = scene.rects.get(id);
  const node = scene.nodes.find((other) => other.id === id);
  const socket = node && socketsOf(node).find((other) => other.id === name);
  return rect && socket && { x: rect.x + socket.x, y: rect.y + socket.y };
}
