/** Everything that can be done by name: in menus, by shortcut, in the command palette. */

import { showType, standInOf } from "../catalogue";
import {
  addFrame,
  addNote,
  align,
  autoLayout,
  boxOf,
  distribute,
  duplicate,
  type Edge,
  EMPTY_WORKFLOW,
  explodeSubgraph,
  freshId,
  freshSubgraphName,
  loopOf,
  type Mode,
  makeSubgraph,
  moveOutOfLoop,
  nodeOf,
  placeBoxes,
  placeOf,
  type Rect,
  removeFrame,
  removeNodes,
  removeNote,
  setCollapsed,
  setMode,
  type Workflow,
  wrapInLoop,
} from "../document";
import { formAddress } from "../form/route";
import { shownTheme } from "../settings/preferences";
import { type Editor, knowledge, shownGraph, shownPlace } from "./editor";
import { cancelRun, runWorkflow } from "./runs";
import { saveNow } from "./saving";
import { activeTab, closeTab, edit, enter, newTab, openTab, redo, select, type Tab, undo } from "./tabs";
import type { WindowName } from "./ui";
import { projectionNow } from "./view";

export interface Command {
  readonly id: string;
  readonly label: string;
  /** As shown and as parsed: "Ctrl+Shift+G". Ctrl is the command key on a Mac. */
  readonly shortcut?: string;
  readonly group: "edit" | "arrange" | "loop" | "run" | "view" | "file" | "help";
  readonly isPossible?: (editor: Editor) => boolean;
  readonly run: (editor: Editor) => void;
}

const tabOf = (editor: Editor): Tab => activeTab(editor.tabs.getState());
const chosen = (editor: Editor): string[] => [...tabOf(editor).selection].filter((key) => !key.includes(":"));
const hasChosen = (editor: Editor): boolean => chosen(editor).length > 0;
const hasSeveral = (editor: Editor): boolean => chosen(editor).length > 1;
const change = (
  editor: Editor,
  label: string,
  operation: (workflow: Workflow) => Workflow,
  ids?: readonly string[],
): void => edit(editor.tabs, label, operation, ids ? { select: ids } : {});

function removeChosen(editor: Editor, isClosed: boolean): void {
  const numbers = (kind: string): number[] =>
    [...tabOf(editor).selection]
      .filter((key) => key.startsWith(`${kind}:`))
      .map((key) => Number(key.slice(kind.length + 1)))
      .sort((a, b) => b - a);
  const standIn = isClosed ? standInOf(knowledge(editor)) : undefined;
  change(
    editor,
    "Delete",
    (workflow) => {
      const nodes = removeNodes(workflow, chosen(editor), standIn);
      const frames = numbers("frame").reduce(removeFrame, nodes);
      return numbers("note").reduce(removeNote, frames);
    },
    [],
  );
}

function toggleMode(editor: Editor, mode: Mode): void {
  const ids = chosen(editor);
  const { workflow } = tabOf(editor);
  const isSet = ids.every((id) => nodeOf(workflow, id)?.mode === mode);
  change(editor, isSet ? "Let run" : mode, (now) => setMode(now, ids, isSet ? "run" : mode));
}

/** Rectangles of the chosen nodes, where they stand on the canvas. */
function chosenRects(editor: Editor): Record<string, Rect> {
  const { rects } = projectionNow(editor);
  return Object.fromEntries(
    chosen(editor).flatMap((id) => {
      const rect = rects.get(id);
      return rect ? [[id, rect] as const] : [];
    }),
  );
}

function alignment(edge: Edge, label: string): Command {
  return {
    id: `align-${edge}`,
    label,
    group: "arrange",
    isPossible: hasSeveral,
    run: (editor) => change(editor, label, (workflow) => placeBoxes(workflow, align(chosenRects(editor), edge))),
  };
}

function frameChosen(editor: Editor): void {
  const rects = Object.values(chosenRects(editor));
  const centre = editor.view.current?.centre() ?? { x: 0, y: 0 };
  const around = rects.length > 0 ? around4(rects) : { x: centre.x - 200, y: centre.y - 120, width: 400, height: 240 };
  change(editor, "Add frame", (workflow) => addFrame(workflow, { ...around, title: "", colour: "" }));
}

