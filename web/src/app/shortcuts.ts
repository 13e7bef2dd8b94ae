/** Keys. Letters alone act on the canvas only, never while somebody types. */

import { useEffect } from "react";
import { copyText, paste, readClipboard } from "../document";
import { COMMANDS, type Command } from "../state/commands";
import { type Editor, shownPlace, useEditor } from "../state/editor";
import { activeTab, edit } from "../state/tabs";

const IS_MAC = navigator.platform.startsWith("Mac");

interface Keys {
  readonly key: string;
  readonly isCtrl: boolean;
  readonly isShift: boolean;
  readonly isAlt: boolean;
}

function parse(shortcut: string): Keys {
  const parts = shortcut.split("+");
  return {
    key: (parts.at(-1) ?? "").toLowerCase(),
    isCtrl: parts.includes("Ctrl"),
    isShift: parts.includes("Shift"),
    isAlt: parts.includes("Alt"),
  };
}

/** A shortcut as this machine writes it. */
export function showShortcut(shortcut: string): string {
  return IS_MAC
    ? shortcut.replace("Ctrl", "⌘").replace("Shift", "⇧").replace("Alt", "⌥").replaceAll("+", "")
    : shortcut;
}

const ALSO: Readonly<Record<string, string>> = { "Ctrl+Y": "redo", Backspace: "delete" };

const TABLE: readonly (readonly [Keys, Command])[] = [
  ...COMMANDS.flatMap((command) => (command.shortcut ? [[parse(command.shortcut), command] as const] : [])),
  ...Object.entries(ALSO).flatMap(([shortcut, id]) =>
    COMMANDS.filter((command) => command.id === id).map((command) => [parse(shortcut), command] as const),
  ),
];

function commandOf(event: KeyboardEvent): Command | undefined {
  const isCtrl = IS_MAC ? event.metaKey : event.ctrlKey;
  const key = event.code.startsWith("Digit") ? event.code.slice(5) : event.key.toLowerCase();
  return TABLE.find(([keys]) => {
    const isShiftFree = keys.key === "?";
    return (
      (keys.key === key || keys.key === event.key.toLowerCase()) &&
      keys.isCtrl === isCtrl &&
      keys.isAlt === event.altKey &&
      (isShiftFree || keys.isShift === event.shiftKey)
    );
  })?.[1];
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null;
}

/** Keys that mean something of their own on a button or in a dialogue. */
function isControl(event: KeyboardEvent): boolean {
  const element = event.target instanceof HTMLElement ? event.target : null;
  if (element?.closest("[role=dialog], [role=menu]")) return true;
  const isOnCanvas = element === document.body || element?.closest(".react-flow") !== null;
  return (
    (event.key === "Tab" && !isOnCanvas) ||
    (event.key === "Enter" && !event.ctrlKey && !event.metaKey && element?.closest("button") !== null)
  );
}

export function useShortcuts(): void {
  const editor = useEditor();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const command = commandOf(event);
      if (!command || isControl(event)) return;
      const isEverywhere = command.id === "run" || command.id === "cancel";
      if (isTyping(event.target) && !isEverywhere) return;
      if (command.isPossible && !command.isPossible(editor)) return;
      event.preventDefault();
      command.run(editor);
    };
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
    window.addEventListener("keydown", onKeyDown);
    document.addEventListener("copy", onCopy);
    document.addEventListener("cut", onCopy);
    document.addEventListener("paste", onPaste);
    return () => {
      window.removeEventListener("keydown", onKeyDown);
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
