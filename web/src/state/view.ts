/** What commands need of the canvas: where things are, and moving the eye. Set by the canvas while it is shown. */

import type { Rect } from "../canvas/geometry";
import { type Projection, project, type View } from "../canvas/projection";
import type { Knowledge } from "../catalogue";
import type { Editor } from "./editor";
import { knowledge, shownGraph } from "./editor";
import { activeTab } from "./tabs";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface CanvasView {
  /** Shows some things, or all, as a whole; `isAtOnce`: without motion, also for those who want it. */
  readonly fit: (ids?: readonly string[], isAtOnce?: boolean) => void;
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

const made = new WeakMap<Knowledge, { readonly view: View; readonly projected: Projection }>();

/** What stands on the canvas now, with its sizes; made once for each document as it is looked at. */
export function projectionNow(editor: Editor): Projection {
  const known = knowledge(editor);
  const view = { graph: shownGraph(activeTab(editor.tabs.getState())), pictured: editor.ui.getState().pictured };
  const last = made.get(known);
  if (last?.view.graph === view.graph && last.view.pictured === view.pictured) return last.projected;
  const projected = project(known, view, new Map());
  made.set(known, { view, projected });
  return projected;
}
