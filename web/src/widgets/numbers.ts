/** Numbers as people read and write them, and as the document has them. */

import type { InputSpec } from "../api";
import type { Literal } from "../document";

export type Limits = Pick<InputSpec, "type" | "minimum" | "maximum" | "step">;

export function isWhole({ type }: Limits): boolean {
  return type === "int";
}

/** The number in a literal; undefined for what is none. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === "bigint") return Number(value);
  return typeof value === "number" ? value : undefined;
}

/** A number as the document has it: a whole number where the type says so. */
export function literalOf(value: number, limits: Limits): Literal {
  return isWhole(limits) ? BigInt(Math.round(value)) : value;
}

export function clamp(value: number, { minimum, maximum }: Limits): number {
  return Math.min(Math.max(value, minimum ?? Number.NEGATIVE_INFINITY), maximum ?? Number.POSITIVE_INFINITY);
}

/** How much one pixel of scrubbing, or one press of an arrow key, changes. */
export function stepOf(limits: Limits): number {
  if (limits.step) return limits.step;
  if (isWhole(limits)) return 1;
  const span = (limits.maximum ?? Number.NaN) - (limits.minimum ?? Number.NaN);
  return Number.isFinite(span) ? 10 ** Math.floor(Math.log10(span / 100)) : 0.1;
}

/** The nearest multiple of the step, without the dust of binary fractions. */
export function snap(value: number, limits: Limits): number {
  const step = stepOf(limits);
  const origin = limits.step && limits.minimum !== null && !isWhole(limits) ? limits.minimum : 0;
  const snapped = origin + Math.round((value - origin) / step) * step;
  return Number(snapped.toPrecision(12));
}

/** What a user has typed; undefined when it is no number. Whole numbers keep all their digits. */
export function readNumber(text: string, limits: Limits): Literal | undefined {
  const clean = text.trim().replace(",", ".");
  if (isWhole(limits) && /^[+-]?\d+$/.test(clean)) return clampWhole(BigInt(clean), limits);
  const value = Number(clean);
  if (clean === "" || !Number.isFinite(value)) return undefined;
  return literalOf(clamp(value, limits), limits);
}

function clampWhole(value: bigint, { minimum, maximum }: Limits): bigint {
  if (minimum !== null && value < minimum) return BigInt(Math.ceil(minimum));
  return maximum !== null && value > maximum ? BigInt(Math.floor(maximum)) : value;
}

export function showNumber(value: unknown): string {
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "number") return "";
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(7)));
}

/** A catalogue's default, which is parsed without telling 1 from 1.0, as the document would have it. */
export function defaultOf(spec: InputSpec): Literal {
  const value = spec.default as Literal | undefined;
  if (typeof value === "number") return literalOf(value, spec);
  return value ?? null;
}
