/**
 * The copy of the open workflows that the browser keeps, so that a crash, a reload or a closed window loses nothing.
 *
 * Each window keeps its own, also when several are open. A window that is opened anew takes over what closed ones have
 * left behind: those that are still there hold a lock, or where a browser has none, answer when it asks. What was typed in the last moment before a window goes
 * is put where it can be put at once, since a database is too slow for that.
 */

import { del, get, keys, set } from "idb-keyval";
import { EMPTY_TEXT, readWorkflow, writeWorkflow } from "../document";
import type { Editor } from "./editor";
import { freshKey, isUntouched, newTab, type Tab } from "./tabs";

const KEPT = "latentloom.tabs";
const WINDOW = "latentloom.window";
/** How long windows that are there have to answer. */
const ANSWER_MS = 1_000;

interface KeptTab extends Pick<Tab, "key" | "name" | "revision"> {
  readonly text: string;
  readonly saved: string;
}

interface Kept {
  readonly tabs: readonly KeptTab[];
  readonly active: string;
  readonly closed?: readonly KeptTab[];
}

type Call = { readonly kind: "who" | "here"; readonly id: string };

export interface Keeping {
  /** Shows what was open the last time. */
  readonly restore: () => Promise<void>;
  readonly keep: () => Promise<void>;
  readonly stop: () => void;
}

export function keepOpenTabs(editor: Editor): Keeping {
  const own = sessionStorage.getItem(WINDOW);
  let id = own ?? freshKey();
  let isRestored = false;
  let isKept = true;
  sessionStorage.setItem(WINDOW, id);
  const others = new Set<string>();
  const channel = new BroadcastChannel(WINDOW);
  const call = (kind: Call["kind"]): void => channel.postMessage({ kind, id } satisfies Call);
  channel.onmessage = ({ data }: MessageEvent<Call>) => {
    if (data.kind === "who") return call("here");
    others.add(data.id);
    if (data.id !== id) return;
    // This window is a copy of one that is still there: from now on it is one of its own.
    id = freshKey();
    sessionStorage.setItem(WINDOW, id);
    beHere(id);
  };
  call("who");
  beHere(id);
  const keep = async (): Promise<void> => {
    if (!isRestored) return;
    isKept = true;
    await set(`${KEPT}.${id}`, keptOf(editor));
    localStorage.removeItem(`${KEPT}.${id}`);
  };
  const stopWatching = editor.tabs.subscribe(() => {
    isKept = false;
  });
  const onHide = (): void => {
    if (isRestored && !isKept) keepAtOnce(`${KEPT}.${id}`, keptOf(editor));
  };
  window.addEventListener("pagehide", onHide);
  return {
    keep,
    restore: async () => {
      show(editor, await lastKept(`${KEPT}.${id}`));
      const left = own === null ? await leftBehind(others) : [];
      for (const name of left) show(editor, await lastKept(name));
      isRestored = true;
      if (left.length > 0) await keep();
      for (const name of left) await forget(name);
    },
    stop: () => {
      window.removeEventListener("pagehide", onHide);
      stopWatching();
      channel.close();
    },
  };
}

function keepAtOnce(name: string, kept: Kept): void {
  try {
    localStorage.setItem(name, JSON.stringify(kept));
  } catch {
    // There is no room for it: what the database has is all there is.
  }
}

async function lastKept(name: string): Promise<Kept | undefined> {
  const last = localStorage.getItem(name);
  return last === null ? await get<Kept>(name).catch(() => undefined) : (JSON.parse(last) as Kept);
}

async function forget(name: string): Promise<void> {
  localStorage.removeItem(name);
  await del(name);
}

/** Names of what windows have kept that are no longer there. */
async function leftBehind(others: ReadonlySet<string>): Promise<string[]> {
  const stored = await keys<string>().catch(() => []);
  const found = [...new Set([...stored, ...Object.keys(localStorage)])].filter((name) => name.startsWith(KEPT));
  if (found.length === 0) return [];
  const here = await windowsHere(others);
  return found.filter((name) => !here.has(name.slice(KEPT.length + 1)));
}

/** Holds a lock as long as this window is there. Browsers have locks where the page comes from a safe place. */
function beHere(id: string): void {
  void navigator.locks?.request(`${WINDOW}.${id}`, () => new Promise(() => {}));
}

async function windowsHere(answered: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  if (!navigator.locks) {
    await new Promise((resolve) => setTimeout(resolve, ANSWER_MS));
    return answered;
  }
  const { held = [], pending = [] } = await navigator.locks.query();
  return new Set([...held, ...pending].map(({ name = "" }) => name.slice(WINDOW.length + 1)));
}

function keptOf(editor: Editor): Kept {
  const { tabs, active, closed } = editor.tabs.getState();
  return { tabs: tabs.map(keptTab), active, closed: closed.map(keptTab) };
}

function keptTab({ key, name, revision, workflow, saved }: Tab): KeptTab {
  return { key, name, revision, text: writeWorkflow(workflow), saved: writeWorkflow(saved) };
}

/** Opens what was kept, beside what is open already. */
function show(editor: Editor, kept: Kept | undefined): void {
  if (!kept) return;
  const fresh = kept.tabs.flatMap(restored);
  const closed = (kept.closed ?? []).flatMap(restored);
  if (fresh.length === 0) return;
  editor.tabs.setState((now) => {
    const present = now.tabs.filter((tab) => !isUntouched(tab));
    return { tabs: [...present, ...fresh], active: kept.active, closed: [...now.closed, ...closed] };
  });
}

function restored({ key, name, revision, text, saved }: KeptTab): Tab[] {
  const [mine, theirs] = [readWorkflow(text), readWorkflow(saved)];
  // An empty one that was never saved is what opens when there is nothing else.
  if (!mine.ok || !theirs.ok || (name === "" && text === EMPTY_TEXT)) return [];
  const saving = text === saved ? "saved" : "changed";
  return [newTab(mine.workflow, { key, name, revision, saved: theirs.workflow, saving })];
}
