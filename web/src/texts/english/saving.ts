/** Saving workflows. */

export const saving = {
  title: "Save the workflow",
  name: "Name",
  hint: "From then on it is saved by itself, and stands under Workflows.",
  save: "Save",
  cancel: "Cancel",
  conflict: "Somebody else has saved this workflow.",
  kept: "Yours is not lost: it stays here until you choose.",
  theirs: "Show theirs",
  mine: "Save mine over it",
  copy: "Save mine as a copy",
} as const;
