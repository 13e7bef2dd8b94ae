/** The first minute: examples and the tour. */

import "./tour.css";

export { Tour } from "./Tour";
