/** Adding a node at the cursor: beside a node, wired to a socket, into a wire. */

import type { Rect } from "../canvas/geometry";
import { type End, targetOfSocket } from "../canvas/model";
import { project } from "../canvas/projection";
import { wiringFrom } from "../canvas/wiring";
import {
  insideOf,
  linkAt,
  PARAMETER,
  type Place,
  type Point,
  placeBoxes,
  placeOf,
  placeOfTarget,
  type Workflow,
} from "../document";
import type { Added } from "../palette/add";
import { type Editor, knowledge, knowledgeOf, shownPlace } from "../state/editor";
import type { Joining, PaletteRequest } from "../state/ui";
import { rectOf, type Scene, sceneOf } from "./cursor";
import { freeSpot } from "./nearest";

const GAP = 56;
const HEAD = 16;
const SCREEN_GAP_PX = 14;
const INSIDE_ZONE = { x: 130, y: 76 };

/** Opens the palette where the cursor is; what is chosen is wired to its socket, or goes into its wire. */
export function addAtCursor(editor: Editor): void {
  const scene = sceneOf(editor);
  if (scene.cursor && scene.rects.has(scene.cursor.node)) addAt(editor, scene.cursor);
  else open(editor, editor.view.current?.centre() ?? { x: 0, y: 0 }, shownPlace(editor), null);
}

export function addAt(editor: Editor, end: End): void {
  const scene = sceneOf(editor);
  const rect = scene.rects.get(end.node);
  const { workflow } = knowledge(editor);
  const wiring = joiningAt(workflow, end);
  const isBefore = wiring !== null && wiring.kind !== "from-output";
  if (rect) open(editor, spotBeside(scene, end, rect, isBefore), placeAt(workflow, end), wiring);
}

/** Opens the palette for the first node of a loop's body. */
export function paletteInside(editor: Editor, loop: string): void {
  const { rects } = sceneOf(editor);
  const rect = rects.get(loop);
  const at = rect ? { x: rect.x + INSIDE_ZONE.x, y: rect.y + INSIDE_ZONE.y } : { x: 0, y: 0 };
  open(editor, at, insideOf(knowledge(editor).workflow, loop), null);
}

function open(editor: Editor, canvas: PaletteRequest["canvas"], place: Place, wiring: Joining | null): void {
  const corner = editor.view.current?.toScreen(canvas) ?? { x: 0, y: 0 };
  const screen = { x: corner.x + SCREEN_GAP_PX, y: corner.y + SCREEN_GAP_PX };
  editor.ui.setState({ palette: { screen, canvas, place, wiring, isKeyed: true } });
}

/** What a node that is added at a socket is wired to. */
export function joiningAt(workflow: Workflow, { node, socket }: End): Joining | null {
  if (socket === "") return null;
  const target = targetOfSocket(node, socket);
  if (socket.startsWith("add:")) return null;
  if (!target) return wiringFrom(workflow, node, socket, "source");
  const link = linkAt(workflow, target);
  return link && link[0] !== PARAMETER ? { kind: "into-wire", link, target } : { kind: "from-input", target };
}

function placeAt(workflow: Workflow, { node, socket }: End): Place {
  const target = targetOfSocket(node, socket);
  if (target) return placeOfTarget(workflow, target);
  const isInside = socket.startsWith("inner:") || socket === "add:collect";
  return isInside ? insideOf(workflow, node) : placeOf(workflow, node);
}

/** Beside the socket's node, or inside the zone beside its edge. */
function spotBeside(scene: Scene, { node, socket }: End, rect: Rect, isBefore: boolean): Point {
  const y = socket === "" ? rect.y + HEAD : (rectOf(scene, { node, socket }) ?? rect).y;
  if (socket.startsWith("inner:")) return { x: rect.x + INSIDE_ZONE.x, y };
  if (/^(next|collect|add:collect)/.test(socket)) return { x: rect.x + rect.width - INSIDE_ZONE.x, y };
  return { x: isBefore ? rect.x - GAP : rect.x + rect.width + GAP, y };
}

/** Moves a node that was added where a key asked for it to where it has room. */
export function withRoom(editor: Editor, { id, workflow }: Added, { canvas, wiring }: PaletteRequest): Workflow {
  const { catalogue } = knowledge(editor);
  const { graph, loops } = placeOf(workflow, id);
  const view = { graph, pictured: editor.ui.getState().pictured };
  const { rects } = project(knowledgeOf(workflow, catalogue), view, new Map());
  const rect = rects.get(id);
  if (!rect) return workflow;
  const isBefore = wiring !== null && wiring.kind !== "from-output";
  const corner = { x: isBefore ? canvas.x - rect.width : canvas.x, y: canvas.y - HEAD };
  const others = [...rects].flatMap(([other, box]) => (other === id || loops.includes(other) ? [] : [box]));
  return placeBoxes(workflow, { [id]: freeSpot(corner, rect, others) });
}
