/** From the cursor into the fields of a node, and back. */

import { flushSync } from "react-dom";
import type { Socket } from "../canvas/geometry";
import type { CanvasNode } from "../canvas/model";
import type { Editor } from "../state/editor";
import { putCursor, sceneOf } from "./cursor";
import { rowAt } from "./describe";
import { goToEdge } from "./going";
import { chooseEnd } from "./wires";

const FIELDS = "input:not([type=hidden]), textarea, select, button, [tabindex]";

/** From a node to its sockets, from a value into its field, from a bare socket to what it can be connected to. */
export function enterValue(editor: Editor): void {
  const { node, socket } = sceneOf(editor);
  if (!node) return;
  if (node.type === "frame" || node.type === "note") focusIn(editor, node, "");
  else if (!socket) goToEdge(editor, "first");
  else if (hasField(node, socket)) focusIn(editor, node, socket.name);
  else chooseEnd(editor);
}

function hasField(node: CanvasNode, { id, name }: Socket): boolean {
  const widget = id.startsWith("in:") ? rowAt(node, name)?.widget : undefined;
  return widget !== undefined && widget !== "none";
}

/** Puts the keyboard into a field of a node. One that is too far to be drawn comes near at once: keys do not wait. */
function focusIn(editor: Editor, { id }: CanvasNode, input: string): void {
  const node = `.react-flow__node[data-id="${CSS.escape(id)}"]`;
  const within = input === "" ? node : `${node} .input-cell[data-input="${CSS.escape(input)}"]`;
  const find = () => document.querySelector(within)?.querySelector<HTMLElement>(FIELDS);
  if (!find()) flushSync(() => editor.view.current?.fit([id], true));
  find()?.focus({ preventScroll: true });
}

/** Follows the keyboard into a field: the cursor is where one types. */
export function followFocus(editor: Editor, target: Element): void {
  const node = target.closest<HTMLElement>(".react-flow__node")?.dataset.id;
  const input = target.closest<HTMLElement>(".input-cell")?.dataset.input;
  if (node === undefined || input === undefined) return;
  const { cursor } = sceneOf(editor);
  const socket = `in:${input}`;
  if (cursor?.node !== node || cursor.socket !== socket) editor.ui.setState({ cursor: { node, socket } });
}

/** Whether Enter is done with a field: with one of a line, but not with a number before it is typed. */
export function isTakenByEnter(target: EventTarget): boolean {
  if (!(target instanceof HTMLInputElement) || !target.closest(".input-cell")) return false;
  return target.closest<HTMLElement>(".w-number")?.dataset.typing !== "false";
}

/** Escape in a field of a node gives the keyboard back to the canvas, where it was. */
export function leaveField(editor: Editor): void {
  const { cursor } = sceneOf(editor);
  if (cursor) putCursor(editor, cursor);
  else editor.view.current?.focus();
}
