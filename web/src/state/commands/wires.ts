/** The way of wires. */

import { cursorOf } from "../../cursor/cursor";
import { wiresAt } from "../../cursor/wires";
import { straighten, wireKey, wiresOf, wireThing } from "../../document";
import { texts } from "../../texts";
import type { Editor } from "../editor";
import { addPointTo } from "../points";
import { change, type Deed, tabOf } from "./command";

/** The wires that are selected, or have a selected point, or are plugged in where the keyboard is. */
function chosenWires(editor: Editor): string[] {
  const selected = wiresOf(tabOf(editor).selection);
  const cursor = cursorOf(editor);
  return cursor && selected.length === 0 ? wiresAt(tabOf(editor).workflow, cursor).map(wireKey) : selected;
}

export const WIRES: readonly Deed[] = [
  {
    id: "add-point",
    shortcut: "O",
    group: "arrange",
    isPossible: (editor) => chosenWires(editor).length > 0,
    run: (editor) => {
      for (const wire of chosenWires(editor)) addPointTo(editor, wire);
    },
  },
  {
    id: "straighten",
    shortcut: "Shift+O",
    group: "arrange",
    isPossible: (editor) =>
      chosenWires(editor).some((wire) => Object.hasOwn(tabOf(editor).workflow.layout.wires, wire)),
    run: (editor) => {
      const wires = chosenWires(editor);
      change(editor, texts.edits.straighten, (workflow) => straighten(workflow, wires), wires.map(wireThing));
    },
  },
];
