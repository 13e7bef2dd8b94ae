import { RotateCcw } from "lucide-react";
import { type JSX, useId } from "react";
import type { InputSpec } from "../api";
import { type Literal, sameLiteral, writeJson } from "../document";
import { texts } from "../texts";
import { ColourField } from "./ColourField";
import { CurveField } from "./CurveField";
import { FileField } from "./FileField";
import type { FieldProps } from "./field";
import { elementOf, type WidgetKind, widgetOf } from "./kinds";
import { LineField } from "./LineField";
import { ListField } from "./ListField";
import { ModelField } from "./ModelField";
import { NumberField } from "./NumberField";
import { defaultOf, showNumber } from "./numbers";
import { Picker } from "./Picker";
import { SeedField } from "./SeedField";
import { seedKey } from "./seeds";
import { TextField } from "./TextField";
import { ToggleField } from "./ToggleField";

export interface ValueWidgetProps {
  readonly spec: InputSpec;
  /** undefined: not set, so that the default holds. */
  readonly value: Literal | undefined;
  readonly onChange: (value: Literal) => void;
  /** The user is done with this edit. */
  readonly onEnd?: (() => void) | undefined;
  /** Takes the value back to its default; a node has this in the menu of its row. */
  readonly onReset?: (() => void) | undefined;
  readonly label?: string | undefined;
  /** One row on a node, with the label inside. */
  readonly compact?: boolean | undefined;
  readonly disabled?: boolean | undefined;
  readonly fault?: string | undefined;
  /** The model that counts the text's tokens, of `promptsOf`. */
  readonly model?: string | undefined;
  /** Under which a seed's mode is remembered, of `seedKey`. */
  readonly seedName?: string | undefined;
  /** Gives the picture that a mask is painted over, `sha256:...`, when it is painted. */
  readonly backdrop?: (() => string | undefined) | undefined;
}

/** The widget that fits an input, on a node and in a form alike. */
export function ValueWidget(props: ValueWidgetProps): JSX.Element | null {
  const { spec, value, onChange, onEnd = nothing, onReset, compact = false, disabled = false, fault = "" } = props;
  const id = useId();
  const kind = widgetOf(spec);
  if (kind === "none") return null;
  const label = props.label ?? spec.name.replaceAll("_", " ");
  const hint = hintOf(spec, kind);
  const isChanged = value !== undefined && !spec.required && !sameLiteral(value, defaultOf(spec));
  const says = !compact || fault !== "";
  const field: FieldProps = {
    label,
    value: value ?? defaultOf(spec),
    onChange,
    onEnd,
    isCompact: compact,
    isDisabled: disabled,
    fault,
    describedBy: says ? `${id}-says` : undefined,
  };
  const reset = onReset && isChanged && !compact && !disabled && (
    <button
      type="button"
      className="w-reset"
      aria-label={`${label}: ${texts.reset(shortly(defaultOf(spec)))}`}
      title={texts.reset(shortly(defaultOf(spec)))}
      onClick={() => {
        onReset();
        onEnd();
      }}
    >
      <RotateCcw size={12} />
    </button>
  );
  return (
    <div
      className="w"
      data-kind={kind}
      data-compact={compact}
      data-fault={fault !== ""}
      title={compact ? hint : undefined}
    >
      {!compact && (
        <div className="w-head">
          <span className="w-label">{label}</span>
          {hint && <span className="w-hint">{hint}</span>}
          {reset}
        </div>
      )}
      {fieldOf(kind, field, props)}
      {says && (
        <div className="w-says" id={`${id}-says`}>
          {fault && <span className="w-fault">{fault}</span>}
          {!compact && spec.doc && <span className="w-doc">{spec.doc}</span>}
        </div>
      )}
    </div>
  );
}

type Extras = Pick<ValueWidgetProps, "spec" | "model" | "seedName" | "backdrop">;
export type ValueFieldProps = FieldProps & Extras;

/** The field alone, for forms that name and explain it themselves. */
export function ValueField({ spec, model, seedName, backdrop, ...field }: ValueFieldProps): JSX.Element | null {
  const kind = widgetOf(spec);
  return kind === "none" ? null : (
    <div className="w" data-kind={kind} data-fault={field.fault !== ""}>
      {fieldOf(kind, field, { spec, model, seedName, backdrop })}
    </div>
  );
}

function fieldOf(kind: WidgetKind, field: FieldProps, { spec, model, seedName, backdrop }: Extras): JSX.Element {
  switch (kind) {
    case "number":
      return <NumberField {...field} limits={spec} unit={spec.unit} widget={spec.widget} />;
    case "seed":
      return <SeedField {...field} limits={spec} seedName={seedName ?? seedKey("", "", spec.name)} />;
    case "text":
      return <TextField {...field} model={model} />;
    case "choice":
      return <Picker {...field} choices={(spec.choices ?? []).map((value) => ({ value }))} />;
    case "model":
      return <ModelField {...field} />;
    case "toggle":
      return <ToggleField {...field} />;
    case "colour":
      return <ColourField {...field} />;
    case "file":
      return <FileField {...field} kind={fileKind(spec.widget)} backdrop={backdrop} />;
    case "curve":
      return <CurveField {...field} limits={elementOf(spec)} />;
    case "list":
      return <ListField {...field} element={elementOf(spec)} />;
    default:
      return <LineField {...field} />;
  }
}

function fileKind(widget: string): "image" | "mask" | "file" {
  return widget === "image" || widget === "mask" ? widget : "file";
}

function hintOf({ minimum, maximum, step, unit }: InputSpec, kind: WidgetKind): string {
  if (kind !== "number" && kind !== "curve") return "";
  const range = texts.range(showNumber(minimum), showNumber(maximum), unit);
  return step && step !== 1 ? [range, texts.step(showNumber(step))].filter(Boolean).join(", ") : range;
}

const LONGEST = 40;

function shortly(value: Literal): string {
  const text = typeof value === "string" ? value || "empty" : writeJson(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function nothing(): void {}
