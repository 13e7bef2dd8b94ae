/** Moving the eye: what commands ask of the canvas, and looking at another tab or graph as a whole. */

import { useReactFlow, useStoreApi } from "@xyflow/react";
import { useEffect } from "react";
import { isStill } from "../settings/preferences";
import { shownGraph, useEditor, useTab } from "../state/editor";
import { type CanvasView, projectionNow } from "../state/view";
import { boundsOf } from "./bounds";
import { createFitting } from "./fitting";
import type { CanvasNode, Wire } from "./model";

const FIT_MS = 220;
const ZOOM_MS = 160;
const REVEAL_MS = 120;
/** How near to the edge of the view something may stand and count as seen. */
const MARGIN_PX = 28;

export function useView(isEmpty: boolean): void {
  const editor = useEditor();
  const flow = useReactFlow<CanvasNode, Wire>();
  const store = useStoreApi<CanvasNode, Wire>();
  const graph = useTab(shownGraph);
  const tab = useTab(({ key }) => key);
  useEffect(() => {
    const lasting = (duration: number) => ({ duration: isStill(editor.preferences.getState()) ? 0 : duration });
    const fitting = createFitting(flow, store);
    const view: CanvasView = {
      // From the document, and not from what is drawn: that may be a frame behind, and keys would be lost till then.
      fit: (ids, isAtOnce = false) => {
        const bounds = boundsOf(projectionNow(editor), ids);
        if (bounds) fitting.show(bounds, isAtOnce ? 0 : lasting(FIT_MS).duration);
      },
      zoomTo: (zoom) => void flow.zoomTo(zoom, lasting(ZOOM_MS)),
      toCanvas: (screen) => flow.screenToFlowPosition(screen),
      toScreen: (canvas) => flow.flowToScreenPosition(canvas),
      zoom: flow.getZoom,
      centre: () => {
        const pane = store.getState().domNode?.getBoundingClientRect();
        const middle = pane ? { x: pane.x + pane.width / 2, y: pane.y + pane.height / 2 } : { x: 0, y: 0 };
        return flow.screenToFlowPosition(middle);
      },
      reveal: (rect, covered = 0) => {
        const { width, height } = store.getState();
        const { x, y, zoom } = flow.getViewport();
        const dx = shift(rect.x * zoom + x, rect.width * zoom, width - covered);
        const dy = shift(rect.y * zoom + y, rect.height * zoom, height);
        if (dx !== 0 || dy !== 0) void flow.setViewport({ x: x + dx, y: y + dy, zoom }, lasting(REVEAL_MS));
      },
      letGo: () => {
        const { cancelConnection } = store.getState();
        cancelConnection();
        store.setState({ connectionClickStartHandle: null });
        if (editor.ui.getState().wiring) editor.ui.setState({ wiring: null });
      },
      focus: () => store.getState().domNode?.focus({ preventScroll: true }),
    };
    editor.view.current = view;
    return () => {
      fitting.stop();
      editor.view.current = null;
    };
  }, [editor, flow, store]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another tab or graph is looked at as a whole.
  useEffect(() => {
    if (isEmpty) void flow.setViewport({ x: 0, y: 0, zoom: 1 });
    else editor.view.current?.fit(undefined, true);
    // Whoever has just opened or chosen a tab goes on on the canvas.
    if (document.activeElement?.closest(".tabs")) editor.view.current?.focus();
  }, [tab, graph, flow]);
}

/** How far a stretch has to go to stand within a room; what is larger than it is shown from its beginning. */
function shift(start: number, length: number, room: number): number {
  const end = room - MARGIN_PX;
  if (start < MARGIN_PX || length > end - MARGIN_PX) return MARGIN_PX - start;
  return start + length > end ? end - (start + length) : 0;
}
