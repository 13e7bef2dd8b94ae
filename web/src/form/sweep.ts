/** Sweeps: lists of values for some inputs, and one job for each combination of them. */

import type { Literal, Named, Parameter } from "../document";
import { texts } from "../texts";
import { kindOf, problemOf, readText } from "./values";

export type SweepReading =
  | { readonly ok: true; readonly values: readonly Literal[] }
  | { readonly ok: false; readonly problem: string };

const MOST_VALUES = 200;

/** Values as a person lists them: `1, 2, 3`, a range `10..50 step 10`, or one text on each line. */
export function readSweep(parameter: Parameter, typed: string): SweepReading {
  const kind = kindOf(parameter);
  const isNumber = parameter.type === "int" || parameter.type === "float";
  const range = isNumber ? /^\s*(\S+?)\s*\.\.\s*(\S+?)(?:\s+step\s+(\S+))?\s*$/.exec(typed) : null;
  const parts = range
    ? between(Number(range[1]), Number(range[2]), Number(range[3] ?? 1))
    : typed.split(isNumber || kind === "choice" || kind === "model" ? /[,\n]/ : "\n").map((text) => text.trim());
  const given = parts.filter((text) => text !== "");
  if (given.length === 0) return { ok: false, problem: texts.form.sweep.none };
  if (given.length > MOST_VALUES) return { ok: false, problem: texts.form.sweep.tooMany(MOST_VALUES) };
  const values: Literal[] = [];
  for (const text of given) {
    const value = readText(parameter.type, text);
    const problem = problemOf(parameter, value) || notAChoice(parameter, text);
    if (value === undefined || problem !== "") return { ok: false, problem: `${text}: ${problem}` };
    values.push(value);
  }
  return { ok: true, values };
}

function notAChoice({ choices }: Parameter, text: string): string {
  return choices && !choices.includes(text) ? texts.form.sweep.noChoice(choices.join(", ")) : "";
}

function between(first: number, last: number, step: number): string[] {
  if (![first, last, step].every(Number.isFinite) || step <= 0 || last < first) return [];
  const count = Math.min(Math.floor((last - first) / step + 1e-9) + 1, MOST_VALUES + 1);
  // Rounded so that 0.1 + 0.2 is 0.3.
  return Array.from({ length: count }, (_, i) => String(Number((first + i * step).toPrecision(12))));
}

/** How many jobs a sweep makes. */
export function combinations(sweep: Named<readonly Literal[]>): number {
  return Object.values(sweep).reduce((product, values) => product * values.length, 1);
}
