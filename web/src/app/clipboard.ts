/** Copy, cut and paste of nodes. */

import { useEffect } from "react";
import { isTyping } from "../commands";
import { copyText, type Layout, type Point, paste, readClipboard } from "../document";
import { commandOf } from "../state/commands";
import { type Editor, shownPlace, useEditor } from "../state/editor";
import { activeTab, edit } from "../state/tabs";
import { texts } from "../texts";

export function useClipboard(): void {
  const editor = useEditor();
  useEffect(() => {
    const onCopy = (event: ClipboardEvent): void => {
      if (isTyping(event.target) || window.getSelection()?.toString()) return;
      const { workflow, selection } = activeTab(editor.tabs.getState());
      if (selection.size === 0) return;
      event.preventDefault();
      event.clipboardData?.setData("text/plain", copyText(workflow, [...selection]));
      if (event.type === "cut") commandOf("delete").run(editor);
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

/** Pastes what a workflow shows in the middle of what is seen; false for any other text. */
export function pasteText(editor: Editor, text: string): boolean {
  const clip = readClipboard(text);
  const middle = clip && middleOf(clip.layout);
  if (!clip || (Object.keys(clip.nodes).length === 0 && !middle)) return false;
  const centre = editor.view.current?.centre() ?? { x: 0, y: 0 };
  const offset = middle ? { x: Math.round(centre.x - middle.x), y: Math.round(centre.y - middle.y) } : centre;
  const { workflow, keys } = paste(activeTab(editor.tabs.getState()).workflow, shownPlace(editor), clip, offset);
  edit(editor.tabs, texts.edits.paste, () => workflow, { select: keys });
  return true;
}

/** The middle of all that is shown; nodes without a size are taken to be of the usual one. */
function middleOf({ nodes, frames, notes }: Layout): Point | undefined {
  const all = [...Object.values(nodes), ...frames, ...notes];
  if (all.length === 0) return undefined;
  const between = (low: readonly number[], high: readonly number[]): number =>
    (Math.min(...low) + Math.max(...high)) / 2;
  return {
    x: between(
      all.map(({ x }) => x),
      all.map(({ x, width }) => x + (width ?? 232)),
    ),
    y: between(
      all.map(({ y }) => y),
      all.map(({ y, height }) => y + (height ?? 80)),
    ),
  };
}
