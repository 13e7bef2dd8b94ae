/** Dragging nodes, or with Alt copies of them: into loops and out of them, onto wires. */

import type { ReactFlowProps } from "@xyflow/react";
import { useMemo } from "react";
import { insertOnLink } from "../document";
import { knowledge, useEditor } from "../state/editor";
import { activeTab, edit } from "../state/tabs";
import { texts } from "../texts";
import { dropThings, type Insertion, insertionOf, loopUnder, type Point, pointOf, wireUnder } from "./dropping";
import { aroundHand, inHand, NOTHING, OWN, putBack, takeCopies } from "./hand";
import type { CanvasNode, Wire } from "./model";
import type { Projection } from "./projection";
import { useLatest } from "./useLatest";
import type { Shown } from "./useShown";

type DragEvent = Parameters<typeof pointOf>[0];
type Handlers = Pick<
  ReactFlowProps<CanvasNode, Wire>,
  "onNodeDragStart" | "onSelectionDragStart" | "onNodeDrag" | "onNodeDragStop" | "onSelectionDragStop"
>;

export function useMoving(shown: Shown): Handlers {
  const editor = useEditor();
  const latest = useLatest(shown);
  return useMemo(() => {
    /** What is moved, and the canvas around it. */
    const heldNow = (dragged: readonly CanvasNode[]) => {
      const { hand, projected } = latest.current;
      return {
        moved: inHand(hand.current, projected, dragged),
        around: aroundHand(hand.current, projected),
      };
    };
    /** The wire that a dragged node would go into. */
    const insertion = (event: DragEvent, moved: readonly CanvasNode[]): (Insertion & { wire: string }) | undefined => {
      const [only, ...others] = moved;
      if (!only || others.length > 0) return undefined;
      const wire = wireUnder(only.id, pointOf(event));
      const { projected } = latest.current;
      const found = wire === undefined ? undefined : insertionOf(knowledge(editor), projected, only.id, wire);
      return found && wire !== undefined ? { ...found, wire } : undefined;
    };
    const letGo = (): void => {
      window.removeEventListener("keydown", onKeyDown, true);
      editor.ui.setState({ dropLoop: "", dropWire: "" });
      latest.current.settle();
    };
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      const { hand } = latest.current;
      putBack(editor, hand.current);
      hand.current = NOTHING;
      letGo();
    };
    const take = (event: Pick<MouseEvent, "altKey">, dragged: readonly CanvasNode[]): void => {
      const { hand, projected } = latest.current;
      hand.current = OWN;
      if (event.altKey) hand.current = takeCopies(editor, projected, dragged);
      window.addEventListener("keydown", onKeyDown, true);
    };
    const drop = (event: DragEvent, dragged: readonly CanvasNode[]): void => {
      const { hand } = latest.current;
      const { moved, around } = heldNow(dragged);
      const [label, merge] =
        hand.current.kind === "copies" ? [texts.edits.duplicate, hand.current.step] : [texts.edits.move, ""];
      const through = insertion(event, moved);
      const places = Object.fromEntries(moved.map((node) => [node.id, cornerOf(around, node)] as const));
      const dropped = dropThings(activeTab(editor.tabs.getState()).workflow, around, places);
      edit(
        editor.tabs,
        through ? texts.edits.insert : label,
        () => (through ? insertOnLink(dropped, through.id, through.input, through.output, through.target) : dropped),
        { merge },
      );
      hand.current = OWN;
      letGo();
    };
    return {
      onNodeDragStart: (event, _, dragged) => take(event, dragged),
      onSelectionDragStart: (event, dragged) => take(event, dragged),
      onNodeDrag: (event, _, dragged) => {
        const { moved, around } = heldNow(dragged);
        const first = moved.find(({ type }) => type === "node" || type === "loop");
        const moving = new Set(moved.map(({ id }) => id));
        const dropLoop = first ? (loopUnder(around, middleOf(around, first), moving).at(-1) ?? "") : "";
        const dropWire = insertion(event, moved)?.wire ?? "";
        const now = editor.ui.getState();
        if (now.dropLoop !== dropLoop || now.dropWire !== dropWire) editor.ui.setState({ dropLoop, dropWire });
      },
      onNodeDragStop: (event, _, dragged) => drop(event, dragged),
      onSelectionDragStop: (event, dragged) => dragged.length > 0 && drop(event, dragged),
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
