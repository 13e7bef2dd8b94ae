import { RotateCcw, X } from "lucide-react";
import { type JSX, type KeyboardEvent, useState } from "react";
import { COMMANDS, type Command } from "../state/commands";
import { useEditor, usePreferences } from "../state/editor";
import { texts } from "../texts";
import { SearchField } from "../widgets/SearchField";
import { chordsOf, conflicts, type Own, rebound, restored, takenBy } from "./bindings";
import { chordOf, isReserved } from "./chords";
import { findCommands } from "./find";
import { Keycaps } from "./Keycaps";
import { IS_MAC, showShortcut } from "./machine";

const words = texts.commands.own;

/** Every command with its shortcut, to be changed by pressing another one. */
export function ShortcutTable(): JSX.Element {
  const { preferences } = useEditor();
  const own = usePreferences(({ shortcuts }) => shortcuts);
  const [typed, setTyped] = useState("");
  const [heard, setHeard] = useState<{ readonly id: string; readonly chord: string } | null>(null);
  const put = (shortcuts: Own): void => preferences.setState({ shortcuts });
  const clashes = conflicts(COMMANDS, own);
  const found = findCommands(COMMANDS, ({ group }) => texts.commands.groups[group], typed, []);

  const hear = (command: Command, event: KeyboardEvent): void => {
    if (event.key === "Tab") return; // goes on to the next field
    event.preventDefault();
    event.stopPropagation();
    const chord = event.key === "Escape" ? "Escape" : chordOf(event.nativeEvent, IS_MAC);
    if (!chord) return;
    if (chord === "Escape") setHeard(null);
    else if (isReserved(chord) || takenBy(COMMANDS, own, chord, command.id)) setHeard({ id: command.id, chord });
    else {
      put(rebound(COMMANDS, own, command.id, chord));
      setHeard(null);
    }
  };
  return (
    <div className="shortcuts">
      <div className="shortcuts-head">
        <SearchField label={words.search} typed={typed} onType={setTyped} />
        <button
          type="button"
          className="button"
          disabled={Object.keys(own).length === 0}
          onClick={() => preferences.setState({ shortcuts: {} })}
        >
          <RotateCcw size={13} /> {words.restoreAll}
        </button>
      </div>
      <ul>
        {found.map((command) => {
          const isHearing = heard?.id === command.id;
          const chords = chordsOf(command, own);
          const taker = isHearing ? takenBy(COMMANDS, own, heard.chord, command.id) : undefined;
          const others = chords.flatMap((chord) => clashes.get(chord) ?? []).filter((id) => id !== command.id);
          return (
            <li key={command.id} data-clash={others.length > 0}>
              <span className="shortcuts-name">{command.label}</span>
              <button
                type="button"
                className="shortcut"
                data-hearing={isHearing}
                onClick={() => setHeard({ id: command.id, chord: "" })}
                onKeyDown={(event) => isHearing && hear(command, event)}
                onBlur={() => isHearing && heard.chord === "" && setHeard(null)}
              >
                <span className="unseen">{words.change(command.label)}</span>
                {isHearing && heard.chord === "" ? (
                  words.listen
                ) : chords.length > 0 ? (
                  chords.map((chord) => <Keycaps key={chord} chord={chord} />)
                ) : (
                  <span className="muted">{words.none}</span>
                )}
              </button>
              <button
                type="button"
                className="button"
                aria-label={words.clear(command.label)}
                title={words.clear(command.label)}
                disabled={chords.length === 0}
                onClick={() => put(rebound(COMMANDS, own, command.id, ""))}
              >
                <X size={13} />
              </button>
              <button
                type="button"
                className="button"
                aria-label={words.restore(command.label, showShortcut(command.shortcut ?? ""))}
                title={words.restore(command.label, showShortcut(command.shortcut ?? ""))}
                disabled={!Object.hasOwn(own, command.id)}
                onClick={() => put(restored(COMMANDS, own, command.id))}
              >
                <RotateCcw size={13} />
              </button>
              {taker && (
                <p role="alert">
                  {words.taken(showShortcut(heard?.chord ?? ""), taker.label)}
                  <button
                    type="button"
                    className="button primary"
                    onClick={() => {
                      put(rebound(COMMANDS, own, command.id, heard?.chord ?? ""));
                      setHeard(null);
                    }}
                  >
                    {words.take}
                  </button>
                  <button type="button" className="button" onClick={() => setHeard(null)}>
                    {words.keep}
                  </button>
                </p>
              )}
              {isHearing && isReserved(heard.chord) && <p role="alert">{words.reserved(showShortcut(heard.chord))}</p>}
              {others.length > 0 && !isHearing && <p role="alert">{words.clash(labels(others))}</p>}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function labels(ids: readonly string[]): string {
  return ids.map((id) => COMMANDS.find((command) => command.id === id)?.label ?? id).join(", ");
}
