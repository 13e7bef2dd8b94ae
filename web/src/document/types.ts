/**
 * The workflow document as plain, frozen data: the mirror of graph/document/workflow.py.
 *
 * In `values` and in defaults a whole number is a `bigint` and any other number a `number`, as Python has `int` and
 * `float`: 1 and 1.0 stay apart, and a seed of 64 bits keeps all its digits. Fields that the document types as float
 * (places, limits) are plain numbers.
 */

export type Literal =
  | null
  | boolean
  | bigint
  | number
  | string
  | readonly Literal[]
  | { readonly [name: string]: Literal };

export type Named<T> = { readonly [name: string]: T };

/** What an input reads: an output of a node, `["$", input]`, or inside a loop's body `["LOOP/in", name]`. */
export type Link = readonly [node: string, output: string];

export const PARAMETER = "$";
export const LOOP = "loop";
export const INSIDE = "/in";
/** What every loop body can read beside its `each` and `carry`: the number of the iteration. */
export const INDEX = "index";

export type Mode = "run" | "bypass" | "mute";

export interface Node {
  readonly type: string;
  readonly version: number;
  readonly title: string;
  readonly values: Named<Literal>;
  readonly links: Named<Link>;
  readonly mode: Mode;
}

export interface Loop {
  readonly type: typeof LOOP;
  readonly title: string;
  readonly each: readonly string[];
  readonly carry: readonly string[];
  readonly values: Named<Literal>;
  readonly links: Named<Link>;
  readonly body: Named<AnyNode>;
  readonly next: Named<Link>;
  readonly collect: Named<Link>;
  readonly mode: Mode;
}

export type AnyNode = Node | Loop;

export interface Parameter {
  readonly type: string;
  readonly default: Literal;
  readonly minimum: number | null;
  readonly maximum: number | null;
  readonly step: number | null;
  readonly choices: readonly string[] | null;
  readonly widget: string;
  readonly doc: string;
}

export interface Graph {
  readonly title: string;
  readonly description: string;
  readonly inputs: Named<Parameter>;
  readonly outputs: Named<Link>;
  readonly nodes: Named<AnyNode>;
}

/** Where a node stands, in canvas units at 100 %. Absolute, also inside a loop. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number | null;
  readonly height: number | null;
  readonly colour: string;
  readonly collapsed: boolean;
}

export interface Frame {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly colour: string;
  /** The subgraph that it stands in; empty for the workflow itself. */
  readonly graph: string;
}

export interface Note {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly text: string;
  readonly graph: string;
}

/** Where a wire is led through. */
export type WirePoint = readonly [x: number, y: number];

export interface Layout {
  readonly nodes: Named<Box>;
  /** Points of wires, in their order from the output to the input, by where the wire ends: see `wireKey`. */
  readonly wires: Named<readonly WirePoint[]>;
  readonly frames: readonly Frame[];
  readonly notes: readonly Note[];
}

export interface Workflow extends Graph {
  readonly latentloom: 1;
  readonly subgraphs: Named<Graph>;
  readonly layout: Layout;
}

export function isLoop(node: AnyNode): node is Loop {
  return node.type === LOOP;
}

export const EMPTY_NODE: Node = { type: "", version: 1, title: "", values: {}, links: {}, mode: "run" };

export const EMPTY_LOOP: Loop = {
  type: LOOP,
  title: "",
  each: [],
  carry: [],
  values: {},
  links: {},
  body: {},
  next: {},
  collect: {},
  mode: "run",
};

export const EMPTY_PARAMETER: Parameter = {
  type: "str",
  default: null,
  minimum: null,
  maximum: null,
  step: null,
  choices: null,
  widget: "",
  doc: "",
};

export const EMPTY_BOX: Box = { x: 0, y: 0, width: null, height: null, colour: "", collapsed: false };

export const EMPTY_GRAPH: Graph = { title: "", description: "", inputs: {}, outputs: {}, nodes: {} };

export const EMPTY_LAYOUT: Layout = { nodes: {}, wires: {}, frames: [], notes: [] };

export const EMPTY_WORKFLOW: Workflow = {
  latentloom: 1,
  ...EMPTY_GRAPH,
  subgraphs: {},
  layout: EMPTY_LAYOUT,
};
