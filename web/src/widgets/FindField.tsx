import { Search } from "lucide-react";
import type { JSX, KeyboardEvent } from "react";

interface FindFieldProps {
  readonly label: string;
  readonly hint: string;
  /** The id of the list that it leads through, and of the option that is looked at. */
  readonly list: string;
  readonly active: string | undefined;
  readonly typed: string;
  readonly onType: (typed: string) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

/** The field of a list that was opened to type in: it has the focus, and its keys lead through the list. */
export function FindField({ label, hint, list, active, typed, onType, onKeyDown }: FindFieldProps): JSX.Element {
  return (
    <div className="find-field">
      <Search size={15} aria-hidden="true" />
      <input
        role="combobox"
        aria-label={label}
        aria-expanded="true"
        aria-controls={list}
        aria-activedescendant={active}
        // biome-ignore lint/a11y/noAutofocus: the list was opened to type here.
        autoFocus
        spellCheck={false}
        autoComplete="off"
        placeholder={hint}
        value={typed}
        onChange={(event) => onType(event.target.value)}
        onKeyDown={onKeyDown}
      />
    </div>
  );
}
