import { Spline } from "lucide-react";
import { type JSX, useState } from "react";
import { isList, type Literal } from "../document";
import { texts } from "../texts";
import { CurveEditor } from "./CurveEditor";
import { CurveGraph } from "./CurveGraph";
import { Dialog } from "./Dialog";
import { ariaOf, type FieldProps } from "./field";
import { type Limits, literalOf, numberOf } from "./numbers";

interface CurveFieldProps extends FieldProps {
  /** Of one value; `type` is the element's. */
  readonly limits: Limits;
}

/** A list of numbers, one a step: a small curve on a node, an editor in a form or in a window. */
export function CurveField(props: CurveFieldProps): JSX.Element {
  const { label, value, limits, onChange, onEnd, isCompact, isDisabled } = props;
  const [isOpen, setOpen] = useState(false);
  const values = numbersIn(value);
  const put = (next: readonly number[]): void => onChange(next.map((each) => literalOf(each, limits)));
  const editor = <CurveEditor label={label} values={values} limits={limits} onChange={put} onEnd={onEnd} />;
  if (!isCompact && !isDisabled) return <div className="w-box w-curve-full nodrag">{editor}</div>;
  return (
    <>
      <button
        type="button"
        className="w-box w-curve nodrag"
        {...ariaOf(props)}
        aria-label={`${label}: ${texts.curve.summary(values.length)}`}
        title={texts.curve.edit}
        disabled={isDisabled}
        onClick={() => setOpen(true)}
      >
        {isCompact && <span className="w-name">{label}</span>}
        {values.length > 0 ? <CurveGraph values={values} limits={limits} isSmall /> : <Spline size={13} />}
        <span className="w-value">{values.length || "–"}</span>
      </button>
      {isOpen && (
        <Dialog title={texts.curve.title(label)} size="medium" onClose={() => setOpen(false)}>
          {editor}
        </Dialog>
      )}
    </>
  );
}

function numbersIn(value: Literal): number[] {
  return isList(value) ? value.map((each) => numberOf(each) ?? 0) : [];
}
