/** Where nodes stand, and how they look. Never touches the logic. */

import { withField } from "./fields";
import { type Box, EMPTY_BOX, type Layout, type Named, type Workflow } from "./types";
import { movePointsBetween } from "./wires";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export function changeLayout(workflow: Workflow, change: Partial<Layout>): Workflow {
  return { ...workflow, layout: { ...workflow.layout, ...change } };
}

export function boxOf(workflow: Workflow, id: string): Box {
  return workflow.layout.nodes[id] ?? EMPTY_BOX;
}

export function changeBox(workflow: Workflow, id: string, change: Partial<Box>): Workflow {
  return changeLayout(workflow, { nodes: withField(workflow.layout.nodes, id, { ...boxOf(workflow, id), ...change }) });
}

/** Places nodes at whole canvas units. The points of a wire go with its two ends where these go together. */
export function placeBoxes(workflow: Workflow, points: Named<Point>): Workflow {
  const nodes: Record<string, Box> = { ...workflow.layout.nodes };
  const moves = new Map<string, Point>();
  for (const [id, { x, y }] of Object.entries(points)) {
    const box = nodes[id] ?? EMPTY_BOX;
    const [left, top] = [Math.round(x), Math.round(y)];
    if (box.x === left && box.y === top && Object.hasOwn(nodes, id)) continue;
    nodes[id] = { ...box, x: left, y: top };
    moves.set(id, { x: left - box.x, y: top - box.y });
  }
  return changeLayout(movePointsBetween(workflow, moves), { nodes });
}

export function setCollapsed(workflow: Workflow, ids: readonly string[], collapsed: boolean): Workflow {
  return ids.reduce((now, id) => changeBox(now, id, { collapsed }), workflow);
}
