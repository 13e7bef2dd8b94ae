import { bar } from "./english/bar";
import { building } from "./english/building";
import { canvas } from "./english/canvas";
import { commands } from "./english/commands";
import { edits } from "./english/edits";
import { form } from "./english/form";
import { inputs } from "./english/inputs";
import { library } from "./english/library";
import { menus } from "./english/menus";
import { fits, palette, server } from "./english/palette";
import { reference } from "./english/reference";
import { results } from "./english/results";
import { saving } from "./english/saving";
import { steps } from "./english/steps";
import { tabs } from "./english/tabs";
import { tour } from "./english/tour";
import { widgets } from "./english/widgets";

export const english = {
  product: "Latentloom",
  close: "Close",
  cancel: "Cancel",
  save: "Save",
  done: "Done",
  undo: "Undo",
  choose: "choose",
  on: "On",
  off: "Off",
  nothing: "nothing chosen",
  notSet: "not set",
  search: (what: string) => `Search: ${what}`,
  searchHint: "Search",
  noneFound: "Nothing found.",
  ...widgets,
  bar,
  building,
  canvas,
  commands,
  edits,
  form,
  inputs,
  library,
  menus,
  fits,
  palette,
  server,
  reference,
  results,
  saving,
  steps,
  tabs,
  ...tour,
} as const;
