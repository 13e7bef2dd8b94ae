/** Connecting what is selected: the outputs of each to the free inputs of the next, from left to right. */

import { plug } from "../canvas/wiring";
import { fitOf, type Knowledge, upstreamOf } from "../catalogue";
import { homes, type Workflow } from "../document";
import { type Editor, knowledge, knowledgeOf } from "../state/editor";
import { activeTab, edit } from "../state/tabs";
import { say, tell } from "../state/ui";
import { projectionNow } from "../state/view";
import { texts } from "../texts";
import { titleOfId } from "./describe";

const words = texts.building.says;

export function connectChosen(editor: Editor): void {
  const { rects } = projectionNow(editor);
  const known = knowledge(editor);
  const x = (id: string): number => rects.get(id)?.x ?? 0;
  const ids = [...activeTab(editor.tabs.getState()).selection]
    .filter((id) => homes(known.workflow).has(id))
    .sort((a, b) => x(a) - x(b));
  const joined = ids.slice(1).reduce((now, id, i) => {
    return joinPair(knowledgeOf(now, known.catalogue), ids[i] ?? "", id) ?? now;
  }, known.workflow);
  edit(editor.tabs, texts.edits.connect, () => joined);
  if (joined === known.workflow) tell(editor.ui, words.noFit);
  else say(editor.ui, words.connected(titleOfId(known, ids[0] ?? ""), titleOfId(known, ids.at(-1) ?? "")));
}

/** The first output of a node that fits a free input of another one, plugged in; a fit without conversion is better. */
function joinPair(known: Knowledge, from: string, to: string): Workflow | undefined {
  const { types, workflow } = known;
  const upstream = upstreamOf(workflow, from);
  const free = (types.signature(to)?.inputs ?? []).filter(
    ({ name }) => homes(workflow).get(to)?.node.links[name] === undefined,
  );
  const pairs = (types.signature(from)?.outputs ?? []).flatMap(({ name: output }) =>
    free.map(({ name: input }) => ({
      output,
      input,
      fit: fitOf(known, [from, output], { kind: "input", node: to, name: input }, upstream),
    })),
  );
  const found = pairs.find(({ fit }) => fit.fits && fit.reason === "") ?? pairs.find(({ fit }) => fit.fits);
  return found && plug(known, [from, found.output], to, `in:${found.input}`);
}
