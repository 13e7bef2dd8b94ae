/** A node's docstring, taken apart: what it does, how, and where its formulas come from. */

import type { InputSpec } from "../api";
import { texts } from "../texts";
import { showNumber } from "../widgets/numbers";

export interface Doc {
  /** The first paragraph. */
  readonly summary: string;
  readonly details: string;
  /** Papers, sections and files that stand in brackets. */
  readonly sources: readonly string[];
}

const SOURCE = /\b(1[89]|20)\d\d\b|et al\.|diffusers|k-diffusion|transformers|\.py\b/;

export function readDoc(doc: string): Doc {
  const [summary = "", ...rest] = doc.trim().split(/\n\s*\n/);
  const brackets = [...doc.matchAll(/\(((?:[^()]|\([^()]*\))*)\)/g)].map(([, inside = ""]) => inside);
  const sources = brackets.flatMap((inside) => inside.split(";")).map((part) => part.replace(/\s+/g, " ").trim());
  return {
    summary: summary.replace(/\s*\n\s*/g, " "),
    details: rest.join("\n\n"),
    sources: [...new Set(sources.filter((part) => SOURCE.test(part)))],
  };
}

/** What may stand in an input, in one line: its range with unit and step, or its default. */
export function limitsOf(spec: InputSpec): string {
  const { minimum, maximum, step, unit } = spec;
  const range = texts.range(showNumber(minimum), showNumber(maximum), unit) || unit;
  return [range, step && step !== 1 ? texts.step(showNumber(step)) : ""].filter(Boolean).join(", ");
}

export function defaultText({ default: value, required }: InputSpec): string {
  if (required || value === null || value === undefined || value === "") return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
