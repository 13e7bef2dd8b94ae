/**
 * What the canvas shows of a document: React Flow's nodes and edges, made from the document and never kept.
 *
 * A node that has not changed gives the same object again, so that an edit draws one node and not a thousand.
 */

import type { Edge, Node as FlowNode } from "@xyflow/react";
import { type Catalogue, type Knowledge, type Signature, showType, type TypeExpr, type Types } from "../catalogue";
import {
  type AnyNode,
  type Box,
  boxOf,
  type Frame,
  graphOf,
  INSIDE,
  isLoop,
  type Link,
  type Loop,
  type Nodes,
  type Note,
  PARAMETER,
  type Parameter,
  readers,
  type Target,
  type Workflow,
} from "../document";
import { lookOf } from "../theme/sockets";
import {
  type Geometry,
  type InputModel,
  nodeGeometry,
  type Rect,
  type Socket,
  type ZoneGeometry,
  zoneGeometry,
  zoneMinHeight,
  zoneRect,
} from "./geometry";

export interface NodeData extends Record<string, unknown> {
  readonly id: string;
  readonly node: AnyNode;
  readonly box: Box;
  readonly title: string;
  readonly signature: Signature;
  readonly geometry: Geometry;
  readonly hasPicture: boolean;
  /** Outputs of the graph that show an output of this node: output -> names. */
  readonly shown: Readonly<Record<string, readonly string[]>>;
}

export interface LoopData extends Record<string, unknown> {
  readonly id: string;
  readonly node: Loop;
  readonly title: string;
  readonly geometry: ZoneGeometry;
  readonly shown: Readonly<Record<string, readonly string[]>>;
  readonly colour: string;
  /** Where the zone stands on the canvas. */
  readonly x: number;
  readonly y: number;
}

export interface FrameData extends Record<string, unknown> {
  readonly index: number;
  readonly frame: Frame;
}

export interface NoteData extends Record<string, unknown> {
  readonly index: number;
  readonly note: Note;
}

export interface WireData extends Record<string, unknown> {
  readonly target: Target;
  readonly link: Link;
  readonly colour: string;
  readonly isList: boolean;
  readonly type: string;
}

export type CanvasNode =
  | FlowNode<NodeData, "node">
  | FlowNode<LoopData, "loop">
  | FlowNode<FrameData, "frame">
  | FlowNode<NoteData, "note">;
export type Wire = Edge<WireData, "wire">;

export interface Projection {
  readonly nodes: CanvasNode[];
  readonly edges: Wire[];
  /** Where everything stands, absolute. */
  readonly rects: ReadonlyMap<string, Rect>;
}

/** What was made last, by id, with what it was made from. */
export type Memory = Map<string, { readonly from: readonly unknown[]; readonly made: CanvasNode | Wire }>;

export interface View {
  readonly graph: string;
  readonly selection: ReadonlySet<string>;
  /** Nodes whose picture the user wants to see. */
  readonly pictured: ReadonlySet<string>;
}

