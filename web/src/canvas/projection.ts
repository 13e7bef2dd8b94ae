/**
 * What the canvas shows of a document: React Flow's nodes and edges, made from the document and never kept.
 *
 * A node that has not changed gives the same object again, so that an edit draws one node and not a thousand.
 */

import { type Knowledge, type Signature, showType, type TypeExpr, type Types } from "../catalogue";
import {
  type AnyNode,
  boxOf,
  type Graph,
  graphOf,
  INSIDE,
  isLoop,
  type Link,
  type Loop,
  type Nodes,
  PARAMETER,
  type Parameter,
  pointThing,
  readers,
  sourceOf,
  wireKey,
  wirePoints,
  wireThing,
} from "../document";
import { lookOf } from "../theme/sockets";
import { frameNode, loopNode, noteNode, placedAt, pointNode } from "./flow";
import { type Geometry, type InputModel, isWithin, nodeGeometry, type Rect, zoneMinHeight, zoneRect } from "./geometry";
import { type CanvasNode, endOfLink, endOfTarget, type LoopData, type Wire, type WireData } from "./model";

export interface Projection {
  readonly nodes: CanvasNode[];
  readonly edges: Wire[];
  /** Where everything stands, absolute. */
  readonly rects: ReadonlyMap<string, Rect>;
}

/** What was made last, by name, with what it was made from. */
export type Memory = Map<string, { readonly from: readonly unknown[]; readonly made: unknown }>;

export interface View {
  readonly graph: string;
  /** Nodes whose picture the user wants to see. */
  readonly pictured: ReadonlySet<string>;
}

interface Scene {
  readonly known: Knowledge;
  readonly view: View;
  readonly memory: Memory;
  readonly graph: Graph | undefined;
  readonly shown: ReadonlyMap<string, LoopData["shown"]>;
  readonly rects: Map<string, Rect>;
  readonly geometries: Map<string, Geometry>;
  /** Nodes whose picture shows how a loop comes along. */
  readonly live: ReadonlySet<string>;
}

export function project(known: Knowledge, view: View, memory: Memory): Projection {
  const { layout } = known.workflow;
  const graph = graphOf(known.workflow, view.graph);
  const shown = shownOutputs(graph?.outputs ?? {}, memory);
  const live = handedOn(known, view.graph);
  const scene: Scene = { known, view, memory, graph, shown, live, rects: new Map(), geometries: new Map() };
  measure(scene, graph?.nodes ?? {});
  const edges = wires(scene);
  const things = emit(scene, graph?.nodes ?? {}, "");
  const zones = things.flatMap(({ id, type }) => (type === "loop" ? (scene.rects.get(id) ?? []) : []));
  const frames = layout.frames.flatMap((frame, i) => {
    if (frame.graph !== view.graph) return [];
    const depth = zones.filter((zone) => isWithin(frame, zone)).length;
    return [remember(memory, `frame:${i}`, [frame, depth], () => frameNode(frame, i, depth))];
  });
  const nodes: CanvasNode[] = [
    ...edges.flatMap(({ data }) => (data ? points(data, memory) : [])),
    ...things,
    // Behind the nodes by their height, before the zones that they stand in by their place.
    ...frames,
    ...layout.notes.flatMap((note, i) =>
      note.graph === view.graph ? [remember(memory, `note:${i}`, [note], () => noteNode(note, i))] : [],
    ),
  ];
  return { nodes, edges, rects: scene.rects };
}

/** What was made last from the same parts, or made anew. */
function remember<T>(memory: Memory, name: string, from: readonly unknown[], make: () => T): T {
  const last = memory.get(name);
  if (last && last.from.length === from.length && last.from.every((part, i) => Object.is(part, from[i]))) {
    return last.made as T;
  }
  const made = make();
  memory.set(name, { from, made });
  return made;
}

/** How large everything is: nodes by their rows, zones by what stands in them. */
function measure(scene: Scene, nodes: Nodes): void {
  for (const [id, node] of Object.entries(nodes)) {
    const box = boxOf(scene.known.workflow, id);
    if (isLoop(node)) {
      measure(scene, node.body);
      const inner = Object.keys(node.body).flatMap((innerId) => scene.rects.get(innerId) ?? []);
      scene.rects.set(id, zoneRect(box, inner, zoneMinHeight(node)));
      continue;
    }
    const geometry = measureNode(scene, id, node);
    scene.geometries.set(id, geometry);
    scene.rects.set(id, { x: box.x, y: box.y, width: geometry.width, height: geometry.height });
  }
}

function measureNode({ known, view, memory, graph, live }: Scene, id: string, node: AnyNode): Geometry {
  const { types, workflow } = known;
  const signature = types.signature(id) ?? NO_SIGNATURE;
  const { collapsed, width } = boxOf(workflow, id);
  const inputTypes = signature.inputs.map(({ name }) => types.wants({ kind: "input", node: id, name }));
  const outputTypes = signature.outputs.map(({ name }) => types.brings([id, name], view.graph));
  const parameters = Object.values(node.links).map(([source, name]) =>
    source === PARAMETER ? graph?.inputs[name] : undefined,
  );
  const hasPicture = showsPicture(signature, view, live, id);
  const from = [node.values, node.links, signature.kind, typeKey([...inputTypes, ...outputTypes]), collapsed, width];
  return remember(memory, `geometry ${id}`, [...from, hasPicture, ...parameters], () => {
    const inputs = inputModels(node, signature, graph?.inputs ?? {}, inputTypes);
    const box = boxOf(workflow, id);
    return nodeGeometry({ node, box, signature, inputs, inputTypes, outputTypes, hasPicture });
  });
}

