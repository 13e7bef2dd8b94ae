/** JSON text as Python reads and writes it: whole numbers apart from floats, and the same bytes for the same value. */

import { parse } from "lossless-json";
import type { Literal } from "./types";

/** Reads JSON text. Throws SyntaxError, also for a name that stands twice and for numbers that are none. */
export function readJson(text: string): Literal {
  return parse(text, undefined, { parseNumber }) as Literal;
}

function parseNumber(text: string): bigint | number {
  if (!/[.eE]/.test(text)) return BigInt(text);
  const value = Number(text);
  if (!Number.isFinite(value)) throw new SyntaxError(`${text} is larger than any number can be`);
  return value;
}

/** Writes JSON text with two spaces of indent, as Python's json.dumps(value, indent=2, ensure_ascii=False). */
export function writeJson(value: Literal, indent = ""): string {
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number") return writeFloat(value);
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const inner = `${indent}  `;
  const [open, close, parts] = isList(value)
    ? ["[", "]", value.map((part) => writeJson(part, inner))]
    : ["{", "}", Object.entries(value).map(([name, part]) => `${JSON.stringify(name)}: ${writeJson(part, inner)}`)];
  if (parts.length === 0) return open + close;
  return `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${indent}${close}`;
}

/** A float as Python's repr has it: 1.0, 0.0001, 1e-05, 1e+16. */
export function writeFloat(value: number): string {
  const size = Math.abs(value);
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  if (size >= 1e-4 && size < 1e16) return Number.isInteger(value) ? `${value}.0` : String(value);
  const [digits, exponent] = value.toExponential().split("e");
  const power = Number(exponent);
  return `${digits}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}

export function isList(value: Literal): value is readonly Literal[] {
  return Array.isArray(value);
}

/** Whether two values are equal, whole numbers and floats kept apart. */
export function sameLiteral(a: Literal, b: Literal): boolean {
  return a === b || (typeof a === "object" && typeof b === "object" && writeJson(a) === writeJson(b));
}
