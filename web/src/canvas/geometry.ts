/**
 * How a node is laid out: rows, sizes and where its sockets stand, all known without drawing it.
 *
 * So wires can be drawn to nodes that are off the screen, zones know how large they are, and nothing jumps.
 */

import type { InputSpec } from "../api";
import { type Signature, showType, type TypeExpr } from "../catalogue";
import type { AnyNode, Box, Link, Literal, Loop, Parameter } from "../document";
import { type WidgetKind, widgetOf } from "../widgets/kinds";

export const HEADER = 30;
export const ROW = 24;
export const WIDGET = 30;
export const TEXT = 78;
export const PICTURE = 150;
export const PAD = 7;
export const NODE_WIDTH = 200;
export const WIDE_NODE_WIDTH = 236;
export const MIN_WIDTH = 160;
/** Width of a zone's edges, where what it walks and carries is named. */
export const GUTTER = 86;

export interface Socket {
  /** Unique in its node: `in:NAME`, `out:NAME`, `inner:NAME`, `next:NAME`, `collect:NAME`. */
  readonly id: string;
  readonly name: string;
  readonly type: TypeExpr | undefined;
  readonly side: "source" | "target";
  readonly x: number;
  readonly y: number;
}

export interface InputModel {
  readonly spec: InputSpec;
  readonly value: Literal | undefined;
  readonly link: Link | undefined;
  /** The graph's input that it reads. */
  readonly parameter: Parameter | undefined;
  readonly type: string;
}

export interface Row {
  readonly y: number;
  readonly height: number;
  readonly input: InputModel | undefined;
  readonly widget: WidgetKind;
  readonly output:
    | { readonly name: string; readonly label: string; readonly type: string; readonly doc: string }
    | undefined;
}

export interface Geometry {
  readonly width: number;
  readonly height: number;
  readonly rows: readonly Row[];
  readonly sockets: readonly Socket[];
}

export interface NodeParts {
  readonly node: AnyNode;
  readonly box: Box;
  readonly signature: Signature;
  readonly inputs: readonly InputModel[];
  readonly inputTypes: readonly (TypeExpr | undefined)[];
  readonly outputTypes: readonly (TypeExpr | undefined)[];
  readonly hasPicture: boolean;
}

/** What only wires bring stands beside the outputs; below come the values, each with its widget. */
export function nodeGeometry(parts: NodeParts): Geometry {
  const { signature, inputs, box } = parts;
  const width = Math.max(
    MIN_WIDTH,
    box.width ?? (inputs.some(({ spec }) => widgetOf(spec) === "text") ? WIDE_NODE_WIDTH : NODE_WIDTH),
  );
  const plain = inputs.filter((input) => rowWidget(input) === "none");
  const valued = inputs.filter((input) => rowWidget(input) !== "none");
  const { outputs } = signature;
  const rows: Row[] = [];
  let y = HEADER + PAD;
  const add = (height: number, input: InputModel | undefined, widget: WidgetKind, output?: Row["output"]): void => {
    rows.push({ y, height, input, widget, output });
    y += height;
  };
  for (let i = 0; i < Math.max(plain.length, outputs.length); i += 1) {
    const output = outputs[i];
    const shown = output && { name: output.name, label: labelOf(output.name), type: output.type, doc: output.doc };
    add(ROW, plain[i], "none", shown);
  }
  for (const input of valued) {
    const widget = rowWidget(input);
    add(widget === "text" ? TEXT : WIDGET, input, widget);
  }
  const height = y + PAD - (rows.length === 0 ? PAD : 0) + (parts.hasPicture ? PICTURE : 0);
  if (box.collapsed) return { width, height: HEADER, rows: [], sockets: collapsedSockets(parts, width) };
  return { width, height, rows, sockets: socketsOf(parts, rows, width) };
}

/** A widget gives way to a wire, but not to a graph's input, whose value it shows. */
function rowWidget({ spec, link, parameter }: InputModel): WidgetKind {
  return link && !parameter ? "none" : widgetOf(spec);
}

function socketsOf(
  { inputs, inputTypes, signature, outputTypes }: NodeParts,
  rows: readonly Row[],
  width: number,
): Socket[] {
  return rows.flatMap(({ y, height, input, output, widget }): Socket[] => {
    const middle = widget === "text" ? y + ROW / 2 : y + height / 2;
    const found: Socket[] = [];
    if (input) {
      const { name } = input.spec;
      found.push({ id: `in:${name}`, name, type: inputTypes[inputs.indexOf(input)], side: "target", x: 0, y: middle });
    }
    if (output) {
      const type = outputTypes[signature.outputs.findIndex(({ name }) => name === output.name)];
      found.push({ id: `out:${output.name}`, name: output.name, type, side: "source", x: width, y: middle });
    }
    return found;
  });
}

