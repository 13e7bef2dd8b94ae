import { type JSX, type KeyboardEvent, useId, useState } from "react";
import { candidates, search } from "../palette/search";
import { knowledge, useEditor } from "../state/editor";
import { texts } from "../texts";

const MOST = 8;

/** Finds a node type by what was typed, and opens its page. */
export function TypeSearch(): JSX.Element {
  const editor = useEditor();
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const id = useId();
  const found = typed.trim() === "" ? [] : search(candidates(knowledge(editor), null, ""), typed).slice(0, MOST);
  const open = (type: string | undefined): void => {
    if (type === undefined) return;
    editor.ui.setState({ reference: type });
    setTyped("");
    setAt(0);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      setAt(Math.min(Math.max(next, 0), found.length - 1));
    } else if (event.key === "Enter") open(found[at]?.type);
    else if (event.key === "Escape" && typed !== "") {
      event.stopPropagation();
      setTyped("");
    }
  };
  return (
    <div className="reference-search">
      <input
        className="field"
        type="search"
        role="combobox"
        aria-expanded={found.length > 0}
        aria-controls={`${id}-list`}
        aria-activedescendant={found.length > 0 ? `${id}-${at}` : undefined}
        aria-label={texts.reference.search}
        placeholder={texts.reference.search}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      {found.length > 0 && (
        <div className="w-list" role="listbox" aria-label={texts.reference.search} id={`${id}-list`}>
          {found.map(({ type, title, category }, i) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys go to the field above
            <div
              key={type}
              id={`${id}-${i}`}
              role="option"
              tabIndex={-1}
              className="w-option"
              aria-selected={i === at}
              data-active={i === at}
              onPointerMove={() => setAt(i)}
              onClick={() => open(type)}
            >
              <span className="w-option-name">{title}</span>
              <span className="w-option-detail">{category}</span>
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
