/**
 * What type arrives against what type is wanted: the mirror of graph/matching.py, so that sockets light up at once.
 * Faults come from the server's checker.
 */

import { elementOf, isVariable, sameType, showType, type TypeExpr } from "./types";

export interface Match {
  /** Node type that converts. */
  readonly conversion?: string;
  /** Whether the node runs once for each element. */
  readonly mapped: boolean;
}

/** "given wanted" -> node type that converts. */
export type Conversions = ReadonlyMap<string, string>;

export function conversionKey(source: string, target: string): string {
  return `${source} ${target}`;
}

/** How an arriving type serves a wanted one; undefined where it cannot. A free variable takes anything as deep. */
export function match(arriving: TypeExpr, wanted: TypeExpr, conversions: Conversions): Match | undefined {
  if (isVariable(wanted)) return arriving.depth >= wanted.depth ? { mapped: false } : undefined;
  if (sameType(arriving, wanted)) return { mapped: false };
  const direct = convert(arriving, wanted, conversions);
  if (direct) return { conversion: direct, mapped: false };
  const element = elementOf(arriving);
  if (!element) return undefined;
  if (sameType(element, wanted)) return { mapped: true };
  const each = convert(element, wanted, conversions);
  return each ? { conversion: each, mapped: true } : undefined;
}

function convert(arriving: TypeExpr, wanted: TypeExpr, conversions: Conversions): string | undefined {
  let [given, target]: [TypeExpr | undefined, TypeExpr | undefined] = [arriving, wanted];
  while (given && target) {
    const node = conversions.get(conversionKey(showType(given), showType(target)));
    if (node) return node;
    [given, target] = [elementOf(given), elementOf(target)];
  }
  return undefined;
}

export interface Arriving {
  readonly wanted: TypeExpr;
  readonly type: TypeExpr;
  readonly isLink: boolean;
}

/**
 * Type variables of one node. A variable is the first type that a link brings; literals count where no link does. Of
 * lists and single values it is the single value, so that lists are mapped; of int and float it is float.
 */
export function bind(arrivals: readonly Arriving[]): ReadonlyMap<string, TypeExpr> {
  const bound = new Map<string, TypeExpr>();
  const linked = new Set<string>();
  for (const { wanted, type, isLink } of [...arrivals].sort((a, b) => Number(b.isLink) - Number(a.isLink))) {
    const depth = type.depth - wanted.depth;
    if (!isVariable(wanted) || depth < 0) continue;
    const candidate = { name: type.name, depth };
    const known = bound.get(wanted.name);
    if (!known) bound.set(wanted.name, candidate);
    else if (candidate.depth < known.depth && (isLink || !linked.has(wanted.name)))
      bound.set(wanted.name, widened(candidate, known));
    else bound.set(wanted.name, widened(known, candidate));
    if (isLink) linked.add(wanted.name);
  }
  return bound;
}

function widened(type: TypeExpr, other: TypeExpr): TypeExpr {
  return type.name === "int" && other.name === "float" ? { name: "float", depth: type.depth } : type;
}

/** A type with its variable replaced; undefined where that is not known. */
export function substitute(type: TypeExpr, bound: ReadonlyMap<string, TypeExpr>): TypeExpr | undefined {
  if (!isVariable(type)) return type;
  const found = bound.get(type.name);
  return found && { name: found.name, depth: found.depth + type.depth };
}
