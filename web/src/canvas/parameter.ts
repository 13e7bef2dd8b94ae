import { EMPTY_PARAMETER, type Literal, type Parameter } from "../document";
import { widgetOf } from "../widgets/kinds";
import { defaultOf } from "../widgets/numbers";
import type { InputModel } from "./geometry";

/** What a graph's input starts as when it is made of a node's. */
export function parameterOf({ spec, type }: InputModel): Parameter {
  const { minimum, maximum, step, widget, doc } = spec;
  const isLiteral = widgetOf(spec) !== "none";
  const value: Literal = isLiteral ? defaultOf(spec) : null;
  const choices = spec.choices ? [...spec.choices] : null;
  return {
    ...EMPTY_PARAMETER,
    type: type.startsWith("~") ? "float" : type,
    default: value,
    minimum,
    maximum,
    step,
    choices,
    widget,
    doc,
  };
}
