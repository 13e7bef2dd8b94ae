/** Texts of the canvas: nodes, loops, wires, frames, notes. */

export const canvas = {
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
