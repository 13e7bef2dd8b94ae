/** Menus on nodes, sockets and the canvas: what one can do with what is under the pointer. */

import type { MouseEvent } from "react";
import type { InputModel } from "../canvas/geometry";
import { type End, endOfTarget } from "../canvas/model";
import { parameterOf } from "../canvas/parameter";
import { addAt, joiningAt } from "../cursor/adding";
import { chooseEndOf, chooseNewEnd } from "../cursor/wires";
import {
  addOutput,
  connect,
  demote,
  disconnect,
  graphOf,
  PARAMETER,
  promote,
  removeLoopValue,
  resetValue,
  straighten,
  type Thing,
  thingOf,
  wireEnd,
  wirePoints,
} from "../document";
import { texts } from "../texts";
import { type CommandId, chosenColour, colourChosen, commandOf } from "./commands";
import { type Editor, shownGraph } from "./editor";
import { addPointAt } from "./points";
import { activeTab, edit, select } from "./tabs";
import type { MenuItem } from "./ui";

const words = texts.menus;
const building = texts.building.menu;
const LINE: MenuItem = { kind: "line" };

function action(label: string, act: () => void, shortcut?: string, isDisabled = false): MenuItem {
  return { kind: "action", label, act, isDisabled, ...(shortcut ? { shortcut } : {}) };
}

function open(editor: Editor, event: MouseEvent | globalThis.MouseEvent, items: readonly MenuItem[]): void {
  event.preventDefault();
  event.stopPropagation();
  editor.ui.setState({ menu: { screen: { x: event.clientX, y: event.clientY }, items } });
}

export function openInputMenu(editor: Editor, event: MouseEvent, id: string, input: InputModel): void {
  const { spec, link, value, parameter } = input;
  const graph = shownGraph(activeTab(editor.tabs.getState()));
  const inputs = Object.entries(graphOf(activeTab(editor.tabs.getState()).workflow, graph)?.inputs ?? {});
  const fitting = inputs.filter(
    ([name, other]) => other.type === spec.type && (link?.[0] !== PARAMETER || link[1] !== name),
  );
  const target = { kind: "input", node: id, name: spec.name } as const;
  const owner = ownerOf(graph);
  open(editor, event, [
    ...socketActions(editor, { node: id, socket: `in:${spec.name}` }),
    LINE,
    parameter
      ? action(words.makeValue, () => edit(editor.tabs, texts.edits.makeValue, (w) => demote(w, id, spec.name)))
      : action(words.makeInput[owner], () =>
          edit(editor.tabs, texts.edits.makeInput, (w) => promote(w, id, spec.name, parameterOf(input))),
        ),
    ...fitting
      .slice(0, 8)
      .map(([name]) =>
        action(words.readInput(name), () =>
          edit(editor.tabs, texts.edits.readInput, (w) => connect(w, target, [PARAMETER, name])),
        ),
      ),
    LINE,
    action(
      link ? words.unplug : words.reset,
      () => edit(editor.tabs, texts.edits.reset, (w) => (link ? disconnect(w, target) : resetValue(w, id, spec.name))),
      undefined,
      !link && value === undefined,
    ),
  ]);
}

/** What one can do with any socket: connect it by name, or put a new node there. */
function socketActions(editor: Editor, end: End): MenuItem[] {
  const isWired = joiningAt(activeTab(editor.tabs.getState()).workflow, end)?.kind === "into-wire";
  return [
    action(building.wire, () => chooseEndOf(editor, end), commandOf("wire").shortcut),
    ...(isWired ? [action(building.replug, () => chooseNewEnd(editor, end), commandOf("replug").shortcut)] : []),
    ...(end.socket.startsWith("add:")
      ? []
      : [action(isWired ? building.insert : building.add, () => addAt(editor, end), commandOf("add-node").shortcut)]),
  ];
}

export function openSocketMenu(editor: Editor, event: MouseEvent, end: End): void {
  const graph = shownGraph(activeTab(editor.tabs.getState()));
  const name = end.socket.slice(end.socket.indexOf(":") + 1);
  const show = action(words.makeOutput[ownerOf(graph)], () =>
    edit(editor.tabs, texts.edits.makeOutput, (w) => addOutput(w, graph, name, [end.node, name])),
  );
  open(editor, event, [...socketActions(editor, end), ...(end.socket.startsWith("out:") ? [LINE, show] : [])]);
}

export function openLoopValueMenu(
  editor: Editor,
  event: MouseEvent,
  loop: string,
  name: string,
  side: "left" | "right",
): void {
  open(editor, event, [
    action(words.rename, () => editor.ui.setState({ naming: `${loop}.${name}`, namingSide: side })),
    action(words.leaveLoop, () => edit(editor.tabs, texts.edits.remove, (w) => removeLoopValue(w, loop, name))),
  ]);
}

export function openWireMenu(editor: Editor, event: MouseEvent, wire: string): void {
  const screen = { x: event.clientX, y: event.clientY };
  const end = wireEnd(wire);
  open(editor, event, [
    action(building.insert, () => end && addAt(editor, endOfTarget(end))),
    LINE,
    action(words.addPoint, () => addPointAt(editor, wire, screen)),
    action(
      words.straighten,
      () => edit(editor.tabs, texts.edits.straighten, (w) => straighten(w, [wire])),
      undefined,
      wirePoints(activeTab(editor.tabs.getState()).workflow, wire).length === 0,
    ),
    LINE,
    action(words.unplug, () => end && edit(editor.tabs, texts.edits.unplug, (w) => disconnect(w, end))),
  ]);
}

function ownerOf(graph: string): "workflow" | "subgraph" {
  return graph === "" ? "workflow" : "subgraph";
}

type MenuPart = CommandId | "colours" | "-";

const SELECTION_MENU: readonly MenuPart[] = [
  "run-to",
  "picture",
  "enlarge",
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
  "colours",
  "-",
  "wrap-loop",
  "into-loop",
  "leave-loop",
  "make-subgraph",
  "inside",
  "explode-subgraph",
  "-",
  "frame",
  "align-left",
  "align-top",
  "distribute-x",
  "distribute-y",
];

const MENUS: Readonly<Record<Thing["kind"], readonly MenuPart[]>> = {
  node: SELECTION_MENU,
  frame: ["rename", "duplicate", "delete", "-", "colours"],
  note: ["duplicate", "delete"],
  wire: ["add-point", "straighten", "-", "delete"],
  point: ["delete", "straighten"],
};

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
  "outside",
];

export function openNodeMenu(editor: Editor, event: MouseEvent, id: string): void {
  const tab = activeTab(editor.tabs.getState());
  if (!tab.selection.has(id)) select(editor.tabs, [id]);
  const { selection } = activeTab(editor.tabs.getState());
  open(editor, event, asItems(editor, selection.size > 1 ? SELECTION_MENU : MENUS[thingOf(id).kind]));
}

export function openCanvasMenu(editor: Editor, event: MouseEvent | globalThis.MouseEvent): void {
  open(editor, event, asItems(editor, CANVAS_MENU));
}

function asItems(editor: Editor, parts: readonly MenuPart[]): MenuItem[] {
  return parts.map((part) => {
    if (part === "-") return LINE;
    if (part === "colours") return colours(editor);
    const { label, run, shortcut, isPossible } = commandOf(part);
    return action(label, () => run(editor), shortcut, isPossible !== undefined && !isPossible(editor));
  });
}

function colours(editor: Editor): MenuItem {
  return { kind: "colours", chosen: chosenColour(editor), choose: (colour) => colourChosen(editor, colour) };
}
