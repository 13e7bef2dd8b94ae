/** The editor with its styles: the canvas's own come after the library's. */

import "@xyflow/react/dist/base.css";
import "./app.css";
import "../canvas/canvas.css";

export { App } from "./App";
