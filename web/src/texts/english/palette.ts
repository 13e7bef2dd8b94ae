/** Texts of the palette, of what fits a wire, and of the server's absence. */

import { english } from "./counting";

const nodes = (count: number): string => english.count(count, { one: "# node", other: "# nodes" });

export const palette = {
  title: "Add a node",
  search: "Search nodes",
  nodes: "Nodes",
  none: "No node is called that.",
  count: nodes,
  fitting: {
    "from-output": (count: number, type: string) =>
      english.count(count, { one: `# node that takes ${type}`, other: `# nodes that take ${type}` }),
    "from-input": (count: number, type: string) =>
      english.count(count, { one: `# node that gives ${type}`, other: `# nodes that give ${type}` }),
    "into-wire": (count: number, type: string) =>
      english.count(count, {
        one: `# node that goes into a wire of ${type}`,
        other: `# nodes that go into a wire of ${type}`,
      }),
  },
  advice: {
    outputs:
      "No node is needed for this: right-click an output of a node and make it an output of the workflow. Every run shows and keeps it.",
    reroute: "No node is needed for this: a double click on a wire gives it a point, which can be dragged.",
  },
  loop: {
    title: "Loop",
    doc: "Runs what stands in it once for each element of a list, and carries values from one iteration to the next.",
  },
} as const;

export const fits = {
  otherGraph: "It stands in another graph.",
  circle: "This would make a circle. To repeat something, use a loop that carries the value.",
  ended: "This is what the loop gives when it has ended. Inside it, read the value at its left edge.",
  noList: (type: string) => `${type} arrives where a list is expected: each walks a list.`,
  unlike: (type: string, wanted: string) => `${type} arrives where ${wanted} is expected.`,
  collected: "Collected from every iteration.",
  mapped: "Runs once for each element.",
  converted: (conversion: string) => `Converted by ${conversion}.`,
} as const;

export const server = {
  away: "The server cannot be reached. Your work is kept here and is saved when it is back.",
  answered: (status: number) => `The server answered with ${status}.`,
} as const;
