import { type JSX, useMemo, useState } from "react";
import { addCandidate } from "../palette/add";
import { adviceFor } from "../palette/elsewhere";
import { type Candidate, candidates, search } from "../palette/search";
import { knowledge, shownPlace, useEditor, useServer } from "../state/editor";
import { edit } from "../state/tabs";
import { texts } from "../texts";
import { categoryColour } from "../theme/sockets";
import { SearchField } from "../widgets/SearchField";

export const DRAGGED_NODE = "application/x-latentloom-node";

/** All node types by category; a click adds one in the middle, a drag where it is dropped. */
export function LibraryPanel(): JSX.Element {
  const editor = useEditor();
  const [typed, setTyped] = useState("");
  const catalogue = useServer((server) => server.catalogue);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the list is made anew with the catalogue.
  const all = useMemo(() => candidates(knowledge(editor), null, ""), [editor, catalogue]);
  const groups = useMemo(() => grouped(search(all, typed)), [all, typed]);
  const advice = adviceFor(typed) ?? (typed !== "" && groups.length === 0 ? texts.palette.none : "");
  const add = (candidate: Candidate): void => {
    const canvas = editor.view.current?.centre() ?? { x: 0, y: 0 };
    const request = {
      screen: canvas,
      canvas: { x: canvas.x - 110, y: canvas.y - 40 },
      place: shownPlace(editor),
      wiring: null,
    };
    const { id, workflow } = addCandidate(knowledge(editor), candidate, request);
    edit(editor.tabs, texts.edits.add(candidate.title), () => workflow, { select: [id] });
  };
  return (
    <div className="library-panel">
      <SearchField label={texts.bar.searchNodes} typed={typed} onType={setTyped} />
      <p role="status">{advice}</p>
      {groups.map(([category, items]) => (
        <section key={category}>
          <h3>
            <i style={{ background: categoryColour(category) }} />
            {category}
          </h3>
          {items.map((candidate) => (
            <button
              type="button"
              key={candidate.type}
              draggable
              title={candidate.doc.split("\n")[0]}
              onDragStart={(event) => event.dataTransfer.setData(DRAGGED_NODE, candidate.type)}
              onClick={() => add(candidate)}
            >
              {candidate.title}
            </button>
          ))}
        </section>
      ))}
    </div>
  );
}

function grouped(found: readonly Candidate[]): [string, Candidate[]][] {
  const groups = new Map<string, Candidate[]>();
  for (const candidate of found) groups.set(candidate.category, [...(groups.get(candidate.category) ?? []), candidate]);
  return [...groups];
}
