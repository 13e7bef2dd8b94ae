/**
 * Going about the canvas with the arrow keys.
 *
 * At a node they lead to the nearest node that way; past the border of a loop's body, to the loop. At a socket they lead
 * to the socket beside it, and out of the node along the wire.
 */

import { type CanvasNode, type End, endOfLink, endOfTarget, linkOfSocket, targetOfSocket } from "../canvas/model";
import { homes, isLoop, linkAt, nodeOf, nodesAt, PARAMETER, placeOf, readersOf, type Workflow } from "../document";
import { type Editor, knowledge, shownGraph, shownPlace } from "../state/editor";
import { activeTab, enter, select } from "../state/tabs";
import { say } from "../state/ui";
import { texts } from "../texts";
import { paletteInside } from "./adding";
import { putCursor, rectOf, type Scene, sceneOf } from "./cursor";
import { nameOfEnd } from "./describe";
import { type Direction, nearest } from "./nearest";
import { beside, inOrder, socketsOf } from "./sockets";

const words = texts.building;

export function go(editor: Editor, direction: Direction): void {
  const scene = sceneOf(editor);
  if (scene.socket) goFromSocket(editor, scene, direction);
  else if (scene.node) goFromNode(editor, scene, scene.node, direction);
  else goToMiddle(editor, scene);
}

/** Selects the next node that way beside what is selected. */
export function extend(editor: Editor, direction: Direction): void {
  const scene = sceneOf(editor);
  const next = scene.node && neighbour(scene, scene.node, direction);
  if (next) putCursor(editor, { node: next.id, socket: "" }, activeTab(editor.tabs.getState()).selection);
}

/** Nothing is selected: what is nearest to the middle of the view. */
function goToMiddle(editor: Editor, scene: Scene): void {
  const { x, y } = editor.view.current?.centre() ?? { x: 0, y: 0 };
  const off = (node: CanvasNode): number => {
    const rect = rectOf(scene, { node: node.id, socket: "" });
    return rect ? Math.hypot(rect.x + rect.width / 2 - x, rect.y + rect.height / 2 - y) : Number.POSITIVE_INFINITY;
  };
  const [first] = scene.nodes.filter(({ type }) => type === "node" || type === "loop").sort((a, b) => off(a) - off(b));
  if (first) putCursor(editor, { node: first.id, socket: "" });
  else say(editor.ui, words.empty);
}

function goFromNode(editor: Editor, scene: Scene, node: CanvasNode, direction: Direction): void {
  const next = neighbour(scene, node, direction);
  if (next) putCursor(editor, { node: next.id, socket: "" });
}

/** The nearest node that way in the same body, or the loop whose border is in between. */
function neighbour(scene: Scene, node: CanvasNode, direction: Direction): CanvasNode | undefined {
  const from = rectOf(scene, { node: node.id, socket: "" });
  if (!from) return undefined;
  const others = scene.nodes.flatMap((other) => {
    const rect = rectOf(scene, { node: other.id, socket: "" });
    return rect && other.id !== node.id && other.parentId === node.parentId && other.type !== "frame"
      ? [{ node: other, rect }]
      : [];
  });
  return nearest(from, others, direction)?.node ?? scene.nodes.find(({ id }) => id === node.parentId);
}

function goFromSocket(editor: Editor, scene: Scene, direction: Direction): void {
  const { node, socket, cursor } = scene;
  if (!node || !socket || !cursor) return;
  const outward: Direction = socket.side === "target" ? "left" : "right";
  const ends = direction === outward ? endsOfWires(knowledge(editor).workflow, scene, cursor) : [];
  const [only, ...others] = ends;
  const next = beside(socketsOf(node), socket, direction);
  if (only && others.length === 0) putCursor(editor, only);
  else if (only) chooseWhere(editor, cursor, ends);
  else if (next) putCursor(editor, { node: node.id, socket: next.id });
}

