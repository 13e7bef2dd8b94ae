import { type JSX, type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import { texts } from "../texts";
import { CurveGraph, underPointer } from "./CurveGraph";
import { boundsOf, drawn, type Point, resampled, SHAPES, type Shape, shaped } from "./curves";
import { clamp, type Limits, snap, stepOf } from "./numbers";

interface CurveEditorProps {
  readonly label: string;
  readonly values: readonly number[];
  readonly limits: Limits;
  readonly onChange: (values: readonly number[]) => void;
  readonly onEnd: () => void;
}

const MOST_POINTS = 1000;
const FIRST_POINTS = 20;

/** Values by step: drawn with the pointer, stepped with the keys, made from a shape, or typed into a table. */
export function CurveEditor({ label, values, limits, onChange, onEnd }: CurveEditorProps): JSX.Element {
  const [chosen, setChosen] = useState<number>();
  const drag = useRef<{ last: Point; bounds: ReturnType<typeof boundsOf> } | null>(null);
  const tidy = (value: number): number => clamp(snap(value, limits), limits);

  const pointOf = (event: PointerEvent<HTMLElement>, bounds: ReturnType<typeof boundsOf>): Point => {
    const box = event.currentTarget.getBoundingClientRect();
    const [across, down] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    const { index, value } = underPointer(across, down, values.length, bounds);
    return { index, value: tidy(value) };
  };
  const onPointerDown = (event: PointerEvent<HTMLElement>): void => {
    if (event.button !== 0 || values.length === 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const bounds = boundsOf(values, limits);
    const point = pointOf(event, bounds);
    drag.current = { last: point, bounds };
    setChosen(point.index);
    onChange(drawn(values, point, point));
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>): void => {
    const held = drag.current;
    if (!held) return;
    const point = pointOf(event, held.bounds);
    if (point.index === held.last.index && point.value === held.last.value) return;
    onChange(drawn(values, held.last, point).map(tidy));
    setChosen(point.index);
    drag.current = { ...held, last: point };
  };
  const onPointerUp = (): void => {
    drag.current = null;
    onEnd();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = chosen ?? 0;
    const along = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: values.length - 1 }[event.key];
    const up = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
    if (along !== undefined) setChosen(Math.min(Math.max(along, 0), values.length - 1));
    else if (up !== undefined && values.length > 0) {
      const value = tidy((values[at] ?? 0) + up * (event.shiftKey ? 10 : 1) * stepOf(limits));
      setChosen(at);
      onChange(drawn(values, { index: at, value }, { index: at, value }));
      onEnd();
    } else return;
    event.preventDefault();
  };
  const at = chosen ?? 0;
  const said =
    values.length > 0 ? texts.curve.point(at + 1, values.length, String(values[at] ?? "")) : texts.list.empty;
  return (
    <div className="w-curve-editor">
      <Shapes values={values} limits={limits} onChange={(next) => onChange(next.map(tidy))} onEnd={onEnd} />
      <div
        className="w-graph-area"
        role="slider"
        tabIndex={0}
        aria-label={`${label}, ${texts.curve.graph}`}
        aria-valuenow={values[at] ?? 0}
        aria-valuetext={said}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={onPointerUp}
        onKeyDown={onKeyDown}
      >
        <CurveGraph values={values} limits={limits} chosen={chosen} />
      </div>
      <p className="w-hint">{chosen === undefined ? texts.curve.hint : said}</p>
      <div className="w-table">
        {values.map((value, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its step
          <label key={i} data-chosen={i === chosen}>
            <span>{i + 1}</span>
            <input
              type="number"
              aria-label={texts.curve.value(i + 1)}
              value={value}
              min={limits.minimum ?? undefined}
              max={limits.maximum ?? undefined}
              step="any"
              onFocus={() => setChosen(i)}
              onChange={(event) => {
                const next = event.target.valueAsNumber;
                if (Number.isFinite(next)) onChange(values.map((each, j) => (j === i ? clamp(next, limits) : each)));
              }}
              onBlur={onEnd}
            />
          </label>
        ))}
      </div>
    </div>
  );
}

type ShapesProps = Omit<CurveEditorProps, "label">;

function Shapes({ values, limits, onChange, onEnd }: ShapesProps): JSX.Element {
  const [from, setFrom] = useState(values[0] ?? limits.minimum ?? 0);
  const [to, setTo] = useState(values.at(-1) ?? limits.maximum ?? 1);
  const count = values.length || FIRST_POINTS;
  const make = (shape: Shape): void => {
    onChange(shaped(shape, count, from, to));
    onEnd();
  };
  const resize = (length: number): void => {
    if (!(length >= 1 && length <= MOST_POINTS)) return;
    onChange(
      values.length > 0 ? resampled(values, Math.round(length)) : shaped("linear", Math.round(length), from, to),
    );
    onEnd();
  };
  const fields = [
    { name: texts.curve.points, value: values.length, set: resize },
    { name: texts.curve.from, value: from, set: setFrom },
    { name: texts.curve.to, value: to, set: setTo },
  ];
  return (
    <div className="w-bar">
      {fields.map(({ name, value, set }) => (
        <label key={name} className="w-range">
          <span>{name}</span>
          <input
            className="field"
            type="number"
            step="any"
            value={value}
            onChange={(event) => {
              if (Number.isFinite(event.target.valueAsNumber)) set(event.target.valueAsNumber);
            }}
          />
        </label>
      ))}
      <fieldset className="w-modes" aria-label={texts.curve.shape}>
        {SHAPES.map((shape) => (
          <button key={shape} type="button" onClick={() => make(shape)}>
            {texts.curve.shapes[shape]}
          </button>
        ))}
      </fieldset>
    </div>
  );
}
