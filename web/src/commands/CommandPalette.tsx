import { type JSX, type KeyboardEvent, useId, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { COMMANDS, type Command } from "../state/commands";
import { useEditor, usePreferences } from "../state/editor";
import { texts } from "../texts";
import { useModal } from "../widgets";
import { chordsOf } from "./bindings";
import { findCommands } from "./find";
import { Keycaps } from "./Keycaps";

const MOST_RECENT = 4;

/** Everything that can be done, by name. */
export function CommandPalette({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const editor = useEditor();
  const modal = useModal(onClose);
  const own = usePreferences(({ shortcuts }) => shortcuts);
  const recent = usePreferences((preferences) => preferences.recent);
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const groupName = ({ group }: Command): string => texts.commands.groups[group];
  const [others] = useState(() => COMMANDS.filter(({ id, family }) => id !== "commands" && !family));
  const [impossible] = useState(() => new Set(others.filter(({ isPossible }) => isPossible && !isPossible(editor))));
  const all = findCommands(others, groupName, typed, recent);
  const found = [...all.filter((command) => !impossible.has(command)), ...all.filter((each) => impossible.has(each))];

  const run = (command: Command | undefined): void => {
    if (!command || impossible.has(command)) return;
    // The palette gives the focus back first, so that what the command opens keeps it; keys that follow find it done.
    flushSync(onClose);
    editor.preferences.setState({
      recent: [command.id, ...recent.filter((each) => each !== command.id)].slice(0, MOST_RECENT),
    });
    command.run(editor);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 8, PageUp: at - 8 }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      const place = Math.min(Math.max(next, 0), found.length - 1);
      setAt(place);
      list.current?.querySelector(`[id="${id}-${place}"]`)?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter") {
      event.preventDefault();
      run(found[at]);
    }
  };
  return (
    <dialog {...modal} className="commands" aria-label={texts.commands.title}>
      <input
        role="combobox"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={found.length > 0 ? `${id}-${at}` : undefined}
        aria-label={texts.commands.hint}
        placeholder={texts.commands.hint}
        spellCheck={false}
        autoComplete="off"
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div className="commands-list" role="listbox" aria-label={texts.commands.title} id={`${id}-list`} ref={list}>
        {found.map((command, i) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys go to the field above
          <div
            key={command.id}
            id={`${id}-${i}`}
            role="option"
            tabIndex={-1}
            className="command"
            aria-selected={i === at}
            aria-disabled={impossible.has(command) || undefined}
            onPointerMove={() => setAt(i)}
            onClick={() => run(command)}
          >
            <span>{command.label}</span>
            <small>{typed === "" && recent.includes(command.id) ? texts.commands.recent : groupName(command)}</small>
            <Keycaps chord={chordsOf(command, own)[0] ?? ""} />
          </div>
        ))}
        {found.length === 0 && <p className="commands-none">{texts.commands.noneFound}</p>}
      </div>
    </dialog>
  );
}
