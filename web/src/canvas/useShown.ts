/** What stands on the canvas, as React Flow draws it: made from the document, save where a drag has not ended yet. */

import { applyNodeChanges, type EdgeChange, type NodeChange } from "@xyflow/react";
import { useCallback, useEffect, useMemo, useState } from "react";
import { type Editor, shownGraph, useEditor, useKnowledge, useServer, useTab, useUi } from "../state/editor";
import { activeTab, select } from "../state/tabs";
import { withCarried } from "./carrying";
import type { CanvasNode, Wire } from "./model";
import { type Memory, type Projection, project } from "./projection";

export interface Shown {
  readonly projected: Projection;
  readonly nodes: CanvasNode[];
  readonly edges: Wire[];
  readonly onNodesChange: (changes: NodeChange<CanvasNode>[]) => void;
  readonly onEdgesChange: (changes: EdgeChange<Wire>[]) => void;
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
  const projected = useMemo(
    () => project(known, { graph, selection, pictured }, memory),
    [known, graph, selection, pictured, memory],
  );
  const [nodes, setNodes] = useState<CanvasNode[]>(projected.nodes);
  useEffect(() => setNodes(projected.nodes), [projected]);
  const dropWire = useUi((ui) => ui.dropWire);
  const edges = useMemo(() => {
    if (dropWire === "") return projected.edges;
    return projected.edges.map((edge) => (edge.id === dropWire ? { ...edge, className: "opening" } : edge));
  }, [projected.edges, dropWire]);
  const onNodesChange = useCallback(
    (changes: NodeChange<CanvasNode>[]) => {
      const moves = changes.filter(({ type }) => type === "position");
      if (moves.length > 0) setNodes((old) => applyNodeChanges([...withCarried(projected, moves)], old));
      choose(editor, changes);
    },
    [editor, projected],
  );
  const onEdgesChange = useCallback((changes: EdgeChange<Wire>[]) => choose(editor, changes), [editor]);
  const settle = useCallback(
    () => setNodes((now) => (now === projected.nodes ? now : [...projected.nodes])),
    [projected],
  );
  return { projected, nodes, edges, onNodesChange, onEdgesChange, settle };
}

function choose(editor: Editor, changes: readonly (NodeChange<CanvasNode> | EdgeChange<Wire>)[]): void {
  const chosen = changes.filter((change) => change.type === "select");
  if (chosen.length === 0) return;
  const keys = new Set(activeTab(editor.tabs.getState()).selection);
  for (const { id, selected } of chosen) selected ? keys.add(id) : keys.delete(id);
  select(editor.tabs, keys);
}
