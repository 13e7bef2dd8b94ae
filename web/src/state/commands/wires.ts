/** The way of wires. */

import { straighten, wiresOf, wireThing } from "../../document";
import type { Editor } from "../editor";
import { addPointTo } from "../points";
import { change, type Deed, tabOf } from "./command";

/** The wires that are selected, or have a selected point. */
function chosenWires(editor: Editor): string[] {
  return wiresOf(tabOf(editor).selection);
}

export const WIRES: readonly Deed[] = [
  {
    id: "add-point",
    shortcut: "W",
    group: "arrange",
    isPossible: (editor) => chosenWires(editor).length > 0,
    run: (editor) => {
      for (const wire of chosenWires(editor)) addPointTo(editor, wire);
    },
  },
  {
    id: "straighten",
    shortcut: "Shift+W",
    group: "arrange",
    isPossible: (editor) =>
      chosenWires(editor).some((wire) => Object.hasOwn(tabOf(editor).workflow.layout.wires, wire)),
    run: (editor) => {
      const wires = chosenWires(editor);
      change(editor, "Straighten", (workflow) => straighten(workflow, wires), wires.map(wireThing));
    },
  },
];
