/** Loops and subgraphs. */

import { showType } from "../../catalogue";
import { canMoveIntoLoop, chooseLoop, leaveLoop } from "../../cursor/moving";
import { explodeSubgraph, freshId, freshSubgraphName, makeSubgraph, nodeOf, placeOf, wrapInLoop } from "../../document";
import { texts } from "../../texts";
import { type Editor, knowledge } from "../editor";
import { change, chosen, type Deed, hasChosen, tabOf } from "./command";

function subgraphOfChosen(editor: Editor): void {
  const { catalogue, types } = knowledge(editor);
  const { workflow, selection } = tabOf(editor);
  const name = freshSubgraphName(workflow, "subgraph", (word) => catalogue.nodes.has(word));
  const id = freshId(workflow, `${name}_node`);
  const typeOf: Parameters<typeof makeSubgraph>[4] = (link, place) => {
    const type = types.brings(link, place.graph);
    return type ? showType(type) : "float";
  };
  change(editor, texts.edits.makeSubgraph, (now) => makeSubgraph(now, [...selection], name, id, typeOf), [id]);
}

/** The subgraph that the one selected node uses. */
function chosenSubgraph(editor: Editor): { readonly id: string; readonly name: string } | undefined {
  const [id] = chosen(editor);
  const { workflow } = tabOf(editor);
  const name = id === undefined ? undefined : nodeOf(workflow, id)?.type;
  return id !== undefined && name !== undefined && Object.hasOwn(workflow.subgraphs, name) ? { id, name } : undefined;
}

export const GRAPHS: readonly Deed[] = [
  {
    id: "wrap-loop",
    shortcut: "Ctrl+G",
    group: "loop",
    isPossible: hasChosen,
    run: (editor) => {
      const id = freshId(tabOf(editor).workflow, "loop");
      change(editor, texts.edits.wrapInLoop, (workflow) => wrapInLoop(workflow, chosen(editor), id), [id]);
    },
  },
  {
    id: "leave-loop",
    group: "loop",
    isPossible: (editor) => chosen(editor).some((id) => placeOf(tabOf(editor).workflow, id).loops.length > 0),
    run: leaveLoop,
  },
  { id: "make-subgraph", shortcut: "Ctrl+Shift+G", group: "loop", isPossible: hasChosen, run: subgraphOfChosen },
  { id: "into-loop", group: "loop", isPossible: canMoveIntoLoop, run: chooseLoop },
  {
    id: "explode-subgraph",
    group: "loop",
    isPossible: (editor) => chosenSubgraph(editor) !== undefined,
    run: (editor) => {
      const found = chosenSubgraph(editor);
      if (found) change(editor, texts.edits.takeApart, (workflow) => explodeSubgraph(workflow, found.id));
    },
  },
];
