/** Texts of the canvas: nodes, loops, wires, frames, notes. */

import { english } from "./counting";

export const canvas = {
  name: "Canvas",
  overview: "Overview",
  reads: (input: string) => `Reads the workflow's input “${input}”`,
  resultOf: (title: string) => `Result of ${title}`,
  noPicture: "No picture yet",
  fold: "Fold",
  unfold: "Unfold",
  muted: "muted",
  bypassed: "bypassed",
  isOutput: "An output of the workflow",
  run: {
    cached: "cached",
    failed: "failed",
    skipped: "skipped",
    computedIn: (count: number, time: string) => `${english.number(count)} computed in ${time}`,
    fromCache: (count: number) => `${english.number(count)} from the cache`,
    together: (count: number) => `up to ${english.number(count)} calls ran together`,
  },
  socket: {
    source: (name: string, type: string) => `output ${name} ${type}`.trim(),
    target: (name: string, type: string) => `input ${name} ${type}`.trim(),
    adding: "Drop a wire here to add it",
    typed: (name: string, type: string) => `${name}: ${type || "unknown type"}`,
  },
  title: "Title",
  frame: (title: string) => (title ? `Frame ${title}` : "Frame"),
  frameTitle: "Frame",
  note: "Note",
  noteHint: "Write Markdown",
  loop: (title: string) => `Loop ${title}`,
  loopValue: "Name in the loop",
  iterations: (done: number, total: number) => `${done} of ${total} iterations`,
  edges: {
    each: "Walked: one element in each iteration",
    carry: "Carried from one iteration to the next",
    collect: "Collected from all iterations as a list",
    index: "Number of the iteration, from 0",
    "add-input": "Drop a wire here: a list is walked, anything else is carried",
    "add-collect": "Drop a wire from inside here to collect it",
  },
  adding: { "add-input": "add", "add-collect": "collect" },
  point: (number: number, node: string, name: string) => `Point ${number} of the wire to ${name} of ${node}`,
  pointHint: "Drag it; Delete removes it",
} as const;
