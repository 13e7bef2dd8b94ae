/** Putting a new node on the canvas, wired to what it was drawn from. */

import { GUTTER, NODE_WIDTH } from "../canvas/geometry";
import { plug } from "../canvas/wiring";
import type { Knowledge } from "../catalogue";
import {
  addNode,
  connectThrough,
  EMPTY_LOOP,
  EMPTY_NODE,
  freshId,
  insertOnLink,
  LOOP,
  type Loop,
  type Node,
  type Workflow,
} from "../document";
import type { Joining, PaletteRequest } from "../state/ui";
import { texts } from "../texts";
import type { Candidate } from "./search";

export interface Added {
  readonly id: string;
  readonly workflow: Workflow;
}

const BARE_LOOP: Loop = { ...EMPTY_LOOP, title: texts.palette.loop.title };
const FRESH_LOOP: Loop = { ...BARE_LOOP, each: ["number"], values: { number: [0n, 1n, 2n] } };
const LOOP_SIZE = { width: GUTTER * 2 + 320, height: 220 };

export function addCandidate(
  known: Knowledge,
  { type, socket, output }: Candidate,
  { canvas, place, wiring }: PaletteRequest,
): Added {
  const id = freshId(known.workflow, type);
  const isLoop = type === LOOP;
  const node: Node | Loop = isLoop
    ? freshLoop(known, wiring, place.graph)
    : { ...EMPTY_NODE, type, version: known.catalogue.nodes.get(type)?.version ?? 1 };
  const isBackwards = wiring !== null && wiring.kind !== "from-output";
  const at = {
    x: Math.round(canvas.x - (isBackwards ? NODE_WIDTH : 0)),
    y: Math.round(canvas.y - 16),
    ...(isLoop ? LOOP_SIZE : {}),
  };
  const added = addNode(known.workflow, place, id, node, at);
  if (!wiring) return { id, workflow: added };
  if (wiring.kind === "into-wire")
    return { id, workflow: insertOnLink(added, id, socket, output ?? "", wiring.target) };
  if (wiring.kind === "from-input") return { id, workflow: connectThrough(added, wiring.target, [id, socket]) };
  const taking = isLoop ? socket : `in:${socket}`;
  return { id, workflow: plug({ ...known, workflow: added }, wiring.link, id, taking) };
}

/** A loop that is wired to a list walks it; any other one walks a few numbers until it is given a list. */
function freshLoop({ types }: Knowledge, wiring: Joining | null, graph: string): Loop {
  const given = wiring?.kind === "from-output" ? types.brings(wiring.link, graph) : undefined;
  return given && given.depth > 0 ? BARE_LOOP : FRESH_LOOP;
}
