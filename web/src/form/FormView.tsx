/** A workflow as a plain form: its inputs, Run, the result, and what was made before. */

import { Grid3x3, Play, RotateCcw, Square } from "lucide-react";
import { type FormEvent, type JSX, useEffect, useMemo, useRef, useState } from "react";
import { api, type Job } from "../api";
import { type Literal, mapFields, type Named, type Workflow } from "../document";
import { isLive, share, useRun } from "../running";
import { texts } from "../texts";
import { backdropOf, later, promptsOf } from "../widgets";
import { Field } from "./Field";
import { FormHistory } from "./FormHistory";
import { FormResult } from "./FormResult";
import {
  faultsByInput,
  type Given,
  inputsToSend,
  isProminent,
  kindOf,
  problemsOf,
  readGiven,
  valueNow,
  writeGiven,
} from "./values";

const SweepDialog = later(async () => (await import("./SweepDialog")).SweepDialog);

const words = texts.form;

interface FormViewProps {
  /** Of the workflow in the library or among the examples. */
  readonly name: string;
  readonly workflow: Workflow;
}

export function FormView({ name, workflow }: FormViewProps): JSX.Element {
  const owner = `form:${name}`;
  const run = useRun(owner);
  const [given, setGiven] = useGiven(name, workflow);
  const [isSweeping, setSweeping] = useState(false);
  const [shown, setShown] = useState<Job | null>(null);
  const models = useModels();
  const prompts = promptsOf(workflow);
  const result = useRef<HTMLDivElement>(null);
  const problems = { ...problemsOf(workflow, given), ...faultsByInput(workflow, run.faults) };
  const ownProblems = problemsOf(workflow, given);
  const title = workflow.title || name;

  const submit = async (sweep: Named<readonly Literal[]> = {}): Promise<void> => {
    if (Object.keys(ownProblems).length > 0) return focusFirstFault();
    const inputs = inputsToSend(workflow, given);
    const rest = Object.fromEntries(Object.entries(inputs).filter(([input]) => !Object.hasOwn(sweep, input)));
    setShown(null);
    const isAccepted = await run.run(workflow, { inputs: rest, sweep, title });
    if (isAccepted) result.current?.scrollIntoView({ block: "start", behavior: "smooth" });
    else requestAnimationFrame(focusFirstFault);
  };
  const set = (input: string, value: Literal | undefined): void => setGiven((old) => ({ ...old, [input]: value }));
  const reset = (input: string): void =>
    setGiven((old) => Object.fromEntries(Object.entries(old).filter(([other]) => other !== input)));

  const entries = Object.entries(workflow.inputs);
  const fields = (chosen: typeof entries): JSX.Element[] =>
    chosen.map(([input, parameter]) => {
      const isDrawn = kindOf(parameter) === "seed" && !Object.hasOwn(given, input);
      const value = (isDrawn ? lastSeed(input, run.job) : undefined) ?? valueNow(workflow, given, input);
      return (
        <Field
          key={input}
          name={input}
          parameter={parameter}
          value={value}
          problem={problems[input] ?? ""}
          models={models}
          model={prompts.ofInput(input)}
          backdrop={() => backdropOf(withGiven(workflow, given), value)}
          isDrawn={isDrawn}
          onDrawn={(isOn) => (isOn ? reset(input) : set(input, value))}
          onChange={(next) => set(input, next)}
          onReset={() => reset(input)}
        />
      );
    });
  const job = shown ?? run.job;
  return (
    <div className="form-view" data-has-result={job !== undefined}>
      <form
        className="form"
        aria-label={title}
        noValidate
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void submit();
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void submit();
        }}
      >
        <div className="form-fields">
          {workflow.description && <p className="form-about">{workflow.description}</p>}
          {fields(entries.filter(([, parameter]) => isProminent(parameter)))}
          <Settings faulty={entries.some(([input, parameter]) => !isProminent(parameter) && problems[input])}>
            {fields(entries.filter(([, parameter]) => !isProminent(parameter)))}
          </Settings>
        </div>
        <footer className="form-run">
          {(run.error || problems[""]) && (
            <p className="told-bad" role="alert">
              {problems[""] ?? run.error}
            </p>
          )}
          <RunButtons
            job={run.job}
            isSending={run.isSending}
            onCancel={() => void run.cancel()}
            onSweep={() => setSweeping(true)}
            onClear={Object.keys(given).length > 0 ? () => setGiven({}) : undefined}
          />
        </footer>
      </form>
      <div className="form-result" ref={result}>
        <FormResult
          job={job}
          jobs={shown ? [shown.id] : run.jobs}
          isEarlier={shown !== null}
          onBack={() => setShown(null)}
          onUse={setGiven}
        />
        <FormHistory title={title} current={job?.id} onOpen={setShown} />
      </div>
      {isSweeping && (
        <SweepDialog workflow={workflow} onRun={(sweep) => void submit(sweep)} onClose={() => setSweeping(false)} />
      )}
    </div>
  );
}

