/**
 * What a drag moves: what was taken hold of; with Alt a copy of it; nothing any more once Escape was pressed.
 *
 * React Flow knows of the first only. So copies are made where their originals stand, and go by as much as it moves these.
 */

import type { NodeChange } from "@xyflow/react";
import { flushSync } from "react-dom";
import { duplicate, nodesOf, type Point, thingOf, wireEnd, withInner } from "../document";
import { type Editor, shownGraph } from "../state/editor";
import { activeTab, changeTab, edit, type Tab, undo } from "../state/tabs";
import { texts } from "../texts";
import { carried } from "./carrying";
import type { CanvasNode } from "./model";
import type { Projection } from "./projection";

type Changes = readonly NodeChange<CanvasNode>[];

export interface Copies {
  readonly kind: "copies";
  readonly keys: ReadonlySet<string>;
  /** The copies with all that stands in them. */
  readonly all: ReadonlySet<string>;
  readonly originals: ReadonlySet<string>;
  /** What was taken hold of, and where it stands: how far it is moved, so far go the copies. */
  readonly first: string;
  readonly from: Point;
  /** What making them and dropping them have in common, so that they are one step. */
  readonly step: string;
  readonly before: Pick<Tab, "future" | "selection">;
}

export type Hand = { readonly kind: "own" | "nothing" } | Copies;

export const OWN: Hand = { kind: "own" };
export const NOTHING: Hand = { kind: "nothing" };

const COPIED: ReadonlySet<string> = new Set(["node", "frame", "note"]);

/** Copies of some things and of what they hold, where these stand. Of points of wires there are none. */
export function takeCopies(editor: Editor, projected: Projection, moved: readonly CanvasNode[]): Hand {
  const tab = activeTab(editor.tabs.getState());
  const moving = new Set(moved.map(({ id }) => id));
  const wanted = [...moving, ...carried(projected, moving)].filter((key) => COPIED.has(thingOf(key).kind));
  const { workflow, keys } = duplicate(tab.workflow, wanted, shownGraph(tab), { x: 0, y: 0 });
  const [first] = moved;
  if (!first || keys.length === 0) return OWN;
  const step = `copy ${keys[0]}`;
  // Drawn before they are moved.
  flushSync(() => edit(editor.tabs, texts.edits.duplicate, () => workflow, { merge: step, select: keys }));
  const all = withInner(workflow, nodesOf(keys));
  for (const key of keys) all.add(key);
  const originals = withInner(tab.workflow, nodesOf(wanted));
  const { id, position: from } = first;
  return { kind: "copies", keys: new Set(keys), all, originals, first: id, from, step, before: tab };
}

/** Undoes copying as if it had never been: what could be redone before still can. */
export function putBack({ tabs }: Editor, hand: Hand): void {
  const { key, past } = activeTab(tabs.getState());
  if (hand.kind !== "copies" || past.at(-1)?.merge !== hand.step) return;
  const { future, selection } = hand.before;
  undo(tabs);
  changeTab(tabs, key, (tab) => ({ ...tab, future, selection }));
}

/** The nodes that a drag moves, where it has moved them to. */
export function inHand(hand: Hand, { nodes }: Projection, moved: readonly CanvasNode[]): readonly CanvasNode[] {
  if (hand.kind !== "copies") return hand.kind === "own" ? moved : [];
  const to = moved.find(({ id }) => id === hand.first)?.position;
  if (!to) return [];
  return nodes.filter(({ id }) => hand.keys.has(id)).map((node) => ({ ...node, position: shifted(node, hand, to) }));
}

/** The moves of what is in hand, out of those that React Flow asks for. */
export function movesOf(hand: Hand, { nodes }: Projection, changes: Changes): Changes {
  const moves = changes.flatMap((change) => (change.type === "position" ? [change] : []));
  if (hand.kind !== "copies") return hand.kind === "own" ? moves : [];
  const lead = moves.find(({ id }) => id === hand.first);
  const to = lead?.position;
  if (!lead || !to) return [];
  return nodes
    .filter(({ id }) => hand.keys.has(id))
    .map((node) => ({ ...lead, id: node.id, position: shifted(node, hand, to) }));
}

/**
 * The canvas as it is for what is in hand. Copies lie on what they were made of, and neither take it along nor go into
 * it: for them there are only they themselves, the points of their wires, and loops to go into.
 */
export function aroundHand(hand: Hand, projected: Projection): Projection {
  if (hand.kind !== "copies") return projected;
  const { all, originals } = hand;
  const isThere = (node: CanvasNode): boolean =>
    all.has(node.id) ||
    (node.type === "loop" && !originals.has(node.id)) ||
    (node.type === "point" && all.has(wireEnd(node.data.wire)?.node ?? ""));
  return { ...projected, nodes: projected.nodes.filter(isThere) };
}

function shifted({ position }: CanvasNode, { from }: Copies, to: Point): Point {
  return { x: position.x + to.x - from.x, y: position.y + to.y - from.y };
}
