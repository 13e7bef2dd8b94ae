/** Making what is at the cursor an input or an output of the workflow, and taking that back. */

import { parameterOf } from "../canvas/parameter";
import { addOutput, demote, graphOf, promote, removeOutput, sameLink } from "../document";
import { type Editor, knowledge, shownGraph } from "../state/editor";

import { activeTab, edit } from "../state/tabs";
import { say } from "../state/ui";
import { texts } from "../texts";
import { sceneOf } from "./cursor";
import { inputAt } from "./describe";

const words = texts.building.says;

export function canDeclare(editor: Editor): boolean {
  const { node, socket } = sceneOf(editor);
  if (!node || !socket) return false;
  return socket.id.startsWith("out:") || (socket.id.startsWith("in:") && inputAt(node, socket.name) !== undefined);
}

export function declare(editor: Editor): void {
  const { node, socket } = sceneOf(editor);
  if (!node || !socket) return;
  if (socket.side === "source") declareOutput(editor, node.id, socket.name);
  const input = inputAt(node, socket.name);
  if (!input) return;
  if (input.parameter) {
    edit(editor.tabs, texts.edits.makeValue, (workflow) => demote(workflow, node.id, socket.name));
    say(editor.ui, words.hidden(input.link?.[1] ?? socket.name));
  } else {
    edit(editor.tabs, texts.edits.makeInput, (workflow) => promote(workflow, node.id, socket.name, parameterOf(input)));
    say(editor.ui, words.exposed(socket.name));
  }
}

function declareOutput(editor: Editor, node: string, output: string): void {
  const graph = shownGraph(activeTab(editor.tabs.getState()));
  const found = graphOf(knowledge(editor).workflow, graph)?.outputs ?? {};
  const names = Object.keys(found).filter((name) => sameLink(found[name], [node, output]));
  if (names.length > 0) {
    edit(editor.tabs, texts.edits.removeOutput, (workflow) =>
      names.reduce((now, name) => removeOutput(now, graph, name), workflow),
    );
    say(editor.ui, words.hidden(names.join()));
  } else {
    edit(editor.tabs, texts.edits.makeOutput, (workflow) => addOutput(workflow, graph, output, [node, output]));
    say(editor.ui, words.shown(output));
  }
}