function around4(rects: readonly Rect[]): Rect {
  const x = Math.min(...rects.map((rect) => rect.x)) - 24;
  const y = Math.min(...rects.map((rect) => rect.y)) - 48;
  const right = Math.max(...rects.map((rect) => rect.x + rect.width)) + 24;
  const bottom = Math.max(...rects.map((rect) => rect.y + rect.height)) + 24;
  return { x, y, width: right - x, height: bottom - y };
}

export function arrangeAll(editor: Editor): void {
  const { rects } = projectionNow(editor);
  const sizeOf = (id: string): Rect => rects.get(id) ?? { x: 0, y: 0, width: 232, height: 80 };
  change(editor, "Arrange", (workflow) => autoLayout(workflow, shownPlace(editor), sizeOf));
  requestAnimationFrame(() => editor.view.current?.fit());
}

function subgraphOfChosen(editor: Editor): void {
  const known = knowledge(editor);
  const ids = chosen(editor);
  change(editor, "Make subgraph", (workflow) => {
    const name = freshSubgraphName(workflow, "subgraph", (word) => known.catalogue.nodes.has(word));
    const id = freshId(workflow, `${name}_node`);
    return makeSubgraph(workflow, ids, name, id, (link, place) => {
      const type = known.types.brings(link, place.graph);
      return type ? showType(type) : "float";
    });
  });
}

/** The subgraph that the one chosen node uses. */
function chosenSubgraph(editor: Editor): { readonly id: string; readonly name: string } | undefined {
  const [id] = chosen(editor);
  const { workflow } = tabOf(editor);
  const name = id === undefined ? undefined : nodeOf(workflow, id)?.type;
  return id !== undefined && name !== undefined && Object.hasOwn(workflow.subgraphs, name) ? { id, name } : undefined;
}

function openWindow(window: WindowName): (editor: Editor) => void {
  return ({ ui }) => ui.setState({ window });
}

