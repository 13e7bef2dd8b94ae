/**
 * Taking nodes to another place: into a loop's body, out of it, from a graph into another.
 *
 * Links follow by one rule, wherever the nodes go: what is seen from the new place stays; what stands inside a loop
 * is collected; what read a loop's own value from inside reads, from outside, what the loop is given.
 */

import { withoutFields } from "./fields";
import { bringOut, connect, disconnect, readers, type Target } from "./links";
import { changeNodes, homes, isVisible, loopOf, outermost, type Place, placeOf, samePlace } from "./places";
import { type AnyNode, INSIDE, type Link, type Workflow } from "./types";
import { setValue } from "./values";

/** Moves nodes, with what stands inside them, and mends the links that would lead nowhere. */
export function moveNodes(workflow: Workflow, ids: readonly string[], place: Place): Workflow {
  const moving = outermost(workflow, ids).filter(
    (id) => !place.loops.includes(id) && !samePlace(placeOf(workflow, id), place),
  );
  if (moving.length === 0) return workflow;
  const index = homes(workflow);
  const taken: [string, AnyNode][] = moving.flatMap((id) => {
    const node = index.get(id)?.node;
    return node ? [[id, node]] : [];
  });
  const without = moving.reduce(
    (now, id) => changeNodes(now, placeOf(workflow, id), (nodes) => withoutFields(nodes, id)),
    workflow,
  );
  return mendLinks(changeNodes(without, place, (nodes) => ({ ...nodes, ...Object.fromEntries(taken) })));
}

/** Mends every link that leads to something not seen from where it stands; one that cannot be mended leaves. */
export function mendLinks(workflow: Workflow): Workflow {
  const broken = readers(workflow).filter(({ link, place }) => !isVisible(workflow, link, place));
  return broken.reduce((now, { link, target, place }) => mendLink(now, target, link, place), workflow);
}

function mendLink(workflow: Workflow, target: Target, link: Link, place: Place): Workflow {
  let seen: Link = link;
  while (seen[0].endsWith(INSIDE) && !isVisible(workflow, seen, place)) {
    const loop = loopOf(workflow, seen[0].slice(0, -INSIDE.length));
    const given: Link | undefined = loop?.links[seen[1]];
    const value = loop?.values[seen[1]];
    if (!given && value !== undefined && target.kind === "input") {
      return setValue(workflow, target.node, target.name, value);
    }
    if (!given) return disconnect(workflow, target);
    seen = given;
  }
  const [reachable, found] = bringOut(workflow, seen, place);
  return found ? connect(reachable, target, found) : disconnect(workflow, target);
}
