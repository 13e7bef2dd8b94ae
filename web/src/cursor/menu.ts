/** The menu of what is at the cursor: the same that a right click opens. */

import type { End } from "../canvas/model";
import type { Editor } from "../state/editor";
import { sceneOf } from "./cursor";

export function openMenuAtCursor(editor: Editor): void {
  const { cursor } = sceneOf(editor);
  const element = cursor ? elementOf(cursor) : document.querySelector(".react-flow__pane");
  const rect = element?.getBoundingClientRect();
  if (!element || !rect) return;
  const middle = { clientX: rect.x + rect.width / 2, clientY: rect.y + Math.min(rect.height / 2, 24) };
  element.dispatchEvent(new MouseEvent("contextmenu", { bubbles: true, cancelable: true, ...middle }));
}

function elementOf({ node, socket }: End): Element | null {
  const box = document.querySelector(`.react-flow__node[data-id="${CSS.escape(node)}"]`);
  const [kind, ...name] = socket.split(":");
  const row = kind === "in" ? box?.querySelector(`.input-cell[data-input="${CSS.escape(name.join(":"))}"]`) : null;
  return row ?? box?.querySelector(`.socket[data-handleid="${CSS.escape(socket)}"]`) ?? box;
}
