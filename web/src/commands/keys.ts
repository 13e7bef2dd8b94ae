/** Listening for shortcuts. Letters alone act on the canvas only, never while somebody types. */

import { useEffect } from "react";
import { COMMANDS } from "../state/commands";
import { type Editor, useEditor } from "../state/editor";
import { commandAt } from "./bindings";
import { chordOf, isForFields } from "./chords";
import { IS_MAC } from "./machine";

export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null;
}

/** Keys that mean something of their own on a button or in a dialogue. */
function isControl(event: KeyboardEvent): boolean {
  const element = event.target instanceof HTMLElement ? event.target : null;
  if (element?.closest("dialog, [role=dialog], [role=menu], [role=listbox]")) return true;
  const isPlain = !event.ctrlKey && !event.metaKey;
  return (event.key === "Enter" || event.key === " ") && isPlain && element?.closest("button") !== null;
}

/** Undo and redo in a number that nothing is being typed into: the value was taken, so they mean the workflow. */
function isForHistory({ id }: { readonly id: string }, target: EventTarget | null): boolean {
  const isTaken = target instanceof HTMLElement && target.closest('[data-typing="false"]') !== null;
  return isTaken && (id === "undo" || id === "redo");
}

/** Whether the keyboard is on the canvas itself, or on nothing at all. */
function isOnCanvas(target: EventTarget | null): boolean {
  return target === document.body || (target instanceof HTMLElement && target.matches(".react-flow"));
}

function press(editor: Editor, event: KeyboardEvent): void {
  const chord = chordOf(event, IS_MAC);
  if (event.defaultPrevented || chord === undefined || isControl(event)) return;
  const command = commandAt(COMMANDS, editor.preferences.getState().shortcuts, chord);
  if (!command) return;
  const isHistory = isForHistory(command, event.target);
  if (isTyping(event.target) && !isForFields(chord) && !isHistory) return;
  // The browser's own undo would show what was typed before as if it were being typed.
  if (isHistory) event.preventDefault();
  if (command.isPossible && !command.isPossible(editor)) return;
  if (command.isOnCanvas && !isOnCanvas(event.target)) return;
  event.preventDefault();
  command.run(editor);
}

export function useKeys(): void {
  const editor = useEditor();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => press(editor, event);
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [editor]);
}
