import { commands } from "./english/commands";
import { reference } from "./english/reference";
import { tour } from "./english/tour";
import { widgets } from "./english/widgets";

export const english = {
  close: "Close",
  cancel: "Cancel",
  save: "Save",
  done: "Done",
  choose: "choose",
  on: "On",
  off: "Off",
  nothing: "nothing chosen",
  search: (what: string) => `Search: ${what}`,
  searchHint: "Search",
  noneFound: "Nothing found.",
  ...widgets,
  commands,
  reference,
  ...tour,
} as const;
