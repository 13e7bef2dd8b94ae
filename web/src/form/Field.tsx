/** One input of a workflow as a field: its name, what it is for, its range, and what is wrong with it. */

import { Dices, ImageUp, Lock, RotateCcw } from "lucide-react";
import { type JSX, useId, useState } from "react";
import { ApiError, api, fileUrl } from "../api";
import { type Literal, type Parameter, sameLiteral } from "../document";
import { FILE_DRAG, IconButton } from "../results";
import { texts } from "../texts";
import { kindOf, labelOf, rangeText, readText, shownText } from "./values";

const words = texts.form;

export interface FieldProps {
  readonly name: string;
  readonly parameter: Parameter;
  readonly value: Literal | undefined;
  readonly problem: string;
  readonly models: readonly string[];
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
      return (
        <textarea
          {...common}
          className="field"
          rows={3}
          value={shownText(value)}
          onChange={(event) => onChange(event.target.value)}
        />
      );
    case "line":
      return (
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
          checked={value === true}
          onChange={(event) => onChange(event.target.checked)}
        />
      );
    case "slider":
      return <Slider {...props} />;
    case "seed":
      return <Seed {...props} />;
    case "file":
      return <FileChoice {...props} />;
    case "number":
    case "list":
      return <Typed {...props} />;
  }
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

function FileChoice({ id, name, describedBy, value, onChange }: ControlProps): JSX.Element {
  const [state, setState] = useState<{ readonly isSending: boolean; readonly error: string }>({
    isSending: false,
    error: "",
  });
  const digest = typeof value === "string" && value.startsWith("sha256:") ? value : "";
  const take = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    setState({ isSending: true, error: "" });
    try {
      onChange((await api.upload(file)).value);
      setState({ isSending: false, error: "" });
    } catch (error) {
      setState({ isSending: false, error: error instanceof ApiError ? error.message : String(error) });
    }
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a short cut for the file field inside.
    <div
      className="file-choice"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        const given = event.dataTransfer.getData(FILE_DRAG);
        if (given) onChange(given);
        else void take(event.dataTransfer.files[0]);
      }}
    >
      {digest && <img src={fileUrl(digest, 512)} alt={words.file.chosen(labelOf(name))} />}
      <span className="file-ask">
        <ImageUp size={18} aria-hidden="true" />
        {state.isSending ? words.sending : digest ? words.file.other : words.file.choose}
      </span>
      <input
        id={id}
        type="file"
        accept="image/*"
        aria-describedby={describedBy}
        disabled={state.isSending}
        onChange={(event) => void take(event.target.files?.[0])}
      />
      {state.error && (
        <p className="told-bad" role="alert">
          {state.error}
        </p>
      )}
    </div>
  );
}
