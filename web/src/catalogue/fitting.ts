/** Whether a wire may be plugged in, and the reason when it may not. */

import {
  homes,
  type Link,
  type Place,
  placeOfTarget,
  readers,
  sourceOf,
  type Target,
  type Workflow,
} from "../document";
import { texts } from "../texts";
import type { Catalogue } from "./catalogue";
import { bringsTo, declaredType, type Types } from "./inference";
import { match } from "./matching";
import { isVariable, showType } from "./types";

export interface Fit {
  readonly fits: boolean;
  /** In words: why it does not fit, or what happens on the way. Empty when there is nothing to say. */
  readonly reason: string;
}

const words = texts.fits;
const YES: Fit = { fits: true, reason: "" };

export interface Knowledge {
  readonly workflow: Workflow;
  readonly catalogue: Catalogue;
  readonly types: Types;
}

/** Whether a target can read a link. `upstream`: what the link's source depends on (of `upstreamOf`). */
export function fitOf(known: Knowledge, link: Link, target: Target, upstream: ReadonlySet<string>): Fit {
  const { workflow, types, catalogue } = known;
  const place = placeOfTarget(workflow, target);
  const from = homes(workflow).get(sourceOf(link))?.place ?? place;
  if (from.graph !== place.graph) return no(words.otherGraph);
  if (target.kind !== "output" && target.kind === "input" && upstream.has(target.node)) {
    return no(words.circle);
  }
  if (place.loops.includes(link[0])) {
    return no(words.ended);
  }
  const arriving = bringsTo(workflow, types, link, target);
  const wanted = declaredType(types, target);
  if (!arriving || !wanted) return YES;
  if (target.kind === "input" && isEach(workflow, target.node, target.name)) {
    return arriving.depth > 0 ? YES : no(words.noList(showType(arriving)));
  }
  if (target.kind === "input" && isCarry(workflow, target.node, target.name)) return YES;
  const found = match(arriving, wanted, catalogue.conversions);
  if (!found) return no(words.unlike(showType(arriving), showType(wanted)));
  const collected = isSeenFrom(from, place) ? "" : words.collected;
  const mapped = found.mapped ? words.mapped : "";
  const converted = found.conversion ? words.converted(found.conversion) : "";
  const isPlain = !isVariable(wanted) && !collected && !mapped && !converted;
  return isPlain ? YES : { fits: true, reason: [collected, mapped, converted].filter(Boolean).join(" ") };
}

function no(reason: string): Fit {
  return { fits: false, reason };
}

function isEach(workflow: Workflow, id: string, name: string): boolean {
  const node = homes(workflow).get(id)?.node;
  return node !== undefined && "each" in node && node.each.includes(name);
}

function isCarry(workflow: Workflow, id: string, name: string): boolean {
  const node = homes(workflow).get(id)?.node;
  return node !== undefined && "carry" in node && node.carry.includes(name);
}

function isSeenFrom(from: Place, place: Place): boolean {
  return from.loops.every((loop, i) => place.loops[i] === loop);
}

/** The node, all that it depends on, and the loops around these that it does not stand in. */
export function upstreamOf(workflow: Workflow, id: string): ReadonlySet<string> {
  const index = homes(workflow);
  const sources = new Map<string, string[]>();
  const note = (reader: string, source: string): void => {
    sources.set(reader, [...(sources.get(reader) ?? []), source]);
  };
  for (const { target, link } of readers(workflow)) {
    if (target.kind === "output" || link[0].endsWith("/in")) continue;
    const home = index.get(target.node);
    note(target.node, link[0]);
    // What a body reads from around it, its loops depend on.
    for (const loop of home?.place.loops ?? []) note(loop, link[0]);
  }
  const own = new Set(index.get(id)?.place.loops ?? []);
  const found = new Set<string>();
  const waiting = [id];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.has(next) || own.has(next)) continue;
    found.add(next);
    waiting.push(...(sources.get(next) ?? []));
  }
  return found;
}
