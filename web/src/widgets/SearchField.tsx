import type { JSX } from "react";

interface SearchFieldProps {
  readonly label: string;
  readonly typed: string;
  readonly onType: (typed: string) => void;
}

/** Narrows a list that stands below it. */
export function SearchField({ label, typed, onType }: SearchFieldProps): JSX.Element {
  return (
    <input
      className="field"
      type="search"
      aria-label={label}
      placeholder={label}
      value={typed}
      onChange={(event) => onType(event.target.value)}
    />
  );
}
