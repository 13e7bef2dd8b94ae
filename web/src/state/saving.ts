/** Saving workflows on the server: by itself, under a name, and what happens when somebody else saved too. */

import { ApiError, api } from "../api";
import { difference } from "../document";
import { texts } from "../texts";
import type { Editor } from "./editor";
import { activeTab, changeTab, type Step, seedOwner, type Tab } from "./tabs";
import { tell } from "./ui";

/** Saves the workflows that have a name. What somebody else has saved meanwhile is never overwritten. */
export async function saveTabs(editor: Editor): Promise<void> {
  const changed = editor.tabs
    .getState()
    .tabs.filter(({ name, saving }) => name !== "" && (saving === "changed" || saving === "failed"));
  for (const tab of changed) await saveTab(editor, tab);
}

export async function saveTab(editor: Editor, { key, name, workflow, revision }: Tab): Promise<void> {
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

export async function noteSavedElsewhere(editor: Editor, name: string, revision: number): Promise<void> {
  for (const tab of editor.tabs.getState().tabs) {
    if (tab.name !== name || revision <= tab.revision || tab.saving === "saving") continue;
    if (tab.saving !== "saved") {
      changeTab(editor.tabs, tab.key, (old) => ({
        ...old,
        saving: "conflict",
        saveError: texts.saving.conflict,
      }));
      continue;
    }
    await takeTheirs(editor, tab);
  }
}

/** Replaces a tab's workflow by what the server has; its own state can be had back by undo. */
export async function takeTheirs(editor: Editor, { key, name }: Tab): Promise<void> {
  try {
    const theirs = await api.open(name);
    changeTab(editor.tabs, key, (tab) => {
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
    await saveTab(editor, { ...tab, revision });
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
  else if (tab.saving !== "conflict") void saveTab(editor, tab);
}
