/** Wiring from the cursor: choosing a wire's other end by name, unplugging, taking an end elsewhere. */

import { type End, endOfLink, linkOfSocket, targetOfSocket } from "../canvas/model";
import { plug, verdictOf, wiringFrom } from "../canvas/wiring";
import { type Fit, fitOf, type Knowledge, showType, type TypeExpr } from "../catalogue";
import {
  addOutput,
  disconnect,
  graphOf,
  INDEX,
  type Link,
  linkAt,
  loopOf,
  PARAMETER,
  placeOf,
  placeOfTarget,
  readersOf,
  removeLoopValue,
  type WireEnd,
  type Workflow,
} from "../document";
import { type Editor, knowledge } from "../state/editor";
import { edit } from "../state/tabs";
import { type Choice, say, tell, type Wiring } from "../state/ui";
import { texts } from "../texts";
import { addAt } from "./adding";
import { cursorOf, pointOfEnd, type Scene, sceneOf } from "./cursor";
import { nameOfEnd, nameOfLink } from "./describe";
import { inOrder, socketsOf } from "./sockets";

const words = texts.building;

/** Lists everything that a wire from the cursor can be plugged into; what does not fit says why. */
export function chooseEnd(editor: Editor): void {
  const { cursor, node } = sceneOf(editor);
  if (!cursor || !node) return;
  const sockets = inOrder(socketsOf(node));
  const outputs = sockets.filter(({ side }) => side === "source");
  const socket = cursor.socket || (outputs.length === 1 ? outputs : sockets)[0]?.id;
  if (socket !== undefined) chooseEndOf(editor, { node: cursor.node, socket });
}

export function chooseEndOf(editor: Editor, from: End): void {
  editor.ui.setState({
    chooser: {
      title: words.chooser.wire.title(nameOfEnd(knowledge(editor), from)),
      hint: words.chooser.wire.hint,
      from,
      list: () => endChoices(editor, from),
    },
  });
}

function endChoices(editor: Editor, from: End): Choice[] {
  const known = knowledge(editor);
  const scene = sceneOf(editor);
  const isSource = isSourceSocket(scene, from);
  const wiring = wiringOf(known.workflow, from, isSource);
  const side = isSource ? "target" : "source";
  const ends = scene.nodes.flatMap((node) =>
    socketsOf(node)
      .filter((socket) => socket.side === side)
      .map(({ id, type }) => ({ end: { node: node.id, socket: id }, type })),
  );
  const ranked = ends.map(({ end, type }) => {
    const [out, into] = isSource ? [from, end] : [end, from];
    const fit = verdictOf(known, wiring, end.node, end.socket, side);
    const target = targetOfSocket(end.node, end.socket);
    const before = target && linkAt(known.workflow, target);
    const choice: Choice = {
      id: `${end.node} ${end.socket}`,
      label: nameOfEnd(known, end),
      detail: detailOf(known, fit, before, type),
      reason: fit.fits ? "" : fit.reason,
      at: end,
      act: () => connectEnds(editor, out, into),
    };
    const rank = (fit.fits ? 0 : 4) + (end.socket.startsWith("add:") ? 2 : 0) + (before ? 1 : 0);
    return { choice, rank, off: distance(scene, from, end) };
  });
  const sorted = ranked.sort((a, b) => a.rank - b.rank || a.off - b.off).map(({ choice }) => choice);
  const fitting = sorted.filter(({ reason }) => reason === "");
  return [...fitting, ...elsewhere(editor, known, from, wiring), ...sorted.filter(({ reason }) => reason !== "")];
}

/** The wire that starts at a socket; at a loop's adding sockets, one to a value that it does not have yet. */
function wiringOf(workflow: Workflow, { node, socket }: End, isSource: boolean): Wiring {
  const kind = socket === "add:collect" ? "collect" : "input";
  const fresh: Wiring = { kind: "from-input", target: { kind, node, name: "" } };
  return wiringFrom(workflow, node, socket, isSource ? "source" : "target") ?? fresh;
}

/** What happens on the way, which wire leaves, or the type. */
function detailOf(known: Knowledge, { reason }: Fit, before: Link | undefined, type: TypeExpr | undefined): string {
  if (reason) return reason;
  if (before) return words.chooser.replaces(nameOfLink(known, before));
  return type ? showType(type) : "";
}

function isSourceSocket({ nodes }: Scene, { node: id, socket: name }: End): boolean {
  const node = nodes.find((other) => other.id === id);
  return node !== undefined && socketsOf(node).find((socket) => socket.id === name)?.side === "source";
}

function distance(scene: Scene, a: End, b: End): number {
  const [from, to] = [pointOfEnd(scene, a), pointOfEnd(scene, b)];
  return from && to ? Math.hypot(from.x - to.x, from.y - to.y) : Number.POSITIVE_INFINITY;
}

/** Ends that are no sockets: a new node, and the inputs and outputs of the graph. */
function elsewhere(editor: Editor, known: Knowledge, from: End, wiring: Wiring): Choice[] {
  const fresh: Choice = {
    id: "new",
    label: words.chooser.newNode,
    detail: words.chooser.newNodeDetail,
    reason: "",
    act: () => addAt(editor, from),
  };
  const others = wiring.kind === "from-input" ? parameterChoices : outputChoice;
  return [...(from.socket.startsWith("add:") ? [] : [fresh]), ...others(editor, known, from, wiring)];
}