export function project(known: Knowledge, view: View, memory: Memory): Projection {
  const { workflow, types, catalogue } = known;
  const graph = graphOf(workflow, view.graph);
  const shown = shownOutputs(graph?.outputs ?? {});
  const rects = new Map<string, Rect>();
  const nodes: CanvasNode[] = [];
  const remember = <T extends CanvasNode | Wire>(id: string, from: readonly unknown[], make: () => T): T => {
    const last = memory.get(id);
    if (last && last.from.length === from.length && last.from.every((part, i) => Object.is(part, from[i]))) {
      return last.made as T;
    }
    const made = make();
    memory.set(id, { from, made });
    return made;
  };

  const visit = (body: Nodes, loop: string, origin: () => Rect | undefined): (() => void)[] => {
    return Object.entries(body).map(([id, node]) => {
      const signature = types.signature(id);
      const box = boxOf(workflow, id);
      const isSelected = view.selection.has(id);
      const outputs = shown.get(id) ?? NOTHING_SHOWN;
      if (isLoop(node)) {
        const place = visit(node.body, id, () => rects.get(id));
        const inner = Object.keys(node.body).flatMap((innerId) => rects.get(innerId) ?? []);
        const rect = zoneRect(box, inner, zoneMinHeight(node));
        rects.set(id, rect);
        return () => {
          const parent = origin();
          const typeKey = loopTypeKey(types, id, node, view.graph);
          nodes.push(
            remember(
              id,
              [
                node,
                box.colour,
                rect.width,
                rect.height,
                rect.x,
                rect.y,
                parent?.x,
                parent?.y,
                isSelected,
                outputs,
                typeKey,
                loop,
              ],
              () =>
                loopNode(id, node, rect, parent, loop, box.colour, isSelected, outputs, (where, name) =>
                  loopType(types, id, where, name, view.graph),
                ),
            ),
          );
          for (const push of place) push();
        };
      }
      const inputs = inputModels(node, signature, graph?.inputs ?? {}, types, id);
      const hasPicture = signature?.outputs.some(({ type }) => type === "EncodedImage") || view.pictured.has(id);
      const outputTypes = signature?.outputs.map(({ name }) => types.brings([id, name], view.graph)) ?? [];
      const inputTypes = inputs.map(({ spec }) => types.wants({ kind: "input", node: id, name: spec.name }));
      const geometry = nodeGeometry({
        node,
        box,
        signature: signature ?? NO_SIGNATURE,
        inputs,
        inputTypes,
        outputTypes,
        hasPicture,
      });
      rects.set(id, { x: box.x, y: box.y, width: geometry.width, height: geometry.height });
      const typeKey = [...inputTypes, ...outputTypes].map((type) => (type ? showType(type) : "?")).join();
      const parameters = inputs.map(({ parameter }) => parameter);
      return () => {
        const parent = origin();
        nodes.push(
          remember(
            id,
            [
              node,
              box,
              signature?.kind,
              signature?.title,
              typeKey,
              parent?.x,
              parent?.y,
              isSelected,
              outputs,
              loop,
              hasPicture,
              ...parameters,
            ],
            () => ({
              ...placedAt(id, box, parent, geometry, loop),
              type: "node",
              selected: isSelected,
              data: {
                id,
                node,
                box,
                title: node.title || signature?.title || node.type,
                signature: signature ?? NO_SIGNATURE,
                geometry,
                hasPicture,
                shown: outputs,
              },
            }),
          ),
        );
      };
    });
  };

  if (view.graph === "") {
    workflow.layout.frames.forEach((frame, index) => {
      const isSelected = view.selection.has(`frame:${index}`);
      nodes.push(remember(`frame:${index}`, [frame, isSelected], () => frameNode(frame, index, isSelected)));
    });
  }
  for (const push of visit(graph?.nodes ?? {}, "", () => undefined)) push();
  if (view.graph === "") {
    workflow.layout.notes.forEach((note, index) => {
      const isSelected = view.selection.has(`note:${index}`);
      nodes.push(remember(`note:${index}`, [note, isSelected], () => noteNode(note, index, isSelected)));
    });
  }
  return { nodes, edges: wires(workflow, types, catalogue, view.graph, remember), rects };
}

const NOTHING_SHOWN: Readonly<Record<string, readonly string[]>> = {};
const NO_SIGNATURE: Signature = {
  kind: "missing",
  title: "",
  category: "missing",
  doc: "",
  inputs: [],
  outputs: [],
  variadic: undefined,
};

function shownOutputs(outputs: Readonly<Record<string, Link>>): Map<string, Record<string, string[]>> {
  const shown = new Map<string, Record<string, string[]>>();
  for (const [name, [node, output]] of Object.entries(outputs)) {
    const ofNode = shown.get(node) ?? {};
    ofNode[output] = [...(ofNode[output] ?? []), name];
    shown.set(node, ofNode);
  }
  return shown;
}

function inputModels(
  node: AnyNode,
  signature: Signature | undefined,
  parameters: Readonly<Record<string, Parameter>>,
  types: Types,
  id: string,
): InputModel[] {
  return (signature?.inputs ?? []).map((spec) => {
    const link = node.links[spec.name];
    const parameter = link?.[0] === PARAMETER ? parameters[link[1]] : undefined;
    const type = types.wants({ kind: "input", node: id, name: spec.name });
    return { spec, link, parameter, value: node.values[spec.name], type: type ? showType(type) : spec.type };
  });
}

