/** Texts of the panel of inputs and outputs. */

export const inputs = {
  title: { workflow: "Title of the workflow", subgraph: "Title of the subgraph" },
  untitled: { workflow: "Untitled workflow", subgraph: "Untitled subgraph" },
  description: "Description",
  describe: "Describe what it makes …",
  inputs: "Inputs",
  outputs: "Outputs",
  noInputs: {
    workflow: "Right-click an input of a node to make it an input of the workflow.",
    subgraph: "Right-click an input of a node to make it an input of the subgraph.",
  },
  noOutputs: {
    workflow: "Right-click an output of a node to make it an output of the workflow.",
    subgraph: "Right-click an output of a node to make it an output of the subgraph.",
  },
  rename: "Rename",
  removeInput: "Remove; what reads it keeps its value",
  removeOutput: "Remove",
  actions: (name: string) => `What can be done with ${name}`,
  name: (name: string) => `New name of ${name}`,
} as const;