function collapsedSockets({ inputs, inputTypes, signature, outputTypes }: NodeParts, width: number): Socket[] {
  const y = HEADER / 2;
  const linked = inputs.filter(({ link, parameter }) => link && !parameter);
  return [
    ...linked.map((input): Socket => {
      const { name } = input.spec;
      return { id: `in:${name}`, name, type: inputTypes[inputs.indexOf(input)], side: "target", x: 0, y };
    }),
    ...signature.outputs.map(
      ({ name }, i): Socket => ({ id: `out:${name}`, name, type: outputTypes[i], side: "source", x: width, y }),
    ),
  ];
}

/** A name as people read it. */
export function labelOf(name: string): string {
  return name.replaceAll("_", " ");
}

export interface ZoneRow {
  readonly name: string;
  readonly kind: "each" | "carry" | "collect" | "index" | "add-input" | "add-collect";
  readonly y: number;
}

export interface ZoneGeometry extends Geometry {
  readonly left: readonly ZoneRow[];
  readonly right: readonly ZoneRow[];
}

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Whether one rectangle lies wholly in another. */
export function isWithin(inner: Rect, outer: Rect): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  );
}

export type LoopTypeOf = (where: "given" | "inside" | "outside", name: string) => TypeExpr | undefined;

const ZONE_TOP = 44;

/** A loop's edges: at the left what it walks and carries, at the right what it hands on and collects. */
export function zoneGeometry(loop: Loop, rect: Rect, typeOf: LoopTypeOf): ZoneGeometry {
  const left = placed([
    ...loop.each.map((name) => ({ name, kind: "each" as const })),
    ...loop.carry.map((name) => ({ name, kind: "carry" as const })),
    { name: "index", kind: "index" as const },
    { name: "", kind: "add-input" as const },
  ]);
  const right = placed([
    ...loop.carry.map((name) => ({ name, kind: "carry" as const })),
    ...Object.keys(loop.collect).map((name) => ({ name, kind: "collect" as const })),
    { name: "", kind: "add-collect" as const },
  ]);
  const { width } = rect;
  const sockets: Socket[] = [];
  for (const { name, kind, y } of left) {
    if (kind === "each" || kind === "carry")
      sockets.push({ id: `in:${name}`, name, type: typeOf("given", name), side: "target", x: 0, y });
    if (kind === "add-input") sockets.push({ id: "add:input", name: "", type: undefined, side: "target", x: 0, y });
    else sockets.push({ id: `inner:${name}`, name, type: typeOf("inside", name), side: "source", x: GUTTER, y });
  }
  for (const { name, kind, y } of right) {
    const type = typeOf("outside", name);
    if (kind === "add-collect") {
      sockets.push({ id: "add:collect", name: "", type: undefined, side: "target", x: width - GUTTER, y });
      continue;
    }
    const inner = kind === "carry" ? type : type && { ...type, depth: Math.max(0, type.depth - 1) };
    const id = kind === "carry" ? `next:${name}` : `collect:${name}`;
    sockets.push({ id, name, type: inner, side: "target", x: width - GUTTER, y });
    sockets.push({ id: `out:${name}`, name, type, side: "source", x: width, y });
  }
  return { width, height: rect.height, rows: [], sockets, left, right };
}

function placed<T extends { readonly name: string }>(rows: readonly T[]): (T & { readonly y: number })[] {
  return rows.map((row, i) => ({ ...row, y: ZONE_TOP + ROW * i + ROW / 2 }));
}

/** The least height at which a zone's own sockets have room. */
export function zoneMinHeight(loop: Loop): number {
  const left = loop.each.length + loop.carry.length + 2;
  const right = loop.carry.length + Object.keys(loop.collect).length + 1;
  return ZONE_TOP + ROW * Math.max(left, right) + PAD * 2;
}

const ZONE_SPACE = { top: 44, bottom: 20, side: GUTTER + 22 };

/** A zone as large as it was made, and at least as large as what stands in it. */
export function zoneRect(box: Box, inner: readonly Rect[], minHeight: number): Rect {
  const width = box.width ?? GUTTER * 2 + 240;
  const height = Math.max(box.height ?? 0, minHeight);
  const left = Math.min(box.x, ...inner.map(({ x }) => x - ZONE_SPACE.side));
  const top = Math.min(box.y, ...inner.map(({ y }) => y - ZONE_SPACE.top));
  const right = Math.max(box.x + width, ...inner.map((rect) => rect.x + rect.width + ZONE_SPACE.side));
  const bottom = Math.max(box.y + height, ...inner.map((rect) => rect.y + rect.height + ZONE_SPACE.bottom));
  return { x: left, y: top, width: right - left, height: bottom - top };
}

export function showTypeOrNone(type: TypeExpr | undefined): string {
  return type ? showType(type) : "";
}
