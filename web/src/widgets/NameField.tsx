import { type JSX, useRef, useState } from "react";

interface NameFieldProps {
  readonly value: string;
  readonly label: string;
  readonly className?: string;
  readonly placeholder?: string;
  /** The new name; not called when it stays as it was. */
  readonly onName: (name: string) => void;
  /** Called in any case, once. */
  readonly onEnd: () => void;
}

/** A name that is edited where it stands: Enter or going elsewhere takes it, Escape leaves it as it was. */
export function NameField({ value, label, className, placeholder, onName, onEnd }: NameFieldProps): JSX.Element {
  const [typed, setTyped] = useState(value);
  const isOver = useRef(false);
  const end = (isTaken: boolean): void => {
    if (isOver.current) return;
    isOver.current = true;
    if (isTaken && typed.trim() !== value) onName(typed.trim());
    onEnd();
  };
  return (
    <input
      className={`name-field nodrag ${className ?? ""}`}
      aria-label={label}
      placeholder={placeholder}
      spellCheck={false}
      // biome-ignore lint/a11y/noAutofocus: the user has just asked to type here.
      autoFocus
      value={typed}
      onFocus={(event) => event.target.select()}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={() => end(true)}
      onPointerDown={(event) => event.stopPropagation()}
      onDoubleClick={(event) => event.stopPropagation()}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "Enter") end(true);
        if (event.key === "Escape") end(false);
      }}
    />
  );
}
