/** Closing workflows without losing anything. */

import { texts } from "../texts";
import type { Editor } from "./editor";
import { saveTab } from "./saving";
import { closeTab, isUntouched, nameOfTab, reopenTab } from "./tabs";
import { tell } from "./ui";

/** Closes a tab. What has a name is saved first, and stays open where that fails; anything else can be had back. */
export async function closeWorkflow(editor: Editor, key: string): Promise<void> {
  const find = () => editor.tabs.getState().tabs.find((tab) => tab.key === key);
  const tab = find();
  if (!tab) return;
  if (tab.name !== "" && tab.saving !== "saved") {
    await saveTab(editor, key);
    const now = find();
    if (now && now.saving !== "saved") {
      editor.tabs.setState({ active: key });
      tell(editor.ui, texts.tabs.stays(tab.name, now.saveError));
      return;
    }
  }
  closeTab(editor.tabs, key);
  if (tab.name === "" && !isUntouched(tab))
    tell(editor.ui, texts.tabs.closed(nameOfTab(tab) || texts.tabs.untitled), {
      label: texts.undo,
      act: () => reopenTab(editor.tabs),
    });
}
