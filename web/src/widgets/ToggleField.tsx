import type { JSX } from "react";
import { texts } from "../texts";
import { ariaOf, type FieldProps } from "./field";

export function ToggleField(props: FieldProps): JSX.Element {
  const { label, value, onChange, onEnd, isCompact, isDisabled } = props;
  const isOn = value === true;
  return (
    <label className="w-toggle nodrag" data-box={isCompact}>
      <span className="w-name">{isCompact ? label : isOn ? texts.on : texts.off}</span>
      <input
        type="checkbox"
        role="switch"
        aria-checked={isOn}
        {...ariaOf(props)}
        disabled={isDisabled}
        checked={isOn}
        onChange={(event) => {
          onChange(event.target.checked);
          onEnd();
        }}
      />
      <span className="w-track" aria-hidden="true" />
    </label>
  );
}
