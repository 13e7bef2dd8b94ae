import type { JSX } from "react";
import { ariaOf, type FieldProps } from "./field";

/** Text of one line. */
export function LineField(props: FieldProps): JSX.Element {
  const { label, value, onChange, onEnd, isCompact, isDisabled } = props;
  return (
    <span className="w-box w-line nodrag">
      {isCompact && <span className="w-name">{label}</span>}
      <input
        {...ariaOf(props)}
        disabled={isDisabled}
        spellCheck={false}
        autoComplete="off"
        value={typeof value === "string" ? value : ""}
        onChange={(event) => onChange(event.target.value)}
        onBlur={onEnd}
        onKeyDown={(event) => event.key === "Enter" && onEnd()}
      />
    </span>
  );
}
