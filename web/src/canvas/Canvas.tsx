import {
  Background,
  BackgroundVariant,
  type EdgeTypes,
  MiniMap,
  type NodeTypes,
  ReactFlow,
  useStore as useFlowStore,
  useReactFlow,
} from "@xyflow/react";
import type { JSX, MouseEvent } from "react";
import { useEditor, usePreferences } from "../state/editor";
import { openCanvasMenu, openNodeMenu, openOutputMenu, openWireMenu } from "../state/menus";
import { addPointAt } from "../state/points";
import { FrameView, NoteView } from "./backdrop";
import { pointOf } from "./dropping";
import { LoopView } from "./LoopView";
import type { CanvasNode, Wire } from "./model";
import { FarContext, NodeView } from "./NodeView";
import { PointView } from "./PointView";
import { useMoving } from "./useMoving";
import { useShown } from "./useShown";
import { useView } from "./useView";
import { openPaletteFor, useWiring } from "./useWiring";
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
const FAR_ZOOM = 0.42;
const SNAP_RADIUS_PX = 26;

/** The open workflow, or the subgraph of it that was entered. */
export function Canvas(): JSX.Element {
  const editor = useEditor();
  const flow = useReactFlow<CanvasNode, Wire>();
  const isSnapping = usePreferences((preferences) => preferences.isSnapping);
  const isFar = useFlowStore(({ transform }) => transform[2] < FAR_ZOOM);
  const shown = useShown();
  const { projected, nodes, edges, onNodesChange, onEdgesChange } = shown;
  useView(projected.nodes.length === 0);
  const moving = useMoving(shown);
  const wiring = useWiring(projected);

  const onPaneClick = (event: MouseEvent): void => {
    const { wiring: held } = editor.ui.getState();
    if (held || event.detail === 2) openPaletteFor(editor, flow, projected, pointOf(event), held);
    editor.view.current?.letGo();
  };
  return (
    <FarContext.Provider value={isFar}>
      <ReactFlow<CanvasNode, Wire>
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        onNodesChange={onNodesChange}
        onEdgesChange={onEdgesChange}
        {...moving}
        {...wiring}
        onNodeContextMenu={(event, { id }) => {
          const socket = (event.target as Element).closest(".react-flow__handle.source")?.getAttribute("data-handleid");
          if (socket?.startsWith("out:")) openOutputMenu(editor, event, id, socket.slice(4));
          else openNodeMenu(editor, event, id);
        }}
        onEdgeDoubleClick={(event, { data }) => data && addPointAt(editor, data.key, pointOf(event))}
        onEdgeContextMenu={(event, { data }) => data && openWireMenu(editor, event, data.key)}
        onPaneContextMenu={(event) => openCanvasMenu(editor, event as MouseEvent)}
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
        <Background variant={BackgroundVariant.Dots} gap={24} size={1.4} color="var(--canvas-dot)" />
        <MiniMap
          pannable
          zoomable
          ariaLabel="Overview"
          className="minimap"
          nodeColor={miniColour}
          nodeBorderRadius={6}
        />
      </ReactFlow>
    </FarContext.Provider>
  );
}

function miniColour({ type }: CanvasNode): string {
  return type === "loop" ? "var(--zone-line)" : type === "frame" ? "var(--hover)" : "var(--line-strong)";
}
