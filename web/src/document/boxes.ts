/** The picture: boxes, frames and notes. Never touches the logic. */

import { withField, withoutFields } from "./fields";
import { type Box, EMPTY_BOX, type Frame, type Layout, type Named, type Note, type Workflow } from "./types";

export interface Point {
  readonly x: number;
  readonly y: number;
}

function changeLayout(workflow: Workflow, change: Partial<Layout>): Workflow {
  return { ...workflow, layout: { ...workflow.layout, ...change } };
}

export function boxOf(workflow: Workflow, id: string): Box {
  return workflow.layout.nodes[id] ?? EMPTY_BOX;
}

export function changeBox(workflow: Workflow, id: string, change: Partial<Box>): Workflow {
  return changeLayout(workflow, { nodes: withField(workflow.layout.nodes, id, { ...boxOf(workflow, id), ...change }) });
}

/** Places nodes at whole canvas units. */
export function placeBoxes(workflow: Workflow, points: Named<Point>): Workflow {
  const nodes: Record<string, Box> = { ...workflow.layout.nodes };
  for (const [id, { x, y }] of Object.entries(points)) {
    const box = nodes[id] ?? EMPTY_BOX;
    const [left, top] = [Math.round(x), Math.round(y)];
    if (box.x !== left || box.y !== top || !Object.hasOwn(nodes, id)) nodes[id] = { ...box, x: left, y: top };
  }
  return changeLayout(workflow, { nodes });
}

export function setColour(workflow: Workflow, ids: readonly string[], colour: string): Workflow {
  return ids.reduce((now, id) => changeBox(now, id, { colour }), workflow);
}

export function setCollapsed(workflow: Workflow, ids: readonly string[], collapsed: boolean): Workflow {
  return ids.reduce((now, id) => changeBox(now, id, { collapsed }), workflow);
}

/** Removes boxes of nodes that are not there. */
export function withoutBoxes(workflow: Workflow, ids: readonly string[]): Workflow {
  return changeLayout(workflow, { nodes: withoutFields(workflow.layout.nodes, ...ids) });
}

export function addFrame(workflow: Workflow, frame: Frame): Workflow {
  return changeLayout(workflow, { frames: [...workflow.layout.frames, frame] });
}

export function changeFrame(workflow: Workflow, index: number, change: Partial<Frame>): Workflow {
  return changeLayout(workflow, { frames: changeAt(workflow.layout.frames, index, change) });
}

export function removeFrame(workflow: Workflow, index: number): Workflow {
  return changeLayout(workflow, { frames: workflow.layout.frames.filter((_, i) => i !== index) });
}

export function addNote(workflow: Workflow, note: Note): Workflow {
  return changeLayout(workflow, { notes: [...workflow.layout.notes, note] });
}

export function changeNote(workflow: Workflow, index: number, change: Partial<Note>): Workflow {
  return changeLayout(workflow, { notes: changeAt(workflow.layout.notes, index, change) });
}

export function removeNote(workflow: Workflow, index: number): Workflow {
  return changeLayout(workflow, { notes: workflow.layout.notes.filter((_, i) => i !== index) });
}

function changeAt<T>(items: readonly T[], index: number, change: Partial<T>): T[] {
  return items.map((item, i) => (i === index ? { ...item, ...change } : item));
}
