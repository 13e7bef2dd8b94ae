/** What is dropped on the canvas: a node type from the library, a workflow file, a picture with its workflow inside. */

import { useReactFlow } from "@xyflow/react";
import { type DragEvent, useMemo } from "react";
import { ApiError, type Upload } from "../api";
import { addNode, type DocumentFault, EMPTY_NODE, freshId, type Place, readWorkflow } from "../document";
import { addCandidate } from "../palette/add";
import { candidates } from "../palette/search";
import { DRAGGED_NODE } from "../panels/LibraryPanel";
import { FILE_DRAG } from "../results";
import { type Editor, knowledge, shownPlace, useEditor } from "../state/editor";
import { activeTab, edit, newTab, openTab } from "../state/tabs";
import { tell } from "../state/ui";
import { texts } from "../texts";

interface Point {
  readonly x: number;
  readonly y: number;
}

export function useFileDrop(): { onDragOver: (event: DragEvent) => void; onDrop: (event: DragEvent) => void } {
  const editor = useEditor();
  const flow = useReactFlow();
  return useMemo(
    () => ({
      onDragOver: (event) => event.preventDefault(),
      onDrop: (event) => {
        event.preventDefault();
        const canvas = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
        const type = event.dataTransfer.getData(DRAGGED_NODE);
        if (type) return dropNode(editor, type, canvas);
        const value = event.dataTransfer.getData(FILE_DRAG);
        if (value) return addPicture(editor, { value }, canvas, hereOf(editor));
        for (const file of event.dataTransfer.files) void dropFile(editor, file, canvas);
      },
    }),
    [editor, flow],
  );
}

function dropNode(editor: Editor, type: string, canvas: Point): void {
  const known = knowledge(editor);
  const candidate = candidates(known, null, "").find((found) => found.type === type);
  if (!candidate) return;
  const request = { screen: canvas, canvas, place: shownPlace(editor), wiring: null };
  const { id, workflow } = addCandidate(known, candidate, request);
  edit(editor.tabs, texts.edits.add(candidate.title), () => workflow, { select: [id] });
}

/** Where something was dropped: it stays there, also when another workflow is shown before it has come. */
interface Here {
  readonly tab: string;
  readonly place: Place;
}

function hereOf(editor: Editor): Here {
  return { tab: activeTab(editor.tabs.getState()).key, place: shownPlace(editor) };
}

/** Opens a workflow file, or the workflow that a picture carries; any other picture becomes a node that loads it. */
export async function dropFile(editor: Editor, file: File, canvas: Point): Promise<void> {
  const here = hereOf(editor);
  try {
    if (file.name.endsWith(".json")) {
      const reading = readWorkflow(await file.text());
      if (reading.ok) openTab(editor.tabs, newTab(reading.workflow));
      else tell(editor.ui, sayFault(file.name, reading.faults[0]));
      return;
    }
    const { upload, workflow } = await editor.widgets.uploadCarrying(file);
    if (workflow) openTab(editor.tabs, newTab(workflow));
    else if (upload.media_type.startsWith("image/")) addPicture(editor, upload, canvas, here);
    else tell(editor.ui, texts.bar.dropped.unknown(file.name));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    tell(editor.ui, `${file.name}: ${error.message}`);
  }
}

/** What is wrong with a document of some name; faults of the whole name no place in it. */
export function sayFault(name: string, fault: DocumentFault | undefined): string {
  if (!fault) return name;
  const place = fault.where === "workflow" ? name : `${name}: ${fault.where}`;
  return `${place} ${fault.what} ${fault.mend}`;
}

function addPicture(editor: Editor, { value }: Pick<Upload, "value">, { x, y }: Point, { tab, place }: Here): void {
  const node = { ...EMPTY_NODE, type: "load_image", values: { path: value } };
  const at = { x: Math.round(x), y: Math.round(y) };
  const shown = editor.tabs.getState().tabs.find(({ key }) => key === tab);
  if (!shown) return;
  const id = freshId(shown.workflow, "load_image");
  edit(editor.tabs, texts.edits.addPicture, (now) => addNode(now, place, id, node, at), { tab, select: [id] });
}
