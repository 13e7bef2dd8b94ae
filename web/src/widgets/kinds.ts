/** Which widget fits an input. */

import type { InputSpec } from "../api";
import type { Limits } from "./numbers";

export type WidgetKind =
  | "number"
  | "text"
  | "line"
  | "choice"
  | "toggle"
  | "seed"
  | "file"
  | "model"
  | "colour"
  | "curve"
  | "list"
  | "none";

const VALUES = /^list\[(int|float|str|bool|Path|list)/;

/** "none" for what only a wire can bring. */
export function widgetOf(spec: InputSpec): WidgetKind {
  if (spec.widget === "curve" || spec.type === "list[float]") return "curve";
  if (spec.type.startsWith("list[")) return VALUES.test(spec.type) ? "list" : "none";
  if (spec.choices) return "choice";
  if (spec.widget === "model") return "model";
  if (spec.widget === "seed") return "seed";
  if (spec.widget === "colour") return "colour";
  switch (spec.type) {
    case "int":
    case "float":
      return "number";
    case "bool":
      return "toggle";
    case "Path":
      return "file";
    case "str":
      return spec.widget === "multiline" ? "text" : "line";
    default:
      return "none";
  }
}

/** The range of a list's elements. */
export function elementOf({ type, minimum, maximum, step }: InputSpec): Limits {
  return { type: type.replace(/^list\[(.*)\]$/, "$1"), minimum, maximum, step };
}
