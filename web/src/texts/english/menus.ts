/** Texts of the menus on what is pointed at. */

export const menus = {
  colour: "Colour",
  colours: {
    "": "No colour",
    red: "Red",
    orange: "Orange",
    yellow: "Yellow",
    green: "Green",
    teal: "Teal",
    blue: "Blue",
    purple: "Purple",
    pink: "Pink",
    grey: "Grey",
  },
  makeValue: "Make it a value of this node",
  makeInput: { workflow: "Make it an input of the workflow", subgraph: "Make it an input of the subgraph" },
  makeOutput: { workflow: "Make it an output of the workflow", subgraph: "Make it an output of the subgraph" },
  readInput: (name: string) => `Read the input “${name}”`,
  unplug: "Unplug",
  reset: "Reset to default",
  rename: "Rename",
  leaveLoop: "Remove from the loop",
  addPoint: "Add a point here",
  straighten: "Straighten the wire",
  removePoint: "Remove the point",
} as const;
