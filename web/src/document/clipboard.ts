/**
 * Copy, paste and duplicate. What is copied is a workflow document itself, as text: it can be pasted into another
 * window or a file, and any workflow's text can be pasted.
 */

import { difference } from "./change";
import { freshName, mapFields } from "./fields";
import { readers } from "./links";
import { joinPictures, movedPicture, pictureOf } from "./picture";
import {
  changeNodes,
  graphOf,
  homes,
  isVisible,
  type Nodes,
  outermost,
  type Place,
  placeOf,
  sees,
  withInner,
} from "./places";
import { type Reading, readWorkflow } from "./read";
import { allIds, freshIds, type Replacement, relabel } from "./relabel";
import { nodesOf } from "./things";
import {
  type AnyNode,
  EMPTY_WORKFLOW,
  type Graph,
  isLoop,
  type Layout,
  type Link,
  type Named,
  PARAMETER,
  type Workflow,
} from "./types";
import { tidyWires } from "./wires";
import { writeWorkflow } from "./write";

export interface Pasted {
  readonly workflow: Workflow;
  /** Keys of what was pasted, without what stands inside loops. */
  readonly keys: readonly string[];
}

/**
 * Some things as a workflow of their own, with what the nodes among them need: graph inputs that they read, subgraphs,
 * and the picture of all these.
 */
export function extract(workflow: Workflow, keys: readonly string[]): Workflow {
  const chosen = outermost(workflow, nodesOf(keys));
  const all = withInner(workflow, chosen);
  const index = homes(workflow);
  const nodes = Object.fromEntries(
    chosen.flatMap((id) => (index.has(id) ? [[id, index.get(id)?.node as AnyNode]] : [])),
  );
  const graph = graphOf(workflow, chosen[0] === undefined ? "" : placeOf(workflow, chosen[0]).graph);
  const read = new Set(
    readers(workflow)
      .filter(({ target, link }) => target.kind !== "output" && all.has(target.node) && link[0] === PARAMETER)
      .map(({ link }) => link[1]),
  );
  const subgraphs = subgraphsOf(workflow, nodes);
  const wanted = new Set(keys);
  const own = pictureOf(workflow.layout, all, (_, key) => wanted.has(key));
  const clip = {
    ...EMPTY_WORKFLOW,
    inputs: mapFields(graph?.inputs ?? {}, (parameter, name) => (read.has(name) ? parameter : undefined)),
    nodes,
    subgraphs,
    layout: Object.entries(subgraphs).reduce(
      (layout, [name, { nodes: inner }]) => joinPictures(layout, pictureOfGraph(workflow.layout, name, inner)),
      movedPicture(own, new Map([...all].map((id) => [id, id])), "", { x: 0, y: 0 }),
    ),
  };
  return tidyWires(clip);
}

function pictureOfGraph(layout: Layout, name: string, nodes: Nodes): Layout {
  return pictureOf(layout, new Set(allIds(nodes)), ({ graph }) => graph === name);
}

export function copyText(workflow: Workflow, keys: readonly string[]): string {
  return writeWorkflow(extract(workflow, keys));
}