export const COMMANDS: readonly Command[] = [
  {
    id: "undo",
    label: "Undo",
    shortcut: "Ctrl+Z",
    group: "edit",
    isPossible: (e) => tabOf(e).past.length > 0,
    run: (e) => undo(e.tabs),
  },
  {
    id: "redo",
    label: "Redo",
    shortcut: "Ctrl+Shift+Z",
    group: "edit",
    isPossible: (e) => tabOf(e).future.length > 0,
    run: (e) => redo(e.tabs),
  },
  {
    id: "add-node",
    label: "Add node",
    shortcut: "Tab",
    group: "edit",
    run: (editor) => {
      const canvas = editor.view.current?.centre() ?? { x: 0, y: 0 };
      const screen = { x: window.innerWidth / 2 - 180, y: window.innerHeight / 5 };
      editor.ui.setState({ palette: { screen, canvas, place: shownPlace(editor), wiring: null } });
    },
  },
  {
    id: "duplicate",
    label: "Duplicate",
    shortcut: "Ctrl+D",
    group: "edit",
    isPossible: hasChosen,
    run: (editor) => {
      const pasted = duplicate(tabOf(editor).workflow, chosen(editor));
      change(editor, "Duplicate", () => pasted.workflow, pasted.ids);
    },
  },
  {
    id: "delete",
    label: "Delete",
    shortcut: "Delete",
    group: "edit",
    isPossible: (e) => tabOf(e).selection.size > 0,
    run: (e) => removeChosen(e, false),
  },
  {
    id: "delete-closing",
    label: "Delete and close wires",
    shortcut: "Shift+Delete",
    group: "edit",
    isPossible: hasChosen,
    run: (e) => removeChosen(e, true),
  },
  {
    id: "select-all",
    label: "Select all",
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
    label: "Select nothing",
    shortcut: "Escape",
    group: "edit",
    isPossible: (editor) => tabOf(editor).selection.size > 0,
    run: (editor) => select(editor.tabs, []),
  },
  { id: "mute", label: "Mute", shortcut: "M", group: "edit", isPossible: hasChosen, run: (e) => toggleMode(e, "mute") },
  {
    id: "bypass",
    label: "Bypass",
    shortcut: "B",
    group: "edit",
    isPossible: hasChosen,
    run: (e) => toggleMode(e, "bypass"),
  },
  {
    id: "fold",
    label: "Fold or unfold",
    shortcut: "C",
    group: "edit",
    isPossible: hasChosen,
    run: (editor) => {
      const ids = chosen(editor).filter((id) => !loopOf(tabOf(editor).workflow, id));
      const isFolded = ids.every((id) => boxOf(tabOf(editor).workflow, id).collapsed);
      change(editor, "Fold", (workflow) => setCollapsed(workflow, ids, !isFolded));
    },
  },
  {
    id: "picture",
    label: "Show or hide its picture",
    shortcut: "P",
    group: "view",
    isPossible: hasChosen,
    run: ({ ui, ...editor }) => {
      const pictured = new Set(ui.getState().pictured);
      for (const id of chosen({ ui, ...editor })) pictured.has(id) ? pictured.delete(id) : pictured.add(id);
      ui.setState({ pictured });
    },
  },
  {
    id: "wrap-loop",
    label: "Wrap in a loop",
    shortcut: "Ctrl+G",
    group: "loop",
    isPossible: hasChosen,
    run: (editor) => {
      const id = freshId(tabOf(editor).workflow, "loop");
      change(editor, "Wrap in a loop", (workflow) => wrapInLoop(workflow, chosen(editor), id), [id]);
    },
  },
  {
    id: "leave-loop",
    label: "Move out of the loop",
    group: "loop",
    isPossible: (e) => chosen(e).some((id) => placeOf(tabOf(e).workflow, id).loops.length > 0),
    run: (editor) => change(editor, "Move out of the loop", (workflow) => moveOutOfLoop(workflow, chosen(editor))),
  },
  {
    id: "make-subgraph",
    label: "Make a subgraph",
    shortcut: "Ctrl+Shift+G",
    group: "loop",
    isPossible: hasChosen,
    run: subgraphOfChosen,
  },
  {
    id: "enter-subgraph",
    label: "Enter the subgraph",
    shortcut: "Enter",
    group: "loop",
    isPossible: (e) => chosenSubgraph(e) !== undefined,
    run: (editor) => {
      const found = chosenSubgraph(editor);
      if (found) enter(editor.tabs, [...tabOf(editor).entered, found.name]);
    },
  },
  {
    id: "explode-subgraph",
    label: "Take the subgraph apart",
    group: "loop",
    isPossible: (e) => chosenSubgraph(e) !== undefined,
    run: (editor) => {
      const found = chosenSubgraph(editor);
      if (found) change(editor, "Take apart", (workflow) => explodeSubgraph(workflow, found.id));
    },
  },
  { id: "frame", label: "Frame", shortcut: "Shift+F", group: "arrange", run: frameChosen },
  {
    id: "note",
    label: "Add note",
    shortcut: "N",
    group: "arrange",
    run: (editor) => {
      const { x, y } = editor.view.current?.centre() ?? { x: 0, y: 0 };
      const index = tabOf(editor).workflow.layout.notes.length;
      const note = { x: Math.round(x - 120), y: Math.round(y - 60), width: 240, height: 120, text: "" };
      change(editor, "Add note", (workflow) => addNote(workflow, note), [`note:${index}`]);
    },
  },
  { id: "arrange", label: "Arrange everything", shortcut: "L", group: "arrange", run: arrangeAll },
  alignment("left", "Align left edges"),
  alignment("right", "Align right edges"),
  alignment("top", "Align top edges"),
  alignment("bottom", "Align bottom edges"),
  ...(["x", "y"] as const).map(
    (axis): Command => ({
      id: `distribute-${axis}`,
      label: axis === "x" ? "Distribute across" : "Distribute down",
      group: "arrange",
      isPossible: hasSeveral,
      run: (editor) =>
        change(editor, "Distribute", (workflow) => placeBoxes(workflow, distribute(chosenRects(editor), axis))),
    }),
  ),
  { id: "run", label: "Run", shortcut: "Ctrl+Enter", group: "run", run: (e) => void runWorkflow(e) },
  {
    id: "form",
    label: "Open as a form",
    group: "file",
    isPossible: (editor) => tabOf(editor).name !== "",
    run: (editor) => void window.open(formAddress(tabOf(editor).name), "_blank"),
  },
  { id: "sweep", label: "Run with several values", group: "run", run: (e) => e.ui.setState({ window: "sweep" }) },
  {
    id: "run-to",
    label: "Run to here",
    group: "run",
    isPossible: (e) =>
      chosen(e).length > 0 && chosen(e).every((id) => placeOf(tabOf(e).workflow, id).loops.length === 0),
    run: (editor) => {
      const { types } = knowledge(editor);
      const outputs = chosen(editor).flatMap((id) =>
        (types.signature(id)?.outputs ?? []).map(({ name }) => `${id}.${name}`),
      );
      void runWorkflow(editor, { outputs });
    },
  },
  { id: "cancel", label: "Cancel the run", shortcut: "Ctrl+.", group: "run", run: (e) => void cancelRun(e) },
  { id: "fit", label: "Show everything", shortcut: "F", group: "view", run: (e) => e.view.current?.fit() },
  {
    id: "fit-chosen",
    label: "Show what is selected",
    shortcut: "Shift+2",
    group: "view",
    isPossible: hasChosen,
    run: (e) => e.view.current?.fit(chosen(e)),
  },
  { id: "zoom-100", label: "Zoom to 100 %", shortcut: "1", group: "view", run: (e) => e.view.current?.zoomTo(1) },
  {
    id: "leave-subgraph",
    label: "Leave the subgraph",
    group: "view",
    isPossible: (e) => shownGraph(tabOf(e)) !== "",
    run: (editor) => enter(editor.tabs, tabOf(editor).entered.slice(0, -1)),
  },
  {
    id: "theme",
    label: "Dark or light",
    group: "view",
    run: ({ preferences }) =>
      preferences.setState(({ theme }) => ({ theme: shownTheme(theme) === "dark" ? "light" : "dark" })),
  },
  { id: "commands", label: "Find a command", shortcut: "Ctrl+K", group: "help", run: openWindow("commands") },
  {
    id: "documentation",
    label: "Documentation",
    shortcut: "F1",
    group: "help",
    run: (editor) => {
      const [id] = chosen(editor);
      const type = id === undefined ? "" : (nodeOf(tabOf(editor).workflow, id)?.type ?? "");
      editor.ui.setState(({ reference }) => ({ reference: reference === type ? null : type }));
    },
  },
  { id: "help", label: "Shortcuts", shortcut: "?", group: "help", run: openWindow("shortcuts") },
  { id: "settings", label: "Settings", shortcut: "Ctrl+,", group: "help", run: openWindow("settings") },
  { id: "change-shortcuts", label: "Change shortcuts", group: "help", run: openWindow("settings-shortcuts") },
  {
    id: "tour",
    label: "Take the tour",
    group: "help",
    run: ({ preferences }) => preferences.setState({ isTourDone: false }),
  },
  { id: "examples", label: "Open an example", shortcut: "Ctrl+Shift+O", group: "file", run: openWindow("examples") },
  { id: "save", label: "Save", shortcut: "Ctrl+S", group: "file", run: saveNow },
  {
    id: "new",
    label: "New workflow",
    shortcut: "Alt+N",
    group: "file",
    run: (e) => openTab(e.tabs, newTab({ ...EMPTY_WORKFLOW })),
  },
  { id: "close", label: "Close the tab", shortcut: "Alt+W", group: "file", run: (e) => closeTab(e.tabs, tabOf(e).key) },
];

const MENUS: Readonly<Record<"selection" | "canvas", readonly string[]>> = {
  selection: [
    "run-to",
    "picture",
    "-",
    "duplicate",
    "delete",
    "delete-closing",
    "-",
    "mute",
    "bypass",
    "fold",
    "-",
    "wrap-loop",
    "leave-loop",
    "make-subgraph",
    "enter-subgraph",
    "explode-subgraph",
    "-",
    "frame",
    "align-left",
    "align-top",
    "distribute-x",
    "distribute-y",
  ],
  canvas: [
    "add-node",
    "note",
    "frame",
    "-",
    "arrange",
    "fit",
    "select-all",
    "-",
    "undo",
    "redo",
    "-",
    "leave-subgraph",
  ],
};

export function commandsFor(where: "selection" | "canvas"): (Command | "line")[] {
  return MENUS[where].flatMap((id): (Command | "line")[] =>
    id === "-" ? ["line"] : COMMANDS.filter((command) => command.id === id),
  );
}
