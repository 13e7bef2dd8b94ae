/** What the canvas is made of: React Flow's nodes and edges with our data, and what their sockets mean. */

import type { Edge, Node as FlowNode } from "@xyflow/react";
import type { Signature } from "../catalogue";
import {
  type AnyNode,
  type Box,
  type Frame,
  INSIDE,
  type Link,
  type Loop,
  type Note,
  type WireEnd,
  type WirePoint,
} from "../document";
import type { Geometry, ZoneGeometry } from "./geometry";

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
  /** Its name in the layout. */
  readonly key: string;
  readonly target: WireEnd;
  readonly points: readonly WirePoint[];
  readonly link: Link;
  readonly colour: string;
  readonly isList: boolean;
  readonly type: string;
}

/** A point that a wire is led through. */
export interface PointData extends Record<string, unknown> {
  readonly wire: string;
  readonly index: number;
  readonly colour: string;
}

export type CanvasNode =
  | FlowNode<NodeData, "node">
  | FlowNode<LoopData, "loop">
  | FlowNode<FrameData, "frame">
  | FlowNode<NoteData, "note">
  | FlowNode<PointData, "point">;
export type Wire = Edge<WireData, "wire">;

/** A socket on the canvas; with an empty name, the node itself. */
export interface End {
  readonly node: string;
  readonly socket: string;
}

/** The socket that gives a link. */
export function endOfLink([source, name]: Link): End {
  return source.endsWith(INSIDE)
    ? { node: source.slice(0, -INSIDE.length), socket: `inner:${name}` }
    : { node: source, socket: `out:${name}` };
}

/** The socket where a link stands. */
export function endOfTarget(target: WireEnd): End {
  return { node: target.node, socket: `${target.kind === "input" ? "in" : target.kind}:${target.name}` };
}

/** The link that a source socket gives. */
export function linkOfSocket(node: string, socket: string): Link {
  const [kind = "", ...name] = socket.split(":");
  return [kind === "inner" ? node + INSIDE : node, name.join(":")];
}

/** The target that a target socket is; undefined for the sockets that add something. */
export function targetOfSocket(node: string, socket: string): WireEnd | undefined {
  const [kind = "", ...rest] = socket.split(":");
  const name = rest.join(":");
  if (kind === "in") return { kind: "input", node, name };
  return kind === "next" || kind === "collect" ? { kind, node, name } : undefined;
}
