/** Texts of the frame around the canvas: the bar above it, the tools below it, what stands beside it. */

import { english } from "./counting";

export const bar = {
  light: "Light theme",
  dark: "Dark theme",
  results: "Results",
  run: "Run",
  queued: "Queued",
  starting: "Starting",
  progress: english.percent,
  panels: "Panels",
  sides: { inputs: "Inputs and outputs", library: "Nodes", workflows: "Workflows" },
  subgraphs: "Subgraphs",
  workflow: "Workflow",
  tools: "Canvas tools",
  undoing: (hint: string, step: string) => `${hint}: ${step}`,
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  lost: "The server cannot be reached. Trying again.",
  connecting: "Connecting",
  engine: (state: string) => `The engine is ${state}`,
  faults: "Faults",
  faultCount: (count: number) => english.count(count, { one: "# fault", other: "# faults" }),
  searchNodes: "Search nodes",
  empty: {
    title: "Nothing here yet",
    add: "Double-click, or press Tab, to add a node.",
    drop: "Drop or paste a picture, or a workflow.",
  },
  dropped: {
    clipboard: "What was copied",
    unknown: (name: string) => `${name} is neither a workflow nor a picture.`,
  },
} as const;