function showsPicture({ outputs }: Signature, { pictured }: View, live: ReadonlySet<string>, id: string): boolean {
  return pictured.has(id) || live.has(id) || outputs.some(({ type }) => type === "EncodedImage");
}

/** The nodes that hand a latent on to a loop's next iteration. */
function handedOn({ workflow, types }: Knowledge, graph: string): ReadonlySet<string> {
  const found = readers(workflow).filter(
    ({ target, link, place }) =>
      target.kind === "next" && place.graph === graph && types.brings(link, graph)?.name === "Latent",
  );
  return new Set(found.map(({ link }) => sourceOf(link)));
}

function typeKey(types: readonly (TypeExpr | undefined)[]): string {
  return types.map((type) => (type ? showType(type) : "?")).join();
}

/** The nodes of a body; a zone comes before what stands in it. */
function emit(scene: Scene, nodes: Nodes, loop: string): CanvasNode[] {
  const { known, view, memory, rects } = scene;
  const parent = rects.get(loop);
  return Object.entries(nodes).flatMap(([id, node]): CanvasNode[] => {
    const shown = scene.shown.get(id) ?? NOTHING_SHOWN;
    const box = boxOf(known.workflow, id);
    if (isLoop(node)) {
      const rect = rects.get(id) ?? { ...box, width: 0, height: 0 };
      const { width, height, x, y } = rect;
      const typed = typeKey(loopTypes(known.types, id, node, view.graph));
      const from = [node, box.colour, width, height, x, y, parent?.x, parent?.y, shown, typed, loop];
      const zone = remember(memory, id, from, () =>
        loopNode(id, node, rect, parent, loop, box.colour, shown, (where, name) =>
          loopType(known.types, id, where, name, view.graph),
        ),
      );
      return [zone, ...emit(scene, node.body, id)];
    }
    const geometry = scene.geometries.get(id);
    if (!geometry) return [];
    const signature = known.types.signature(id) ?? NO_SIGNATURE;
    const hasPicture = showsPicture(signature, view, scene.live, id);
    const from = [node, box, signature.title, geometry, parent?.x, parent?.y, shown, loop, hasPicture];
    return [
      remember(memory, id, from, (): CanvasNode => {
        const title = node.title || signature.title || node.type;
        const data = { id, node, box, title, signature, geometry, hasPicture, shown };
        return { ...placedAt(id, box, parent, geometry, loop), type: "node", data };
      }),
    ];
  });
}

const NOTHING_SHOWN: Readonly<Record<string, readonly string[]>> = {};
const NO_SIGNATURE: Signature = {
  kind: "missing",
  title: "",
  category: "missing",
  doc: "",
  inputs: [],
  outputs: [],
  variadic: undefined,
};

/** Node -> output -> the graph's outputs that show it; the same object as long as they stay the same. */
function shownOutputs(outputs: Graph["outputs"], memory: Memory): ReadonlyMap<string, LoopData["shown"]> {
  return remember(memory, "shown", [outputs], () => {
    const shown = new Map<string, Record<string, string[]>>();
    for (const [name, [node, output]] of Object.entries(outputs)) {
      const ofNode = shown.get(node) ?? {};
      ofNode[output] = [...(ofNode[output] ?? []), name];
      shown.set(node, ofNode);
    }
    return shown;
  });
}

function inputModels(
  node: AnyNode,
  signature: Signature,
  parameters: Readonly<Record<string, Parameter>>,
  types: readonly (TypeExpr | undefined)[],
): InputModel[] {
  return signature.inputs.map((spec, i) => {
    const link: Link | undefined = node.links[spec.name];
    const parameter = link?.[0] === PARAMETER ? parameters[link[1]] : undefined;
    const type = types[i];
    return { spec, link, parameter, value: node.values[spec.name], type: type ? showType(type) : spec.type };
  });
}

function loopType(
  types: Types,
  id: string,
  where: "given" | "inside" | "outside",
  name: string,
  graph: string,
): TypeExpr | undefined {
  if (where === "given") return types.wants({ kind: "input", node: id, name });
  return types.brings(where === "inside" ? [id + INSIDE, name] : [id, name], graph);
}

function loopTypes(types: Types, id: string, node: Loop, graph: string): (TypeExpr | undefined)[] {
  const names = [...node.each, ...node.carry, ...Object.keys(node.collect)];
  return names.map((name) => types.brings([id, name], graph) ?? types.brings([id + INSIDE, name], graph));
}

function wires({ known, view, memory }: Scene): Wire[] {
  const { workflow, types, catalogue } = known;
  const { graph } = view;
  return readers(workflow).flatMap(({ target, link, place }): Wire[] => {
    if (place.graph !== graph || target.kind === "output" || link[0] === PARAMETER) return [];
    const type = types.brings(link, graph);
    const shownType = type ? showType(type) : "";
    const key = wireKey(target);
    const id = wireThing(key);
    const way = wirePoints(workflow, key);
    return [
      remember(memory, id, [link[0], link[1], shownType, way], (): Wire => {
        const { colour, isList } = lookOf(type, catalogue);
        const [from, to] = [endOfLink(link), endOfTarget(target)];
        return {
          id,
          type: "wire",
          source: from.node,
          sourceHandle: from.socket,
          target: to.node,
          targetHandle: to.socket,
          data: { key, target, link, colour, isList, type: shownType, points: way },
        };
      }),
    ];
  });
}

function points({ key, points: way, colour }: WireData, memory: Memory): CanvasNode[] {
  return way.map((point, i) => {
    const id = pointThing(key, i);
    return remember(memory, id, [point, colour], () => pointNode(id, key, i, point, colour));
  });
}
