import { type JSX, type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { showType } from "../catalogue";
import { withRoom } from "../cursor/adding";
import { putCursor } from "../cursor/cursor";
import { graphOf } from "../document";
import { knowledge, useEditor, useUi } from "../state/editor";
import { edit } from "../state/tabs";
import type { PaletteRequest } from "../state/ui";
import { texts } from "../texts";
import { categoryColour } from "../theme/sockets";
import { FindField } from "../widgets/FindField";
import { addCandidate } from "./add";
import { adviceFor } from "./elsewhere";
import { type Candidate, candidates, search } from "./search";

const words = texts.palette;
const WIDTH = 360;
const HEIGHT = 420;
const MOST_SHOWN = 60;

/** Adds a node: type a few letters, Enter. From a wire it lists only what fits, and connects it. */
export function Palette(): JSX.Element | null {
  const request = useUi((ui) => ui.palette);
  return request ? <OpenPalette key={`${request.screen.x} ${request.screen.y}`} request={request} /> : null;
}

function OpenPalette({ request }: { readonly request: PaletteRequest }): JSX.Element {
  const editor = useEditor();
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const known = useMemo(() => knowledge(editor), [editor]);
  const all = useMemo(() => candidates(known, request.wiring, request.place.graph), [known, request]);
  const found = useMemo(() => search(all, typed).slice(0, MOST_SHOWN), [all, typed]);
  const close = (): void => {
    editor.ui.setState({ palette: null });
    editor.view.current?.focus();
  };
  const choose = (candidate: Candidate | undefined): void => {
    if (!candidate) return;
    const added = addCandidate(known, candidate, request);
    const workflow = request.isKeyed ? withRoom(editor, added, request) : added.workflow;
    edit(editor.tabs, texts.edits.add(candidate.title), () => workflow, { select: [added.id] });
    close();
    if (request.isKeyed) putCursor(editor, { node: added.id, socket: "" });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setAt((now) => (now + step + found.length) % Math.max(1, found.length));
    }
    if (event.key === "Enter") choose(found[at]);
    if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      close();
    }
    event.stopPropagation();
  };
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: "nearest" });
  }, [at]);
  const left = Math.max(8, Math.min(request.screen.x, window.innerWidth - WIDTH - 8));
  const top = Math.max(8, Math.min(request.screen.y, window.innerHeight - HEIGHT - 8));
  return (
    <>
      <div className="veil" onPointerDown={close} />
      <div
        className="palette"
        role="dialog"
        aria-label={words.title}
        style={{ left, top, width: WIDTH, maxHeight: HEIGHT }}
      >
        <FindField
          label={words.search}
          hint={wiredText(request, known, all.length)}
          list="palette-list"
          active={found[at] && `palette-${at}`}
          typed={typed}
          onType={(text) => {
            setTyped(text);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
        <div className="palette-list" id="palette-list" role="listbox" aria-label={words.nodes} ref={list}>
          {found.map((candidate, i) => (
            <button
              type="button"
              role="option"
              id={`palette-${i}`}
              key={candidate.type}
              tabIndex={-1}
              aria-selected={i === at}
              onPointerMove={() => setAt(i)}
              onClick={() => choose(candidate)}
            >
              <i style={{ background: categoryColour(candidate.category) }} />
              <span className="palette-title">{candidate.title}</span>
              <span className="palette-category">{candidate.category}</span>
            </button>
          ))}
        </div>
        <p className="palette-none" role="status">
          {adviceFor(typed) ?? (found.length === 0 && words.none)}
        </p>
        {found[at] && <p className="palette-doc">{found[at].doc.split("\n")[0]}</p>}
      </div>
    </>
  );
}

/** How many node types there are to choose from, and by what they were chosen. */
function wiredText({ wiring, place }: PaletteRequest, known: ReturnType<typeof knowledge>, count: number): string {
  if (!wiring || !graphOf(known.workflow, place.graph)) return words.count(count);
  const type =
    wiring.kind === "from-input" ? known.types.wants(wiring.target) : known.types.brings(wiring.link, place.graph);
  return type ? words.fitting[wiring.kind](count, showType(type)) : words.count(count);
}
