import {
  Background,
  BackgroundVariant,
  type EdgeTypes,
  MiniMap,
  type NodeTypes,
  ReactFlow,
  type ReactFlowProps,
  useStore as useFlowStore,
  useReactFlow,
} from "@xyflow/react";
import { type JSX, type MouseEvent, useCallback, useMemo } from "react";
import { useEditor, usePreferences } from "../state/editor";
import { openCanvasMenu, openNodeMenu, openOutputMenu, openWireMenu } from "../state/menus";
import { addPointAt } from "../state/points";
import { FrameView, NoteView } from "./backdrop";
import { DetailContext, detailAt } from "./detail";
import { pointOf } from "./dropping";
import { LoopView } from "./LoopView";
import type { CanvasNode, Wire } from "./model";
import { NodeView } from "./NodeView";
import { PointView } from "./PointView";
import { useLatest } from "./useLatest";
import { useMoving } from "./useMoving";
import { useShown } from "./useShown";
import { useView } from "./useView";
import { openPaletteFor, useWiring } from "./useWiring";
import { WireMap } from "./WireMap";
import { DrawnWire, WireView } from "./WireView";

const NODE_TYPES: NodeTypes = {
  node: NodeView,
  loop: LoopView,
  frame: FrameView,
  note: NoteView,
  point: PointView,
} as unknown as NodeTypes;
const EDGE_TYPES: EdgeTypes = { wire: WireView } as unknown as EdgeTypes;
const GRID: [number, number] = [8, 8];
const NO_WIRES: Wire[] = [];
const SNAP_RADIUS_PX = 26;

/** The open workflow, or the subgraph of it that was entered. */
export function Canvas(): JSX.Element {
  const editor = useEditor();
  const flow = useReactFlow<CanvasNode, Wire>();
  const isSnapping = usePreferences((preferences) => preferences.isSnapping);
  const detail = useFlowStore(({ transform }) => detailAt(transform[2]));
  const shown = useShown();
  const { projected, nodes, edges, onNodesChange, onEdgesChange } = shown;
  useView(projected.nodes.length === 0);
  const moving = useMoving(shown);
  const wiring = useWiring(projected);

  const menus = useMenus();
  const latest = useLatest(projected);
  const onPaneClick = useCallback(
    (event: MouseEvent): void => {
      const { wiring: held } = editor.ui.getState();
      if (held || event.detail === 2) openPaletteFor(editor, flow, latest.current, pointOf(event), held);
      editor.view.current?.letGo();
    },
    [editor, flow, latest],
  );
  return (
    <DetailContext.Provider value={detail}>
      <ReactFlow<CanvasNode, Wire>
        nodes={nodes}
        edges={detail === "map" ? NO_WIRES : edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        onNodesChange={onNodesChange}
        onEdgesChange={onEdgesChange}
        {...moving}
        {...wiring}
        {...menus}
        onPaneClick={onPaneClick}
        connectionLineComponent={DrawnWire}
        connectionRadius={SNAP_RADIUS_PX}
        zoomOnDoubleClick={false}
        panOnScroll={false}
        selectionOnDrag={false}
        selectionKeyCode="Shift"
        multiSelectionKeyCode={["Shift", "Meta", "Control"]}
        deleteKeyCode={null}
        snapToGrid={isSnapping}
        snapGrid={GRID}
        minZoom={0.05}
        maxZoom={2.5}
        onlyRenderVisibleElements
        elevateNodesOnSelect={false}
        nodeDragThreshold={2}
        proOptions={{ hideAttribution: true }}
        aria-label="Canvas"
      >
        {detail === "map" && <WireMap nodes={nodes} wires={edges} />}
        {detail === "near" && (
          <Background variant={BackgroundVariant.Dots} gap={24} size={1.4} color="var(--canvas-dot)" />
        )}
        <MiniMap
          pannable
          zoomable
          ariaLabel="Overview"
          className="minimap"
          nodeColor={miniColour}
          nodeBorderRadius={6}
        />
      </ReactFlow>
    </DetailContext.Provider>
  );
}

type Gestures = Pick<
  ReactFlowProps<CanvasNode, Wire>,
  "onNodeContextMenu" | "onEdgeContextMenu" | "onEdgeDoubleClick" | "onPaneContextMenu"
>;

function useMenus(): Gestures {
  const editor = useEditor();
  return useMemo(
    () => ({
      onNodeContextMenu: (event, { id }) => {
        const socket = (event.target as Element).closest(".react-flow__handle.source")?.getAttribute("data-handleid");
        if (socket?.startsWith("out:")) openOutputMenu(editor, event, id, socket.slice(4));
        else openNodeMenu(editor, event, id);
      },
      onEdgeDoubleClick: (event, { data }) => data && addPointAt(editor, data.key, pointOf(event)),
      onEdgeContextMenu: (event, { data }) => data && openWireMenu(editor, event, data.key),
      onPaneContextMenu: (event) => openCanvasMenu(editor, event as MouseEvent),
    }),
    [editor],
  );
}

function miniColour({ type }: CanvasNode): string {
  return type === "loop" ? "var(--zone-line)" : type === "frame" ? "var(--hover)" : "var(--line-strong)";
}
