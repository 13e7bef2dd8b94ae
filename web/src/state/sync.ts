/** What goes on between the editor and the server: catalogue, faults, saving, events. */

import { shallow } from "zustand/shallow";
import { ApiError, api, type EventBody, type Fault } from "../api";
import { readCatalogue } from "../catalogue";
import type { Workflow } from "../document";
import type { Editor } from "./editor";
import { type Keeping, keepOpenTabs } from "./keeping";
import { loadLibrary, noteDeleted, noteRenamed, openExample, openSaved } from "./library";
import { noteSavedElsewhere, saveTabs } from "./saving";
import { activeTab, isUntouched, type Tab, type Tabs } from "./tabs";

const CHECK_WAIT_MS = 250;
const KEEP_WAIT_MS = 400;
const SAVE_WAIT_MS = 1_500;
const RETRY_MS = 2_000;
const FIRST_EXAMPLE = "text-to-image";

/** Starts everything; the returned function stops it. */
export function startSync(editor: Editor): () => void {
  const keeping = keepOpenTabs(editor);
  const stops = [
    keeping.stop,
    whenBack(editor),
    afterPause(editor, CHECK_WAIT_MS, () => check(editor)),
    afterPause(editor, KEEP_WAIT_MS, () => void keeping.keep()),
    afterPause(editor, SAVE_WAIT_MS, () => saveTabs(editor)),
  ];
  void start(editor, keeping);
  return () => {
    for (const stop of stops) stop();
  };
}

async function start(editor: Editor, keeping: Keeping): Promise<void> {
  const catalogue = loadCatalogue(editor);
  await keeping.restore();
  await Promise.all([catalogue, openAsked(editor)]);
  editor.ui.setState({ isOpening: false });
  void check(editor);
}

async function openAsked(editor: Editor): Promise<void> {
  await openAddressed(editor);
  await openFirst(editor);
}

/** What could not be done while the server was gone is done when it is back. */
function whenBack(editor: Editor): () => void {
  return editor.running.store.subscribe((now, before) => {
    if (now.connection !== "open" || before.connection === "open") return;
    void saveTabs(editor);
    void check(editor);
  });
}

/** Calls when the tabs have not changed for a while; what is selected does not count. */
function afterPause(editor: Editor, wait: number, act: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = editor.tabs.subscribe((now, before) => {
    if (isSameWork(now, before)) return;
    clearTimeout(timer);
    timer = setTimeout(act, wait);
  });
  return () => {
    clearTimeout(timer);
    stop();
  };
}

function isSameWork(now: Tabs, before: Tabs): boolean {
  const isSame = (tab: Tab, i: number): boolean => {
    const old = before.tabs[i];
    return old === tab || (old !== undefined && shallow({ ...tab, selection: null }, { ...old, selection: null }));
  };
  return now.active === before.active && now.tabs.length === before.tabs.length && now.tabs.every(isSame);
}

async function loadCatalogue(editor: Editor): Promise<void> {
  for (;;) {
    try {
      editor.server.setState({ catalogue: readCatalogue(await api.catalogue()) });
      return;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

async function check(editor: Editor): Promise<void> {
  if (editor.ui.getState().isOpening) return;
  const { key, workflow } = activeTab(editor.tabs.getState());
  const faults = await faultsOf(workflow);
  const now = activeTab(editor.tabs.getState());
  if (faults && now.key === key && now.workflow === workflow) editor.server.setState({ faults });
}

/** What the server finds; undefined where it cannot be asked. */
async function faultsOf(workflow: Workflow): Promise<readonly Fault[] | undefined> {
  try {
    return await api.check(workflow);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return error.faults.length > 0 ? error.faults : undefined;
  }
}

/** What the editor does about an event of the server. */
export function hear(editor: Editor, event: EventBody): void {
  if (event.type !== "workflow") return;
  const { name, revision, action, new_name: other } = event;
  if (action === "saved") void noteSavedElsewhere(editor, name, revision);
  if (action === "renamed" && other) noteRenamed(editor, name, other, revision);
  if (action === "deleted") noteDeleted(editor, name);
  if (editor.ui.getState().side === "workflows") void loadLibrary(editor);
}

/** Opens what the address names, `/?workflow=NAME` or `/?example=NAME`, and takes it out of the address. */
async function openAddressed(editor: Editor): Promise<void> {
  const asked = new URLSearchParams(location.search);
  const [workflow, example] = [asked.get("workflow"), asked.get("example")];
  const name = workflow ?? example;
  if (name === null) return;
  history.replaceState(null, "", "/");
  await (workflow === null ? openExample(editor, name) : openSaved(editor, name));
}

/** The first minute: an example that can be run at once. */
async function openFirst(editor: Editor): Promise<void> {
  const { tabs } = editor.tabs.getState();
  if (tabs.every(isUntouched)) await openExample(editor, FIRST_EXAMPLE);
}