function placedAt(
  id: string,
  at: { x: number; y: number },
  parent: Rect | undefined,
  geometry: Geometry,
  loop: string,
) {
  const { width, height, sockets } = geometry;
  return {
    id,
    position: { x: at.x - (parent?.x ?? 0), y: at.y - (parent?.y ?? 0) },
    width,
    height,
    measured: { width, height },
    handles: sockets.map(handle),
    ...(loop ? { parentId: loop } : {}),
  };
}

const HANDLE_SIZE = 10;

function handle({ id, x, y, side }: Socket) {
  return {
    id,
    type: side,
    position: (side === "source" ? "right" : "left") as never,
    x: x - HANDLE_SIZE / 2,
    y: y - HANDLE_SIZE / 2,
    width: HANDLE_SIZE,
    height: HANDLE_SIZE,
  };
}

function loopNode(
  id: string,
  node: Loop,
  rect: Rect,
  parent: Rect | undefined,
  loop: string,
  colour: string,
  selected: boolean,
  shown: LoopData["shown"],
  typeOf: Parameters<typeof zoneGeometry>[2],
): FlowNode<LoopData, "loop"> {
  const geometry = zoneGeometry(node, rect, typeOf);
  const data = { id, node, title: node.title || "Loop", geometry, shown, colour, x: rect.x, y: rect.y };
  return { ...placedAt(id, rect, parent, geometry, loop), type: "loop", selected, data, zIndex: -1 };
}

function loopType(
  types: Types,
  id: string,
  where: "given" | "inside" | "outside",
  name: string,
  graph: string,
): TypeExpr | undefined {
  if (where === "given") return types.wants({ kind: "input", node: id, name });
  return types.brings(where === "inside" ? [id + INSIDE, name] : [id, name], graph);
}

function loopTypeKey(types: Types, id: string, node: Loop, graph: string): string {
  const names = [...node.each, ...node.carry, ...Object.keys(node.collect)];
  const found = names.map((name) => types.brings([id, name], graph) ?? types.brings([id + INSIDE, name], graph));
  return found.map((type) => (type ? showType(type) : "?")).join();
}

function frameNode(frame: Frame, index: number, selected: boolean): FlowNode<FrameData, "frame"> {
  const { x, y, width, height } = frame;
  return {
    id: `frame:${index}`,
    type: "frame",
    position: { x, y },
    width,
    height,
    measured: { width, height },
    selected,
    zIndex: -2,
    data: { index, frame },
  };
}

function noteNode(note: Note, index: number, selected: boolean): FlowNode<NoteData, "note"> {
  const { x, y, width, height } = note;
  return {
    id: `note:${index}`,
    type: "note",
    position: { x, y },
    width,
    height,
    measured: { width, height },
    selected,
    data: { index, note },
  };
}

function wires(
  workflow: Workflow,
  types: Types,
  catalogue: Catalogue,
  graph: string,
  remember: (id: string, from: readonly unknown[], make: () => Wire) => Wire,
): Wire[] {
  return readers(workflow).flatMap(({ target, link, place }): Wire[] => {
    if (place.graph !== graph || target.kind === "output" || link[0] === PARAMETER) return [];
    const type = types.brings(link, graph);
    const shownType = type ? showType(type) : "";
    const id = `${target.node} ${target.kind}:${target.name}`;
    return [
      remember(`wire ${id}`, [link[0], link[1], shownType], () => {
        const isInside = link[0].endsWith(INSIDE);
        const { colour, isList } = lookOf(type, catalogue);
        return {
          id,
          type: "wire",
          source: isInside ? link[0].slice(0, -INSIDE.length) : link[0],
          sourceHandle: `${isInside ? "inner" : "out"}:${link[1]}`,
          target: target.node,
          targetHandle: `${target.kind === "input" ? "in" : target.kind}:${target.name}`,
          data: { target, link, colour, isList, type: shownType },
        };
      }),
    ];
  });
}

/** The link that a source socket gives. */
export function linkOfSocket(node: string, socket: string): Link {
  const [kind = "", ...name] = socket.split(":");
  return [kind === "inner" ? node + INSIDE : node, name.join(":")];
}

/** The target that a target socket is; undefined for the sockets that add something. */
export function targetOfSocket(node: string, socket: string): Target | undefined {
  const [kind = "", ...rest] = socket.split(":");
  const name = rest.join(":");
  if (kind === "in") return { kind: "input", node, name };
  return kind === "next" || kind === "collect" ? { kind, node, name } : undefined;
}
