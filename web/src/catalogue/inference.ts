/** The types of everything in a document: what each link brings, and what each input wants. */

import {
  type AnyNode,
  graphOf,
  homes,
  INDEX,
  INSIDE,
  isLoop,
  type Link,
  type Loop,
  PARAMETER,
  type Place,
  placeOfTarget,
  type StandIn,
  type Target,
  type Workflow,
} from "../document";
import { type Catalogue, type Signature, signatureOf, UNKNOWN } from "./catalogue";
import { type Arriving, bind, match, substitute } from "./matching";
import { elementOf, INT, listOf, parseType, sameType, type TypeExpr, typeOfLiteral } from "./types";

/** undefined where a type is not known: a fault that the checker reports, or a plugin that is missing. */
export interface Types {
  /** What a link brings, read from a graph. */
  readonly brings: (link: Link, graph: string) => TypeExpr | undefined;
  readonly wants: (target: Target) => TypeExpr | undefined;
  readonly signature: (id: string) => Signature | undefined;
}

interface Known {
  readonly signature: Signature;
  readonly inputs: ReadonlyMap<string, TypeExpr | undefined>;
  readonly outputs: ReadonlyMap<string, TypeExpr | undefined>;
}

export function inferTypes(workflow: Workflow, catalogue: Catalogue): Types {
  const index = homes(workflow);
  const known = new Map<string, Known | null>();

  const brings = ([source, name]: Link, graph: string): TypeExpr | undefined => {
    if (source === PARAMETER) return declared(graphOf(workflow, graph)?.inputs[name]?.type);
    if (source.endsWith(INSIDE)) return insideLoop(source.slice(0, -INSIDE.length), name);
    return knownOf(source)?.outputs.get(name);
  };

  const insideLoop = (id: string, name: string): TypeExpr | undefined => {
    const home = index.get(id);
    if (name === INDEX) return INT;
    if (!home || !isLoop(home.node)) return undefined;
    const given = givenTo(home.node, name, home.place);
    return given && home.node.each.includes(name) ? elementOf(given) : given;
  };

  const givenTo = (node: AnyNode, name: string, place: Place): TypeExpr | undefined => {
    const link = node.links[name];
    if (link) return brings(link, place.graph);
    return node.values[name] === undefined ? undefined : typeOfLiteral(node.values[name]);
  };

  const knownOf = (id: string): Known | undefined => {
    const found = known.get(id);
    if (found !== undefined) return found ?? undefined;
    known.set(id, null); // so that a circle of links ends
    const home = index.get(id);
    if (!home) return undefined;
    const signature = signatureOf(catalogue, workflow, home.node);
    const made = isLoop(home.node)
      ? loopTypes(home.node, signature, home.place)
      : nodeTypes(home.node, signature, home.place);
    known.set(id, made);
    return made;
  };

  const loopTypes = (loop: Loop, signature: Signature, place: Place): Known => {
    const inputs = new Map([...loop.each, ...loop.carry].map((name) => [name, givenTo(loop, name, place)]));
    const collected = Object.entries(loop.collect).map(([name, link]) => {
      const type = brings(link, place.graph);
      return [name, type && listOf(type)] as const;
    });
    const outputs = new Map([...loop.carry.map((name) => [name, inputs.get(name)] as const), ...collected]);
    return { signature, inputs, outputs };
  };

  const nodeTypes = (node: AnyNode, signature: Signature, place: Place): Known => {
    const wanted = new Map(signature.inputs.map(({ name, type }) => [name, declared(type)]));
    const arriving = [...wanted].flatMap(([name, type]): Arriving[] => {
      const given = givenTo(node, name, place);
      return type && given ? [{ wanted: type, type: given, isLink: node.links[name] !== undefined }] : [];
    });
    const bound = bind(arriving);
    const inputs = new Map([...wanted].map(([name, type]) => [name, type && substitute(type, bound)]));
    const isMapped = arriving.some(({ wanted: type, type: given, isLink }) => {
      const target = substitute(type, bound);
      return isLink && target && match(given, target, catalogue.conversions)?.mapped;
    });
    const outputs = signature.outputs.map(({ name, type }) => {
      const found = outputType(node, signature, name, type);
      const made = found && substitute(found, bound);
      return [name, made && isMapped ? listOf(made) : made] as const;
    });
    return { signature, inputs, outputs: new Map(outputs) };
  };

  const outputType = (node: AnyNode, signature: Signature, name: string, type: string): TypeExpr | undefined => {
    if (signature.kind !== "subgraph") return declared(type);
    const link = workflow.subgraphs[node.type]?.outputs[name];
    return link && brings(link, node.type);
  };

  const wants = (target: Target): TypeExpr | undefined => {
    if (target.kind === "output" || target.kind === "collect") return undefined;
    const made = knownOf(target.node);
    if (target.kind === "next") return made?.inputs.get(target.name);
    const spec = made?.signature.inputs.find(({ name }) => name === target.name) ?? made?.signature.variadic;
    return made?.inputs.get(target.name) ?? declared(spec?.type);
  };

  return { brings, wants, signature: (id) => knownOf(id)?.signature };
}

function declared(type: string | undefined): TypeExpr | undefined {
  return type === undefined || type === UNKNOWN ? undefined : parseType(type);
}

/** What an input declares, its variables free: what a wire that is being plugged in has to meet. */
export function declaredType(types: Types, target: Target): TypeExpr | undefined {
  if (target.kind !== "input") return types.wants(target);
  const signature = types.signature(target.node);
  const spec = signature?.inputs.find(({ name }) => name === target.name) ?? signature?.variadic;
  return declared(spec?.type) ?? types.wants(target);
}

/** The type that a link brings to a target, lists added for each loop that it is collected from. */
export function bringsTo(workflow: Workflow, types: Types, link: Link, target: Target): TypeExpr | undefined {
  const place = placeOfTarget(workflow, target);
  const type = types.brings(link, place.graph);
  if (!type || link[0] === PARAMETER) return type;
  const isInside = link[0].endsWith(INSIDE);
  const home = homes(workflow).get(isInside ? link[0].slice(0, -INSIDE.length) : link[0]);
  const around = [...(home?.place.loops ?? []), ...(isInside ? [link[0].slice(0, -INSIDE.length)] : [])];
  const shared = around.filter((loop) => place.loops.includes(loop)).length;
  return { name: type.name, depth: type.depth + around.length - shared };
}

/** Which input of a node may stand for one of its outputs: the first that brings the output's type. */
export function standInOf({ types, workflow }: { readonly types: Types; readonly workflow: Workflow }): StandIn {
  const idOf = new Map([...homes(workflow)].map(([id, { node }]) => [node, id]));
  return (node, output) => {
    const id = idOf.get(node) ?? "";
    const place = homes(workflow).get(id)?.place;
    const wanted = place && types.brings([id, output], place.graph);
    if (!wanted || !place) return undefined;
    return Object.entries(node.links).find(([, link]) => {
      const type = types.brings(link, place.graph);
      return type && sameType(type, wanted);
    })?.[0];
  };
}
