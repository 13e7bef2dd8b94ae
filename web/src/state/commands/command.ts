/** What a command is, and what most of them begin with. */

import { nodesOf, type Workflow } from "../../document";
import type { texts } from "../../texts";
import type { Editor } from "../editor";
import { activeTab, edit, type Tab } from "../tabs";

/** Its words are `texts.commands.labels[id]`. */
export type CommandId = keyof (typeof texts)["commands"]["labels"];

export interface Deed {
  readonly id: CommandId;
  /** As shown and as parsed: "Ctrl+Shift+G". Ctrl is the command key on a Mac. */
  readonly shortcut?: string;
  readonly group: "edit" | "keyboard" | "arrange" | "loop" | "run" | "view" | "file" | "help";
  /** One of several that differ in direction only: the sheet of shortcuts has one row for them, lists leave them out. */
  readonly family?: keyof (typeof texts)["commands"]["families"];
  /** Acts only while the keyboard is on the canvas itself, not in a field or on a button. */
  readonly isOnCanvas?: boolean;
  readonly isPossible?: (editor: Editor) => boolean;
  readonly run: (editor: Editor) => void;
}

export interface Command extends Deed {
  readonly label: string;
}

export function tabOf(editor: Editor): Tab {
  return activeTab(editor.tabs.getState());
}

/** Ids of the selected nodes. */
export function chosen(editor: Editor): string[] {
  return nodesOf(tabOf(editor).selection);
}

export function hasChosen(editor: Editor): boolean {
  return chosen(editor).length > 0;
}

export function hasSelection(editor: Editor): boolean {
  return tabOf(editor).selection.size > 0;
}

/** Changes the open document; `keys` are selected then. */
export function change(
  editor: Editor,
  label: string,
  operation: (workflow: Workflow) => Workflow,
  keys?: readonly string[],
): void {
  edit(editor.tabs, label, operation, keys ? { select: keys } : {});
}
