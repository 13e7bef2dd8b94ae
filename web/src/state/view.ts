/** What commands need of the canvas: where things are, and moving the eye. Set by the canvas while it is shown. */

import type { Rect } from "../canvas/geometry";
import { type Memory, type Projection, project } from "../canvas/projection";
import type { Editor } from "./editor";
import { knowledge, shownGraph } from "./editor";
import { activeTab } from "./tabs";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface CanvasView {
  readonly fit: (ids?: readonly string[]) => void;
  readonly zoomTo: (zoom: number) => void;
  readonly toCanvas: (screen: Point) => Point;
  readonly toScreen: (canvas: Point) => Point;
  readonly zoom: () => number;
  /** The middle of what is seen, in canvas units. */
  readonly centre: () => Point;
  /** Pans just as far as a rectangle of the canvas needs to be seen; `covered`: pixels at the right that a list hides. */
  readonly reveal: (rect: Rect, covered?: number) => void;
  /** Lets go of the wire in hand. */
  readonly letGo: () => void;
  /** Gives the keyboard to the canvas. */
  readonly focus: () => void;
}

/** What stands on the canvas now, with its sizes. */
export function projectionNow(editor: Editor, memory: Memory = new Map()): Projection {
  const tab = activeTab(editor.tabs.getState());
  const view = { graph: shownGraph(tab), pictured: editor.ui.getState().pictured };
  return project(knowledge(editor), view, memory);
}
