/** Finding node types: by name, category, docs and types, forgiving typing errors. */

import Fuse from "fuse.js";
import { type Knowledge, showType } from "../catalogue";
import { LOOP } from "../document";
import type { Joining } from "../state/ui";
import { texts } from "../texts";
import { type Joint, jointOf } from "./joints";

export interface Candidate extends Joint {
  readonly type: string;
  readonly title: string;
  readonly category: string;
  readonly doc: string;
  readonly types: readonly string[];
}

/** Node types, subgraphs and the loop; with a wire, only those that it fits. */
export function candidates(known: Knowledge, wiring: Joining | null, graph: string): Candidate[] {
  const specs = [...known.catalogue.nodes.values()].filter(({ conversion }) => !conversion);
  const found = specs.flatMap((spec): Candidate[] => {
    const joint = wiring ? jointOf(known, spec, wiring, graph) : { socket: "" };
    if (!joint) return [];
    const { type, title, category, doc } = spec;
    return [
      { type, title, category, doc, types: [...spec.inputs, ...spec.outputs].map((part) => part.type), ...joint },
    ];
  });
  const loop = wiring === null || wiring.kind === "from-output" ? [LOOP_CANDIDATE] : [];
  return [...loop, ...subgraphCandidates(known, wiring, graph), ...found];
}

function subgraphCandidates(known: Knowledge, wiring: Joining | null, graph: string): Candidate[] {
  const others = Object.entries(known.workflow.subgraphs).filter(([name]) => name !== graph);
  return others.flatMap(([name, { title, description, inputs, outputs }]): Candidate[] => {
    const parts = {
      inputs: Object.entries(inputs).map(([input, { type }]) => ({ name: input, type })),
      outputs: Object.entries(outputs).flatMap(([output, link]) => {
        const type = known.types.brings(link, name);
        return type ? [{ name: output, type: showType(type) }] : [];
      }),
    };
    const joint = wiring ? jointOf(known, parts, wiring, graph) : { socket: "" };
    if (!joint) return [];
    return [{ type: name, title: title || name, category: "subgraph", doc: description, types: [], ...joint }];
  });
}

const LOOP_CANDIDATE: Candidate = {
  type: LOOP,
  title: texts.palette.loop.title,
  category: "loop",
  doc: texts.palette.loop.doc,
  types: [],
  socket: "add:input",
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
