/** A workflow as a plain form, for people who never want to see the graph. */

import "./form.css";

export { FormApp } from "./FormApp";
export { formAddress, formOf } from "./route";
