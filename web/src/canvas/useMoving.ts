/** Dragging nodes: into loops and out of them, onto wires. */

import type { ReactFlowProps } from "@xyflow/react";
import { useMemo } from "react";
import { insertOnLink } from "../document";
import { knowledge, useEditor } from "../state/editor";
import { activeTab, edit } from "../state/tabs";
import { texts } from "../texts";
import { dropThings, type Insertion, insertionOf, loopUnder, type Point, pointOf, wireUnder } from "./dropping";
import type { CanvasNode, Wire } from "./model";
import type { Projection } from "./projection";
import { useLatest } from "./useLatest";
import type { Shown } from "./useShown";

type DragEvent = Parameters<typeof pointOf>[0];
type Handlers = Pick<ReactFlowProps<CanvasNode, Wire>, "onNodeDrag" | "onNodeDragStop" | "onSelectionDragStop">;

export function useMoving(shown: Shown): Handlers {
  const editor = useEditor();
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
      const places = Object.fromEntries(moved.map((node) => [node.id, cornerOf(projected, node)] as const));
      const dropped = dropThings(activeTab(editor.tabs.getState()).workflow, projected, places);
      edit(editor.tabs, through ? texts.edits.insert : texts.edits.move, () =>
        through ? insertOnLink(dropped, through.id, through.input, through.output, through.target) : dropped,
      );
      settle();
    };
    return {
      onNodeDrag: (event, _, moved) => {
        const first = moved.find(({ type }) => type === "node" || type === "loop");
        const { projected } = latest.current;
        const moving = new Set(moved.map(({ id }) => id));
        const dropLoop = first ? (loopUnder(projected, middleOf(projected, first), moving).at(-1) ?? "") : "";
        const dropWire = insertion(event, moved)?.wire ?? "";
        const now = editor.ui.getState();
        if (now.dropLoop !== dropLoop || now.dropWire !== dropWire) editor.ui.setState({ dropLoop, dropWire });
      },
      onNodeDragStop: (event, _, moved) => drop(event, moved),
      onSelectionDragStop: (event, moved) => moved.length > 0 && drop(event, moved),
    };
  }, [editor, latest]);
}

/** Where a node in hand is, absolute. What is drawn, and what React Flow looks up, may be a move of the pointer behind. */
function cornerOf({ rects }: Projection, { position, parentId }: CanvasNode): Point {
  const { x, y } = rects.get(parentId ?? "") ?? { x: 0, y: 0 };
  return { x: x + position.x, y: y + position.y };
}

function middleOf(projected: Projection, node: CanvasNode): Point {
  const { x, y } = cornerOf(projected, node);
  return { x: x + (node.width ?? 0) / 2, y: y + (node.height ?? 0) / 2 };
}
