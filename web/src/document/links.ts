/** Links: what reads what, connecting, and rewriting every link of a document at once. */

import { freshName, mapFields, withField, withoutFields } from "./fields";
import { changeGraph, changeLoop, changeNode, homes, isVisible, loopOf, type Place, placeOf } from "./places";
import {
  type AnyNode,
  type Graph,
  INSIDE,
  isLoop,
  type Link,
  type Loop,
  type Named,
  PARAMETER,
  type Workflow,
} from "./types";

/** Where a link stands: at an input, at what a loop carries on or collects, or at an output of a graph. */
export type Target =
  | { readonly kind: "input"; readonly node: string; readonly name: string }
  | { readonly kind: "next" | "collect"; readonly node: string; readonly name: string }
  | { readonly kind: "output"; readonly graph: string; readonly name: string };

export interface Reader {
  readonly target: Target;
  readonly link: Link;
  /** The body from which the link looks. */
  readonly place: Place;
}

/** The node that a link reads, also where it reads inside a loop. */
export function sourceOf([target]: Link): string {
  return target.endsWith(INSIDE) ? target.slice(0, -INSIDE.length) : target;
}

export function sameLink(a: Link | undefined, b: Link | undefined): boolean {
  return a !== undefined && b !== undefined && a[0] === b[0] && a[1] === b[1];
}

/** Every link changed by a function (the same link: stays, undefined: leaves). Shares what does not change. */
export function mapLinks(workflow: Workflow, change: (reader: Reader) => Link | undefined): Workflow {
  const ofFields = (fields: Named<Link>, place: Place, target: (name: string) => Target): Named<Link> =>
    mapFields(fields, (link, name) => change({ target: target(name), link, place }));
  const ofNode = (node: AnyNode, id: string, place: Place): AnyNode => {
    const links = ofFields(node.links, place, (name) => ({ kind: "input", node: id, name }));
    if (!isLoop(node)) return links === node.links ? node : { ...node, links };
    const inside = { graph: place.graph, loops: [...place.loops, id] };
    const body = mapFields(node.body, (inner, innerId) => ofNode(inner, innerId, inside));
    const next = ofFields(node.next, inside, (name) => ({ kind: "next", node: id, name }));
    const collect = ofFields(node.collect, inside, (name) => ({ kind: "collect", node: id, name }));
    const isSame = links === node.links && body === node.body && next === node.next && collect === node.collect;
    return isSame ? node : ({ ...node, links, body, next, collect } satisfies Loop);
  };
  const ofGraph = <T extends Graph>(graph: T, name: string): T => {
    const place = { graph: name, loops: [] };
    const nodes = mapFields(graph.nodes, (node, id) => ofNode(node, id, place));
    const outputs = ofFields(graph.outputs, place, (output) => ({ kind: "output", graph: name, name: output }));
    return nodes === graph.nodes && outputs === graph.outputs ? graph : { ...graph, nodes, outputs };
  };
  const subgraphs = mapFields(workflow.subgraphs, ofGraph);
  const changed = ofGraph(workflow, "");
  return subgraphs === workflow.subgraphs ? changed : { ...changed, subgraphs };
}

const knownReaders = new WeakMap<Workflow, readonly Reader[]>();

/** Every link of the document with where it stands. Made once for each document. */
export function readers(workflow: Workflow): readonly Reader[] {
  const known = knownReaders.get(workflow);
  if (known) return known;
  const found: Reader[] = [];
  mapLinks(workflow, (reader) => {
    found.push(reader);
    return reader.link;
  });
  knownReaders.set(workflow, found);
  return found;
}

export function readersOf(workflow: Workflow, source: Link): Reader[] {
  return readers(workflow).filter(({ link }) => sameLink(link, source));
}

/** The body from which a target's link looks. */
export function placeOfTarget(workflow: Workflow, target: Target): Place {
  if (target.kind === "output") return { graph: target.graph, loops: [] };
  const place = placeOf(workflow, target.node);
  return target.kind === "input" ? place : { graph: place.graph, loops: [...place.loops, target.node] };
}

export function linkAt(workflow: Workflow, target: Target): Link | undefined {
  if (target.kind === "output") {
    return (target.graph === "" ? workflow : workflow.subgraphs[target.graph])?.outputs[target.name];
  }
  const node = homes(workflow).get(target.node)?.node;
  if (!node) return undefined;
  if (target.kind === "input") return node.links[target.name];
  return isLoop(node) ? node[target.kind][target.name] : undefined;
}

/** Link a target; a value that stands there leaves. */
export function connect(workflow: Workflow, target: Target, link: Link): Workflow {
  switch (target.kind) {
    case "input":
      return changeNode<AnyNode>(workflow, target.node, (node) => ({
        ...node,
        values: withoutFields(node.values, target.name),
        links: withField(node.links, target.name, link),
      }));
    case "output":
      return changeGraph(workflow, target.graph, (graph) => ({
        ...graph,
        outputs: withField(graph.outputs, target.name, link),
      }));
    default:
      return changeLoop(workflow, target.node, (loop) => ({
        ...loop,
        [target.kind]: withField(loop[target.kind], target.name, link),
      }));
  }
}

export function disconnect(workflow: Workflow, target: Target): Workflow {
  switch (target.kind) {
    case "input":
      return changeNode<AnyNode>(workflow, target.node, (node) => ({
        ...node,
        links: withoutFields(node.links, target.name),
      }));
    case "output":
      return changeGraph(workflow, target.graph, (graph) => ({
        ...graph,
        outputs: withoutFields(graph.outputs, target.name),
      }));
    default:
      return changeLoop(workflow, target.node, (loop) => ({
        ...loop,
        [target.kind]: withoutFields(loop[target.kind], target.name),
      }));
  }
}

/** Like `connect`; what stands inside a loop that the target does not look into is collected, level by level. */
export function connectThrough(workflow: Workflow, target: Target, link: Link): Workflow {
  const [reachable, seen] = bringOut(workflow, link, placeOfTarget(workflow, target));
  return seen ? connect(reachable, target, seen) : workflow;
}

/** Makes what a link reads visible from a place: the document, and the link that reads it there, if there is one. */
export function bringOut(workflow: Workflow, link: Link, place: Place): readonly [Workflow, Link | undefined] {
  let now = workflow;
  let seen = link;
  for (let level = 0; level < 64 && !isVisible(now, seen, place); level += 1) {
    const loop = loopAround(now, seen);
    if (loop === undefined) return [workflow, undefined];
    const found = loopOf(now, loop);
    if (!found) return [workflow, undefined];
    const name = collectName(found, seen);
    now = changeLoop(now, loop, (old) => ({ ...old, collect: withField(old.collect, name, seen) }));
    seen = [loop, name];
  }
  return [now, isVisible(now, seen, place) ? seen : undefined];
}

/** The loop in whose body a link's source stands. */
function loopAround(workflow: Workflow, [source]: Link): string | undefined {
  if (source === PARAMETER) return undefined;
  if (source.endsWith(INSIDE)) return source.slice(0, -INSIDE.length);
  return homes(workflow).get(source)?.place.loops.at(-1);
}

function collectName(loop: Loop, link: Link): string {
  const collected = Object.entries(loop.collect).find(([, other]) => sameLink(other, link));
  const taken = new Set(["index", ...loop.each, ...loop.carry, ...Object.keys(loop.collect)]);
  return collected ? collected[0] : freshName(link[1], (name) => taken.has(name));
}
