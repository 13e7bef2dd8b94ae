/** All wires as one drawing, for when one looks from so far that none can be told from another. */

import { getBezierPath, Position, ViewportPortal } from "@xyflow/react";
import { type JSX, memo, useMemo } from "react";
import type { CanvasNode, Wire } from "./model";
import { pathThrough } from "./paths";

interface WireMapProps {
  readonly nodes: readonly CanvasNode[];
  readonly wires: readonly Wire[];
}

export const WireMap = memo(function WireMap({ nodes, wires }: WireMapProps): JSX.Element {
  const paths = useMemo(() => pathsByColour(nodes, wires), [nodes, wires]);
  return (
    <ViewportPortal>
      <svg className="wire-map" aria-hidden="true">
        {[...paths].map(([colour, path]) => (
          <path key={colour} d={path} stroke={colour} />
        ))}
      </svg>
    </ViewportPortal>
  );
});

type Vector = readonly [x: number, y: number];

/** A few long paths cost a browser much less than many short ones. */
export function pathsByColour(nodes: readonly CanvasNode[], wires: readonly Wire[]): ReadonlyMap<string, string> {
  const ends = socketsOf(nodes);
  const found = new Map<string, string[]>();
  for (const { source, sourceHandle, target, targetHandle, data } of wires) {
    const [from, to] = [ends.get(`${source} ${sourceHandle}`), ends.get(`${target} ${targetHandle}`)];
    if (!from || !to || !data) continue;
    const path = data.points.length > 0 ? pathThrough(from, data.points, to) : straight(from, to);
    const known = found.get(data.colour);
    if (known) known.push(path);
    else found.set(data.colour, [path]);
  }
  return new Map([...found].map(([colour, paths]) => [colour, paths.join("")]));
}

function straight([sourceX, sourceY]: Vector, [targetX, targetY]: Vector): string {
  const ends = { sourceX, sourceY, targetX, targetY };
  return getBezierPath({ ...ends, sourcePosition: Position.Right, targetPosition: Position.Left, curvature: 0.32 })[0];
}

/** Where the middles of all sockets are, by node and name. */
function socketsOf(nodes: readonly CanvasNode[]): ReadonlyMap<string, Vector> {
  const corners = new Map<string, Vector>();
  const found = new Map<string, Vector>();
  for (const { id, position, parentId, handles = [] } of nodes) {
    // A zone comes before what stands in it.
    const [left, top] = (parentId === undefined ? undefined : corners.get(parentId)) ?? [0, 0];
    const corner: Vector = [left + position.x, top + position.y];
    corners.set(id, corner);
    for (const { id: socket, x, y, width = 0, height = 0 } of handles) {
      found.set(`${id} ${socket}`, [corner[0] + x + width / 2, corner[1] + y + height / 2]);
    }
  }
  return found;
}
