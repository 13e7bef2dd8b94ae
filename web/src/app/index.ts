/** The editor with its styles: the canvas's own come after the library's. */

import "@xyflow/react/dist/base.css";
import "./app.css";
import "../canvas/canvas.css";
import "../canvas/touch.css";

export { App } from "./App";
