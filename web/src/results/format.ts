/** Sizes, durations and times as a person reads them. */

import { texts } from "../texts";

const UNITS = ["bytes", "kB", "MB", "GB", "TB"] as const;

export function showBytes(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < UNITS.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${unit === 0 || size >= 100 ? Math.round(size) : size.toFixed(1)} ${UNITS[unit]}`;
}

export function showDuration(seconds: number): string {
  if (seconds < 0.0005) return "0 ms";
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 100) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const MINUTE_S = 60;
const HOUR_S = 3600;
const DAY_S = 86_400;

/** How long ago; further back than a day, the date. */
export function showAge(epochSeconds: number, nowSeconds: number): string {
  const age = Math.max(0, nowSeconds - epochSeconds);
  if (age < 45) return texts.results.ages.now;
  if (age < HOUR_S) return texts.results.ages.minutes(Math.max(1, Math.round(age / MINUTE_S)));
  if (age < DAY_S) return texts.results.ages.hours(Math.round(age / HOUR_S));
  return new Date(epochSeconds * 1000).toLocaleDateString(undefined, {
    day: "numeric",
    month: "short",
    year: "numeric",
  });
}

export function showTime(epochSeconds: number): string {
  return new Date(epochSeconds * 1000).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}

/** A value of an input in one line. */
export function showValue(value: unknown): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "string")
    return value.startsWith("sha256:") ? texts.results.fileValue(`${value.slice(7, 15)}…`) : value;
  if (Array.isArray(value)) return value.map(showValue).join(", ");
  return typeof value === "object"
    ? JSON.stringify(value, (_, part) => (typeof part === "bigint" ? Number(part) : part))
    : String(value);
}
