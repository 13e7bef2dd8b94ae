/** Copies of nodes under other ids: for pasting, and for a subgraph's nodes where it was used. */

import { freshName, mapFields } from "./fields";
import type { Target } from "./links";
import type { Nodes } from "./places";
import { type AnyNode, INSIDE, isLoop, type Link, type Literal, type Named } from "./types";

export type Ids = ReadonlyMap<string, string>;

/** What an input of a copy has in place of a link: another link, a value, or nothing. */
export type Replacement = { readonly link: Link } | { readonly value: Literal } | undefined;

/** Every id of some nodes, inner ones included. */
export function allIds(nodes: Nodes): string[] {
  return Object.entries(nodes).flatMap(([id, node]) => [id, ...(isLoop(node) ? allIds(node.body) : [])]);
}

/** New ids for all nodes, none of them taken. */
export function freshIds(ids: readonly string[], isTaken: (id: string) => boolean): Ids {
  const given = new Map<string, string>();
  const used = new Set<string>();
  for (const id of ids) {
    const fresh = freshName(id, (word) => isTaken(word) || used.has(word));
    used.add(fresh);
    given.set(id, fresh);
  }
  return given;
}

/** A link among the copied nodes under their new ids; undefined for one that leads elsewhere. */
export function relabelLink([target, output]: Link, ids: Ids): Link | undefined {
  const isInside = target.endsWith(INSIDE);
  const found = ids.get(isInside ? target.slice(0, -INSIDE.length) : target);
  return found === undefined ? undefined : [isInside ? found + INSIDE : found, output];
}

/** Copies nodes under new ids; `replace` says what becomes of links that lead elsewhere. */
export function relabel(nodes: Nodes, ids: Ids, replace: (link: Link, target: Target) => Replacement): Nodes {
  const copy = (node: AnyNode, id: string): AnyNode => {
    const linksOf = (fields: Named<Link>, kind: "next" | "collect"): Named<Link> =>
      mapFields(fields, (link, name) => {
        const replaced = replace(link, { kind, node: id, name });
        return relabelLink(link, ids) ?? (replaced && "link" in replaced ? replaced.link : undefined);
      });
    const values: Record<string, Literal> = { ...node.values };
    const links = mapFields(node.links, (link, name) => {
      const own = relabelLink(link, ids);
      if (own) return own;
      const replaced = replace(link, { kind: "input", node: id, name });
      if (replaced && "value" in replaced) values[name] = replaced.value;
      return replaced && "link" in replaced ? replaced.link : undefined;
    });
    if (!isLoop(node)) return { ...node, values, links };
    const next = linksOf(node.next, "next");
    return { ...node, values, links, next, collect: linksOf(node.collect, "collect"), body: copyAll(node.body) };
  };
  const copyAll = (originals: Nodes): Nodes =>
    Object.fromEntries(Object.entries(originals).map(([id, node]) => [ids.get(id) ?? id, copy(node, id)]));
  return copyAll(nodes);
}
