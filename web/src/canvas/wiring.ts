/** Drawing wires: which sockets take the wire that is being drawn, and what plugging it in does. */

import { bringsTo, type Fit, fitOf, type Knowledge, upstreamOf } from "../catalogue";
import {
  addCarry,
  addCollect,
  addEach,
  connectThrough,
  freshLoopName,
  type Link,
  loopOf,
  type Target,
  type Workflow,
} from "../document";
import type { Wiring } from "../state/ui";
import { linkOfSocket, targetOfSocket } from "./model";

const REFUSED: Fit = { fits: false, reason: "" };
const WELCOME: Fit = { fits: true, reason: "" };

/** Whether a socket takes the wire. */
export function verdictOf(
  known: Knowledge,
  wiring: Wiring,
  node: string,
  socket: string,
  side: "source" | "target",
): Fit {
  if (wiring.kind === "from-output") {
    if (side === "source") return REFUSED;
    const target = targetOfSocket(node, socket);
    return target ? fitOf(known, wiring.link, target, wiring.upstream) : WELCOME;
  }
  if (side === "target") return REFUSED;
  return fitOf(known, linkOfSocket(node, socket), wiring.target, upstreamOfSocket(known.workflow, node, socket));
}

/** The wire that starts at a socket. */
export function wiringFrom(workflow: Workflow, node: string, socket: string, side: "source" | "target"): Wiring | null {
  if (side === "source") {
    const link = linkOfSocket(node, socket);
    return { kind: "from-output", link, upstream: upstreamOfSocket(workflow, node, socket) };
  }
  const target = targetOfSocket(node, socket);
  return target ? { kind: "from-input", target } : null;
}

/** What a socket's value depends on. What a loop gives to its body depends on nothing there. */
function upstreamOfSocket(workflow: Workflow, node: string, socket: string): ReadonlySet<string> {
  return socket.startsWith("inner:") ? new Set() : upstreamOf(workflow, node);
}

/** Plugs a link into a socket; a loop's adding sockets make what they are for. */
export function plug(known: Knowledge, link: Link, node: string, socket: string): Workflow {
  const { workflow } = known;
  const target = targetOfSocket(node, socket);
  if (target) return connectThrough(workflow, target, link);
  const loop = loopOf(workflow, node);
  if (!loop) return workflow;
  const name = freshLoopName(loop, link[1]);
  if (socket === "add:collect") return addCollect(workflow, node, name, link);
  const type = bringsTo(workflow, known.types, link, { kind: "input", node, name });
  return type && type.depth > 0 ? addEach(workflow, node, name, { link }) : addCarry(workflow, node, name, { link });
}

/** The target and link of a connection, whichever end it was drawn from. */
export function endsOf(connection: {
  source: string | null;
  sourceHandle?: string | null;
  target: string | null;
  targetHandle?: string | null;
}): { readonly link: Link; readonly target: Target | undefined; readonly node: string; readonly socket: string } {
  const node = connection.target ?? "";
  const socket = connection.targetHandle ?? "";
  const link = linkOfSocket(connection.source ?? "", connection.sourceHandle ?? "");
  return { link, target: targetOfSocket(node, socket), node, socket };
}
