/** From a list to what it names on the canvas. */

import { flushSync } from "react-dom";
import { homes } from "../document";
import type { Editor } from "../state/editor";
import { activeTab, enter, select } from "../state/tabs";
import { tell } from "../state/ui";
import { texts } from "../texts";

/** Selects a node and brings it into view, inside its subgraph where it stands in one. */
export function showNode(editor: Editor, node: string): void {
  const tab = activeTab(editor.tabs.getState());
  const home = homes(tab.workflow).get(node);
  if (!home) {
    tell(editor.ui, texts.results.nodeGone(node));
    return;
  }
  const { graph } = home.place;
  // Drawn before one looks at the node: a graph that is entered is looked at as a whole.
  flushSync(() => {
    if (graph !== (tab.entered.at(-1) ?? "")) enter(editor.tabs, graph === "" ? [] : [graph]);
    select(editor.tabs, [node]);
  });
  editor.view.current?.fit([node]);
}
