/** The editor's parts together, handed down by context: there is no global state. */

import { createContext, useContext } from "react";
import { useStore } from "zustand";
import { createStore, type StoreApi } from "zustand/vanilla";
import { api, type EventBody, type Fault, type Wish, type WorkflowEntry } from "../api";
import { type Catalogue, EMPTY_CATALOGUE, inferTypes, type Knowledge } from "../catalogue";
import type { Place, Workflow } from "../document";
import { createRunning, currentRun, type JobRun, type Running, type RunningService } from "../running";
import { createPreferences, type Preferences, type PreferencesStore } from "../settings/preferences";
import { createWidgetEnvironment, type WidgetEnvironment } from "../widgets/environment";
import { activeTab, createTabs, type Tab, type TabsStore } from "./tabs";
import { createUi, type Ui, type UiStore } from "./ui";
import type { CanvasView } from "./view";

/** What the server knows: the catalogue, and the faults of what is on the canvas. */
export interface Server {
  readonly catalogue: Catalogue;
  readonly faults: readonly Fault[];
}

/** The workflows on the server; undefined until they were asked for. */
export interface Library {
  readonly saved: readonly WorkflowEntry[] | undefined;
  readonly examples: readonly WorkflowEntry[] | undefined;
}

export interface Editor {
  readonly tabs: TabsStore;
  readonly ui: UiStore;
  readonly preferences: PreferencesStore;
  readonly running: RunningService;
  readonly widgets: WidgetEnvironment;
  readonly server: StoreApi<Server>;
  readonly library: StoreApi<Library>;
  /** What of each tab is being saved now, by its key. */
  readonly savings: Map<string, Promise<void>>;
  /** The canvas, while it is shown. */
  readonly view: { current: CanvasView | null };
}

/** `heard` gets the server's events. */
export function createEditor(heard: (event: EventBody) => void): Editor {
  const preferences = createPreferences(localStorage);
  const previews: Wish = {
    now: () => preferences.getState().hasPreviews,
    onChange: (act) => preferences.subscribe((now, before) => now.hasPreviews !== before.hasPreviews && act()),
  };
  return {
    tabs: createTabs(),
    ui: createUi(),
    preferences,
    widgets: createWidgetEnvironment(),
    running: createRunning(api, localStorage, heard, previews),
    server: createStore<Server>(() => ({ catalogue: EMPTY_CATALOGUE, faults: [] })),
    library: createStore<Library>(() => ({ saved: undefined, examples: undefined })),
    savings: new Map(),
    view: { current: null },
  };
}

const EditorContext = createContext<Editor | null>(null);
export const EditorProvider = EditorContext.Provider;

export function useEditor(): Editor {
  const editor = useContext(EditorContext);
  if (!editor) throw new Error("The editor is not provided.");
  return editor;
}

export function useTab<T>(choose: (tab: Tab) => T): T {
  return useStore(useEditor().tabs, (tabs) => choose(activeTab(tabs)));
}

export function usePreferences<T>(choose: (preferences: Preferences) => T): T {
  return useStore(useEditor().preferences, choose);
}

export function useUi<T>(choose: (ui: Ui) => T): T {
  return useStore(useEditor().ui, choose);
}

/** What runs, and how each node of the workflow on the canvas fared in the newest job that was started from it. */
export function useRun<T>(choose: (run: JobRun) => T): T {
  const editor = useEditor();
  const key = useTab((tab) => tab.key);
  return useStore(editor.running.store, (running) => choose(currentRun(running, key)));
}

export function useRunningState<T>(choose: (running: Running) => T): T {
  return useStore(useEditor().running.store, choose);
}

export function useServer<T>(choose: (server: Server) => T): T {
  return useStore(useEditor().server, choose);
}

export function useLibrary<T>(choose: (library: Library) => T): T {
  return useStore(useEditor().library, choose);
}

const known = new WeakMap<Workflow, Knowledge>();

/** Types of everything in a document; made once for each document and catalogue. */
export function knowledgeOf(workflow: Workflow, catalogue: Catalogue): Knowledge {
  const found = known.get(workflow);
  if (found?.catalogue === catalogue) return found;
  const made = { workflow, catalogue, types: inferTypes(workflow, catalogue) };
  known.set(workflow, made);
  return made;
}

export function knowledge(editor: Editor): Knowledge {
  return knowledgeOf(activeTab(editor.tabs.getState()).workflow, editor.server.getState().catalogue);
}

export function useKnowledge(): Knowledge {
  const workflow = useTab((tab) => tab.workflow);
  const catalogue = useServer((server) => server.catalogue);
  return knowledgeOf(workflow, catalogue);
}

/** Name of the subgraph on the canvas; empty for the workflow itself. */
export function shownGraph(tab: Tab): string {
  return tab.entered.at(-1) ?? "";
}

export function shownPlace(editor: Editor): Place {
  return { graph: shownGraph(activeTab(editor.tabs.getState())), loops: [] };
}
