/** The open workflows: each with its document, its history, and what is selected. */

import { createStore, type StoreApi } from "zustand/vanilla";
import {
  apply,
  type Change,
  difference,
  EMPTY_WORKFLOW,
  invert,
  isThere,
  join,
  tidyWires,
  type Workflow,
} from "../document";

/** One edit as the user knows it. */
export interface Step {
  readonly label: string;
  readonly change: Change;
  /** Edits of the same thing in a row, such as typing, become one step. */
  readonly merge: string;
}

export type SaveState = "saved" | "changed" | "saving" | "conflict" | "failed";

export interface Tab {
  readonly key: string;
  /** Name in the server's library; empty for one that was never saved. */
  readonly name: string;
  readonly revision: number;
  readonly workflow: Workflow;
  /** The document as the server has it. */
  readonly saved: Workflow;
  readonly saving: SaveState;
  readonly saveError: string;
  readonly past: readonly Step[];
  readonly future: readonly Step[];
  readonly selection: ReadonlySet<string>;
  /** The subgraphs that were entered, outermost first; empty on the workflow itself. */
  readonly entered: readonly string[];
}

export interface Tabs {
  readonly tabs: readonly Tab[];
  readonly active: string;
  /** Those that were closed last, the last one at the end. */
  readonly closed: readonly Tab[];
}

export interface EditOptions {
  readonly merge?: string;
  readonly select?: readonly string[];
  /** Key of the tab; that which is shown where it is not given. */
  readonly tab?: string;
}

export type TabsStore = StoreApi<Tabs>;

export function createTabs(): TabsStore {
  const first = newTab(EMPTY_WORKFLOW);
  return createStore<Tabs>(() => ({ tabs: [first], active: first.key, closed: [] }));
}

/** A key that no other tab or window has, made where a browser gives no UUID: without TLS. */
export function freshKey(): string {
  return [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36).padStart(7, "0")).join("");
}

export function newTab(workflow: Workflow, given: Partial<Tab> = {}): Tab {
  return {
    key: freshKey(),
    name: "",
    revision: 0,
    workflow,
    saved: workflow,
    saving: "saved",
    saveError: "",
    past: [],
    future: [],
    selection: new Set(),
    entered: [],
    ...given,
  };
}

export function activeTab({ tabs, active }: Tabs): Tab {
  const tab = tabs.find(({ key }) => key === active) ?? tabs[0];
  if (!tab) throw new Error("There is always an open workflow.");
  return tab;
}

export function changeTab(store: TabsStore, key: string, change: (tab: Tab) => Tab): void {
  store.setState(({ tabs }) => ({ tabs: tabs.map((tab) => (tab.key === key ? change(tab) : tab)) }));
}

function changeActive(store: TabsStore, change: (tab: Tab) => Tab): void {
  changeTab(store, activeTab(store.getState()).key, change);
}

/** Changes the document by a function, as one step that can be undone. */
export function edit(
  store: TabsStore,
  label: string,
  operation: (workflow: Workflow) => Workflow,
  { merge = "", select, tab: key = activeTab(store.getState()).key }: EditOptions = {},
): void {
  changeTab(store, key, (tab) => {
    const workflow = tidyWires(operation(tab.workflow));
    const change = difference(tab.workflow, workflow);
    const selection = select ? new Set(select) : present(tab.selection, workflow);
    if (change.length === 0) return select ? { ...tab, selection } : tab;
    const last = tab.past.at(-1);
    const isMerged = merge !== "" && last?.merge === merge && tab.future.length === 0;
    const step: Step = { label, merge, change: isMerged ? join(last.change, change) : change };
    const past = isMerged ? [...tab.past.slice(0, -1), step] : [...tab.past, step];
    return {
      ...tab,
      workflow,
      selection,
      past,
      future: [],
      saving: tab.saving === "conflict" ? "conflict" : "changed",
    };
  });
}

