/** Dragging nodes: into loops and out of them, onto wires. */

import { type ReactFlowProps, useReactFlow } from "@xyflow/react";
import { useMemo } from "react";
import { insertOnLink } from "../document";
import { knowledge, useEditor } from "../state/editor";
import { activeTab, edit } from "../state/tabs";
import { texts } from "../texts";
import { dropThings, type Insertion, insertionOf, loopUnder, type Point, pointOf, wireUnder } from "./dropping";
import type { CanvasNode, Wire } from "./model";
import { useLatest } from "./useLatest";
import type { Shown } from "./useShown";

type DragEvent = Parameters<typeof pointOf>[0];
type Handlers = Pick<ReactFlowProps<CanvasNode, Wire>, "onNodeDrag" | "onNodeDragStop" | "onSelectionDragStop">;

export function useMoving(shown: Shown): Handlers {
  const editor = useEditor();
  const flow = useReactFlow<CanvasNode, Wire>();
  const latest = useLatest(shown);
  return useMemo(() => {
    /** The wire that a dragged node would go into. */
    const insertion = (event: DragEvent, moved: readonly CanvasNode[]): (Insertion & { wire: string }) | undefined => {
      const [only, ...others] = moved;
      if (!only || others.length > 0) return undefined;
      const wire = wireUnder(only.id, pointOf(event));
      const { projected } = latest.current;
      const found = wire === undefined ? undefined : insertionOf(knowledge(editor), projected, only.id, wire);
      return found && wire !== undefined ? { ...found, wire } : undefined;
    };
    const drop = (event: DragEvent, moved: readonly CanvasNode[]): void => {
      const through = insertion(event, moved);
      const { projected, settle } = latest.current;
      editor.ui.setState({ dropLoop: "", dropWire: "" });
      const places = Object.fromEntries(
        moved.flatMap(({ id }) => {
          const at = flow.getInternalNode(id)?.internals.positionAbsolute;
          return at ? [[id, at] as const] : [];
        }),
      );
      const dropped = dropThings(activeTab(editor.tabs.getState()).workflow, projected, places);
      edit(editor.tabs, through ? texts.edits.insert : texts.edits.move, () =>
        through ? insertOnLink(dropped, through.id, through.input, through.output, through.target) : dropped,
      );
      settle();
    };
    return {
      onNodeDrag: (event, _, moved) => {
        const first = moved.find(({ type }) => type === "node" || type === "loop");
        const middle = first && middleOf(flow.getInternalNode(first.id));
        const moving = new Set(moved.map(({ id }) => id));
        const dropLoop = middle ? (loopUnder(latest.current.projected, middle, moving).at(-1) ?? "") : "";
        const dropWire = insertion(event, moved)?.wire ?? "";
        const now = editor.ui.getState();
        if (now.dropLoop !== dropLoop || now.dropWire !== dropWire) editor.ui.setState({ dropLoop, dropWire });
      },
      onNodeDragStop: (event, _, moved) => drop(event, moved),
      onSelectionDragStop: (event, moved) => moved.length > 0 && drop(event, moved),
    };
  }, [editor, flow, latest]);
}

type Standing = { internals: { positionAbsolute: Point }; width?: number; height?: number };

function middleOf(node: Standing | undefined): Point | undefined {
  if (!node) return undefined;
  const { x, y } = node.internals.positionAbsolute;
  return { x: x + (node.width ?? 0) / 2, y: y + (node.height ?? 0) / 2 };
}