/** Reads what the clipboard holds; undefined when it is not meant to be a workflow: no JSON object. */
export function readClipboard(text: string): Reading | undefined {
  return /^\s*\{/.test(text) ? readWorkflow(text) : undefined;
}

/**
 * Pastes a workflow's nodes under fresh ids, moved by an offset. Links to nodes that were not copied stay where they
 * lead to something seen from there; a graph's input that is not here becomes its default.
 */
export function paste(workflow: Workflow, place: Place, clip: Workflow, offset: { x: number; y: number }): Pasted {
  const taken = homes(workflow);
  const ids = freshIds(allIds(clip.nodes), (id) => taken.has(id) || Object.hasOwn(workflow.subgraphs, id));
  const names = subgraphNames(workflow, clip);
  const replace = (link: Link): Replacement => {
    if (isVisible(workflow, link, place)) return { link };
    const parameter = link[0] === PARAMETER ? clip.inputs[link[1]] : undefined;
    return parameter && parameter.default !== null ? { value: parameter.default } : undefined;
  };
  const nodes = retype(relabel(clip.nodes, ids, replace), names);
  const added = Object.entries(clip.subgraphs).flatMap(([name, graph]): Embedded[] => {
    const other = names.get(name) ?? name;
    if (Object.hasOwn(workflow.subgraphs, other)) return [];
    const inner = freshIds(allIds(graph.nodes), (id) => taken.has(id) || [...ids.values()].includes(id));
    const copies = relabel(graph.nodes, inner, (link) => ({ link }));
    const outputs = mapFields(graph.outputs, ([node, output]) => [inner.get(node) ?? node, output] as const);
    const picture = movedPicture(pictureOfGraph(clip.layout, name, graph.nodes), inner, other, { x: 0, y: 0 });
    return [{ name: other, graph: { ...graph, nodes: retype(copies, names), outputs }, picture }];
  });
  const shown = pictureOf(clip.layout, new Set(ids.keys()), ({ graph }) => graph === "");
  const pictures = [movedPicture(shown, ids, place.graph, offset), ...added.map(({ picture }) => picture)];
  const placed = changeNodes(workflow, place, (old) => ({ ...old, ...nodes }));
  const subgraphs = Object.fromEntries(added.map(({ name, graph }) => [name, graph]));
  const { frames, notes } = workflow.layout;
  return {
    workflow: {
      ...placed,
      subgraphs: added.length > 0 ? { ...placed.subgraphs, ...subgraphs } : placed.subgraphs,
      layout: pictures.reduce(joinPictures, placed.layout),
    },
    keys: [
      ...Object.keys(nodes),
      ...shown.frames.map((_, i) => `frame:${frames.length + i}`),
      ...shown.notes.map((_, i) => `note:${notes.length + i}`),
    ],
  };
}

/** A subgraph that comes along with what is pasted. */
interface Embedded {
  readonly name: string;
  readonly graph: Graph;
  readonly picture: Layout;
}

/** A copy of things beside them. Frames and notes alone are copied within the graph that is looked at. */
export function duplicate(workflow: Workflow, keys: readonly string[], graph = "", offset = { x: 24, y: 24 }): Pasted {
  const chosen = outermost(workflow, nodesOf(keys));
  const place = chosen[0] === undefined ? { graph, loops: [] } : placeOf(workflow, chosen[0]);
  const near = chosen.filter((id) => sees(place, placeOf(workflow, id)));
  const others = keys.filter((key) => !homes(workflow).has(key));
  return paste(workflow, place, extract(workflow, [...near, ...others]), offset);
}

/** Under which name each of the clip's subgraphs stands: its own where the same graph is here, or nothing is. */
function subgraphNames(workflow: Workflow, clip: Workflow): ReadonlyMap<string, string> {
  const index = homes(workflow);
  return new Map(
    Object.entries(clip.subgraphs).map(([name, graph]) => {
      const present = workflow.subgraphs[name];
      if (present && difference(present, graph).length === 0) return [name, name];
      return [name, freshName(name, (word) => Object.hasOwn(workflow.subgraphs, word) || index.has(word))];
    }),
  );
}

function retype(nodes: Nodes, names: ReadonlyMap<string, string>): Nodes {
  return mapFields(nodes, (node) => {
    if (isLoop(node)) return { ...node, body: retype(node.body, names) };
    const type = names.get(node.type) ?? node.type;
    return type === node.type ? node : { ...node, type };
  });
}

/** The subgraphs that some nodes use, and those that these use. */
function subgraphsOf(workflow: Workflow, nodes: Nodes): Named<Graph> {
  const used = new Set<string>();
  const visit = (inner: Nodes): void => {
    for (const node of Object.values(inner)) {
      if (isLoop(node)) visit(node.body);
      const graph = workflow.subgraphs[node.type];
      if (!graph || used.has(node.type)) continue;
      used.add(node.type);
      visit(graph.nodes);
    }
  };
  visit(nodes);
  return mapFields(workflow.subgraphs, (graph, name) => (used.has(name) ? graph : undefined));
}
