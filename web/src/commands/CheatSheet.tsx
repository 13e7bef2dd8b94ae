import type { JSX } from "react";
import { COMMANDS, type Command } from "../state/commands";
import { usePreferences } from "../state/editor";
import { texts } from "../texts";
import { Dialog } from "../widgets";
import { chordsOf } from "./bindings";
import { together } from "./chords";
import { Keycaps } from "./Keycaps";

interface CheatSheetProps {
  readonly onClose: () => void;
  readonly onChange: () => void;
}

/** What hands do that is no command. */
const HANDS = [texts.commands.keyboard, texts.commands.mouse];

/** All shortcuts on one sheet, as they are set now. */
export function CheatSheet({ onClose, onChange }: CheatSheetProps): JSX.Element {
  const own = usePreferences(({ shortcuts }) => shortcuts);
  const bound = COMMANDS.filter((command) => chordsOf(command, own).length > 0);
  const groups = Object.entries(texts.commands.groups) as readonly (readonly [Command["group"], string])[];
  return (
    <Dialog
      title={texts.commands.sheet}
      size="large"
      onClose={onClose}
      foot={
        <button type="button" className="button" onClick={onChange}>
          {texts.commands.change}
        </button>
      }
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it is longer than the window, and scrolls by keys. */}
      <section className="sheet" tabIndex={0} aria-label={texts.commands.sheet}>
        {groups.map(([group, title]) => {
          const rows = rowsOf(bound.filter((command) => command.group === group));
          return rows.length === 0 ? null : (
            <section key={group}>
              <h3>{title}</h3>
              <dl>
                {rows.map(([label, members]) => (
                  <div key={label}>
                    <dt>{label}</dt>
                    <dd>
                      {together(members.flatMap((command) => chordsOf(command, own))).map((chords) => (
                        <Keycaps key={chords} chord={chords} />
                      ))}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          );
        })}
        {HANDS.map(({ title, rows }) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {rows.map(([deed, does]) => (
                <div key={deed} className="sheet-words">
                  <dt>{deed}</dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </section>
    </Dialog>
  );
}

/** Commands that differ in direction only, in one row. */
function rowsOf(commands: readonly Command[]): [label: string, members: readonly Command[]][] {
  const rows = new Map<string, Command[]>();
  for (const command of commands) {
    const label = command.family ? texts.commands.families[command.family] : command.label;
    rows.set(label, [...(rows.get(label) ?? []), command]);
  }
  return [...rows];
}
