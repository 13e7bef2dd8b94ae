/** Documentation of node types, from the catalogue. */

import "./reference.css";

export { ReferencePanel } from "./ReferencePanel";
