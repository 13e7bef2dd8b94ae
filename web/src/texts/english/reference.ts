/** Texts of the node documentation. */

export const reference = {
  title: "Documentation",
  search: "Find a node",
  inputs: "Inputs",
  outputs: "Outputs",
  sources: "Sources",
  related: "In the same category",
  required: "needed",
  optional: "optional",
  lazy: "computed only when the node asks for it",
  isDefault: (value: string) => `default ${value}`,
  choices: "one of",
  further: "further inputs",
  impure: "Runs every time: its result is not kept.",
  conversion: "Put on a wire by itself, where its types meet.",
  plugin: (name: string) => `from the plugin ${name}`,
  version: (version: number) => `version ${version}`,
  add: "Add to the canvas",
  missing: (type: string) => `No node type is called “${type}” here: its plugin is not installed.`,
  none: "Select a node, or find one by name.",
  loop: {
    title: "Loop",
    category: "loop",
    text: `Runs what stands in it once for each element of a list.

**Each** walks lists together, one element an iteration: timesteps, a guidance scale for every step. **Carry** hands a
value from one iteration to the next: the latent, the scheduler's state. At the right edge, **next** says what is
carried on, and **collect** gathers one value of every iteration into a list.

Nodes inside may read anything from around the loop. A loop that carries nothing is a map: its iterations can run
together. Every iteration is remembered, so a change re-runs only the iterations that it reaches.`,
  },
} as const;
