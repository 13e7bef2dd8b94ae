/** What stands on the canvas, as React Flow draws it: made from the document, save where a drag has not ended yet. */

import { applyNodeChanges, type EdgeChange, type NodeChange } from "@xyflow/react";
import { type RefObject, useCallback, useMemo, useRef, useState } from "react";
import { type Editor, shownGraph, useEditor, useKnowledge, useServer, useTab, useUi } from "../state/editor";
import { activeTab, select } from "../state/tabs";
import { withCarried } from "./carrying";
import { aroundHand, type Hand, movesOf, OWN } from "./hand";
import type { CanvasNode, Wire } from "./model";
import { type Memory, type Projection, project } from "./projection";

export interface Shown {
  readonly projected: Projection;
  readonly nodes: CanvasNode[];
  readonly edges: Wire[];
  readonly onNodesChange: (changes: NodeChange<CanvasNode>[]) => void;
  readonly onEdgesChange: (changes: EdgeChange<Wire>[]) => void;
  /** What a drag moves. */
  readonly hand: RefObject<Hand>;
  /** Everything back to where the document has it. */
  readonly settle: () => void;
}

export function useShown(): Shown {
  const editor = useEditor();
  const known = useKnowledge();
  const graph = useTab(shownGraph);
  const tab = useTab(({ key }) => key);
  const selection = useTab((found) => found.selection);
  const pictured = useUi((ui) => ui.pictured);
  const catalogue = useServer((server) => server.catalogue);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was drawn last is of one tab, graph and catalogue.
  const memory = useMemo<Memory>(() => new Map(), [tab, graph, catalogue]);
  const projected = useMemo(() => project(known, { graph, pictured }, memory), [known, graph, pictured, memory]);
  const placed = useSelected(projected.nodes, selection);
  const hand = useRef(OWN);
  const [held, setHeld] = useState<Held | null>(null);
  const nodes = held?.of === placed ? held.nodes : placed;
  const wires = useSelected(projected.edges, selection);
  const dropWire = useUi((ui) => ui.dropWire);
  const edges = useMemo(() => {
    if (dropWire === "") return wires;
    return wires.map((wire) => (wire.id === dropWire ? { ...wire, className: "opening" } : wire));
  }, [wires, dropWire]);
  const onNodesChange = useCallback(
    (changes: NodeChange<CanvasNode>[]) => {
      const moves = movesOf(hand.current, projected, changes);
      if (moves.length > 0) {
        const all = withCarried(aroundHand(hand.current, projected), moves);
        setHeld((old) => moved(old, placed, all));
      }
      choose(editor, changes);
    },
    [editor, projected, placed],
  );
  const onEdgesChange = useCallback((changes: EdgeChange<Wire>[]) => choose(editor, changes), [editor]);
  const settle = useCallback(() => setHeld(null), []);
  return { projected, nodes, edges, hand, onNodesChange, onEdgesChange, settle };
}

function choose(editor: Editor, changes: readonly (NodeChange<CanvasNode> | EdgeChange<Wire>)[]): void {
  const chosen = changes.filter((change) => change.type === "select");
  if (chosen.length === 0) return;
  const keys = new Set(activeTab(editor.tabs.getState()).selection);
  for (const { id, selected } of chosen) selected ? keys.add(id) : keys.delete(id);
  select(editor.tabs, keys);
}

/** Nodes while they are dragged, of those that the document places. */
interface Held {
  readonly of: CanvasNode[];
  readonly nodes: CanvasNode[];
}

function moved(held: Held | null, placed: CanvasNode[], changes: readonly NodeChange<CanvasNode>[]): Held {
  return { of: placed, nodes: applyNodeChanges([...changes], held?.of === placed ? held.nodes : placed) };
}

/** What is selected is marked apart from the projection: a selection changes with every move of the pointer. */
function useSelected<T extends { readonly id: string }>(things: T[], selection: ReadonlySet<string>): T[] {
  const [marked] = useState(() => new WeakMap<T, T>());
  return useMemo(() => {
    const mark = (thing: T): T => {
      const known = marked.get(thing) ?? { ...thing, selected: true };
      marked.set(thing, known);
      return known;
    };
    const isOne = things.some(({ id }) => selection.has(id));
    return isOne ? things.map((thing) => (selection.has(thing.id) ? mark(thing) : thing)) : things;
  }, [things, selection, marked]);
}
