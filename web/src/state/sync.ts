/**
 * What goes on between the editor and the server: catalogue, faults, saving, events; and the copy of unsaved work that
 * the browser keeps, so that a crash or a closed tab loses nothing.
 */

import { set as keep, get as readKept } from "idb-keyval";
import { shallow } from "zustand/shallow";
import { ApiError, api, type EventBody } from "../api";
import { readCatalogue } from "../catalogue";
import { EMPTY_TEXT, readWorkflow, writeWorkflow } from "../document";
import type { Editor } from "./editor";
import { loadLibrary, noteDeleted, noteRenamed, openExample, openSaved } from "./library";
import { noteSavedElsewhere, saveTabs } from "./saving";
import { activeTab, isUntouched, newTab, type Tab, type Tabs } from "./tabs";

const CHECK_WAIT_MS = 250;
const KEEP_WAIT_MS = 400;
const SAVE_WAIT_MS = 1_500;
const RETRY_MS = 2_000;
const KEPT = "latentloom.tabs";
const FIRST_EXAMPLE = "text-to-image";

/** Starts everything; the returned function stops it. */
export function startSync(editor: Editor): () => void {
  const stops = [
    whenBack(editor),
    afterPause(editor, CHECK_WAIT_MS, () => check(editor)),
    afterPause(editor, KEEP_WAIT_MS, () => keepTabs(editor)),
    afterPause(editor, SAVE_WAIT_MS, () => saveTabs(editor)),
  ];
  void start(editor);
  return () => {
    for (const stop of stops) stop();
  };
}

async function start(editor: Editor): Promise<void> {
  const catalogue = loadCatalogue(editor);
  await restoreTabs(editor);
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
  try {
    const faults = await api.check(workflow);
    const now = activeTab(editor.tabs.getState());
    if (now.key === key && now.workflow === workflow) editor.server.setState({ faults });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.faults.length > 0) editor.server.setState({ faults: error.faults });
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

interface KeptTab extends Pick<Tab, "key" | "name" | "revision"> {
  readonly text: string;
  readonly saved: string;
}

interface Kept {
  readonly tabs: readonly KeptTab[];
  readonly active: string;
  readonly closed?: readonly KeptTab[];
}

async function keepTabs(editor: Editor): Promise<void> {
  const { tabs, active, closed } = editor.tabs.getState();
  const kept: Kept = { tabs: tabs.map(keptTab), active, closed: closed.map(keptTab) };
  await keep(KEPT, kept);
}

function keptTab({ key, name, revision, workflow, saved }: Tab): KeptTab {
  return { key, name, revision, text: writeWorkflow(workflow), saved: writeWorkflow(saved) };
}

async function restoreTabs(editor: Editor): Promise<void> {
  const kept = await readKept<Kept>(KEPT).catch(() => undefined);
  if (!kept) return;
  const [tabs, closed] = [kept.tabs.flatMap(restoredTab), (kept.closed ?? []).flatMap(restoredTab)];
  if (tabs.length > 0) editor.tabs.setState({ tabs, active: kept.active, closed });
}

function restoredTab({ key, name, revision, text, saved }: KeptTab): Tab[] {
  const [mine, theirs] = [readWorkflow(text), readWorkflow(saved)];
  // An empty one that was never saved is what opens when there is nothing else.
  if (!mine.ok || !theirs.ok || (name === "" && text === EMPTY_TEXT)) return [];
  const saving = text === saved ? "saved" : "changed";
  return [newTab(mine.workflow, { key, name, revision, saved: theirs.workflow, saving })];
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
