/** How a new node is wired to what it is drawn from: by which of its inputs and outputs. */

import { declaredType, isVariable, type Knowledge, match, parseType, sameType, type TypeExpr } from "../catalogue";
import type { Joining } from "../state/ui";

interface Part {
  readonly name: string;
  readonly type: string;
}

/** What of a node type matters for wires. */
export interface Parts {
  readonly inputs: readonly Part[];
  readonly outputs: readonly Part[];
  readonly variadic?: { readonly type: string } | null;
}

export interface Joint {
  /** The socket that takes the wire. */
  readonly socket: string;
  /** The output that goes on, where the node goes into a wire. */
  readonly output?: string;
}

/** How a node of a type is joined; undefined where nothing of it fits. */
export function jointOf(known: Knowledge, spec: Parts, joining: Joining, graph: string): Joint | undefined {
  const { types } = known;
  switch (joining.kind) {
    case "from-output": {
      const socket = inputFor(known, spec, types.brings(joining.link, graph));
      return socket === undefined ? undefined : { socket };
    }
    case "from-input": {
      const socket = outputFor(known, spec, declaredType(types, joining.target));
      return socket === undefined ? undefined : { socket };
    }
    case "into-wire": {
      const given = types.brings(joining.link, graph);
      const socket = inputFor(known, spec, given);
      const output = outputFor(known, spec, types.wants(joining.target) ?? given, given);
      return socket === undefined || output === undefined ? undefined : { socket, output };
    }
  }
}

/** The input that takes a type, one of that very type first. */
function inputFor({ catalogue }: Knowledge, spec: Parts, given: TypeExpr | undefined): string | undefined {
  if (!given) return spec.inputs[0]?.name;
  const fits = spec.inputs.filter(({ type }) => match(given, parseType(type), catalogue.conversions));
  const exact = fits.find(({ type }) => sameType(parseType(type), given));
  const isFurther = spec.variadic && match(given, parseType(spec.variadic.type), catalogue.conversions);
  return (exact ?? fits[0])?.name ?? (isFurther ? "item" : undefined);
}

/** The output that gives a type. A free variable gives what is put in, where that is known. */
function outputFor(
  { catalogue }: Knowledge,
  spec: Parts,
  wanted: TypeExpr | undefined,
  put?: TypeExpr,
): string | undefined {
  if (!wanted) return spec.outputs[0]?.name;
  return spec.outputs.find(({ type }) => {
    const declared = parseType(type);
    const given = isVariable(declared) && put ? put : declared;
    return isVariable(given) ? given.depth <= wanted.depth : match(given, wanted, catalogue.conversions) !== undefined;
  })?.name;
}
