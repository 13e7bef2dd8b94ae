/** Copy, cut and paste of nodes; a pasted file, such as a picture, is taken as if it were dropped. */

import { useEffect } from "react";
import { isTyping } from "../commands";
import { copyText, type Layout, type Point, paste, readClipboard, type Workflow } from "../document";
import { commandOf } from "../state/commands";
import { type Editor, shownPlace, useEditor } from "../state/editor";
import { activeTab, edit } from "../state/tabs";
import { tell } from "../state/ui";
import { texts } from "../texts";
import { dropFile, sayFault } from "./drops";

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
      if (event.defaultPrevented || isTyping(event.target)) return;
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length > 0) {
        event.preventDefault();
        for (const file of files) void dropFile(editor, file, middleOfView(editor));
      } else if (pasteText(editor, event.clipboardData?.getData("text/plain") ?? "")) event.preventDefault();
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

/** Pastes what a workflow shows in the middle of what is seen; false for text that is not meant to be one. */
function pasteText(editor: Editor, text: string): boolean {
  const reading = readClipboard(text);
  if (!reading) return false;
  if (reading.ok) pasteWorkflow(editor, reading.workflow);
  else tell(editor.ui, sayFault(texts.bar.dropped.clipboard, reading.faults[0]));
  return true;
}

function pasteWorkflow(editor: Editor, clip: Workflow): void {
  const middle = middleOf(clip.layout);
  const centre = middleOfView(editor);
  const offset = middle ? { x: Math.round(centre.x - middle.x), y: Math.round(centre.y - middle.y) } : centre;
  const { workflow, keys } = paste(activeTab(editor.tabs.getState()).workflow, shownPlace(editor), clip, offset);
  if (keys.length > 0) edit(editor.tabs, texts.edits.paste, () => workflow, { select: keys });
}

function middleOfView({ view }: Editor): Point {
  return view.current?.centre() ?? { x: 0, y: 0 };
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
