import { building } from "./english/building";
import { canvas } from "./english/canvas";
import { commands } from "./english/commands";
import { form } from "./english/form";
import { menus } from "./english/menus";
import { reference } from "./english/reference";
import { results } from "./english/results";
import { saving } from "./english/saving";
import { steps } from "./english/steps";
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
  building,
  canvas,
  commands,
  form,
  menus,
  reference,
  results,
  saving,
  steps,
  ...tour,
} as const;
