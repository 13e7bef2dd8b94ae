import {
  Background,
  BackgroundVariant,
  type EdgeTypes,
  MiniMap,
  type NodeTypes,
  ReactFlow,
  useStore as useFlowStore,
} from "@xyflow/react";
import { type FocusEvent, type JSX, type KeyboardEvent, useMemo } from "react";
import { followFocus, isTakenByEnter, leaveField } from "../cursor/editing";
import { useEditor, usePreferences } from "../state/editor";
import { texts } from "../texts";
import { FrameView, NoteView } from "./backdrop";
import { CursorMark } from "./CursorMark";
import { DetailContext, detailAt } from "./detail";
import { GRABBING } from "./grabbing";
import { LoopView } from "./LoopView";
import { longPresses } from "./longPress";
import type { CanvasNode, Wire } from "./model";
import { NodeView } from "./NodeView";
import { PointView } from "./PointView";
import { useGestures } from "./useGestures";
import { useMoving } from "./useMoving";
import { useShown } from "./useShown";
import { useView } from "./useView";
import { useWiring } from "./useWiring";
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
  const isSnapping = usePreferences((preferences) => preferences.isSnapping);
  const detail = useFlowStore(({ transform }) => detailAt(transform[2]));
  const shown = useShown();
  const { projected, nodes, edges, onNodesChange, onEdgesChange } = shown;
  useView(projected.nodes.length === 0);
  const moving = useMoving(shown);
  const wiring = useWiring(projected);

  const gestures = useGestures(projected);
  const fields = useFields();
  const presses = useMemo(longPresses, []);
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
        {...gestures}
        {...GRABBING}
        {...presses}
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
        disableKeyboardA11y
        nodesFocusable={false}
        edgesFocusable={false}
        onlyRenderVisibleElements
        elevateNodesOnSelect={false}
        nodeDragThreshold={2}
        proOptions={{ hideAttribution: true }}
        aria-label={texts.canvas.name}
        aria-description={texts.building.canvas}
        tabIndex={0}
        {...fields}
      >
        {detail === "map" && <WireMap nodes={nodes} wires={edges} />}
        {detail === "near" && (
          <Background variant={BackgroundVariant.Dots} gap={24} size={1.4} color="var(--canvas-dot)" />
        )}
        <MiniMap
          pannable
          zoomable
          ariaLabel={texts.canvas.overview}
          className="minimap"
          nodeColor={miniColour}
          nodeBorderRadius={6}
        />
        <CursorMark projected={projected} />
      </ReactFlow>
    </DetailContext.Provider>
  );
}

/** The cursor goes along into the fields of nodes, and Escape or taking a value leads back. */
function useFields() {
  const editor = useEditor();
  return useMemo(
    () => ({
      onFocus: ({ target }: FocusEvent) => followFocus(editor, target),
      onKeyDown: ({ key, target, currentTarget }: KeyboardEvent) => {
        const isInside = target !== currentTarget && currentTarget.contains(target as Node);
        if (isInside && (key === "Escape" || (key === "Enter" && isTakenByEnter(target)))) leaveField(editor);
      },
    }),
    [editor],
  );
}

function miniColour({ type }: CanvasNode): string {
  return type === "loop" ? "var(--zone-line)" : type === "frame" ? "var(--hover)" : "var(--line-strong)";
}
