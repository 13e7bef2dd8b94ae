/** Choosing several values for inputs: one run of each combination. */

import { X } from "lucide-react";
import { type JSX, useState } from "react";
import type { Literal, Named, Workflow } from "../document";
import { Dialog, IconButton } from "../results";
import { combinations, readSweep } from "./sweep";
import { kindOf, labelOf, shownText } from "./values";

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
    <Dialog label="Try several values" className="sweep-dialog" onClose={onClose}>
      <header>
        <h2>Try several values</h2>
        <IconButton label="Close" shortcut="Escape" icon={X} onClick={onClose} />
      </header>
      <p className="doc">
        Numbers with commas between, or as 1..10 step 3; texts one on each line. Every combination is run once.
      </p>
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
      <footer>
        <span className="muted" aria-live="polite">
          {isReady
            ? `${count} ${count === 1 ? "job" : "jobs"}${count >= MANY ? ": this may take long" : ""}`
            : "Choose the inputs to vary."}
        </span>
        <button type="button" className="button" onClick={onClose}>
          Cancel
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
          {isReady ? `Run ${count}` : "Run"}
        </button>
      </footer>
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
              aria-label={`Values of ${label}`}
              value={text}
              onChange={(event) => onChange(event.target.value)}
            />
          ) : (
            <input
              className="field"
              aria-label={`Values of ${label}`}
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
