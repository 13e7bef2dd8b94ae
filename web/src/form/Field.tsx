/** One input of a workflow as a field: its name, what it is for, its range, and what is wrong with it. */

import { Dices, Lock, RotateCcw } from "lucide-react";
import { type JSX, useId, useState } from "react";
import { parameterSpec } from "../catalogue";
import { type Literal, type Parameter, sameLiteral } from "../document";
import { IconButton } from "../results";
import { texts } from "../texts";
import { ValueField } from "../widgets";
import { kindOf, labelOf, rangeText, readText, shownText } from "./values";

const words = texts.form;

export interface FieldProps {
  readonly name: string;
  readonly parameter: Parameter;
  readonly value: Literal | undefined;
  readonly problem: string;
  readonly models: readonly string[];
  /** The model that counts a prompt's tokens. */
  readonly model: string | undefined;
  /** Gives the picture that a mask is painted over. */
  readonly backdrop: () => string | undefined;
  /** Of a seed: whether each run draws another. */
  readonly isDrawn: boolean;
  readonly onDrawn: (isDrawn: boolean) => void;
  /** Undefined where what was typed cannot be read. */
  readonly onChange: (value: Literal | undefined) => void;
  readonly onReset: () => void;
}

export function Field(props: FieldProps): JSX.Element {
  const { name, parameter, value, problem, onReset } = props;
  const id = useId();
  const isOwn = value === undefined || !sameLiteral(value, parameter.default);
  const range = rangeText(parameter);
  const kind = kindOf(parameter);
  const isSmall = kind === "number" || kind === "list" || kind === "line";
  return (
    <div className="form-field" data-kind={kind} data-faulty={problem !== ""}>
      <div className="field-head">
        <label htmlFor={id}>{labelOf(name)}</label>
        {range && isSmall && <span className="range">{range}</span>}
        {isOwn && kind !== "seed" && (
          <IconButton label={words.resetOne(labelOf(name))} icon={RotateCcw} onClick={onReset} />
        )}
      </div>
      <Control {...props} id={id} describedBy={`${id}-doc ${id}-problem`} />
      {parameter.doc && (
        <p className="doc" id={`${id}-doc`}>
          {parameter.doc}
        </p>
      )}
      <p className="told-bad" id={`${id}-problem`} aria-live="polite">
        {problem}
      </p>
    </div>
  );
}

interface ControlProps extends FieldProps {
  readonly id: string;
  readonly describedBy: string;
}

function Control(props: ControlProps): JSX.Element {
  const { id, parameter, value, models, problem, describedBy, onChange } = props;
  const common = { id, "aria-describedby": describedBy, "aria-invalid": problem !== "" };
  const kind = kindOf(parameter);
  switch (kind) {
    case "text":
    case "file":
      return <Rich {...props} />;
    case "line":
      return parameter.widget === "colour" ? (
        <Rich {...props} />
      ) : (
        <input
          {...common}
          className="field"
          value={shownText(value)}
          onChange={(event) => onChange(event.target.value)}
        />
      );
    case "choice":
    case "model":
      return <Choice {...props} choices={kind === "model" ? models : (parameter.choices ?? [])} />;
    case "toggle":
      return (
        <input
          {...common}
          type="checkbox"
          role="switch"
          aria-checked={value === true}
          checked={value === true}
          onChange={(event) => onChange(event.target.checked)}
        />
      );
    case "slider":
      return <Slider {...props} />;
    case "seed":
      return <Seed {...props} />;
    case "number":
      return <Typed {...props} />;
    case "list":
      return parameter.type === "list[float]" ? <Rich {...props} /> : <Typed {...props} />;
  }
}

/** Prompts with their tokens, pictures with crop and mask brush, curves: as on the nodes. */
function Rich({
  id,
  describedBy,
  name,
  parameter,
  value,
  problem,
  model,
  backdrop,
  onChange,
}: ControlProps): JSX.Element {
  return (
    <ValueField
      id={id}
      label={labelOf(name)}
      spec={parameterSpec(name, parameter)}
      value={value ?? null}
      fault={problem}
      describedBy={describedBy}
      model={model}
      backdrop={backdrop}
      isCompact={false}
      isDisabled={false}
      onChange={onChange}
      onEnd={() => {}}
    />
  );
}

function Choice({
  id,
  describedBy,
  value,
  choices,
  onChange,
}: ControlProps & { readonly choices: readonly string[] }): JSX.Element {
  const now = shownText(value);
  return (
    <select
      id={id}
      className="field"
      aria-describedby={describedBy}
      value={now}
      onChange={(event) => onChange(event.target.value)}
    >
      {!choices.includes(now) && <option value={now}>{now}</option>}
      {choices.map((choice) => (
        <option key={choice} value={choice}>
          {choice}
        </option>
      ))}
    </select>
  );
}

/** A number or a list as text; what was typed stays as it is while it is typed. */
function Typed({ id, describedBy, parameter, value, problem, onChange }: ControlProps): JSX.Element {
  const [typed, setTyped] = useState<string | null>(null);
  const isNumber = parameter.type === "int" || parameter.type === "float";
  return (
    <input
      id={id}
      className="field"
      aria-describedby={describedBy}
      aria-invalid={problem !== ""}
      inputMode={parameter.type === "int" ? "numeric" : isNumber ? "decimal" : "text"}
      {...(isNumber ? { type: "number", step: parameter.step ?? (parameter.type === "int" ? 1 : "any") } : {})}
      {...(isNumber && parameter.minimum !== null ? { min: parameter.minimum } : {})}
      {...(isNumber && parameter.maximum !== null ? { max: parameter.maximum } : {})}
      value={typed ?? shownText(value)}
      onChange={(event) => {
        setTyped(event.target.value);
        onChange(readText(parameter.type, event.target.value));
      }}
      onBlur={() => value !== undefined && setTyped(null)}
    />
  );
}

function Slider(props: ControlProps): JSX.Element {
  const { id, parameter, value, onChange } = props;
  const { type, minimum, maximum, step } = parameter;
  const now = typeof value === "bigint" || typeof value === "number" ? Number(value) : Number(parameter.default ?? 0);
  return (
    <div className="slider-row">
      <input
        type="range"
        aria-label={words.slider(labelOf(props.name))}
        min={minimum ?? 0}
        max={maximum ?? 1}
        step={step ?? (type === "int" ? 1 : "any")}
        value={now}
        onChange={(event) => onChange(readText(type, event.target.value))}
      />
      <Typed {...props} id={id} />
    </div>
  );
}

function Seed(props: ControlProps): JSX.Element {
  const { isDrawn, onDrawn, name } = props;
  return (
    <div className="seed-row">
      <fieldset className="switcher">
        <legend className="unseen">{words.seed.how(labelOf(name))}</legend>
        <button type="button" className="button" aria-pressed={isDrawn} onClick={() => onDrawn(true)}>
          <Dices size={14} aria-hidden="true" />
          {words.seed.random}
        </button>
        <button type="button" className="button" aria-pressed={!isDrawn} onClick={() => onDrawn(false)}>
          <Lock size={13} aria-hidden="true" />
          {words.seed.fixed}
        </button>
      </fieldset>
      <div className="seed-number" data-drawn={isDrawn}>
        <Typed {...props} />
      </div>
    </div>
  );
}
