/** Reading a document: every fault with its place, unknown fields refused, never dropped. */

import * as z from "zod/mini";
import english from "zod/v4/locales/en.js";
import { readJson } from "./json";
import type { AnyNode, Literal, Workflow } from "./types";

// The page's policy forbids code made from text.
z.config({ ...english(), jitless: true });

export const CURRENT_VERSION = 1;

export interface DocumentFault {
  readonly where: string;
  readonly what: string;
  readonly mend: string;
}

export type Reading =
  | { readonly ok: true; readonly workflow: Workflow }
  | { readonly ok: false; readonly faults: readonly DocumentFault[] };

const id = z.string().check(z.regex(/^[A-Za-z][A-Za-z0-9_-]{0,79}$/));
const text = z._default(z.string(), "");
const integer = z.pipe(z.bigint(), z.transform(Number));
const float = z.union([z.number(), integer]);
const optionalFloat = z._default(z.nullable(float), null);
const link = z.tuple([z.string(), z.string()]);
const links = z._default(z.record(z.string(), link), {});
const literal = z.custom<Literal>((value) => value !== undefined);
const values = z._default(z.record(z.string(), literal), {});
const names = z._default(z.array(z.string()), []);

const node = z.strictObject({
  type: z.string(),
  version: z._default(integer, 1),
  title: text,
  values,
  links,
  mode: z._default(z.enum(["run", "bypass", "mute"]), "run"),
});

const loop = z.strictObject({
  type: z.literal("loop"),
  title: text,
  each: names,
  carry: names,
  values,
  links,
  get body() {
    return nodes;
  },
  next: links,
  collect: links,
  mode: z._default(z.enum(["run", "mute"]), "run"),
});

const anyNode: z.ZodMiniType<AnyNode> = z.pipe(
  z.unknown(),
  z.transform((value, context) => {
    const kind = (value as { type?: unknown } | null)?.type === "loop" ? loop : node;
    const result = kind.safeParse(value);
    if (result.success) return result.data as AnyNode;
    for (const issue of result.error.issues) context.issues.push({ ...issue, input: value } as never);
    return z.NEVER;
  }),
);
const nodes: z.ZodMiniType<Record<string, AnyNode>> = z._default(z.record(id, anyNode), {});

const parameter = z.strictObject({
  type: z.string(),
  default: z._default(literal, null),
  minimum: optionalFloat,
  maximum: optionalFloat,
  step: optionalFloat,
  choices: z._default(z.nullable(z.array(z.string())), null),
  widget: text,
  doc: text,
});

const graphFields = {
  title: text,
  description: text,
  inputs: z._default(z.record(id, parameter), {}),
  outputs: z._default(z.record(id, link), {}),
  nodes,
};

const box = z.strictObject({
  x: float,
  y: float,
  width: optionalFloat,
  height: optionalFloat,
  colour: text,
  collapsed: z._default(z.boolean(), false),
});
const sized = { x: float, y: float, width: float, height: float };
const frame = z.strictObject({ ...sized, title: text, colour: text, graph: text });
const note = z.strictObject({
  ...sized,
  width: z._default(float, 240),
  height: z._default(float, 120),
  text,
  graph: text,
});

const layout = z._default(
  z.strictObject({
    nodes: z._default(z.record(z.string(), box), {}),
    wires: z._default(z.record(z.string(), z.array(z.tuple([float, float]))), {}),
    frames: z._default(z.array(frame), []),
    notes: z._default(z.array(note), []),
  }),
  { nodes: {}, wires: {}, frames: [], notes: [] },
);

const workflow = z.strictObject({
  latentloom: z.pipe(
    z.bigint(),
    z.transform(() => 1 as const),
  ),
  ...graphFields,
  subgraphs: z._default(z.record(id, z.strictObject(graphFields)), {}),
  layout,
});

/** Reads a document from JSON text. */
export function readWorkflow(source: string): Reading {
  let content: Literal;
  try {
    content = readJson(source);
  } catch (error) {
    const what = `is not JSON: ${error instanceof Error ? error.message : error}.`;
    return refused("workflow", what, "Check that the file is a saved workflow.");
  }
  return readContent(content);
}

/** Reads a document from parsed JSON (of `readJson`). */
export function readContent(content: Literal): Reading {
  if (!isRecord(content)) {
    return refused("workflow", "is not a workflow: a JSON object was expected.", "Open a saved workflow.");
  }
  const version = content.latentloom;
  if (version === undefined) return isComfyui(content) ? OF_COMFYUI : OF_NO_VERSION;
  if (typeof version !== "bigint" || version < 1n || version > CURRENT_VERSION) {
    const what = `the version is ${String(version)}; this editor reads version ${CURRENT_VERSION}.`;
    return refused("latentloom", what, "Update Latentloom to open it. The file is untouched.");
  }
  const result = workflow.safeParse(content);
  if (result.success) return { ok: true, workflow: result.data as Workflow };
  return { ok: false, faults: result.error.issues.map(asFault) };
}

const OF_COMFYUI = refused(
  "workflow",
  "is a workflow of ComfyUI, which is of another kind and cannot be read.",
  "Open the example that is nearest to it (Ctrl+Shift+O), and change that.",
);
const OF_NO_VERSION = refused(
  "workflow",
  'is not a workflow of Latentloom: the field "latentloom" with its version is missing.',
  "Open a saved workflow, or a picture that was made with one.",
);

/** Its API form is an object of nodes with a `class_type`; its editor's form has a list of nodes. */
function isComfyui(content: { readonly [name: string]: Literal }): boolean {
  const parts = Object.values(content);
  const isApi = parts.length > 0 && parts.every((part) => isRecord(part) && "class_type" in part);
  return isApi || (Array.isArray(content.nodes) && "last_node_id" in content);
}

function isRecord(value: Literal): value is { readonly [name: string]: Literal } {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function refused(where: string, what: string, mend: string): Reading {
  return { ok: false, faults: [{ where, what, mend }] };
}

function asFault(issue: z.core.$ZodIssue): DocumentFault {
  const where = issue.path.map(String).join(".") || "workflow";
  if (issue.code === "unrecognized_keys") {
    return {
      where: [where, ...issue.keys].join("."),
      what: "unknown field.",
      mend: "Remove the field, or correct it.",
    };
  }
  return { where, what: `${issue.message}.`, mend: "Correct the value; see the description of the workflow document." };
}
