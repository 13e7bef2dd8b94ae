/** The widgets for values: on nodes and in forms alike. */

import "./widgets.css";
import "./pictures.css";

export { backdropOf } from "./backdrops";
export { Dialog, useModal } from "./Dialog";
export {
  createWidgetEnvironment,
  useKnown,
  useSeedMode,
  useWidgets,
  type WidgetEnvironment,
  WidgetProvider,
} from "./environment";
export { type WidgetKind, widgetOf } from "./kinds";
export { fetchLater, later } from "./later";
export { Markdown } from "./Markdown";
export { defaultOf, numberOf, showNumber } from "./numbers";
export { FILE_DRAG } from "./pictures";
export { type Prompts, promptsOf } from "./prompts";
export { advanceSeeds, type SeedMode, seedKey } from "./seeds";
export { ValueField, ValueWidget, type ValueWidgetProps } from "./ValueWidget";