export function undo(store: TabsStore): void {
  changeActive(store, (tab) => {
    const step = tab.past.at(-1);
    if (!step) return tab;
    return stepped(tab, invert(step.change), tab.past.slice(0, -1), [...tab.future, step]);
  });
}

export function redo(store: TabsStore): void {
  changeActive(store, (tab) => {
    const step = tab.future.at(-1);
    if (!step) return tab;
    return stepped(tab, step.change, [...tab.past, { ...step, merge: "" }], tab.future.slice(0, -1));
  });
}

function stepped(tab: Tab, change: Change, past: readonly Step[], future: readonly Step[]): Tab {
  const workflow = apply(tab.workflow, change);
  const entered = tab.entered.filter((name) => Object.hasOwn(workflow.subgraphs, name));
  const saving = tab.saving === "conflict" ? "conflict" : "changed";
  return { ...tab, workflow, past, future, entered, selection: present(tab.selection, workflow), saving };
}

/** A selection without what is gone. */
function present(selection: ReadonlySet<string>, workflow: Workflow): ReadonlySet<string> {
  const stays = [...selection].filter((key) => isThere(workflow, key));
  return stays.length === selection.size ? selection : new Set(stays);
}

export function select(store: TabsStore, keys: Iterable<string>): void {
  const selection = new Set(keys);
  changeActive(store, (tab) => {
    const isSame = selection.size === tab.selection.size && [...selection].every((key) => tab.selection.has(key));
    return isSame ? tab : { ...tab, selection };
  });
}

/** Ends merging: the next edit is a step of its own. */
export function endStep(store: TabsStore): void {
  changeActive(store, (tab) => {
    const last = tab.past.at(-1);
    return last && last.merge !== "" ? { ...tab, past: [...tab.past.slice(0, -1), { ...last, merge: "" }] } : tab;
  });
}

export function enter(store: TabsStore, entered: readonly string[]): void {
  changeActive(store, (tab) => ({ ...tab, entered, selection: new Set() }));
}

/** Opens a workflow in a tab of its own; an untouched empty one gives way. */
export function openTab(store: TabsStore, tab: Tab): void {
  store.setState(({ tabs }) => {
    const kept = tabs.filter((other) => !isUntouched(other) && other.key !== tab.key);
    return { tabs: [...kept, tab], active: tab.key };
  });
}

const MOST_CLOSED = 10;

export function closeTab(store: TabsStore, key: string): void {
  store.setState(({ tabs, active, closed }) => {
    const at = tabs.findIndex((tab) => tab.key === key);
    const gone = tabs.filter((tab) => tab.key === key && !isUntouched(tab));
    const kept = tabs.filter((tab) => tab.key !== key);
    const rest = kept.length > 0 ? kept : [newTab(EMPTY_WORKFLOW)];
    const next = rest[Math.min(Math.max(at, 0), rest.length - 1)];
    const isActive = active === key && next !== undefined;
    return { tabs: rest, active: isActive ? next.key : active, closed: [...closed, ...gone].slice(-MOST_CLOSED) };
  });
}

/** Opens the workflow that was closed last, with its history. */
export function reopenTab(store: TabsStore): void {
  const { closed } = store.getState();
  const tab = closed.at(-1);
  if (!tab) return;
  store.setState({ closed: closed.slice(0, -1) });
  const present = tab.name !== "" && store.getState().tabs.find(({ name }) => name === tab.name);
  if (present) store.setState({ active: present.key });
  else openTab(store, tab);
}

/** Whether it is an empty workflow that nobody did anything with. */
export function isUntouched({ name, past, workflow }: Tab): boolean {
  return name === "" && past.length === 0 && difference(EMPTY_WORKFLOW, workflow).length === 0;
}

/** What a workflow is called: the name under which it is saved, or its title; empty when it has neither. */
export function nameOfTab({ name, workflow }: Pick<Tab, "name" | "workflow">): string {
  return name || workflow.title;
}

/** Whose the modes of seeds are: a workflow keeps them from one opening to the next once it has a name. */
export function seedOwner({ key, name }: Tab): string {
  return name || key;
}