/** The workflow as it would run. */
function withGiven(workflow: Workflow, given: Given): Workflow {
  const inputs = mapFields(workflow.inputs, (parameter, name) => ({
    ...parameter,
    default: valueNow(workflow, given, name) ?? null,
  }));
  return { ...workflow, inputs };
}

/** The seed that was drawn for a job; it is below 2^32, so that a number of JavaScript holds it. */
function lastSeed(input: string, job: Job | undefined): bigint | undefined {
  const value: unknown = job?.inputs[input];
  return typeof value === "number" && Number.isSafeInteger(value) ? BigInt(value) : undefined;
}

function focusFirstFault(): void {
  const field = document.querySelector<HTMLElement>('.form [aria-invalid="true"]');
  field?.closest("details")?.setAttribute("open", "");
  field?.focus();
}

/** The settings that are seldom changed: folded away on a small screen. */
function Settings({
  faulty,
  children,
}: {
  readonly faulty: boolean;
  readonly children: JSX.Element[];
}): JSX.Element | null {
  const [isOpen, setOpen] = useState(() => matchMedia("(min-width: 900px)").matches);
  if (children.length === 0) return null;
  return (
    <details className="form-settings" open={isOpen || faulty} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{words.settings}</summary>
      {children}
    </details>
  );
}

interface RunButtonsProps {
  readonly job: Job | undefined;
  readonly isSending: boolean;
  readonly onCancel: () => void;
  readonly onSweep: () => void;
  readonly onClear: (() => void) | undefined;
}

function RunButtons({ job, isSending, onCancel, onSweep, onClear }: RunButtonsProps): JSX.Element {
  const isBusy = job !== undefined && isLive(job);
  return (
    <div className="run-buttons">
      {isBusy ? (
        <button type="button" className="button run-button" onClick={onCancel}>
          <span className="run-share" style={{ width: `${share(job) * 100}%` }} aria-hidden="true" />
          <Square size={14} aria-hidden="true" />
          <span>{words.cancel}</span>
        </button>
      ) : (
        <button type="submit" className="button primary run-button" disabled={isSending} title={words.runHint}>
          <Play size={15} aria-hidden="true" />
          {isSending ? words.sending : words.run}
        </button>
      )}
      <button type="button" className="button" title={words.severalHint} disabled={isBusy} onClick={onSweep}>
        <Grid3x3 size={15} aria-hidden="true" />
        {words.several}
      </button>
      {onClear && (
        <button type="button" className="button" title={words.resetHint} onClick={onClear}>
          <RotateCcw size={14} aria-hidden="true" />
          {words.reset}
        </button>
      )}
    </div>
  );
}

/** What the user gave, kept in this browser. */
function useGiven(
  name: string,
  workflow: Workflow,
): readonly [Given, (change: Given | ((old: Given) => Given)) => void] {
  const key = `latentloom.form.${name}`;
  const [given, setGiven] = useState<Given>(() => readGiven(localStorage.getItem(key), workflow));
  useEffect(() => localStorage.setItem(key, writeGiven(given)), [key, given]);
  return [given, setGiven];
}

function useModels(): readonly string[] {
  const [models, setModels] = useState<readonly string[]>([]);
  useEffect(() => {
    // Without the list, the field offers what the workflow names.
    api.models().then(
      ({ models }) => setModels(models.map(({ name }) => name)),
      () => setModels([]),
    );
  }, []);
  return useMemo(() => models, [models]);
}
