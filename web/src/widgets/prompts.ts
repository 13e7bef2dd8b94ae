/** Which texts are prompts, and for which model: those whose tokens a node `tokenize` makes. */

import { type AnyNode, homes, isLoop, type Link, PARAMETER, type Workflow } from "../document";

export interface Prompts {
  /** The model whose tokenizer reads an input of the workflow. */
  readonly ofInput: (name: string) => string | undefined;
  readonly ofNode: (node: string, input: string) => string | undefined;
}

const TOKENIZE = "tokenize";
const LOAD = "load_model";
const DEFAULT_MODEL = "demo";
const MOST_HOPS = 20;

const known = new WeakMap<Workflow, Prompts>();

/** Made once for each document. */
export function promptsOf(workflow: Workflow): Prompts {
  const found = known.get(workflow);
  if (found) return found;
  const made = findPrompts(workflow);
  known.set(workflow, made);
  return made;
}

function findPrompts(workflow: Workflow): Prompts {
  const inputs = new Map<string, string>();
  const nodes = new Map<string, string>();
  for (const [id, { node }] of homes(workflow)) {
    if (isLoop(node) || node.type !== TOKENIZE) continue;
    const model = modelOf(workflow, node) ?? DEFAULT_MODEL;
    nodes.set(`${id}.text`, model);
    const source = node.links.text;
    if (!source) continue;
    if (source[0] === PARAMETER) inputs.set(source[1], model);
    else nodes.set(`${source[0]}.value`, model);
  }
  return { ofInput: (name) => inputs.get(name), ofNode: (node, input) => nodes.get(`${node}.${input}`) };
}

/** The name that the model loader behind a tokenizer has; undefined where it comes from elsewhere. */
function modelOf(workflow: Workflow, node: AnyNode): string | undefined {
  const index = homes(workflow);
  let link: Link | undefined = node.links.tokenizer;
  for (let hops = 0; link && hops < MOST_HOPS; hops += 1) {
    const source: AnyNode | undefined = index.get(link[0])?.node;
    if (!source) return undefined;
    if (!isLoop(source) && source.type === LOAD) return nameOf(workflow, source);
    link = source.links.tokenizer;
  }
  return undefined;
}

function nameOf(workflow: Workflow, loader: AnyNode): string | undefined {
  const link = loader.links.name;
  const name = link?.[0] === PARAMETER ? workflow.inputs[link[1]]?.default : loader.values.name;
  return typeof name === "string" ? name : undefined;
}
