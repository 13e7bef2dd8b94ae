/** Copy, cut and paste of nodes. */

import { useEffect } from "react";
import { isTyping } from "../commands";
import { copyText, paste, readClipboard } from "../document";
import { COMMANDS } from "../state/commands";
import { type Editor, shownPlace, useEditor } from "../state/editor";
import { activeTab, edit } from "../state/tabs";

export function useClipboard(): void {
  const editor = useEditor();
  useEffect(() => {
    const onCopy = (event: ClipboardEvent): void => {
      if (isTyping(event.target) || window.getSelection()?.toString()) return;
      const { workflow, selection } = activeTab(editor.tabs.getState());
      if (selection.size === 0) return;
      event.preventDefault();
      event.clipboardData?.setData("text/plain", copyText(workflow, [...selection]));
      if (event.type === "cut") COMMANDS.find(({ id }) => id === "delete")?.run(editor);
    };
    const onPaste = (event: ClipboardEvent): void => {
      if (isTyping(event.target)) return;
      if (pasteText(editor, event.clipboardData?.getData("text/plain") ?? "")) event.preventDefault();
    };
    document.addEventListener("copy", onCopy);
    document.addEventListener("cut", onCopy);
    document.addEventListener("paste", onPaste);
    return () => {
      document.removeEventListener("copy", onCopy);
      document.removeEventListener("cut", onCopy);
      document.removeEventListener("paste", onPaste);
    };
  }, [editor]);
}

/** Pastes a workflow's nodes in the middle of what is seen; false for any other text. */
export function pasteText(editor: Editor, text: string): boolean {
  const clip = readClipboard(text);
  if (!clip || Object.keys(clip.nodes).length === 0) return false;
  const boxes = Object.values(clip.layout.nodes);
  const centre = editor.view.current?.centre() ?? { x: 0, y: 0 };
  const middle = {
    x: (Math.min(...boxes.map(({ x }) => x)) + Math.max(...boxes.map(({ x }) => x))) / 2 + 116,
    y: (Math.min(...boxes.map(({ y }) => y)) + Math.max(...boxes.map(({ y }) => y))) / 2 + 40,
  };
  const offset = boxes.length > 0 ? { x: Math.round(centre.x - middle.x), y: Math.round(centre.y - middle.y) } : centre;
  const pasted = paste(activeTab(editor.tabs.getState()).workflow, shownPlace(editor), clip, offset);
  edit(editor.tabs, "Paste", () => pasted.workflow, { select: pasted.ids });
  return true;
}
