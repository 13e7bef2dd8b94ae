/** A workflow as a plain form, for people who never want to see the graph. */

import "./form.css";

export { FormPage } from "./FormPage";
export { FormView } from "./FormView";
export { formAddress, formOf } from "./route";
export { SweepDialog } from "./SweepDialog";
export { combinations, readSweep } from "./sweep";
export { faultsByInput, inputsToSend, kindOf, problemOf, rangeText, readText, shownText } from "./values";
