/** Lists as people type them, `a, b, c`, and their elements. */

import { isList, type Literal, readJson, writeJson } from "../document";
import { type Limits, literalOf, readNumber } from "./numbers";

export function showList(value: Literal): string {
  if (!isList(value)) return value === null ? "" : writeJson(value);
  const plain = value.every(isPlain);
  const parts = value.map((part) => (plain && typeof part === "string" ? part : onOneLine(part))).join(", ");
  return plain ? parts : `[${parts}]`;
}

/** Whether an element is the same once it was typed between commas. */
function isPlain(part: Literal): boolean {
  if (typeof part === "string") return part !== "" && part.trim() === part && !/[,"[\]]/.test(part);
  return typeof part !== "object";
}

function onOneLine(value: Literal): string {
  return writeJson(value).replaceAll(/\n\s*/g, " "); // within texts they are written as \n
}

/** A typed list; undefined when an element does not fit the element's type. */
export function readList(text: string, element: Limits): Literal | undefined {
  const trimmed = text.trim();
  if (trimmed === "") return [];
  if (!trimmed.startsWith("[")) return allOrNone(trimmed.split(",").map((part) => readElement(part.trim(), element)));
  try {
    return readJson(trimmed);
  } catch {
    return undefined;
  }
}

export function readElement(text: string, element: Limits): Literal | undefined {
  if (element.type === "int" || element.type === "float") return readNumber(text, element);
  if (element.type === "bool") return { true: true, false: false }[text.toLowerCase()];
  return text;
}

/** An element that a list may begin with. */
export function firstElement(element: Limits): Literal {
  if (element.type === "int" || element.type === "float") return literalOf(element.minimum ?? 0, element);
  return element.type === "bool" ? false : "";
}

function allOrNone(parts: readonly (Literal | undefined)[]): Literal | undefined {
  const known = parts.filter((part) => part !== undefined);
  return known.length === parts.length ? known : undefined;
}

export function moved<T>(list: readonly T[], from: number, to: number): readonly T[] {
  const item = list[from];
  if (item === undefined || to < 0 || to >= list.length) return list;
  const rest = list.filter((_, i) => i !== from);
  return [...rest.slice(0, to), item, ...rest.slice(to)];
}
