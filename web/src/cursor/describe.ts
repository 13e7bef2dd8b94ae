/** In words: what is at the cursor. */

import type { Fault } from "../api";
import { type InputModel, labelOf, type Row, type Socket } from "../canvas/geometry";
import { type CanvasNode, type End, linkOfSocket, targetOfSocket } from "../canvas/model";
import { type Knowledge, showType } from "../catalogue";
import { homes, type Link, type Literal, linkAt, PARAMETER, readersOf, sourceOf, writeJson } from "../document";
import { texts } from "../texts";
import { widgetOf } from "../widgets/kinds";
import { defaultOf } from "../widgets/numbers";

const words = texts.building.says;

interface At {
  readonly node: CanvasNode | undefined;
  readonly socket: Socket | undefined;
}

export function describe(known: Knowledge, faults: readonly Fault[], { node, socket }: At, selected: number): string {
  if (!node) return words.nothingSelected;
  const parts = socket ? aboutSocket(known, node, socket) : [...aboutNode(known, faults, node), many(selected)];
  return parts.filter(Boolean).join(", ");
}

function many(selected: number): string {
  return selected > 1 ? words.selected(selected) : "";
}

function aboutNode(known: Knowledge, faults: readonly Fault[], node: CanvasNode): string[] {
  const count = faults.filter((fault) => fault.node === node.id).length;
  const loop = homes(known.workflow).get(node.id)?.place.loops.at(-1);
  return [
    words.node(titleOf(node), known.types.signature(node.id)?.title ?? titleOf(node)),
    loop === undefined ? "" : words.in(titleOfId(known, loop)),
    count > 0 ? words.faults(count) : "",
  ];
}

function aboutSocket(known: Knowledge, node: CanvasNode, socket: Socket): string[] {
  const [kind = ""] = socket.id.split(":");
  if (kind === "add") return [words.add];
  const type = socket.type ? showType(socket.type) : "";
  const joined = socket.side === "source" ? outward(known, node.id, socket.id) : inward(known, node, socket);
  return [labelOf(socket.name), KINDS[kind] ?? "", type, joined];
}

const KINDS: Readonly<Record<string, string>> = {
  in: words.input,
  out: words.output,
  inner: words.inner,
  next: words.next,
  collect: words.collect,
};

function outward(known: Knowledge, node: string, socket: string): string {
  const read = readersOf(known.workflow, linkOfSocket(node, socket));
  const [first] = read;
  if (!first) return words.bare;
  return read.length === 1 && first.target.kind !== "output"
    ? words.to(titleOfId(known, first.target.node))
    : words.wires(read.length);
}

function inward(known: Knowledge, node: CanvasNode, { id, name }: Socket): string {
  const target = targetOfSocket(node.id, id);
  const link = target && linkAt(known.workflow, target);
  if (link) return link[0] === PARAMETER ? words.reads(link[1]) : words.from(nameOfLink(known, link));
  const input = inputAt(node, name);
  if (input?.value !== undefined) return words.value(shown(input.value));
  if (!input || input.spec.required) return input ? words.missing : words.bare;
  return widgetOf(input.spec) === "none" ? words.bare : words.usual(shown(defaultOf(input.spec)));
}

function shown(value: Literal): string {
  return typeof value === "string" ? value : writeJson(value);
}

/** An input of a node as it stands in its row. */
export function inputAt(node: CanvasNode, name: string): InputModel | undefined {
  return rowAt(node, name)?.input;
}

export function rowAt(node: CanvasNode, name: string): Row | undefined {
  return node.type === "node" ? node.data.geometry.rows.find(({ input }) => input?.spec.name === name) : undefined;
}

export function titleOf(node: CanvasNode): string {
  if (node.type === "frame") return node.data.frame.title || texts.building.frame;
  if (node.type === "note") return node.data.note.text.split("\n")[0] || texts.building.note;
  return node.type === "node" || node.type === "loop" ? node.data.title : texts.building.point;
}

export function titleOfId({ workflow, types }: Knowledge, id: string): string {
  return homes(workflow).get(id)?.node.title || types.signature(id)?.title || id;
}

const ADDING: Readonly<Record<string, string>> = {
  "add:input": texts.building.chooser.newValue,
  "add:collect": texts.building.chooser.newCollected,
};

/** A socket by its node's title and its own name. */
export function nameOfEnd(known: Knowledge, { node, socket }: End): string {
  const [kind = "", ...name] = socket.split(":");
  const word = ADDING[socket] ?? labelOf(name.join(":"));
  return [titleOfId(known, node), word, kind === "inner" || kind === "next" ? KINDS[kind] : ""]
    .filter(Boolean)
    .join(" · ");
}

/** What a link reads: an input of the graph, or a node's output. */
export function nameOfLink(known: Knowledge, link: Link): string {
  if (link[0] === PARAMETER) return texts.building.chooser.input(link[1]);
  return `${titleOfId(known, sourceOf(link))} · ${labelOf(link[1])}`;
}
