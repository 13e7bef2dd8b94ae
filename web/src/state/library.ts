/** The saved workflows: opened, renamed, copied, deleted, and brought back as they were. */

import { ApiError, api } from "../api";
import { texts } from "../texts";
import type { Editor } from "./editor";
import { changeTab, edit, newTab, openTab, type Tab, undo } from "./tabs";
import { tell } from "./ui";

const words = texts.library;

export async function loadLibrary(editor: Editor): Promise<void> {
  await told(editor, async () => {
    const [saved, examples] = await Promise.all([api.workflows(), api.examples()]);
    editor.library.setState({ saved, examples });
  });
}

/** Opens a saved workflow, or shows the tab where it is open. */
export async function openSaved(editor: Editor, name: string): Promise<boolean> {
  if (showOpen(editor, name)) return true;
  return told(editor, async () => {
    const { workflow, revision } = await api.open(name);
    // Asked for twice, it is open by now: two tabs of one workflow would be each other's rivals.
    if (!showOpen(editor, name)) openTab(editor.tabs, newTab(workflow, { name, revision }));
  });
}

/** Shows the tab where a saved workflow is open; false where there is none. */
function showOpen(editor: Editor, name: string): boolean {
  const [open] = tabsOf(editor, name);
  if (open) editor.tabs.setState({ active: open.key });
  return open !== undefined;
}

export async function openExample(editor: Editor, name: string): Promise<boolean> {
  return told(editor, async () => openTab(editor.tabs, newTab((await api.openExample(name)).workflow)));
}

/** False when the name is taken or bad, with the reason told. */
export async function renameSaved(editor: Editor, name: string, other: string): Promise<boolean> {
  return told(editor, async () => {
    const { revision } = await api.rename(name, other);
    noteRenamed(editor, name, other, revision);
    await loadLibrary(editor);
  });
}

/** Copies a saved workflow under a name that is free. */
export async function copySaved(editor: Editor, name: string): Promise<void> {
  await told(editor, async () => {
    const { workflow } = await api.open(name);
    const taken = new Set((await api.workflows()).map((entry) => entry.name.toLowerCase()));
    await api.create(freeName(name, taken), workflow);
    await loadLibrary(editor);
  });
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number += 1) {
    const copy = words.copyOf(name, number);
    if (!taken.has(copy.toLowerCase())) return copy;
  }
}

/** Deletes a saved workflow, which can be taken back; a tab where it is open keeps what it shows, unsaved. */
export async function deleteSaved(editor: Editor, name: string): Promise<void> {
  const open = detach(editor, name);
  const isDone = await told(editor, async () => {
    const { workflow } = await api.open(name);
    await api.remove(name);
    await loadLibrary(editor);
    const act = (): void => void bringBack(editor, name, workflow, open);
    tell(editor.ui, words.deleted(name), { label: texts.undo, act });
  });
  if (!isDone) for (const { key, revision } of open) changeTab(editor.tabs, key, (tab) => ({ ...tab, name, revision }));
}

async function bringBack(editor: Editor, name: string, workflow: Tab["workflow"], open: readonly Tab[]): Promise<void> {
  await told(editor, async () => {
    const { revision } = await api.create(name, workflow);
    const keys = new Set(open.map(({ key }) => key));
    for (const { key } of editor.tabs.getState().tabs)
      if (keys.has(key)) changeTab(editor.tabs, key, (tab) => ({ ...tab, name, revision, saving: "changed" }));
    await loadLibrary(editor);
  });
}

/** Puts a workflow back to an earlier revision: a step of its own, which can be undone, and then a new revision. */
export async function restoreVersion(editor: Editor, name: string, revision: number): Promise<void> {
  await told(editor, async () => {
    const { workflow } = await api.version(name, revision);
    if (!(await openSaved(editor, name))) return;
    edit(editor.tabs, texts.edits.restore, () => workflow);
    // Another workflow may be shown when it is taken back.
    const { active } = editor.tabs.getState();
    const act = (): void => {
      editor.tabs.setState({ active });
      undo(editor.tabs);
    };
    tell(editor.ui, words.restored(revision), { label: texts.undo, act });
  });
}

/** Opens a revision beside the workflow as it is. */
export async function openVersion(editor: Editor, name: string, revision: number): Promise<void> {
  await told(editor, async () => {
    const { workflow } = await api.version(name, revision);
    openTab(editor.tabs, newTab({ ...workflow, title: words.versionOf(workflow.title || name, revision) }));
  });
}

/** Tabs follow a workflow that got another name, here or elsewhere. */
export function noteRenamed(editor: Editor, name: string, other: string, revision: number): void {
  editor.widgets.adoptSeedModes(name, other);
  for (const { key } of tabsOf(editor, name))
    changeTab(editor.tabs, key, (tab) => ({
      ...tab,
      name: other,
      revision,
      saving: tab.saving === "saved" ? "saved" : "changed",
    }));
}

/** What somebody else has deleted stays open here, unsaved. */
export function noteDeleted(editor: Editor, name: string): void {
  if (detach(editor, name).length > 0) tell(editor.ui, words.deletedElsewhere(name));
}

/** Takes the name from the tabs of a workflow: they are as if never saved. Gives them as they were. */
function detach(editor: Editor, name: string): readonly Tab[] {
  const open = tabsOf(editor, name);
  for (const { key } of open)
    changeTab(editor.tabs, key, (tab) => ({ ...tab, name: "", revision: 0, saving: "changed", saveError: "" }));
  return open;
}

function tabsOf(editor: Editor, name: string): readonly Tab[] {
  return editor.tabs.getState().tabs.filter((tab) => tab.name === name);
}

/** Does something with the server; what it refuses is told. False where it did. */
async function told(editor: Editor, act: () => Promise<void>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    tell(editor.ui, error.message);
    return false;
  }
}
