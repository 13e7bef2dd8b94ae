/** Workflows, settings and help: what opens something. */

import { EMPTY_WORKFLOW, nodeOf } from "../../document";
import { formAddress } from "../../form/route";
import { closeWorkflow } from "../closing";
import type { Editor } from "../editor";
import { saveNow } from "../saving";
import { newTab, openTab, reopenTab } from "../tabs";
import type { WindowName } from "../ui";
import { chosen, type Deed, tabOf } from "./command";

function openWindow(window: WindowName): (editor: Editor) => void {
  return ({ ui }) => ui.setState({ window });
}

export const WORKFLOWS: readonly Deed[] = [
  { id: "save", shortcut: "Ctrl+S", group: "file", run: saveNow },
  {
    id: "new",
    shortcut: "Alt+N",
    group: "file",
    run: ({ tabs }) => openTab(tabs, newTab({ ...EMPTY_WORKFLOW })),
  },
  { id: "close", shortcut: "Alt+W", group: "file", run: (editor) => void closeWorkflow(editor, tabOf(editor).key) },
  {
    id: "reopen",
    shortcut: "Alt+Shift+W",
    group: "file",
    isPossible: ({ tabs }) => tabs.getState().closed.length > 0,
    run: ({ tabs }) => reopenTab(tabs),
  },
  { id: "examples", shortcut: "Ctrl+Shift+O", group: "file", run: openWindow("examples") },
  {
    id: "form",
    group: "file",
    isPossible: (editor) => tabOf(editor).name !== "",
    run: (editor) => void window.open(formAddress(tabOf(editor).name), "_blank"),
  },
];

export const HELP: readonly Deed[] = [
  { id: "commands", shortcut: "Ctrl+K", group: "help", run: openWindow("commands") },
  {
    id: "documentation",
    shortcut: "F1",
    group: "help",
    run: (editor) => {
      const [id] = chosen(editor);
      const type = id === undefined ? "" : (nodeOf(tabOf(editor).workflow, id)?.type ?? "");
      editor.ui.setState(({ reference }) => ({ reference: reference === type ? null : type }));
    },
  },
  { id: "help", shortcut: "?", group: "help", run: openWindow("shortcuts") },
  { id: "settings", shortcut: "Ctrl+,", group: "help", run: openWindow("settings") },
  { id: "change-shortcuts", group: "help", run: openWindow("settings-shortcuts") },
  { id: "tour", group: "help", run: ({ preferences }) => preferences.setState({ isTourDone: false }) },
];
