/** Menus on nodes, sockets and the canvas: what one can do with what is under the pointer. */

import type { MouseEvent } from "react";
import type { InputModel } from "../canvas/geometry";
import {
  addOutput,
  connect,
  demote,
  disconnect,
  EMPTY_PARAMETER,
  freshLoopName,
  graphOf,
  type Literal,
  loopOf,
  PARAMETER,
  type Parameter,
  promote,
  removeLoopValue,
  renameLoopValue,
  resetValue,
} from "../document";
import { widgetOf } from "../widgets/kinds";
import { defaultOf } from "../widgets/numbers";
import { type CommandId, commandOf } from "./commands";
import { type Editor, shownGraph } from "./editor";
import { activeTab, edit, select } from "./tabs";
import type { MenuItem } from "./ui";

const LINE: MenuItem = { kind: "line" };

function action(label: string, act: () => void, shortcut?: string, isDisabled = false): MenuItem {
  return { kind: "action", label, act, isDisabled, ...(shortcut ? { shortcut } : {}) };
}

function open(editor: Editor, event: MouseEvent | globalThis.MouseEvent, items: readonly MenuItem[]): void {
  event.preventDefault();
  event.stopPropagation();
  editor.ui.setState({ menu: { screen: { x: event.clientX, y: event.clientY }, items } });
}

/** What a graph's input starts as when it is made of a node's. */
export function parameterOf({ spec, type }: InputModel): Parameter {
  const { minimum, maximum, step, widget, doc } = spec;
  const isLiteral = widgetOf(spec) !== "none";
  const value: Literal = isLiteral ? defaultOf(spec) : null;
  const choices = spec.choices ? [...spec.choices] : null;
  return {
    ...EMPTY_PARAMETER,
    type: type.startsWith("~") ? "float" : type,
    default: value,
    minimum,
    maximum,
    step,
    choices,
    widget,
    doc,
  };
}

export function openInputMenu(editor: Editor, event: MouseEvent, id: string, input: InputModel): void {
  const { spec, link, value, parameter } = input;
  const graph = shownGraph(activeTab(editor.tabs.getState()));
  const inputs = Object.entries(graphOf(activeTab(editor.tabs.getState()).workflow, graph)?.inputs ?? {});
  const fitting = inputs.filter(
    ([name, other]) => other.type === spec.type && (link?.[0] !== PARAMETER || link[1] !== name),
  );
  const target = { kind: "input", node: id, name: spec.name } as const;
  const owner = graph === "" ? "workflow" : "subgraph";
  open(editor, event, [
    parameter
      ? action("Make it a value of this node", () =>
          edit(editor.tabs, "Make it a value", (w) => demote(w, id, spec.name)),
        )
      : action(`Make it an input of the ${owner}`, () =>
          edit(editor.tabs, "Make it an input", (w) => promote(w, id, spec.name, parameterOf(input))),
        ),
    ...fitting
      .slice(0, 8)
      .map(([name]) =>
        action(`Read the input "${name}"`, () =>
          edit(editor.tabs, "Read input", (w) => connect(w, target, [PARAMETER, name])),
        ),
      ),
    LINE,
    action(
      link ? "Unplug" : "Reset to default",
      () => edit(editor.tabs, "Reset", (w) => (link ? disconnect(w, target) : resetValue(w, id, spec.name))),
      undefined,
      !link && value === undefined,
    ),
  ]);
}

export function openOutputMenu(editor: Editor, event: MouseEvent, id: string, name: string): void {
  const graph = shownGraph(activeTab(editor.tabs.getState()));
  const owner = graph === "" ? "workflow" : "subgraph";
  open(editor, event, [
    action(`Make it an output of the ${owner}`, () =>
      edit(editor.tabs, "Make it an output", (w) => addOutput(w, graph, name, [id, name])),
    ),
  ]);
}

export function openLoopValueMenu(editor: Editor, event: MouseEvent, loop: string, name: string): void {
  open(editor, event, [
    action("Rename", () => {
      const other = window.prompt("Name in the loop", name)?.trim();
      if (!other) return;
      edit(editor.tabs, "Rename", (w) => {
        const found = loopOf(w, loop);
        return found ? renameLoopValue(w, loop, name, freshLoopName(found, other)) : w;
      });
    }),
    action("Remove from the loop", () => edit(editor.tabs, "Remove", (w) => removeLoopValue(w, loop, name))),
  ]);
}

type MenuPart = CommandId | "-";

const SELECTION_MENU: readonly MenuPart[] = [
  "run-to",
  "picture",
  "-",
  "rename",
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
];

const CANVAS_MENU: readonly MenuPart[] = [
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
];

export function openNodeMenu(editor: Editor, event: MouseEvent, id: string): void {
  const tab = activeTab(editor.tabs.getState());
  if (!tab.selection.has(id)) select(editor.tabs, [id]);
  open(editor, event, asItems(editor, SELECTION_MENU));
}

export function openCanvasMenu(editor: Editor, event: MouseEvent | globalThis.MouseEvent): void {
  open(editor, event, asItems(editor, CANVAS_MENU));
}

function asItems(editor: Editor, parts: readonly MenuPart[]): MenuItem[] {
  return parts.map((part) => {
    if (part === "-") return LINE;
    const { label, run, shortcut, isPossible } = commandOf(part);
    return action(label, () => run(editor), shortcut, isPossible !== undefined && !isPossible(editor));
  });
}