function parameterChoices(editor: Editor, known: Knowledge, into: End, wiring: Wiring): Choice[] {
  if (wiring.kind !== "from-input") return [];
  const { graph } = placeOfTarget(known.workflow, wiring.target);
  const inputs = Object.entries(graphOf(known.workflow, graph)?.inputs ?? {});
  return inputs.flatMap(([name, { type }]): Choice[] => {
    const link: Link = [PARAMETER, name];
    if (!fitOf(known, link, wiring.target, new Set()).fits) return [];
    const label = words.chooser.input(name);
    const act = (): void => {
      edit(editor.tabs, texts.edits.readInput, () => plug(knowledge(editor), link, into.node, into.socket));
      say(editor.ui, words.says.connected(label, nameOfEnd(known, into)));
    };
    return [{ id: `$ ${name}`, label, detail: type, reason: "", act }];
  });
}

function outputChoice(editor: Editor, known: Knowledge, { node, socket }: End, wiring: Wiring): Choice[] {
  if (wiring.kind !== "from-output" || !socket.startsWith("out:")) return [];
  const { link } = wiring;
  const graph = placeOf(known.workflow, node).graph;
  const type = known.types.brings(link, graph);
  const act = (): void => {
    edit(editor.tabs, texts.edits.makeOutput, (workflow) => addOutput(workflow, graph, link[1], link));
    say(editor.ui, words.says.shown(link[1]));
  };
  const label = words.chooser.output(graph === "" ? "workflow" : "subgraph");
  return [{ id: "output", label, detail: type ? showType(type) : "", reason: "", act }];
}

/** Plugs a wire from one socket into another, and says so. */
export function connectEnds(editor: Editor, out: End, into: End): void {
  const known = knowledge(editor);
  edit(editor.tabs, texts.edits.connect, () => plug(known, linkOfSocket(out.node, out.socket), into.node, into.socket));
  say(editor.ui, words.says.connected(nameOfEnd(known, out), nameOfEnd(known, into)));
}

/** What is plugged in at a socket: the wire that ends there, or all that begin there. */
export function wiresAt(workflow: Workflow, { node, socket }: End): WireEnd[] {
  const target = targetOfSocket(node, socket);
  const link = target && linkAt(workflow, target);
  if (target) return link && link[0] !== PARAMETER ? [target] : [];
  if (socket === "" || socket.startsWith("add:")) return [];
  return readersOf(workflow, linkOfSocket(node, socket)).flatMap(({ target: reader }) =>
    reader.kind === "output" ? [] : [reader],
  );
}

export function unplugAtCursor(editor: Editor): void {
  const cursor = cursorOf(editor);
  if (cursor) unplug(editor, cursor);
}

/** Unplugs what is plugged in at a socket; a value of a loop that nothing is plugged into leaves the loop. */
export function unplug(editor: Editor, end: End): void {
  const { workflow } = knowledge(editor);
  const targets = wiresAt(workflow, end);
  const name = end.socket.slice(end.socket.indexOf(":") + 1);
  if (targets.length > 0) {
    edit(editor.tabs, texts.edits.unplug, (now) => targets.reduce(disconnect, now));
    say(editor.ui, words.says.unplugged(targets.length));
  } else if (loopOf(workflow, end.node) && name !== INDEX && !end.socket.startsWith("add:")) {
    edit(editor.tabs, texts.edits.removeFromLoop, (now) => removeLoopValue(now, end.node, name));
    say(editor.ui, words.says.removed(name));
  } else tell(editor.ui, words.says.bare);
}

/** The wire that ends at the cursor. */
function wireInto(workflow: Workflow, { node, socket }: End): { target: WireEnd; link: Link } | undefined {
  const target = targetOfSocket(node, socket);
  const link = target && linkAt(workflow, target);
  return target && link && link[0] !== PARAMETER ? { target, link } : undefined;
}

export function canReplug(editor: Editor): boolean {
  const cursor = cursorOf(editor);
  return cursor !== undefined && wireInto(knowledge(editor).workflow, cursor) !== undefined;
}

/** Takes the end of the wire that is plugged in here to another socket. */
export function chooseNewEnd(editor: Editor, from: End): void {
  const known = knowledge(editor);
  const wire = wireInto(known.workflow, from);
  if (!wire) return;
  const out = endOfLink(wire.link);
  const plugInto = (into: End): void => {
    edit(editor.tabs, texts.edits.replug, (workflow) => {
      const without = { ...known, workflow: disconnect(workflow, wire.target) };
      return plug(without, wire.link, into.node, into.socket);
    });
    say(editor.ui, words.says.connected(nameOfEnd(known, out), nameOfEnd(known, into)));
  };
  const list = (): Choice[] =>
    endChoices(editor, out).flatMap((choice) => {
      const { at } = choice;
      const isHere = at === undefined || (at.node === from.node && at.socket === from.socket);
      return isHere ? [] : [{ ...choice, act: () => plugInto(at) }];
    });
  editor.ui.setState({
    chooser: {
      title: words.chooser.replug.title(nameOfEnd(known, from)),
      hint: words.chooser.wire.hint,
      from: out,
      list,
    },
  });
}
