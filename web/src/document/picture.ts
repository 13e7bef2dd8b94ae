/** Parts of a picture: for copying, and for a subgraph's nodes where it was used. */

import type { Point } from "./boxes";
import { mapFields } from "./fields";
import type { Ids } from "./relabel";
import type { Box, Frame, Layout, Note, WirePoint } from "./types";
import { wireEnd, wireKey } from "./wires";

/** The part that shows some nodes: their boxes, the wires that end at them, and the frames and notes that are wanted. */
export function pictureOf(
  layout: Layout,
  ids: ReadonlySet<string>,
  isWanted: (thing: Frame | Note, key: string) => boolean,
): Layout {
  return {
    nodes: mapFields(layout.nodes, (box, id) => (ids.has(id) ? box : undefined)),
    wires: mapFields(layout.wires, (points, key) => (ids.has(wireEnd(key)?.node ?? "") ? points : undefined)),
    frames: layout.frames.filter((frame, i) => isWanted(frame, `frame:${i}`)),
    notes: layout.notes.filter((note, i) => isWanted(note, `note:${i}`)),
  };
}

/** A picture under other ids and in another graph, moved. What has no new id is left out. */
export function movedPicture({ nodes, wires, frames, notes }: Layout, ids: Ids, graph: string, by: Point): Layout {
  const moved = <T extends Point>(thing: T): T => ({ ...thing, x: thing.x + by.x, y: thing.y + by.y });
  return {
    nodes: Object.fromEntries(
      Object.entries(nodes).flatMap(([id, box]): [string, Box][] => {
        const fresh = ids.get(id);
        return fresh === undefined ? [] : [[fresh, moved(box)]];
      }),
    ),
    wires: Object.fromEntries(
      Object.entries(wires).flatMap(([key, points]): [string, readonly WirePoint[]][] => {
        const end = wireEnd(key);
        const fresh = end && ids.get(end.node);
        if (!end || fresh === undefined) return [];
        return [[wireKey({ ...end, node: fresh }), points.map(([x, y]): WirePoint => [x + by.x, y + by.y])]];
      }),
    ),
    frames: frames.map((frame) => ({ ...moved(frame), graph })),
    notes: notes.map((note) => ({ ...moved(note), graph })),
  };
}

/** Two pictures as one. */
export function joinPictures(a: Layout, b: Layout): Layout {
  return {
    nodes: { ...a.nodes, ...b.nodes },
    wires: { ...a.wires, ...b.wires },
    frames: [...a.frames, ...b.frames],
    notes: [...a.notes, ...b.notes],
  };
}

/** The left upper corner of all that a picture shows; 0, 0 for an empty one. */
export function cornerOf({ nodes, frames, notes }: Layout): Point {
  const all: Point[] = [...Object.values(nodes), ...frames, ...notes];
  if (all.length === 0) return { x: 0, y: 0 };
  return { x: Math.min(...all.map(({ x }) => x)), y: Math.min(...all.map(({ y }) => y)) };
}
