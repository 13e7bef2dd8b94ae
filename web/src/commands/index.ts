/** Commands by name and by key. The list of commands itself stands in state/commands. */

import "./commands.css";

export { chordsOf } from "./bindings";
export { CommandButton } from "./CommandButton";
export { CommandPalette } from "./CommandPalette";
export { useHint } from "./hint";
export { isTyping, useKeys } from "./keys";
export { showShortcut } from "./machine";
