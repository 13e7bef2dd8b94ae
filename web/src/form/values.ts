/** A workflow's named inputs as fields of a form: which field fits, what may stand in it, what is sent. */

import type { Fault } from "../api";
import { isList, type Literal, type Named, type Parameter, readJson, type Workflow, writeJson } from "../document";
import { texts } from "../texts";

const words = texts.form;

export type FieldKind =
  | "text"
  | "line"
  | "number"
  | "slider"
  | "seed"
  | "choice"
  | "model"
  | "toggle"
  | "file"
  | "list";

const WIDGETS: { readonly [widget: string]: FieldKind } = {
  multiline: "text",
  slider: "slider",
  seed: "seed",
  model: "model",
  image: "file",
  mask: "file",
};

export function kindOf({ type, widget, choices }: Parameter): FieldKind {
  if (choices) return "choice";
  if (type.startsWith("list[")) return "list";
  if (type === "Path") return "file";
  if (type === "bool") return "toggle";
  const wanted = WIDGETS[widget];
  if (type === "int" || type === "float") return wanted === "slider" || wanted === "seed" ? wanted : "number";
  return wanted === "text" || wanted === "model" ? wanted : "line";
}

/** What a person sees first: what the picture shows. The rest are settings. */
export function isProminent(parameter: Parameter): boolean {
  return ["text", "file"].includes(kindOf(parameter));
}

/** A name as a label: `large_width` is "Large width". */
export function labelOf(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A value as it stands in a field of text. */
export function shownText(value: Literal | undefined): string {
  if (value === undefined || value === null) return "";
  if (isList(value)) return value.map(shownText).join(", ");
  if (typeof value === "number") return String(value);
  return typeof value === "string" ? value : writeJson(value);
}

/** What was typed, as a value of a type; undefined where it is none. */
export function readText(type: string, text: string): Literal | undefined {
  const typed = text.trim();
  const inner = /^list\[(.+)\]$/.exec(type)?.[1];
  if (inner !== undefined) {
    if (typed === "") return [];
    const parts = typed.split(",").map((part) => readText(inner, part));
    return parts.some((part) => part === undefined) ? undefined : (parts as Literal[]);
  }
  switch (type) {
    case "int":
      return /^[+-]?\d+$/.test(typed) ? BigInt(typed) : undefined;
    case "float": {
      const value = Number(typed);
      return typed === "" || !Number.isFinite(value) ? undefined : value;
    }
    case "str":
      return typed;
    default:
      return readAny(typed);
  }
}

function readAny(text: string): Literal | undefined {
  try {
    return readJson(text);
  } catch {
    return undefined;
  }
}

/** Why a value cannot be sent; empty when it can. */
export function problemOf(parameter: Parameter, value: Literal | undefined): string {
  if (value === undefined) return wantedText(parameter);
  if (value === null || (kindOf(parameter) === "file" && value === "")) {
    return kindOf(parameter) === "file" ? words.problems.file : words.problems.needed;
  }
  const { minimum, maximum } = parameter;
  const numbers = (isList(value) ? value : [value]).filter(
    (part) => typeof part === "bigint" || typeof part === "number",
  );
  const isOutside = numbers.some(
    (part) => (minimum !== null && part < minimum) || (maximum !== null && part > maximum),
  );
  return isOutside ? words.problems.range(rangeText(parameter)) : "";
}

function wantedText({ type }: Parameter): string {
  if (type === "int") return words.problems.whole;
  if (type === "float") return words.problems.number;
  return type.startsWith("list[") ? words.problems.list : words.problems.unreadable;
}

/** The range of a number; empty where there is none. */
export function rangeText({ minimum, maximum }: Parameter): string {
  const show = (value: number): string => value.toLocaleString(undefined, { maximumFractionDigits: 6 });
  if (minimum !== null && maximum !== null) return words.range.between(show(minimum), show(maximum));
  if (minimum !== null) return words.range.least(show(minimum));
  return maximum !== null ? words.range.most(show(maximum)) : "";
}

/** Values given by the user; a field that was typed in and cannot be read is undefined. */
export type Given = Named<Literal | undefined>;

export function valueNow(workflow: Workflow, given: Given, name: string): Literal | undefined {
  return Object.hasOwn(given, name) ? given[name] : workflow.inputs[name]?.default;
}

export function problemsOf(workflow: Workflow, given: Given): Named<string> {
  const found = Object.entries(workflow.inputs).map(([name, parameter]): [string, string] => [
    name,
    problemOf(parameter, valueNow(workflow, given, name)),
  ]);
  return Object.fromEntries(found.filter(([, problem]) => problem !== ""));
}

/** Faults that the server found, at the inputs that they are about; the others under the empty name. */
export function faultsByInput(workflow: Workflow, faults: readonly Fault[]): Named<string> {
  const told: { [name: string]: string } = {};
  for (const { where, input, what, mend } of faults) {
    const named = /^inputs\.([^.]+)/.exec(where)?.[1] ?? input ?? "";
    const name = Object.hasOwn(workflow.inputs, named) ? named : "";
    const text = `${name === "" ? `${where}: ` : ""}${what} ${mend}`.trim();
    told[name] = told[name] ? `${told[name]} ${text}` : text;
  }
  return told;
}

const LARGEST_SEED = 2 ** 32;

/** What is sent: what differs from the document, and for each seed that was not given one that is drawn now. */
export function inputsToSend(workflow: Workflow, given: Given, draw: () => number = Math.random): Named<Literal> {
  const sent: { [name: string]: Literal } = {};
  for (const [name, parameter] of Object.entries(workflow.inputs)) {
    const value = given[name];
    if (value !== undefined) sent[name] = asTyped(parameter, value);
    else if (kindOf(parameter) === "seed") sent[name] = BigInt(Math.floor(draw() * LARGEST_SEED));
  }
  return sent;
}

/** Of a float, 1 is sent as 1.0. */
function asTyped({ type }: Parameter, value: Literal): Literal {
  return type === "float" && typeof value === "bigint" ? Number(value) : value;
}

export function writeGiven(given: Given): string {
  return writeJson(
    Object.fromEntries(Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
  );
}

export function readGiven(text: string | null, workflow: Workflow): Given {
  const read = text === null ? undefined : readAny(text);
  if (read === null || typeof read !== "object" || isList(read)) return {};
  return Object.fromEntries(Object.entries(read).filter(([name]) => Object.hasOwn(workflow.inputs, name)));
}
