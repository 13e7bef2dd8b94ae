/** Undo, adding, removing, and how nodes are. */

import { standInOf } from "../../catalogue";
import { addAtCursor } from "../../cursor/adding";
import { hasSocket } from "../../cursor/cursor";
import { stepBack } from "../../cursor/going";
import { unplugAtCursor } from "../../cursor/wires";
import {
  boxOf,
  duplicate,
  loopOf,
  type Mode,
  nodeOf,
  removeThings,
  setCollapsed,
  setMode,
  thingOf,
} from "../../document";
import { texts } from "../../texts";
import { type Editor, knowledge, shownGraph } from "../editor";
import { redo, select, undo } from "../tabs";
import { projectionNow } from "../view";
import { change, chosen, type Deed, hasChosen, hasSelection, tabOf } from "./command";

const NAMEABLE: ReadonlySet<string> = new Set(["node", "frame", "note"]);
const READABLE_ZOOM = 0.5;

function removeChosen(editor: Editor, isClosed: boolean): void {
  const standIn = isClosed ? standInOf(knowledge(editor)) : undefined;
  const { selection } = tabOf(editor);
  change(editor, texts.edits.remove, (workflow) => removeThings(workflow, selection, standIn), []);
}

function toggleMode(editor: Editor, mode: Mode): void {
  const ids = chosen(editor);
  const { workflow } = tabOf(editor);
  const isSet = ids.every((id) => nodeOf(workflow, id)?.mode === mode);
  change(editor, isSet ? texts.edits.letRun : texts.edits[mode], (now) => setMode(now, ids, isSet ? "run" : mode));
}

/** The one selected thing that has a title, or a text. */
function nameable(editor: Editor): string | undefined {
  const [key, ...others] = [...tabOf(editor).selection].filter((each) => NAMEABLE.has(thingOf(each).kind));
  return others.length === 0 ? key : undefined;
}

/** Lets the user write a title where it stands; from far that could not be read. */
function name({ ui, view }: Editor, key: string): void {
  if (view.current && view.current.zoom() < READABLE_ZOOM) view.current.fit([key]);
  ui.setState({ naming: key });
}

export const EDITING: readonly Deed[] = [
  {
    id: "undo",
    shortcut: "Ctrl+Z",
    group: "edit",
    isPossible: (editor) => tabOf(editor).past.length > 0,
    run: ({ tabs }) => undo(tabs),
  },
  {
    id: "redo",
    shortcut: "Ctrl+Shift+Z",
    group: "edit",
    isPossible: (editor) => tabOf(editor).future.length > 0,
    run: ({ tabs }) => redo(tabs),
  },
  {
    id: "add-node",
    shortcut: "Tab",
    group: "edit",
    isOnCanvas: true,
    run: addAtCursor,
  },
  {
    id: "duplicate",
    shortcut: "Ctrl+D",
    group: "edit",
    isPossible: hasSelection,
    run: (editor) => {
      const tab = tabOf(editor);
      const { workflow, keys } = duplicate(tab.workflow, [...tab.selection], shownGraph(tab));
      change(editor, texts.edits.duplicate, () => workflow, keys);
    },
  },
  {
    id: "delete",
    shortcut: "Delete",
    group: "edit",
    isPossible: hasSelection,
    run: (editor) => (hasSocket(editor) ? unplugAtCursor(editor) : removeChosen(editor, false)),
  },
  {
    id: "delete-closing",
    shortcut: "Shift+Delete",
    group: "edit",
    isPossible: hasChosen,
    run: (editor) => removeChosen(editor, true),
  },
  {
    id: "rename",
    shortcut: "F2",
    group: "edit",
    isPossible: (editor) => nameable(editor) !== undefined,
    run: (editor) => name(editor, nameable(editor) ?? ""),
  },
  {
    id: "select-all",
    shortcut: "Ctrl+A",
    group: "edit",
    run: (editor) =>
      select(
        editor.tabs,
        projectionNow(editor).nodes.map(({ id }) => id),
      ),
  },
  {
    id: "select-nothing",
    shortcut: "Escape",
    group: "edit",
    isPossible: (editor) => hasSelection(editor) || editor.ui.getState().wiring !== null,
    run: stepBack,
  },
  {
    id: "mute",
    shortcut: "M",
    group: "edit",
    isPossible: hasChosen,
    run: (editor) => toggleMode(editor, "mute"),
  },
  {
    id: "bypass",
    shortcut: "B",
    group: "edit",
    isPossible: hasChosen,
    run: (editor) => toggleMode(editor, "bypass"),
  },
  {
    id: "fold",
    shortcut: "C",
    group: "edit",
    isPossible: hasChosen,
    run: (editor) => {
      const ids = chosen(editor).filter((id) => !loopOf(tabOf(editor).workflow, id));
      const isFolded = ids.every((id) => boxOf(tabOf(editor).workflow, id).collapsed);
      change(editor, texts.edits.fold, (workflow) => setCollapsed(workflow, ids, !isFolded));
    },
  },
];
