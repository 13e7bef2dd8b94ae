/**
 * Copy, paste and duplicate. What is copied is a workflow document itself, as text: it can be pasted into another
 * window or a file, and any workflow's text can be pasted.
 */

import { difference } from "./change";
import { freshName, mapFields } from "./fields";
import { readers } from "./links";
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
import { readWorkflow } from "./read";
import { allIds, freshIds, type Replacement, relabel } from "./relabel";
import {
  type AnyNode,
  type Box,
  EMPTY_WORKFLOW,
  type Graph,
  isLoop,
  type Link,
  type Named,
  PARAMETER,
  type Workflow,
} from "./types";
import { writeWorkflow } from "./write";

export interface Pasted {
  readonly workflow: Workflow;
  /** Ids of the pasted nodes, without those inside loops. */
  readonly ids: readonly string[];
}

/** Some nodes as a workflow of their own, with what they need: graph inputs that they read, subgraphs, boxes. */
export function extract(workflow: Workflow, ids: readonly string[]): Workflow {
  const chosen = outermost(workflow, ids);
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
  return {
    ...EMPTY_WORKFLOW,
    inputs: mapFields(graph?.inputs ?? {}, (parameter, name) => (read.has(name) ? parameter : undefined)),
    nodes,
    subgraphs: subgraphsOf(workflow, nodes),
    layout: {
      nodes: mapFields(workflow.layout.nodes, (box, id) => (all.has(id) ? box : undefined)),
      frames: [],
      notes: [],
    },
  };
}

export function copyText(workflow: Workflow, ids: readonly string[]): string {
  return writeWorkflow(extract(workflow, ids));
}

/** Reads what the clipboard holds; undefined when it is no workflow. */
export function readClipboard(text: string): Workflow | undefined {
  if (!text.includes('"latentloom"')) return undefined;
  const reading = readWorkflow(text);
  return reading.ok ? reading.workflow : undefined;
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
  const added = Object.entries(clip.subgraphs).flatMap(([name, graph]): [string, Graph][] => {
    const other = names.get(name) ?? name;
    if (Object.hasOwn(workflow.subgraphs, other)) return [];
    const inner = freshIds(allIds(graph.nodes), (id) => taken.has(id) || [...ids.values()].includes(id));
    const copied = {
      ...graph,
      nodes: retype(
        relabel(graph.nodes, inner, (link) => ({ link })),
        names,
      ),
    };
    const outputs = mapFields(graph.outputs, ([node, output]) => [inner.get(node) ?? node, output] as const);
    return [[other, { ...copied, outputs }]];
  });
  const boxes = Object.entries(clip.layout.nodes).flatMap(([id, box]): [string, Box][] => {
    const fresh = ids.get(id);
    return fresh === undefined ? [] : [[fresh, { ...box, x: box.x + offset.x, y: box.y + offset.y }]];
  });
  return {
    workflow: addNodes(workflow, place, nodes, Object.fromEntries(boxes), Object.fromEntries(added)),
    ids: Object.keys(nodes),
  };
}

/** A copy of nodes beside them. */
export function duplicate(workflow: Workflow, ids: readonly string[], offset = { x: 24, y: 24 }): Pasted {
  const [first] = outermost(workflow, ids);
  if (first === undefined) return { workflow, ids: [] };
  const place = placeOf(workflow, first);
  const near = outermost(workflow, ids).filter((id) => sees(place, placeOf(workflow, id)));
  return paste(workflow, place, extract(workflow, near), offset);
}

function addNodes(
  workflow: Workflow,
  place: Place,
  nodes: Nodes,
  boxes: Named<Box>,
  subgraphs: Named<Graph>,
): Workflow {
  const placed = changeNodes(workflow, place, (old) => ({ ...old, ...nodes }));
  return {
    ...placed,
    subgraphs: Object.keys(subgraphs).length > 0 ? { ...placed.subgraphs, ...subgraphs } : placed.subgraphs,
    layout: { ...placed.layout, nodes: { ...placed.layout.nodes, ...boxes } },
  };
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
