import type { JSX } from "react";
import { changeGraph, type Graph, graphOf } from "../document";
import { shownGraph, useEditor, useTab } from "../state/editor";
import { edit, endStep } from "../state/tabs";
import { texts } from "../texts";

const words = texts.inputs;

/** Title and description of the graph on the canvas, edited where they stand. */
export function GraphHead(): JSX.Element {
  const editor = useEditor();
  const graph = useTab(shownGraph);
  const title = useTab(({ workflow }) => graphOf(workflow, graph)?.title ?? "");
  const description = useTab(({ workflow }) => graphOf(workflow, graph)?.description ?? "");
  const owner = graph === "" ? "workflow" : "subgraph";
  const write = (change: Partial<Pick<Graph, "title" | "description">>): void =>
    edit(
      editor.tabs,
      texts.edits.describe,
      (workflow) => changeGraph(workflow, graph, (old) => ({ ...old, ...change })),
      {
        merge: `${Object.keys(change)} ${graph}`,
      },
    );
  return (
    <header className="graph-head">
      <input
        className="graph-title"
        aria-label={words.title[owner]}
        placeholder={words.untitled[owner]}
        value={title}
        onChange={(event) => write({ title: event.target.value })}
        onKeyDown={(event) => (event.key === "Enter" || event.key === "Escape") && event.currentTarget.blur()}
        onBlur={() => endStep(editor.tabs)}
      />
      <textarea
        className="graph-description"
        aria-label={words.description}
        placeholder={words.describe}
        rows={1}
        value={description}
        onChange={(event) => write({ description: event.target.value })}
        onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
        onBlur={() => endStep(editor.tabs)}
      />
    </header>
  );
}
