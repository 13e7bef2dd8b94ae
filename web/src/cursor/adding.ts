/** Adding a node at the cursor: beside a node, wired to a socket, into a wire. */

import { NODE_WIDTH, type Rect } from "../canvas/geometry";
import { type End, targetOfSocket } from "../canvas/model";
import { wiringFrom } from "../canvas/wiring";
import { insideOf, linkAt, PARAMETER, type Place, placeOf, placeOfTarget, type Workflow } from "../document";
import { type Editor, knowledge, shownPlace } from "../state/editor";
import type { Joining, PaletteRequest } from "../state/ui";
import { rectOf, type Scene, sceneOf } from "./cursor";
import { freeSpot } from "./nearest";

/** As much room as most new nodes need. */
const SIZE = { width: NODE_WIDTH, height: 120 };
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
  if (!rect) return;
  const wiring = joiningAt(workflow, end);
  const place = placeAt(workflow, end);
  const isBefore = wiring !== null && wiring.kind !== "from-output";
  open(editor, spotBeside(scene, end, rect, isBefore), place, wiring);
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

/** Beside the socket's node, or inside the zone beside its edge, where nothing stands yet. */
function spotBeside(scene: Scene, { node, socket }: End, rect: Rect, isBefore: boolean): { x: number; y: number } {
  const at = rectOf(scene, { node, socket }) ?? rect;
  const isInner = socket.startsWith("inner:");
  const isInnerEnd = /^(next|collect|add:collect)/.test(socket);
  const edge = isInner
    ? rect.x + INSIDE_ZONE.x - GAP
    : isInnerEnd
      ? rect.x + rect.width - INSIDE_ZONE.x + GAP
      : undefined;
  const start = edge ?? (isBefore ? rect.x : rect.x + rect.width);
  const x = isBefore || isInnerEnd ? start - GAP - SIZE.width : start + GAP;
  const y = socket === "" ? rect.y : at.y - HEAD;
  const loops = new Set(scene.nodes.filter(({ type }) => type === "loop").map(({ id }) => id));
  const around = [...scene.rects].filter(
    ([id]) => !(loops.has(id) && (isInner || isInnerEnd || isWithin(scene, node, id))),
  );
  const spot = freeSpot(
    { x, y },
    SIZE,
    around.map(([, other]) => other),
  );
  return { x: isBefore ? spot.x + SIZE.width : spot.x, y: spot.y + HEAD };
}

function isWithin({ nodes }: Scene, id: string, loop: string): boolean {
  const parent = nodes.find((node) => node.id === id)?.parentId;
  return parent !== undefined && (parent === loop || isWithin({ nodes } as Scene, parent, loop));
}
