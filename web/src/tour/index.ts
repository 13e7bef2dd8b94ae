/** The first minute: examples and the tour. */

import "./tour.css";

export { ExamplesDialog } from "./ExamplesDialog";
export { Tour } from "./Tour";
