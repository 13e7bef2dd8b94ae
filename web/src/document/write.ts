/** Writing a document: fields at their default are left out, in the order of graph/document/workflow.py; stable bytes. */

import { isList, writeJson } from "./json";
import {
  type AnyNode,
  type Box,
  EMPTY_BOX,
  EMPTY_LOOP,
  EMPTY_NODE,
  EMPTY_PARAMETER,
  EMPTY_WORKFLOW,
  type Frame,
  type Graph,
  isLoop,
  type Layout,
  type Literal,
  type Named,
  type Note,
  type Workflow,
} from "./types";

/** The document as JSON text, ending in a line break: the same bytes as Workflow.dump in Python. */
export function writeWorkflow(workflow: Workflow): string {
  return `${writeJson(toContent(workflow))}\n`;
}

/** The document as plain JSON content. */
export function toContent(workflow: Workflow): { readonly [name: string]: Literal } {
  return {
    latentloom: BigInt(workflow.latentloom),
    ...graphContent(workflow),
    ...filled({ subgraphs: mapped(workflow.subgraphs, graphContent), layout: layoutContent(workflow.layout) }),
  };
}

function graphContent(graph: Graph): { readonly [name: string]: Literal } {
  const { title, description, outputs } = graph;
  const inputs = mapped(graph.inputs, (parameter) => changed({ ...parameter }, { ...EMPTY_PARAMETER, type: "" }));
  return filled({ title, description, inputs, outputs, nodes: mapped(graph.nodes, nodeContent) });
}

function nodeContent(node: AnyNode): Literal {
  if (!isLoop(node)) {
    const { type, version, title, values, links, mode } = node;
    const fields = { version: BigInt(version), title, values, links, mode };
    return { type, ...filled(changed(fields, { version: BigInt(EMPTY_NODE.version), mode: EMPTY_NODE.mode })) };
  }
  const { type, title, each, carry, values, links, next, collect, mode } = node;
  const body = mapped(node.body, nodeContent);
  const fields = { type, title, each, carry, values, links, body, next, collect, mode };
  return filled(changed(fields, { mode: EMPTY_LOOP.mode }));
}

function layoutContent(layout: Layout): { readonly [name: string]: Literal } {
  return filled({
    nodes: mapped(layout.nodes, boxContent),
    wires: layout.wires,
    frames: layout.frames.map(frameContent),
    notes: layout.notes.map(noteContent),
  });
}

function boxContent({ x, y, width, height, colour, collapsed }: Box): Literal {
  const { x: _x, y: _y, ...defaults } = EMPTY_BOX;
  return changed({ x, y, width, height, colour, collapsed }, defaults);
}

function frameContent({ x, y, width, height, title, colour, graph }: Frame): Literal {
  return changed({ x, y, width, height, title, colour, graph }, { title: "", colour: "", graph: "" });
}

function noteContent({ x, y, width, height, text, graph }: Note): Literal {
  return changed({ x, y, width, height, text, graph }, { width: 240, height: 120, text: "", graph: "" });
}

/** The fields that differ from their default. */
function changed(fields: Named<Literal>, defaults: Named<Literal>): Named<Literal> {
  return keep(fields, (value, name) => value !== defaults[name]);
}

/** The fields that hold something: no empty text, list or object. */
function filled(fields: Named<Literal>): Named<Literal> {
  return keep(fields, (value) => {
    if (value === null || typeof value !== "object") return value !== "";
    return isList(value) ? value.length > 0 : Object.keys(value).length > 0;
  });
}

function keep(fields: Named<Literal>, wanted: (value: Literal, name: string) => boolean): Named<Literal> {
  return Object.fromEntries(Object.entries(fields).filter(([name, value]) => wanted(value, name)));
}

function mapped<T>(items: Named<T>, content: (item: T) => Literal): Named<Literal> {
  return Object.fromEntries(Object.entries(items).map(([name, item]) => [name, content(item)]));
}

/** An empty document's text, as a new workflow starts. */
export const EMPTY_TEXT = writeWorkflow(EMPTY_WORKFLOW);
