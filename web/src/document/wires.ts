/**
 * Points that wires are led through.
 *
 * They belong to where a wire ends, since an input reads one link only, and stand in the layout: neither keys nor runs
 * know them. A wire that is plugged in elsewhere at its beginning keeps its way; `tidyWires` drops the points of wires
 * that are gone.
 */

import type { Point } from "./boxes";
import { mapFields, withField, withoutFields } from "./fields";
import { linkAt, sourceOf, type Target } from "./links";
import { type Named, PARAMETER, type WirePoint, type Workflow } from "./types";

/** Where a wire that is drawn ends. */
export type WireEnd = Exclude<Target, { kind: "output" }>;

/** Name of a wire in the layout: `NODE.INPUT`, `LOOP/next.NAME`, `LOOP/collect.NAME`. */
export function wireKey({ kind, node, name }: WireEnd): string {
  return kind === "input" ? `${node}.${name}` : `${node}/${kind}.${name}`;
}

/** Where the wire of a name ends; undefined for a name that no wire can have. */
export function wireEnd(key: string): WireEnd | undefined {
  const [, node, kind = "input", name] = /^([^./]+)(?:\/(next|collect))?\.(.+)$/s.exec(key) ?? [];
  return node === undefined || name === undefined ? undefined : { kind: kind as WireEnd["kind"], node, name };
}

const STRAIGHT: readonly WirePoint[] = [];

/** The points of a wire, in their order from its beginning. */
export function wirePoints(workflow: Workflow, key: string): readonly WirePoint[] {
  const { wires } = workflow.layout;
  return Object.hasOwn(wires, key) ? (wires[key] ?? STRAIGHT) : STRAIGHT;
}

export function setPoints(workflow: Workflow, key: string, points: readonly WirePoint[]): Workflow {
  const { wires } = workflow.layout;
  return withWires(workflow, points.length === 0 ? withoutFields(wires, key) : withField(wires, key, points));
}

export function addPoint(workflow: Workflow, key: string, index: number, { x, y }: Point): Workflow {
  return setPoints(workflow, key, wirePoints(workflow, key).toSpliced(index, 0, rounded(x, y)));
}

export function movePoint(workflow: Workflow, key: string, index: number, { x, y }: Point): Workflow {
  const points = wirePoints(workflow, key);
  return index < points.length ? setPoints(workflow, key, points.with(index, rounded(x, y))) : workflow;
}

export function removePoint(workflow: Workflow, key: string, index: number): Workflow {
  return setPoints(
    workflow,
    key,
    wirePoints(workflow, key).filter((_, i) => i !== index),
  );
}

/** Takes all points from some wires. */
export function straighten(workflow: Workflow, keys: readonly string[]): Workflow {
  return withWires(workflow, withoutFields(workflow.layout.wires, ...keys));
}

/** Moves the points of wires whose two ends move by the same. */
export function movePointsBetween(workflow: Workflow, moves: ReadonlyMap<string, Point>): Workflow {
  const moved = mapFields(workflow.layout.wires, (points, key) => {
    const end = wireEnd(key);
    const link = end && linkAt(workflow, end);
    const [from, to] = [link && moves.get(sourceOf(link)), end && moves.get(end.node)];
    if (!from || !to || from.x !== to.x || from.y !== to.y) return points;
    return points.map(([x, y]) => rounded(x + to.x, y + to.y));
  });
  return withWires(workflow, moved);
}

/** Drops the points of wires that are gone. */
export function tidyWires(workflow: Workflow): Workflow {
  const kept = mapFields(workflow.layout.wires, (points, key) => {
    const end = wireEnd(key);
    const link = end && linkAt(workflow, end);
    return link && link[0] !== PARAMETER ? points : undefined;
  });
  return withWires(workflow, kept);
}

/** Gives the wires of one node other names. */
export function renameWires(workflow: Workflow, rename: (end: WireEnd) => WireEnd): Workflow {
  return withWires(workflow, renamed(workflow.layout.wires, rename));
}

function renamed<T>(wires: Named<T>, rename: (end: WireEnd) => WireEnd): Named<T> {
  let isChanged = false;
  const entries = Object.entries(wires).map(([key, points]): [string, T] => {
    const end = wireEnd(key);
    const other = end ? wireKey(rename(end)) : key;
    if (other !== key) isChanged = true;
    return [other, points];
  });
  return isChanged ? Object.fromEntries(entries) : wires;
}

function withWires(workflow: Workflow, wires: Named<readonly WirePoint[]>): Workflow {
  return wires === workflow.layout.wires ? workflow : { ...workflow, layout: { ...workflow.layout, wires } };
}

function rounded(x: number, y: number): WirePoint {
  return [Math.round(x), Math.round(y)];
}
