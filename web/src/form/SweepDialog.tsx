/** Choosing several values for inputs: one run of each combination. */

import { type JSX, useState } from "react";
import type { Literal, Named, Workflow } from "../document";
import { texts } from "../texts";
import { Dialog } from "../widgets";
import { combinations, readSweep } from "./sweep";
import { kindOf, labelOf, shownText } from "./values";

const words = texts.form.sweep;

interface SweepProps {
  readonly workflow: Workflow;
  readonly onRun: (sweep: Named<readonly Literal[]>) => void;
  readonly onClose: () => void;
}

/** From so many jobs on, the user is told that it may be long. */
const MANY = 50;

export function SweepDialog({ workflow, onRun, onClose }: SweepProps): JSX.Element {
  const [typed, setTyped] = useState<Named<string>>({});
  const readings = Object.entries(typed).flatMap(([name, text]) => {
    const parameter = workflow.inputs[name];
    return parameter ? [[name, readSweep(parameter, text)] as const] : [];
  });
  const problems = Object.fromEntries(
    readings.flatMap(([name, reading]) => (reading.ok ? [] : [[name, reading.problem]])),
  );
  const sweep = Object.fromEntries(readings.flatMap(([name, reading]) => (reading.ok ? [[name, reading.values]] : [])));
  const count = combinations(sweep);
  const isReady = readings.length > 0 && Object.keys(problems).length === 0;
  const change = (name: string, text: string | undefined): void =>
    setTyped((old) => {
      const { [name]: _left, ...rest } = old;
      return text === undefined ? rest : { ...old, [name]: text };
    });
  return (
    <Dialog
      title={words.title}
      onClose={onClose}
      foot={
        <>
          <span className="sweep-count" aria-live="polite">
            {isReady ? words.jobs(count, count >= MANY) : words.choose}
          </span>
          <button type="button" className="button" onClick={onClose}>
            {texts.cancel}
          </button>
          <button
            type="button"
            className="button primary"
            disabled={!isReady}
            onClick={() => {
              onRun(sweep);
              onClose();
            }}
          >
            {isReady ? words.run(count) : texts.form.run}
          </button>
        </>
      }
    >
      <p className="sweep-hint">{words.hint}</p>
      <ul className="sweep-inputs">
        {Object.entries(workflow.inputs)
          .filter(([, parameter]) => kindOf(parameter) !== "file")
          .map(([name, parameter]) => (
            <SweepInput
              key={name}
              label={labelOf(name)}
              isLong={kindOf(parameter) === "text"}
              text={typed[name]}
              problem={problems[name] ?? ""}
              start={shownText(parameter.default)}
              onChange={(text) => change(name, text)}
            />
          ))}
      </ul>
    </Dialog>
  );
}

interface SweepInputProps {
  readonly label: string;
  readonly isLong: boolean;
  /** Undefined while the input is not varied. */
  readonly text: string | undefined;
  readonly problem: string;
  readonly start: string;
  readonly onChange: (text: string | undefined) => void;
}

function SweepInput({ label, isLong, text, problem, start, onChange }: SweepInputProps): JSX.Element {
  return (
    <li data-varied={text !== undefined}>
      <label className="sweep-name">
        <input
          type="checkbox"
          checked={text !== undefined}
          onChange={(event) => onChange(event.target.checked ? start : undefined)}
        />
        {label}
      </label>
      {text !== undefined && (
        <>
          {isLong ? (
            <textarea
              className="field"
              rows={3}
              aria-label={words.values(label)}
              value={text}
              onChange={(event) => onChange(event.target.value)}
            />
          ) : (
            <input
              className="field"
              aria-label={words.values(label)}
              value={text}
              onChange={(event) => onChange(event.target.value)}
            />
          )}
          <span className="told-bad" aria-live="polite">
            {problem}
          </span>
        </>
      )}
    </li>
  );
}
