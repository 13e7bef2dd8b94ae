/** Showing a part of the canvas as a whole, and keeping it whole when the canvas becomes larger or smaller. */

import { getViewportForBounds, type ReactFlowInstance, type useStoreApi, type Viewport } from "@xyflow/react";
import type { Rect } from "./geometry";
import type { CanvasNode, Wire } from "./model";

type Flow = ReactFlowInstance<CanvasNode, Wire>;
type Store = Pick<ReturnType<typeof useStoreApi<CanvasNode, Wire>>, "getState" | "subscribe">;

/** Room around what is shown, for names beside nodes and the bar below them. */
const PADDING = { x: "4%", top: "24px", bottom: "64px" } as const;
const MAX_ZOOM = 1;
/** What a motion may end beside its aim. */
const SLACK_PX = 1;
const SLACK_ZOOM = 1e-3;

interface Fitted extends Viewport {
  readonly rect: Rect;
  readonly width: number;
  readonly height: number;
}

export interface Fitting {
  readonly show: (rect: Rect, duration?: number) => void;
  readonly stop: () => void;
}

/** What was fitted stays so until the eye is moved by anything else. Nothing moves under a hand that is busy. */
export function createFitting(flow: Flow, store: Store): Fitting {
  let fitted: Fitted | undefined;
  const show: Fitting["show"] = (rect, duration = 0) => {
    const { width, height, minZoom } = store.getState();
    const viewport = getViewportForBounds(rect, width, height, minZoom, MAX_ZOOM, PADDING);
    fitted = { ...viewport, rect, width, height };
    // Whose size changes on the way there is fitted again at its end.
    void flow.setViewport(viewport, duration > 0 ? { duration } : {}).then(refit);
  };
  const refit = (): void => {
    const { width, height } = store.getState();
    if (!fitted || width === 0 || height === 0 || (width === fitted.width && height === fitted.height)) return;
    if (isNear(flow.getViewport(), fitted) && !isBusy(store)) show(fitted.rect);
  };
  return { show, stop: store.subscribe(refit) };
}

function isNear(a: Viewport, b: Viewport): boolean {
  const [dx, dy] = [Math.abs(a.x - b.x), Math.abs(a.y - b.y)];
  return dx < SLACK_PX && dy < SLACK_PX && Math.abs(a.zoom / b.zoom - 1) < SLACK_ZOOM;
}

/** Whether something on the canvas is being dragged, or a wire or a box is being drawn. */
function isBusy(store: Store): boolean {
  const { connection, userSelectionActive, paneDragging, nodeLookup } = store.getState();
  return connection.inProgress || userSelectionActive || paneDragging || [...nodeLookup.values()].some(isDragged);
}

function isDragged({ dragging = false }: Pick<CanvasNode, "dragging">): boolean {
  return dragging;
}
