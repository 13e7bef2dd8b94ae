/** What clicks do on the canvas, on nodes and on wires: menus, the palette, going into a subgraph. */

import { type ReactFlowProps, useReactFlow } from "@xyflow/react";
import { type MouseEvent, useMemo } from "react";
import { goInside } from "../cursor/going";
import { useEditor } from "../state/editor";
import { openCanvasMenu, openNodeMenu, openSocketMenu, openWireMenu } from "../state/menus";
import { addPointAt } from "../state/points";
import { pointOf } from "./dropping";
import type { CanvasNode, Wire } from "./model";
import type { Projection } from "./projection";
import { useLatest } from "./useLatest";
import { openPaletteFor } from "./useWiring";

/** Parts of a node where a double click means something else. */
const OWN_DOUBLE_CLICK =
  "input, textarea, button, .title, .edge-name, .react-flow__handle, .react-flow__resize-control";

type Gestures = Pick<
  ReactFlowProps<CanvasNode, Wire>,
  | "onNodeDoubleClick"
  | "onPaneClick"
  | "onNodeContextMenu"
  | "onEdgeContextMenu"
  | "onEdgeDoubleClick"
  | "onPaneContextMenu"
>;

export function useGestures(projected: Projection): Gestures {
  const editor = useEditor();
  const flow = useReactFlow<CanvasNode, Wire>();
  const latest = useLatest(projected);
  return useMemo(
    () => ({
      onPaneClick: (event) => {
        const { wiring: held } = editor.ui.getState();
        if (held || event.detail === 2) openPaletteFor(editor, flow, latest.current, pointOf(event), held);
        editor.view.current?.letGo();
      },
      onNodeDoubleClick: (event, node) => {
        if ((event.target as Element).closest(OWN_DOUBLE_CLICK)) return;
        if (node.type === "loop") openPaletteFor(editor, flow, latest.current, pointOf(event), null);
        if (node.type === "node" && node.data.signature.kind === "subgraph") goInside(editor);
      },
      onNodeContextMenu: (event, { id }) => {
        const socket = (event.target as Element).closest(".socket")?.getAttribute("data-handleid");
        if (socket) openSocketMenu(editor, event, { node: id, socket });
        else openNodeMenu(editor, event, id);
      },
      onEdgeDoubleClick: (event, { data }) => data && addPointAt(editor, data.key, pointOf(event)),
      onEdgeContextMenu: (event, { data }) => data && openWireMenu(editor, event, data.key),
      onPaneContextMenu: (event) => openCanvasMenu(editor, event as MouseEvent),
    }),
    [editor, flow, latest],
  );
}
