/** Menus on what is pointed at, and other gestures on nodes and wires. */

import type { ReactFlowProps } from "@xyflow/react";
import { type MouseEvent, useMemo } from "react";
import { useEditor } from "../state/editor";
import { openCanvasMenu, openNodeMenu, openOutputMenu, openWireMenu } from "../state/menus";
import { addPointAt } from "../state/points";
import { pointOf } from "./dropping";
import type { CanvasNode, Wire } from "./model";

type Gestures = Pick<
  ReactFlowProps<CanvasNode, Wire>,
  "onNodeContextMenu" | "onEdgeContextMenu" | "onEdgeDoubleClick" | "onPaneContextMenu"
>;

export function useMenus(): Gestures {
  const editor = useEditor();
  return useMemo(
    () => ({
      onNodeContextMenu: (event, { id }) => {
        const socket = (event.target as Element).closest(".react-flow__handle.source")?.getAttribute("data-handleid");
        if (socket?.startsWith("out:")) openOutputMenu(editor, event, id, socket.slice(4));
        else openNodeMenu(editor, event, id);
      },
      onEdgeDoubleClick: (event, { data }) => data && addPointAt(editor, data.key, pointOf(event)),
      onEdgeContextMenu: (event, { data }) => data && openWireMenu(editor, event, data.key),
      onPaneContextMenu: (event) => openCanvasMenu(editor, event as MouseEvent),
    }),
    [editor],
  );
}
