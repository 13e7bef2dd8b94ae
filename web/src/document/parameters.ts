/** The named inputs and outputs of a workflow or subgraph. */

import { freshName, withField, withFieldRenamed, withoutFields } from "./fields";
import { connect, connectThrough, mapLinks } from "./links";
import { mapNodes } from "./nodes";
import { changeGraph, graphOf, nodeOf, placeOf } from "./places";
import { type AnyNode, isLoop, type Link, type Literal, PARAMETER, type Parameter, type Workflow } from "./types";
import { setValue } from "./values";
import { renameWires } from "./wires";

/** Turns an input of a node into an input of its graph, which starts with the node's value. */
export function promote(workflow: Workflow, node: string, input: string, parameter: Parameter): Workflow {
  const { graph } = placeOf(workflow, node);
  const found = graphOf(workflow, graph);
  if (!found) return workflow;
  const name = freshName(input, (word) => Object.hasOwn(found.inputs, word));
  const value = nodeOf(workflow, node)?.values[input];
  const added = value === undefined ? parameter : { ...parameter, default: value };
  return connect(addInput(workflow, graph, name, added), { kind: "input", node, name: input }, [PARAMETER, name]);
}

/** Turns an input that reads a graph's input back into a value; a graph's input that nobody reads leaves. */
export function demote(workflow: Workflow, node: string, input: string): Workflow {
  const { graph } = placeOf(workflow, node);
  const [source, name] = nodeOf(workflow, node)?.links[input] ?? ["", ""];
  const parameter = graphOf(workflow, graph)?.inputs[name];
  if (source !== PARAMETER || !parameter) return workflow;
  const own = setValue(workflow, node, input, parameter.default);
  let isRead = false;
  mapLinks(own, ({ link, place }) => {
    if (link[0] === PARAMETER && link[1] === name && place.graph === graph) isRead = true;
    return link;
  });
  return isRead ? own : removeInput(own, graph, name);
}

export function addInput(workflow: Workflow, graph: string, name: string, parameter: Parameter): Workflow {
  return changeGraph(workflow, graph, (old) => ({ ...old, inputs: withField(old.inputs, name, parameter) }));
}

export const changeInput = addInput;

export function setDefault(workflow: Workflow, graph: string, name: string, value: Literal): Workflow {
  const parameter = graphOf(workflow, graph)?.inputs[name];
  return parameter ? changeInput(workflow, graph, name, { ...parameter, default: value }) : workflow;
}

/** Removes a graph's input; what read it has its default as a value. */
export function removeInput(workflow: Workflow, graph: string, name: string): Workflow {
  const parameter = graphOf(workflow, graph)?.inputs[name];
  if (!parameter) return workflow;
  const values: [string, string][] = [];
  const unlinked = mapLinks(workflow, ({ link, place, target }) => {
    if (link[0] !== PARAMETER || link[1] !== name || place.graph !== graph) return link;
    if (target.kind === "input") values.push([target.node, target.name]);
    return undefined;
  });
  const filled = parameter.default === null ? unlinked : giveValues(unlinked, values, parameter.default);
  const removed = changeGraph(filled, graph, (old) => ({ ...old, inputs: withoutFields(old.inputs, name) }));
  return graph === "" ? removed : changeUses(removed, graph, (node) => withoutInput(node, name));
}

function giveValues(workflow: Workflow, inputs: readonly [string, string][], value: Literal): Workflow {
  return inputs.reduce((now, [node, input]) => setValue(now, node, input, value), workflow);
}

/** A name that is taken gets a number. */
export function renameInput(workflow: Workflow, graph: string, name: string, wish: string): Workflow {
  const taken = graphOf(workflow, graph)?.inputs ?? {};
  const other = freshBeside(taken, name, wish);
  if (name === other || !Object.hasOwn(taken, name)) return workflow;
  const linked = mapLinks(workflow, ({ link, place }) =>
    link[0] === PARAMETER && link[1] === name && place.graph === graph ? [PARAMETER, other] : link,
  );
  const renamed = changeGraph(linked, graph, (old) => ({ ...old, inputs: withFieldRenamed(old.inputs, name, other) }));
  if (graph === "") return renamed;
  const uses = new Set(usesOf(renamed, graph));
  const wired = renameWires(renamed, (end) =>
    uses.has(end.node) && end.name === name ? { ...end, name: other } : end,
  );
  return changeUses(wired, graph, (node) => ({
    ...node,
    values: withFieldRenamed(node.values, name, other),
    links: withFieldRenamed(node.links, name, other),
  }));
}

export function addOutput(workflow: Workflow, graph: string, name: string, link: Link): Workflow {
  const found = graphOf(workflow, graph);
  if (!found) return workflow;
  const fresh = freshName(name, (word) => Object.hasOwn(found.outputs, word));
  return connectThrough(workflow, { kind: "output", graph, name: fresh }, link);
}

export function removeOutput(workflow: Workflow, graph: string, name: string): Workflow {
  const removed = changeGraph(workflow, graph, (old) => ({ ...old, outputs: withoutFields(old.outputs, name) }));
  if (graph === "") return removed;
  const uses = new Set(usesOf(removed, graph));
  return mapLinks(removed, ({ link }) => (uses.has(link[0]) && link[1] === name ? undefined : link));
}

/** A name that is taken gets a number. */
export function renameOutput(workflow: Workflow, graph: string, name: string, wish: string): Workflow {
  const taken = graphOf(workflow, graph)?.outputs ?? {};
  const other = freshBeside(taken, name, wish);
  if (name === other || !Object.hasOwn(taken, name)) return workflow;
  const renamed = changeGraph(workflow, graph, (old) => ({
    ...old,
    outputs: withFieldRenamed(old.outputs, name, other),
  }));
  const uses = new Set(graph === "" ? [] : usesOf(renamed, graph));
  return mapLinks(renamed, ({ link }) => (uses.has(link[0]) && link[1] === name ? [link[0], other] : link));
}

/** A new name for one of several; its own may stay. */
function freshBeside(taken: object, name: string, wish: string): string {
  return freshName(wish, (word) => word !== name && Object.hasOwn(taken, word));
}

/** Ids of the nodes that use a subgraph. */
export function usesOf(workflow: Workflow, graph: string): string[] {
  const found: string[] = [];
  mapNodes(workflow, (node, id) => {
    if (!isLoop(node) && node.type === graph) found.push(id);
    return node;
  });
  return found;
}

function changeUses(workflow: Workflow, graph: string, change: (node: AnyNode) => AnyNode): Workflow {
  return mapNodes(workflow, (node) => (node.type === graph ? change(node) : node));
}

function withoutInput(node: AnyNode, name: string): AnyNode {
  const values = withoutFields(node.values, name);
  const links = withoutFields(node.links, name);
  return values === node.values && links === node.links ? node : { ...node, values, links };
}
