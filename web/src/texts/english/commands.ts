/** Texts of the command palette, the cheat sheet and the shortcuts' dialog. */

export const commands = {
  title: "Commands",
  hint: "What do you want to do?",
  recent: "Used last",
  noneFound: "No command is called that.",
  groups: {
    edit: "Edit",
    loop: "Loops and subgraphs",
    arrange: "Arrange",
    run: "Run",
    view: "View",
    file: "Workflows",
    help: "Help",
  },
  sheet: "Shortcuts",
  change: "Change shortcuts",
  keyboard: {
    title: "With the keyboard alone",
    rows: [
      ["Arrow keys", "move what is selected; with nothing selected, go from node to node"],
      ["Enter", "opens what is focused: a node's values, a menu, a subgraph"],
      ["Tab", "adds a node; inside a node it goes to the next value"],
      ["Drag a number", "changes it; Shift makes it fine; 512*1.5 may be typed"],
    ],
  },
  own: {
    title: "Shortcuts",
    search: "Find a command",
    none: "none",
    listen: "Press the keys…",
    change: (label: string) => `Change the shortcut of ${label}`,
    clear: (label: string) => `Remove the shortcut of ${label}`,
    restore: (label: string, chord: string) => `${label}: back to ${chord || "no shortcut"}`,
    restoreAll: "Back to the usual shortcuts",
    taken: (chord: string, label: string) => `${chord} is the shortcut of “${label}”.`,
    take: "Use it here instead",
    keep: "Keep it there",
    reserved: (chord: string) => `The browser keeps ${chord} for itself. Choose another one.`,
    clash: (labels: string) => `Also the shortcut of ${labels}: only the first one acts.`,
  },
} as const;
