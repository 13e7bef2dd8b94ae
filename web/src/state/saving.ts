/** Saving workflows on the server: by itself, under a name, and what happens when somebody else saved too. */

import { ApiError, api } from "../api";
import { difference } from "../document";
import { texts } from "../texts";
import type { Editor } from "./editor";
import { activeTab, changeTab, type Step, seedOwner, type Tab } from "./tabs";
import { tell } from "./ui";

/** Saves the workflows that have a name. What somebody else has saved meanwhile is never overwritten. */
export async function saveTabs(editor: Editor): Promise<void> {
  for (const { key } of editor.tabs.getState().tabs) await saveTab(editor, key);
}

/** Saves a tab that has changed, after what of it is being saved already: one that is not, would be its own rival. */
export async function saveTab(editor: Editor, key: string): Promise<void> {
  const save = (): Promise<void> => saveChanged(editor, key);
  const now = (editor.savings.get(key) ?? Promise.resolve()).then(save, save);
  editor.savings.set(key, now);
  try {
    await now;
  } finally {
    if (editor.savings.get(key) === now) editor.savings.delete(key);
  }
}

async function saveChanged(editor: Editor, key: string): Promise<void> {
  const found = tabOf(editor, key);
  if (!found || found.name === "" || (found.saving !== "changed" && found.saving !== "failed")) return;
  const { name, workflow, revision } = found;
  changeTab(editor.tabs, key, (tab) => ({ ...tab, saving: "saving" }));
  try {
    const saved = await api.save(name, workflow, revision);
    changeTab(editor.tabs, key, (tab) => ({
      ...tab,
      revision: saved.revision,
      saved: workflow,
      saving: tab.workflow === workflow ? "saved" : "changed",
      saveError: "",
    }));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const saving = error.status === 409 ? "conflict" : "failed";
    changeTab(editor.tabs, key, (tab) => ({ ...tab, saving, saveError: error.message }));
  }
}

function tabOf(editor: Editor, key: string): Tab | undefined {
  return editor.tabs.getState().tabs.find((tab) => tab.key === key);
}

/** What was saved is told before the answer to saving comes: a tab's own revision is told from somebody else's by it. */
export async function noteSavedElsewhere(editor: Editor, name: string, revision: number): Promise<void> {
  for (const { key } of editor.tabs.getState().tabs.filter((tab) => tab.name === name)) {
    await editor.savings.get(key);
    const tab = tabOf(editor, key);
    if (!tab || tab.name !== name || revision <= tab.revision) continue;
    if (tab.saving === "saved") await takeTheirs(editor, tab, false);
    else changeTab(editor.tabs, key, (old) => ({ ...old, saving: "conflict", saveError: texts.saving.conflict }));
  }
}

/**
 * Replaces a tab's workflow by what the server has; its own state can be had back by undo. `isAsked`: the user wants it,
 * whatever is here; else what was edited while theirs was on its way is kept, as a conflict.
 */
export async function takeTheirs(editor: Editor, { key, name, workflow }: Tab, isAsked = true): Promise<void> {
  try {
    const theirs = await api.open(name);
    changeTab(editor.tabs, key, (tab) => {
      if (!isAsked && tab.workflow !== workflow)
        return { ...tab, saving: "conflict", saveError: texts.saving.conflict };
      const change = difference(tab.workflow, theirs.workflow);
      const step: Step = { label: texts.saving.theirs, merge: "", change };
      return {
        ...tab,
        workflow: theirs.workflow,
        saved: theirs.workflow,
        revision: theirs.revision,
        past: change.length > 0 ? [...tab.past, step] : tab.past,
        future: [],
        saving: "saved",
        saveError: "",
      };
    });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    tell(editor.ui, error.message);
  }
}

/** Saves a tab's workflow over what somebody else has saved; theirs stays among the workflow's versions. */
export async function keepMine(editor: Editor, tab: Tab): Promise<void> {
  try {
    const { revision } = await api.open(tab.name);
    changeTab(editor.tabs, tab.key, (now) => ({ ...now, revision, saving: "changed" }));
    await saveTab(editor, tab.key);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    tell(editor.ui, error.message);
  }
}

/** Saves a tab's workflow under a name of its own; false when the name is taken or bad, with the reason told. */
export async function saveAs(editor: Editor, tab: Tab, name: string): Promise<boolean> {
  const { key, workflow } = tab;
  try {
    const { revision } = await api.create(name, workflow);
    editor.widgets.adoptSeedModes(seedOwner(tab), name);
    changeTab(editor.tabs, key, (now) => ({
      ...now,
      name,
      revision,
      saved: workflow,
      saving: now.workflow === workflow ? "saved" : "changed",
      saveError: "",
    }));
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    tell(editor.ui, error.message);
    return false;
  }
}

/** Saves the open workflow now; one without a name asks for it. */
export function saveNow(editor: Editor): void {
  const tab = activeTab(editor.tabs.getState());
  if (tab.name === "") editor.ui.setState({ window: "save" });
  else void saveTab(editor, tab.key);
}
