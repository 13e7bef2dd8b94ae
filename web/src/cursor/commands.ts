/** Commands of the keyboard on the canvas. */

import type { Deed } from "../state/commands/command";
import type { Editor } from "../state/editor";
import { activeTab } from "../state/tabs";
import { cursorOf } from "./cursor";
import { canDeclare, declare } from "./declaring";
import { enterValue } from "./editing";
import { find } from "./find";
import { canGoInside, canGoOut, extend, go, goInside, goOut, goToEdge } from "./going";
import { connectChosen } from "./joining";
import { openMenuAtCursor } from "./menu";
import { moveChosen, sizeChosen } from "./moving";
import { DIRECTIONS, type Direction } from "./nearest";
import { goToPart } from "./parts";
import { canReplug, chooseEnd, chooseNewEnd } from "./wires";

const KEYS: Readonly<Record<Direction, string>> = {
  left: "ArrowLeft",
  right: "ArrowRight",
  up: "ArrowUp",
  down: "ArrowDown",
};

function chosen(editor: Editor): number {
  return activeTab(editor.tabs.getState()).selection.size;
}

function hasChosen(editor: Editor): boolean {
  return chosen(editor) > 0;
}

/** The same in four directions. */
function inDirections(
  family: "go" | "extend" | "move" | "far" | "size",
  modifiers: string,
  run: (editor: Editor, direction: Direction) => void,
  isPossible: (editor: Editor) => boolean = hasChosen,
): Deed[] {
  return DIRECTIONS.map((direction) => ({
    id: `${family}-${direction}`,
    family,
    shortcut: modifiers + KEYS[direction],
    group: "keyboard",
    isOnCanvas: true,
    isPossible,
    run: (editor) => run(editor, direction),
  }));
}

function edge(which: "first" | "last", shortcut: string): Deed {
  return {
    id: `go-${which}`,
    family: "ends",
    shortcut,
    group: "keyboard",
    isOnCanvas: true,
    isPossible: hasChosen,
    run: (editor) => goToEdge(editor, which),
  };
}

export const CURSOR: readonly Deed[] = [
  ...inDirections("go", "", go, () => true),
  { id: "enter", shortcut: "Enter", group: "keyboard", isOnCanvas: true, isPossible: hasChosen, run: enterValue },
  edge("first", "Home"),
  edge("last", "End"),
  { id: "wire", shortcut: "W", group: "keyboard", isPossible: hasChosen, run: chooseEnd },
  {
    id: "replug",
    shortcut: "Shift+W",
    group: "keyboard",
    isPossible: canReplug,
    run: (editor) => {
      const cursor = cursorOf(editor);
      if (cursor) chooseNewEnd(editor, cursor);
    },
  },
  { id: "join", shortcut: "J", group: "keyboard", isPossible: (editor) => chosen(editor) > 1, run: connectChosen },
  { id: "declare", shortcut: "E", group: "keyboard", isPossible: canDeclare, run: declare },
  { id: "inside", shortcut: "I", group: "keyboard", isPossible: canGoInside, run: goInside },
  { id: "outside", shortcut: "U", group: "keyboard", isPossible: canGoOut, run: goOut },
  { id: "find-node", shortcut: "Ctrl+F", group: "keyboard", run: find },
  { id: "menu", shortcut: "Shift+F10", group: "keyboard", isOnCanvas: true, run: openMenuAtCursor },
  ...inDirections("extend", "Shift+", extend),
  ...inDirections("move", "Ctrl+", (editor, direction) => moveChosen(editor, direction, false)),
  ...inDirections("far", "Ctrl+Shift+", (editor, direction) => moveChosen(editor, direction, true)),
  ...inDirections("size", "Alt+", sizeChosen),
  { id: "next-part", shortcut: "F6", group: "keyboard", run: () => goToPart(1) },
  { id: "previous-part", shortcut: "Shift+F6", group: "keyboard", run: () => goToPart(-1) },
];
