import { type JSX, type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import type { Literal } from "../document";
import { texts } from "../texts";
import { calculate } from "./expressions";
import { ariaOf, type FieldProps } from "./field";
import { clamp, isWhole, type Limits, literalOf, numberOf, readNumber, showNumber, snap, stepOf } from "./numbers";
import { DRAG_START_PX, fractionOf, scrubbed, wantsSlider } from "./scrub";

interface NumberFieldProps extends FieldProps {
  readonly limits: Limits;
  readonly unit: string;
  readonly widget: string;
}

interface Drag {
  readonly x: number;
  readonly from: number;
  readonly isMoved: boolean;
}

/** A number: drag to change it, click to type (also `512*1.5`), arrow keys to step. A slider's drag spans its range. */
export function NumberField(props: NumberFieldProps): JSX.Element {
  const { label, value, limits, unit, widget, onChange, onEnd, isCompact, isDisabled } = props;
  const [typed, setTyped] = useState<string | null>(null);
  const drag = useRef<Drag | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const now = numberOf(value);
  const isSlider = wantsSlider(limits, widget);

  const onPointerDown = (event: PointerEvent<HTMLInputElement>): void => {
    if (isDisabled || typed !== null || event.button !== 0) return;
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { x: event.clientX, from: now ?? limits.minimum ?? 0, isMoved: false };
  };
  const onPointerMove = (event: PointerEvent<HTMLInputElement>): void => {
    const held = drag.current;
    if (!held) return;
    const moved_px = event.clientX - held.x;
    if (!held.isMoved && Math.abs(moved_px) < DRAG_START_PX) return;
    drag.current = { ...held, isMoved: true };
    const width_px = event.currentTarget.getBoundingClientRect().width;
    const next = scrubbed({ from: held.from, moved_px, width_px, limits, isSlider, isFine: event.shiftKey });
    if (next !== now) onChange(literalOf(next, limits));
  };
  const onPointerUp = (): void => {
    const held = drag.current;
    drag.current = null;
    if (!held) return;
    if (held.isMoved) {
      onEnd();
      return;
    }
    // At once, not a frame later: keys pressed meanwhile would go elsewhere.
    setTyped(showNumber(value));
    field.current?.focus();
    field.current?.select();
  };
  const finish = (isKept: boolean): void => {
    const read = typed === null || !isKept ? undefined : readTyped(typed, limits);
    setTyped(null);
    if (read !== undefined && read !== value) onChange(read);
    onEnd();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    const next = stepped(event, value, limits);
    if (next !== undefined) {
      event.preventDefault();
      setTyped(null);
      if (next !== value) onChange(next);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (typed === null) setTyped(showNumber(value));
      else finish(true);
    } else if (event.key === "Escape" && typed !== null) {
      event.stopPropagation();
      finish(false);
    }
  };
  const style = { "--filled": `${isSlider ? fractionOf(now ?? 0, limits) * 100 : 0}%` } as Record<string, string>;
  const misread = typed !== null && readTyped(typed, limits) === undefined;
  return (
    <span className="w-box w-number nodrag" data-slider={isSlider} data-typing={typed !== null} style={style}>
      {isCompact && <span className="w-name">{label}</span>}
      <input
        ref={field}
        role="spinbutton"
        inputMode="decimal"
        autoComplete="off"
        spellCheck={false}
        {...ariaOf(props)}
        aria-invalid={misread || props.fault !== "" || undefined}
        aria-valuenow={now}
        aria-valuetext={now === undefined ? texts.notSet : `${showNumber(value)}${unit && ` ${unit}`}`}
        aria-valuemin={limits.minimum ?? undefined}
        aria-valuemax={limits.maximum ?? undefined}
        disabled={isDisabled}
        value={typed ?? showNumber(value)}
        placeholder="–"
        onChange={(event) => setTyped(event.target.value)}
        onFocus={(event) => event.target.select()}
        onBlur={() => finish(true)}
        onKeyDown={onKeyDown}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={() => {
          drag.current = null;
        }}
      />
      {unit && <span className="w-unit">{unit}</span>}
    </span>
  );
}

/** A number or arithmetic. */
function readTyped(text: string, limits: Limits): Literal | undefined {
  const plain = readNumber(text, limits);
  if (plain !== undefined) return plain;
  const value = calculate(text.replaceAll(",", "."));
  return value === undefined ? undefined : literalOf(clamp(value, limits), limits);
}

const STEPS: { readonly [key: string]: number } = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 };

/** What a key makes of the value; undefined for keys that do not step. */
function stepped(event: KeyboardEvent, value: Literal, limits: Limits): Literal | undefined {
  const steps = STEPS[event.key];
  if (steps === undefined || event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const change = steps * (event.shiftKey ? 10 : 1) * stepOf(limits);
  // Seeds have more digits than a float.
  if (typeof value === "bigint" && isWhole(limits) && Number.isInteger(change) && !limits.step)
    return readNumber(String(value + BigInt(change)), limits);
  const now = numberOf(value) ?? limits.minimum ?? 0;
  return literalOf(clamp(snap(now + change, limits), limits), limits);
}
