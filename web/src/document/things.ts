/**
 * What can be selected on the canvas, by its key: a node by its id, a frame as `frame:2`, a note as `note:0`, a wire
 * as `wire:step.latent`, a point of it as `point:1:step.latent`.
 */

import { changeFrame, changeNote, removeFrame, removeNote } from "./backdrop";
import { changeBox, type Point, placeBoxes } from "./boxes";
import { disconnect, linkAt, sourceOf } from "./links";
import { removeNodes, type StandIn, setTitle } from "./nodes";
import { homes, nodeOf, withInner } from "./places";
import type { Workflow } from "./types";
import { movePoint, removePoint, wireEnd, wirePoints } from "./wires";

export type Thing =
  | { readonly kind: "node"; readonly id: string }
  | { readonly kind: "frame" | "note"; readonly index: number }
  | { readonly kind: "wire"; readonly wire: string }
  | { readonly kind: "point"; readonly index: number; readonly wire: string };

export function thingOf(key: string): Thing {
  const [, kind, index, wire] = /^(?:(frame|note|point):(\d+)|wire)(?::(.+))?$/s.exec(key) ?? [];
  if (kind === "frame" || kind === "note") return { kind, index: Number(index) };
  if (kind === "point" && wire !== undefined) return { kind, index: Number(index), wire };
  return wire === undefined ? { kind: "node", id: key } : { kind: "wire", wire };
}

export function wireThing(wire: string): string {
  return `wire:${wire}`;
}

export function pointThing(wire: string, index: number): string {
  return `point:${index}:${wire}`;
}

/** The nodes among some keys. */
export function nodesOf(keys: Iterable<string>): string[] {
  return [...keys].filter((key) => thingOf(key).kind === "node");
}

/** The wires among some keys, and those with a point among them. */
export function wiresOf(keys: Iterable<string>): string[] {
  const wires = [...keys].flatMap((key) => {
    const thing = thingOf(key);
    return thing.kind === "wire" || thing.kind === "point" ? [thing.wire] : [];
  });
  return [...new Set(wires)];
}

export function isThere(workflow: Workflow, key: string): boolean {
  const thing = thingOf(key);
  switch (thing.kind) {
    case "node":
      return homes(workflow).has(thing.id);
    case "frame":
      return thing.index < workflow.layout.frames.length;
    case "note":
      return thing.index < workflow.layout.notes.length;
    case "point":
      return thing.index < wirePoints(workflow, thing.wire).length;
    case "wire": {
      const end = wireEnd(thing.wire);
      return end !== undefined && linkAt(workflow, end) !== undefined;
    }
  }
}

/**
 * Removes things; nodes as `removeNodes` does. A wire that is given together with a node at its end is the node's
 * matter.
 */
export function removeThings(workflow: Workflow, keys: Iterable<string>, standIn?: StandIn): Workflow {
  const nodes = nodesOf(keys);
  const gone = withInner(workflow, nodes);
  // Those with higher numbers first, so that the others keep theirs.
  const things = [...keys].map(thingOf).sort((a, b) => numberOf(b) - numberOf(a));
  const without = things.reduce((now, thing) => removeThing(now, thing, gone), workflow);
  return removeNodes(without, nodes, standIn);
}

function numberOf(thing: Thing): number {
  return "index" in thing ? thing.index : -1;
}

function removeThing(workflow: Workflow, thing: Thing, gone: ReadonlySet<string>): Workflow {
  switch (thing.kind) {
    case "node":
      return workflow;
    case "frame":
      return removeFrame(workflow, thing.index);
    case "note":
      return removeNote(workflow, thing.index);
    case "point":
      return removePoint(workflow, thing.wire, thing.index);
    case "wire": {
      const end = wireEnd(thing.wire);
      const link = end && linkAt(workflow, end);
      return !link || gone.has(end.node) || gone.has(sourceOf(link)) ? workflow : disconnect(workflow, end);
    }
  }
}

/** Stands things at new corners, and points of wires at new points. */
export function placeThings(workflow: Workflow, places: Readonly<Record<string, Point>>): Workflow {
  const entries = Object.entries(places).map(([key, at]) => [thingOf(key), at] as const);
  const boxes = entries.flatMap(([thing, at]) => (thing.kind === "node" ? [[thing.id, at] as const] : []));
  const placed = placeBoxes(workflow, Object.fromEntries(boxes));
  return entries.reduce((now, [thing, { x, y }]) => placeThing(now, thing, x, y), placed);
}

function placeThing(workflow: Workflow, thing: Thing, x: number, y: number): Workflow {
  const at = { x: Math.round(x), y: Math.round(y) };
  switch (thing.kind) {
    case "node":
    case "wire":
      return workflow;
    case "frame":
      return changeFrame(workflow, thing.index, at);
    case "note":
      return changeNote(workflow, thing.index, at);
    case "point":
      return movePoint(workflow, thing.wire, thing.index, at);
  }
}

/** Gives nodes, loops and frames a colour; "" takes it away. */
export function setColour(workflow: Workflow, keys: Iterable<string>, colour: string): Workflow {
  return [...keys].map(thingOf).reduce((now, thing) => {
    if (thing.kind === "node") return changeBox(now, thing.id, { colour });
    return thing.kind === "frame" ? changeFrame(now, thing.index, { colour }) : now;
  }, workflow);
}

/** The colour of a node, loop or frame; undefined for what has none. */
export function colourOf(workflow: Workflow, key: string): string | undefined {
  const thing = thingOf(key);
  if (thing.kind === "node") return nodeOf(workflow, thing.id) && (workflow.layout.nodes[thing.id]?.colour ?? "");
  return thing.kind === "frame" ? workflow.layout.frames[thing.index]?.colour : undefined;
}

/** Gives a node, loop or frame a title; "" takes it away. */
export function setThingTitle(workflow: Workflow, key: string, title: string): Workflow {
  const thing = thingOf(key);
  if (thing.kind === "node") return setTitle(workflow, thing.id, title);
  return thing.kind === "frame" ? changeFrame(workflow, thing.index, { title }) : workflow;
}