/** The other ends of the wires at a socket. */
export function endsOfWires(workflow: Workflow, { nodes }: Scene, { node, socket }: End): End[] {
  const target = targetOfSocket(node, socket);
  const link = target && linkAt(workflow, target);
  if (link) return link[0] === PARAMETER ? [] : [endOfLink(link)];
  if (target) return [];
  const shown = new Set(nodes.map(({ id }) => id));
  return readersOf(workflow, linkOfSocket(node, socket)).flatMap(({ target: reader }) =>
    reader.kind !== "output" && shown.has(reader.node) ? [endOfTarget(reader)] : [],
  );
}

function chooseWhere(editor: Editor, from: End, ends: readonly End[]): void {
  const known = knowledge(editor);
  editor.ui.setState({
    chooser: {
      ...words.chooser.follow,
      from,
      list: () =>
        ends.map((end) => ({
          id: `${end.node} ${end.socket}`,
          label: nameOfEnd(known, end),
          detail: "",
          reason: "",
          at: end,
          act: () => putCursor(editor, end),
        })),
    },
  });
}

/** To the first or last socket of the node at the cursor. */
export function goToEdge(editor: Editor, which: "first" | "last"): void {
  const { node } = sceneOf(editor);
  const socket = node && inOrder(socketsOf(node)).at(which === "first" ? 0 : -1);
  if (node && socket) putCursor(editor, { node: node.id, socket: socket.id });
}

/** Lets go of the wire in hand; else from a socket to its node; else from a node to nothing. */
export function stepBack(editor: Editor): void {
  const { socket, node } = sceneOf(editor);
  if (editor.ui.getState().wiring) editor.view.current?.letGo();
  else if (socket && node) putCursor(editor, { node: node.id, socket: "" });
  else {
    select(editor.tabs, []);
    say(editor.ui, words.says.nothingSelected);
  }
}

/** Into the loop or the subgraph at the cursor. */
export function goInside(editor: Editor): void {
  const { cursor } = sceneOf(editor);
  const { workflow, entered } = activeTab(editor.tabs.getState());
  const node = cursor && nodeOf(workflow, cursor.node);
  if (!cursor || !node) return;
  const [first] = isLoop(node) ? inReadingOrder(sceneOf(editor), Object.keys(node.body)) : [];
  if (!isLoop(node)) enter(editor.tabs, [...entered, node.type]);
  else if (first !== undefined) putCursor(editor, { node: first, socket: "" });
  else paletteInside(editor, cursor.node);
}

function inReadingOrder({ rects }: Scene, ids: readonly string[]): string[] {
  const at = (id: string): number => (rects.get(id)?.x ?? 0) + (rects.get(id)?.y ?? 0) / 1_000;
  return [...ids].sort((a, b) => at(a) - at(b));
}

export function canGoInside(editor: Editor): boolean {
  const { workflow, selection } = activeTab(editor.tabs.getState());
  const node = selection.size === 1 ? nodeOf(workflow, [...selection][0] ?? "") : undefined;
  return node !== undefined && (isLoop(node) || Object.hasOwn(workflow.subgraphs, node.type));
}

/** Out of the loop around the cursor, else out of the subgraph on the canvas. */
export function goOut(editor: Editor): void {
  const { cursor } = sceneOf(editor);
  const { workflow, entered } = activeTab(editor.tabs.getState());
  const loop = cursor && homes(workflow).get(cursor.node)?.place.loops.at(-1);
  if (loop !== undefined) putCursor(editor, { node: loop, socket: "" });
  else leaveSubgraph(editor, entered);
}

function leaveSubgraph(editor: Editor, entered: readonly string[]): void {
  const graph = entered.at(-1);
  if (graph === undefined) return;
  enter(editor.tabs, entered.slice(0, -1));
  const around = nodesAt(knowledge(editor).workflow, shownPlace(editor));
  const use = Object.keys(around).find((id) => around[id]?.type === graph);
  if (use !== undefined) putCursor(editor, { node: use, socket: "" });
}

export function canGoOut(editor: Editor): boolean {
  const tab = activeTab(editor.tabs.getState());
  return shownGraph(tab) !== "" || [...tab.selection].some((id) => placeOf(tab.workflow, id).loops.length > 0);
}
