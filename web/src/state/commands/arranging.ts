/** Where things stand: frames, notes, alignment. */

import { addFrame, addNote, align, distribute, type Edge, placeBoxes, type Rect } from "../../document";
import { texts } from "../../texts";
import { fetchLater } from "../../widgets/later";
import { type Editor, shownGraph, shownPlace } from "../editor";
import { projectionNow } from "../view";
import { change, chosen, type Deed, tabOf } from "./command";

const MARGIN = { side: 24, top: 48 };

function hasSeveral(editor: Editor): boolean {
  return chosen(editor).length > 1;
}

/** Rectangles of the selected nodes, where they stand on the canvas. */
function chosenRects(editor: Editor): Record<string, Rect> {
  const { rects } = projectionNow(editor);
  return Object.fromEntries(
    chosen(editor).flatMap((id) => {
      const rect = rects.get(id);
      return rect ? [[id, rect] as const] : [];
    }),
  );
}

function alignment(edge: Edge): Deed {
  return {
    id: `align-${edge}`,
    group: "arrange",
    isPossible: hasSeveral,
    run: (editor) =>
      change(editor, texts.edits.align, (workflow) => placeBoxes(workflow, align(chosenRects(editor), edge))),
  };
}

function distribution(axis: "x" | "y"): Deed {
  return {
    id: `distribute-${axis}`,
    group: "arrange",
    isPossible: hasSeveral,
    run: (editor) =>
      change(editor, texts.edits.distribute, (workflow) => placeBoxes(workflow, distribute(chosenRects(editor), axis))),
  };
}

function frameChosen(editor: Editor): void {
  const rects = Object.values(chosenRects(editor));
  const centre = editor.view.current?.centre() ?? { x: 0, y: 0 };
  const own = { x: Math.round(centre.x - 200), y: Math.round(centre.y - 120), width: 400, height: 240 };
  const rect = rects.length > 0 ? around(rects) : own;
  const key = `frame:${tabOf(editor).workflow.layout.frames.length}`;
  const graph = shownGraph(tabOf(editor));
  change(editor, texts.edits.addFrame, (workflow) => addFrame(workflow, { ...rect, title: "", colour: "", graph }), [
    key,
  ]);
  editor.ui.setState({ naming: key });
}

function around(rects: readonly Rect[]): Rect {
  const x = Math.min(...rects.map((rect) => rect.x)) - MARGIN.side;
  const y = Math.min(...rects.map((rect) => rect.y)) - MARGIN.top;
  const right = Math.max(...rects.map((rect) => rect.x + rect.width)) + MARGIN.side;
  const bottom = Math.max(...rects.map((rect) => rect.y + rect.height)) + MARGIN.side;
  return { x, y, width: right - x, height: bottom - y };
}

function addEmptyNote(editor: Editor): void {
  const { x, y } = editor.view.current?.centre() ?? { x: 0, y: 0 };
  const key = `note:${tabOf(editor).workflow.layout.notes.length}`;
  const graph = shownGraph(tabOf(editor));
  const note = { x: Math.round(x - 120), y: Math.round(y - 60), width: 240, height: 120, text: "", graph };
  change(editor, texts.edits.addNote, (workflow) => addNote(workflow, note), [key]);
  editor.ui.setState({ naming: key });
}

const layout = fetchLater(() => import("../../document/layout"));

export async function arrangeAll(editor: Editor): Promise<void> {
  const { autoLayout } = await layout();
  const { rects } = projectionNow(editor);
  const sizeOf = (id: string): Rect => rects.get(id) ?? { x: 0, y: 0, width: 232, height: 80 };
  change(editor, texts.edits.arrange, (workflow) => autoLayout(workflow, shownPlace(editor), sizeOf));
  editor.view.current?.fit();
}

export const ARRANGING: readonly Deed[] = [
  { id: "frame", shortcut: "Shift+F", group: "arrange", run: frameChosen },
  { id: "note", shortcut: "N", group: "arrange", run: addEmptyNote },
  { id: "arrange", shortcut: "L", group: "arrange", run: (editor) => void arrangeAll(editor) },
  alignment("left"),
  alignment("right"),
  alignment("top"),
  alignment("bottom"),
  alignment("centre"),
  alignment("middle"),
  distribution("x"),
  distribution("y"),
];
