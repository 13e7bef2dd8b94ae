/** Socket types by name: `Latent`, `list[Image]`, `~T`. A list is a name and how many lists are around it. */

import type { Literal } from "../document";

export interface TypeExpr {
  readonly name: string;
  readonly depth: number;
}

export const INT: TypeExpr = { name: "int", depth: 0 };

export function parseType(text: string): TypeExpr {
  const name = text.trim();
  if (!name.startsWith("list[") || !name.endsWith("]")) return { name, depth: 0 };
  const element = parseType(name.slice(5, -1));
  return { name: element.name, depth: element.depth + 1 };
}

export function showType({ name, depth }: TypeExpr): string {
  return "list[".repeat(depth) + name + "]".repeat(depth);
}

export function isVariable(type: TypeExpr): boolean {
  return type.name.startsWith("~");
}

export function sameType(a: TypeExpr, b: TypeExpr): boolean {
  return a.name === b.name && a.depth === b.depth;
}

export function listOf({ name, depth }: TypeExpr): TypeExpr {
  return { name, depth: depth + 1 };
}

/** The element's type; undefined for what is no list. */
export function elementOf({ name, depth }: TypeExpr): TypeExpr | undefined {
  return depth > 0 ? { name, depth: depth - 1 } : undefined;
}

/** The type of a literal where none is declared; undefined where it has none. */
export function typeOfLiteral(value: Literal): TypeExpr | undefined {
  if (typeof value === "bigint") return INT;
  if (typeof value === "number") return { name: "float", depth: 0 };
  if (typeof value === "string") return { name: "str", depth: 0 };
  if (typeof value === "boolean") return { name: "bool", depth: 0 };
  if (!Array.isArray(value)) return undefined;
  const elements = (value as readonly Literal[]).map(typeOfLiteral);
  const [first] = elements;
  if (!first) return undefined;
  if (elements.every((type) => type && sameType(type, first))) return listOf(first);
  const isNumeric = elements.every((type) => type?.depth === 0 && (type.name === "int" || type.name === "float"));
  return isNumeric ? { name: "float", depth: 1 } : undefined;
}
