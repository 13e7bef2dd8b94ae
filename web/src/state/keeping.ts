/**
 * The copy of the open workflows that the browser keeps, so that a crash, a reload or a closed window loses nothing.
 *
 * Each window keeps its own, also when several are open. A window that is opened anew takes over what closed ones have
 * left behind: those that are still there answer when it asks.
 */

import { del, get, keys, set } from "idb-keyval";
import { EMPTY_TEXT, readWorkflow, writeWorkflow } from "../document";
import type { Editor } from "./editor";
import { freshKey, isUntouched, newTab, type Tab } from "./tabs";

const KEPT = "latentloom.tabs";
const WINDOW = "latentloom.window";
/** How long windows that are there have to answer. */
const ANSWER_MS = 250;

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
  };
  call("who");
  let isRestored = false;
  const keep = async (): Promise<void> => {
    if (isRestored) await set(`${KEPT}.${id}`, keptOf(editor));
  };
  const onHide = (): void => void keep();
  window.addEventListener("pagehide", onHide);
  return {
    keep,
    restore: async () => {
      show(editor, await get<Kept>(`${KEPT}.${id}`).catch(() => undefined));
      const left = own === null ? await leftBehind(others) : [];
      for (const name of left) show(editor, await get<Kept>(name));
      isRestored = true;
      if (left.length > 0) await keep();
      for (const name of left) await del(name);
    },
    stop: () => {
      window.removeEventListener("pagehide", onHide);
      channel.close();
    },
  };
}

/** Names of what windows have kept that are no longer there. */
async function leftBehind(others: ReadonlySet<string>): Promise<string[]> {
  const found = (await keys<string>().catch(() => [])).filter((name) => name.startsWith(KEPT));
  if (found.length === 0) return [];
  await new Promise((resolve) => setTimeout(resolve, ANSWER_MS));
  return found.filter((name) => !others.has(name.slice(KEPT.length + 1)));
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
