/** The catalogue, ready for looking things up, and the signature of every node of a document. */

import type { CatalogueContent, InputSpec, NodeSpec } from "../api";
import {
  type AnyNode,
  type Graph,
  homes,
  isLoop,
  type Loop,
  type Parameter,
  readers,
  type Workflow,
} from "../document";
import { texts } from "../texts";
import { type Conversions, conversionKey } from "./matching";

export interface Catalogue {
  readonly content: CatalogueContent;
  readonly nodes: ReadonlyMap<string, NodeSpec>;
  readonly conversions: Conversions;
}

export const EMPTY_CATALOGUE: Catalogue = readCatalogue({ nodes: {}, types: {}, conversions: [], problems: [] });

export function readCatalogue(content: CatalogueContent): Catalogue {
  const conversions = content.conversions.map(
    ({ source, target, node }) => [conversionKey(source, target), node] as const,
  );
  return { content, nodes: new Map(Object.entries(content.nodes)), conversions: new Map(conversions) };
}

export interface Output {
  readonly name: string;
  readonly type: string;
  readonly doc: string;
}

/** What a node of a document looks like from outside. */
export interface Signature {
  readonly kind: "node" | "loop" | "subgraph" | "missing";
  readonly title: string;
  readonly category: string;
  readonly doc: string;
  readonly inputs: readonly InputSpec[];
  readonly outputs: readonly Output[];
  readonly variadic: InputSpec | undefined;
}

const BARE_INPUT: Omit<InputSpec, "name" | "type"> = {
  required: true,
  default: null,
  doc: "",
  minimum: null,
  maximum: null,
  step: null,
  unit: "",
  choices: null,
  widget: "",
  optional: false,
  lazy: false,
};

/** Type of what nothing is known about. */
export const UNKNOWN = "?";

export function signatureOf(catalogue: Catalogue, workflow: Workflow, node: AnyNode): Signature {
  if (isLoop(node)) return loopSignature(node);
  const spec = catalogue.nodes.get(node.type);
  if (spec) return specSignature(spec, node);
  const graph = Object.hasOwn(workflow.subgraphs, node.type) ? workflow.subgraphs[node.type] : undefined;
  return graph ? subgraphSignature(node.type, graph) : missingSignature(node, workflow);
}

function specSignature(spec: NodeSpec, node: AnyNode): Signature {
  const variadic = spec.variadic ?? undefined;
  return {
    kind: "node",
    title: spec.title,
    category: spec.category,
    doc: spec.doc,
    inputs: variadic ? [...spec.inputs, ...furtherInputs(spec, variadic, node)] : spec.inputs,
    outputs: spec.outputs,
    variadic,
  };
}

function furtherInputs(spec: NodeSpec, variadic: InputSpec, node: AnyNode): InputSpec[] {
  const declared = new Set(spec.inputs.map(({ name }) => name));
  const given = [...Object.keys(node.values), ...Object.keys(node.links)].filter((name) => !declared.has(name));
  return given.map((name) => ({ ...variadic, name, required: false }));
}

function loopSignature(loop: Loop): Signature {
  const names = [...loop.each, ...loop.carry];
  const outputs = [...loop.carry, ...Object.keys(loop.collect)];
  return {
    kind: "loop",
    title: texts.palette.loop.title,
    category: "loop",
    doc: texts.palette.loop.doc,
    inputs: names.map((name) => ({ ...BARE_INPUT, name, type: UNKNOWN })),
    outputs: outputs.map((name) => ({ name, type: UNKNOWN, doc: "" })),
    variadic: undefined,
  };
}

function subgraphSignature(name: string, graph: Graph): Signature {
  return {
    kind: "subgraph",
    title: graph.title || name,
    category: "subgraph",
    doc: graph.description,
    inputs: Object.entries(graph.inputs).map(([input, parameter]) => parameterSpec(input, parameter)),
    outputs: Object.keys(graph.outputs).map((output) => ({ name: output, type: UNKNOWN, doc: "" })),
    variadic: undefined,
  };
}

/** A node whose type is not installed: its values and links are shown, and stay. */
function missingSignature(node: AnyNode, workflow: Workflow): Signature {
  const inputs = [...Object.keys(node.links), ...Object.keys(node.values)];
  return {
    kind: "missing",
    title: node.type,
    category: "missing",
    doc: `The node type "${node.type}" is not installed. Its values and links are kept.`,
    inputs: inputs.map((name) => ({ ...BARE_INPUT, name, type: UNKNOWN, required: false })),
    outputs: readNames(workflow, node).map((name) => ({ name, type: UNKNOWN, doc: "" })),
    variadic: undefined,
  };
}

/** Names of the outputs of a node that something reads. */
function readNames(workflow: Workflow, node: AnyNode): string[] {
  const names = new Set<string>();
  const index = homes(workflow);
  for (const { link } of readers(workflow)) if (index.get(link[0])?.node === node) names.add(link[1]);
  return [...names];
}

/** The declaration of a graph's input, as of a node's. */
export function parameterSpec(name: string, parameter: Parameter): InputSpec {
  const { type, minimum, maximum, step, choices, widget, doc } = parameter;
  const hasDefault = parameter.default !== null;
  return { ...BARE_INPUT, name, type, minimum, maximum, step, choices, widget, doc, required: !hasDefault };
}
