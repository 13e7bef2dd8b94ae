import { LayoutGrid, Plus } from "lucide-react";
import type { JSX } from "react";
import { useHint } from "../commands/hint";
import { graphOf } from "../document";
import { type CommandId, commandOf } from "../state/commands";
import { shownGraph, useEditor, useTab } from "../state/editor";
import { texts } from "../texts";

const words = texts.bar.empty;

/** What can be done where there is nothing yet: it lets everything through to the canvas but its buttons. */
export function EmptyCanvas(): JSX.Element | null {
  const isEmpty = useTab((tab) => {
    const graph = shownGraph(tab);
    const { frames, notes } = tab.workflow.layout;
    const isBare = [...frames, ...notes].every((each) => each.graph !== graph);
    return isBare && Object.keys(graphOf(tab.workflow, graph)?.nodes ?? {}).length === 0;
  });
  if (!isEmpty) return null;
  return (
    <section className="empty-canvas" aria-label={words.title}>
      <h2>{words.title}</h2>
      <p>{words.add}</p>
      <p>{words.drop}</p>
      <div>
        <Choice id="add-node" icon={<Plus size={15} />} />
        <Choice id="examples" icon={<LayoutGrid size={15} />} />
      </div>
    </section>
  );
}

function Choice({ id, icon }: { readonly id: CommandId; readonly icon: JSX.Element }): JSX.Element {
  const editor = useEditor();
  const { label, run } = commandOf(id);
  return (
    <button type="button" className="button" title={useHint(id)} onClick={() => run(editor)}>
      {icon} {label}
    </button>
  );
}
