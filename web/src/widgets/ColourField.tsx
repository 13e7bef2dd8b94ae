import { type JSX, useState } from "react";
import { texts } from "../texts";
import { ariaOf, type FieldProps } from "./field";

const HEX = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i;

/** A colour as `#rrggbb`: from the system's chooser, or typed, also in the short form. */
export function ColourField(props: FieldProps): JSX.Element {
  const { label, value, onChange, onEnd, isCompact, isDisabled } = props;
  const [typed, setTyped] = useState<string | null>(null);
  const now = readColour(typeof value === "string" ? value : "") ?? "#000000";
  const finish = (): void => {
    const read = typed === null ? undefined : readColour(typed);
    setTyped(null);
    if (read && read !== now) onChange(read);
    onEnd();
  };
  const isMisread = typed !== null && readColour(typed) === undefined;
  return (
    <span className="w-box w-colour nodrag">
      {isCompact && <span className="w-name">{label}</span>}
      <input
        type="text"
        {...ariaOf(props)}
        aria-invalid={isMisread || props.fault !== "" || undefined}
        disabled={isDisabled}
        spellCheck={false}
        value={typed ?? now}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={finish}
        onKeyDown={(event) => event.key === "Enter" && finish()}
      />
      <input
        type="color"
        aria-label={`${label}: ${texts.choose}`}
        disabled={isDisabled}
        value={now}
        onChange={(event) => onChange(event.target.value)}
        onBlur={onEnd}
      />
    </span>
  );
}

export function readColour(text: string): string | undefined {
  const digits = HEX.exec(text.trim())?.[1]?.toLowerCase();
  if (!digits) return undefined;
  return `#${digits.length === 3 ? [...digits].map((digit) => digit + digit).join("") : digits}`;
}
