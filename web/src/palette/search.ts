/** Finding node types: by name, here or in other programs, category, docs and types, forgiving typing errors. */

import Fuse from "fuse.js";
import { type Knowledge, showType } from "../catalogue";
import { LOOP } from "../document";
import type { Joining } from "../state/ui";
import { texts } from "../texts";
import { namesElsewhere } from "./elsewhere";
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
  const words = typed.replace(OPERATORS, "").trim();
  if (words === "")
    return [...all].sort((a, b) => a.category.localeCompare(b.category) || a.title.localeCompare(b.title));
  const found = findEach(all, words.split(/\s+/)).map((item) => ({ item, rank: rankOf(item, words.toLowerCase()) }));
  return found.sort((a, b) => a.rank - b.rank).map(({ item }) => item);
}

/** A name that begins with what was typed goes before one with all its words, and this before any other text. */
function rankOf({ title, type }: Candidate, typed: string): number {
  const name = title.toLowerCase();
  if (name.startsWith(typed) || type.startsWith(typed.replaceAll(" ", "_"))) return 0;
  const isIn = (text: string): boolean => typed.split(/\s+/).every((word) => text.includes(word));
  return isIn(name) ? 1 : isIn(namesElsewhere(type).toLowerCase()) ? 2 : 3;
}

interface Key {
  readonly name: string;
  readonly weight: number;
  readonly getFn: (candidate: Candidate) => string | string[];
}

/** What a search reads that may be misspelt. */
const NAMES: readonly Key[] = [
  { name: "title", weight: 5, getFn: ({ title }) => title },
  { name: "type", weight: 4, getFn: ({ type }) => type },
  { name: "elsewhere", weight: 3, getFn: ({ type }) => namesElsewhere(type) },
];
/** What it reads besides: longer texts, in which almost any letters stand somewhere. */
const TEXTS: readonly Key[] = [
  { name: "category", weight: 1.5, getFn: ({ category }) => category },
  { name: "types", weight: 1, getFn: ({ types }) => [...types] },
  { name: "doc", weight: 0.7, getFn: ({ doc }) => doc },
];
/** Of shorter words, one letter less makes another word: "lora" is no "load". */
const MISSPELT_LETTERS = 5;
/** Characters that mean something to the search. */
const OPERATORS = /[\^!='"$|]/g;

/** Those that every word is found in, in whichever of their texts. */
function findEach(all: readonly Candidate[], words: readonly string[]): Candidate[] {
  const fuse = new Fuse(all, {
    keys: [...NAMES, ...TEXTS],
    threshold: 0.3,
    ignoreLocation: true,
    useExtendedSearch: true,
  });
  const inAny = (word: string) => {
    const asIs = `'${word}`;
    const named = word.length < MISSPELT_LETTERS ? asIs : word;
    return { $or: [...NAMES.map(({ name }) => ({ [name]: named })), ...TEXTS.map(({ name }) => ({ [name]: asIs }))] };
  };
  return fuse.search({ $and: words.map(inAny) }).map(({ item }) => item);
}
