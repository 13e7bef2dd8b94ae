/** Texts of the open workflows. */

export const tabs = {
  list: "Open workflows",
  untitled: "New workflow",
  add: "New workflow",
  close: (title: string) => `Close ${title}`,
  closed: (title: string) => `“${title}” was closed.`,
  stays: (name: string, why: string) => `“${name}” is not saved yet and stays open. ${why}`,
  name: "Name of the workflow",
  nameHint: "A double click renames it",
  menu: { rename: "Rename", duplicate: "Duplicate", close: "Close", closeOthers: "Close the others" },
  copyOf: (title: string) => `${title} copy`,
  states: {
    saved: "",
    changed: "Not saved yet; kept in this browser",
    saving: "Saving",
    conflict: "Somebody else has saved this workflow",
    failed: "Could not be saved; kept in this browser",
  },
} as const;
