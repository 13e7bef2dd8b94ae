import { type JSX, type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { rectOf, sceneOf } from "../cursor/cursor";
import { useEditor, useUi } from "../state/editor";
import { type Choice, type ChooserRequest, tell } from "../state/ui";
import { texts } from "../texts";
import { FindField } from "../widgets/FindField";
import { hasWords } from "../widgets/wanted";
import "./chooser.css";

const words = texts.building.chooser;
const MOST_SHOWN = 80;
/** What the list covers at the right of the canvas. */
const COVERED_PX = 400;

/** One of several things on the canvas, found by name; what is looked at is shown there. */
export function Chooser(): JSX.Element | null {
  const request = useUi((ui) => ui.chooser);
  return request ? <OpenChooser key={request.title} request={request} /> : null;
}

function OpenChooser({ request }: { readonly request: ChooserRequest }): JSX.Element {
  const editor = useEditor();
  const [all, setAll] = useState(request.list);
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const found = useMemo(() => all.filter((choice) => isFound(choice, typed)).slice(0, MOST_SHOWN), [all, typed]);
  const looked = found[at];

  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: "nearest" });
    editor.ui.setState({ lookedAt: looked?.at ?? null });
    const rect = looked?.at && rectOf(sceneOf(editor), looked.at);
    if (rect) editor.view.current?.reveal(rect, COVERED_PX);
  }, [editor, looked, at]);
  useEffect(() => () => editor.ui.setState({ lookedAt: null }), [editor]);

  const close = (): void => {
    if (editor.ui.getState().chooser === request) editor.ui.setState({ chooser: null });
    editor.view.current?.focus();
  };
  const choose = (choice: Choice | undefined, isStaying: boolean): void => {
    if (choice?.reason) tell(editor.ui, texts.building.says.refused(choice.reason));
    if (!choice || choice.reason) return;
    if (!isStaying) close();
    choice.act();
    if (isStaying) setAll(request.list());
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    event.stopPropagation();
    const last = found.length - 1;
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 8, PageUp: at - 8 }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      setAt(Math.min(Math.max(next, 0), last));
    } else if (event.key === "Enter") {
      event.preventDefault();
      choose(looked, event.shiftKey);
    } else if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      close();
    }
  };
  return (
    <>
      <div className="veil" onPointerDown={close} />
      <div className="chooser" role="dialog" aria-label={request.title}>
        <h2>{request.title}</h2>
        <FindField
          label={request.hint}
          hint={request.hint}
          list={`${id}-list`}
          active={looked ? `${id}-${at}` : undefined}
          typed={typed}
          onType={(text) => {
            setTyped(text);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
        <div className="chooser-list" id={`${id}-list`} role="listbox" aria-label={request.title} ref={list}>
          {found.map((choice, i) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys go to the field above
            <div
              key={choice.id}
              id={`${id}-${i}`}
              role="option"
              tabIndex={-1}
              aria-selected={i === at}
              aria-disabled={choice.reason !== "" || undefined}
              onPointerMove={() => setAt(i)}
              onClick={(event) => choose(choice, event.shiftKey)}
            >
              <span>{choice.label}</span>
              <small>{choice.reason || choice.detail}</small>
            </div>
          ))}
        </div>
        {found.length === 0 && <p className="palette-none">{words.none}</p>}
        {request.from && <p className="chooser-foot">{words.stay}</p>}
      </div>
    </>
  );
}

function isFound({ label, detail, id }: Choice, typed: string): boolean {
  return hasWords(`${label} ${detail} ${id}`, typed);
}
