/** Finding node types: by name, category, docs and types, forgiving typing errors. */

import Fuse from "fuse.js";
import type { NodeSpec } from "../api";
import { declaredType, isVariable, type Knowledge, match, parseType, sameType } from "../catalogue";
import { LOOP } from "../document";
import type { Wiring } from "../state/ui";

export interface Candidate {
  readonly type: string;
  readonly title: string;
  readonly category: string;
  readonly doc: string;
  readonly types: readonly string[];
  /** The socket that takes the wire which is being drawn. */
  readonly socket: string;
}

/** Node types, subgraphs and the loop; with a wire, only those with a socket that it fits. */
export function candidates(
  { workflow, catalogue, types }: Knowledge,
  wiring: Wiring | null,
  graph: string,
): Candidate[] {
  const specs = [...catalogue.nodes.values()].filter(({ conversion }) => !conversion);
  const found = specs.flatMap((spec): Candidate[] => {
    const socket = wiring ? socketFor(spec) : "";
    if (socket === undefined) return [];
    const { type, title, category, doc } = spec;
    return [{ type, title, category, doc, types: [...spec.inputs, ...spec.outputs].map((part) => part.type), socket }];
  });
  if (wiring) return found;
  const subgraphs = Object.entries(workflow.subgraphs)
    .filter(([name]) => name !== graph)
    .map(
      ([name, { title, description }]): Candidate => ({
        type: name,
        title: title || name,
        category: "subgraph",
        doc: description,
        types: [],
        socket: "",
      }),
    );
  return [LOOP_CANDIDATE, ...subgraphs, ...found];

  function socketFor(spec: NodeSpec): string | undefined {
    if (!wiring) return "";
    if (wiring.kind === "from-output") {
      const given = types.brings(wiring.link, graph);
      if (!given) return spec.inputs[0]?.name;
      const fits = spec.inputs.filter(({ type }) => match(given, parseType(type), catalogue.conversions));
      const exact = fits.find(({ type }) => sameType(parseType(type), given));
      return (
        (exact ?? fits[0])?.name ??
        (spec.variadic && match(given, parseType(spec.variadic.type), catalogue.conversions) ? "item" : undefined)
      );
    }
    const wanted = declaredType(types, wiring.target);
    if (!wanted) return spec.outputs[0]?.name;
    return spec.outputs.find(({ type }) => {
      const given = parseType(type);
      return isVariable(given)
        ? given.depth <= wanted.depth
        : match(given, wanted, catalogue.conversions) !== undefined;
    })?.name;
  }
}

const LOOP_CANDIDATE: Candidate = {
  type: LOOP,
  title: "Loop",
  category: "loop",
  doc: "Runs what stands in it once for each element of a list, and carries values from one iteration to the next.",
  types: [],
  socket: "",
};

/** Candidates by how well they fit what was typed; all of them, by category, when nothing was. */
export function search(all: readonly Candidate[], typed: string): Candidate[] {
  const words = typed.trim();
  if (words === "")
    return [...all].sort((a, b) => a.category.localeCompare(b.category) || a.title.localeCompare(b.title));
  const fuse = new Fuse(all, {
    keys: [
      { name: "title", weight: 5 },
      { name: "type", weight: 4 },
      { name: "category", weight: 1.5 },
      { name: "types", weight: 1 },
      { name: "doc", weight: 0.7 },
    ],
    threshold: 0.34,
    ignoreLocation: true,
    includeScore: true,
  });
  const lower = words.toLowerCase();
  const isStart = ({ title, type }: Candidate): boolean =>
    title.toLowerCase().startsWith(lower) || type.toLowerCase().startsWith(lower.replaceAll(" ", "_"));
  const found = fuse.search(words).map(({ item }) => item);
  return [...found.filter(isStart), ...found.filter((item) => !isStart(item))];
}
