/** Frames and notes: what stands behind and between the nodes of a graph. */

import { changeLayout } from "./boxes";
import type { Frame, Note, Workflow } from "./types";

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
