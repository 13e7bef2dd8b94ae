/** What results ask of the editor around them. */

import { useMemo } from "react";
import type { Desk } from "../results";
import { useEditor } from "../state/editor";
import { newTab, openTab } from "../state/tabs";
import { tell } from "../state/ui";
import { showNode } from "./showNode";

export function useEditorDesk(): Desk {
  const editor = useEditor();
  return useMemo(
    () => ({
      openWorkflow: (workflow) => openTab(editor.tabs, newTab(workflow)),
      showNode: (node) => showNode(editor, node),
      tell: (message) => tell(editor.ui, message),
    }),
    [editor],
  );
}
