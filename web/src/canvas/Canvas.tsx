import {
  applyNodeChanges,
  Background,
  BackgroundVariant,
  type Connection,
  type EdgeTypes,
  type FinalConnectionState,
  MiniMap,
  type NodeChange,
  type NodeTypes,
  type OnConnectStartParams,
  ReactFlow,
  useStore as useFlowStore,
  useReactFlow,
} from "@xyflow/react";
import { type JSX, type MouseEvent, useCallback, useEffect, useMemo, useState } from "react";
import { disconnect, insertOnLink, type Target } from "../document";
import {
  knowledge,
  shownGraph,
  useEditor,
  useKnowledge,
  usePreferences,
  useServer,
  useTab,
  useUi,
} from "../state/editor";
import { openCanvasMenu, openNodeMenu, openOutputMenu } from "../state/menus";
import { activeTab, edit, select } from "../state/tabs";
import { FrameView, NoteView } from "./backdrop";
import { dropNodes, insertionOf, loopUnder, wireUnder } from "./dropping";
import { LoopView } from "./LoopView";
import type { CanvasNode, Wire } from "./model";
import { FarContext, NodeView } from "./NodeView";
import { type Memory, project } from "./projection";
import { DrawnWire, WireView } from "./WireView";
import { endsOf, plug, verdictOf, wiringFrom } from "./wiring";

const NODE_TYPES: NodeTypes = {
  node: NodeView,
  loop: LoopView,
  frame: FrameView,
  note: NoteView,
} as unknown as NodeTypes;
const EDGE_TYPES: EdgeTypes = { wire: WireView } as unknown as EdgeTypes;
const GRID: [number, number] = [8, 8];
const FAR_ZOOM = 0.42;
const SNAP_RADIUS_PX = 26;
const FIT = { padding: 0.12, maxZoom: 1, duration: 220 };

/** The open workflow, or the subgraph of it that was entered. */
export function Canvas(): JSX.Element {
  const editor = useEditor();
  const flow = useReactFlow<CanvasNode, Wire>();
  const known = useKnowledge();
  const graph = useTab(shownGraph);
  const tab = useTab(({ key }) => key);
  const selection = useTab((found) => found.selection);
  const pictured = useUi((ui) => ui.pictured);
  const isSnapping = usePreferences((preferences) => preferences.isSnapping);
  const catalogue = useServer((server) => server.catalogue);
  const isFar = useFlowStore(({ transform }) => transform[2] < FAR_ZOOM);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was drawn last is of one tab, graph and catalogue.
  const memory = useMemo<Memory>(() => new Map(), [tab, graph, catalogue]);
  const projected = useMemo(
    () => project(known, { graph, selection, pictured }, memory),
    [known, graph, selection, pictured, memory],
  );
  const [nodes, setNodes] = useState<CanvasNode[]>(projected.nodes);
  const [chosenWires, setChosenWires] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => setNodes(projected.nodes), [projected]);
  const edges = useMemo(
    () =>
      chosenWires.size === 0
        ? projected.edges
        : projected.edges.map((edge) => (chosenWires.has(edge.id) ? { ...edge, selected: true } : edge)),
    [projected.edges, chosenWires],
  );

  useEffect(() => {
    editor.view.current = {
      fit: (ids) => void flow.fitView({ ...FIT, ...(ids ? { nodes: ids.map((id) => ({ id })) } : {}) }),
      zoomTo: (zoom) => void flow.zoomTo(zoom, { duration: 160 }),
      toCanvas: (screen) => flow.screenToFlowPosition(screen),
      centre: () => {
        const pane = document.querySelector(".react-flow__pane")?.getBoundingClientRect();
        const middle = pane ? { x: pane.x + pane.width / 2, y: pane.y + pane.height / 2 } : { x: 0, y: 0 };
        return flow.screenToFlowPosition(middle);
      },
    };
    return () => {
      editor.view.current = null;
    };
  }, [editor, flow]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another tab or graph is looked at as a whole.
  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      if (projected.nodes.length === 0) void flow.setViewport({ x: 0, y: 0, zoom: 1 });
      else void flow.fitView({ ...FIT, duration: 0 });
    });
    return () => cancelAnimationFrame(frame);
  }, [tab, graph, flow]);

  const onNodesChange = useCallback(
    (changes: NodeChange<CanvasNode>[]) => {
      const chosen = changes.filter((change) => change.type === "select");
      const others = changes.filter(({ type }) => type === "position");
      if (others.length > 0) setNodes((old) => applyNodeChanges(others, old));
      if (chosen.length > 0) {
        const keys = new Set(activeTab(editor.tabs.getState()).selection);
        for (const { id, selected } of chosen) selected ? keys.add(id) : keys.delete(id);
        select(editor.tabs, keys);
      }
    },
    [editor],
  );

  const onConnectStart = useCallback(
    (_: unknown, { nodeId, handleId, handleType }: OnConnectStartParams) => {
      const { workflow } = activeTab(editor.tabs.getState());
      editor.ui.setState({ wiring: wiringFrom(workflow, nodeId ?? "", handleId ?? "", handleType ?? "source") });
    },
    [editor],
  );
  const onConnect = useCallback(
    (connection: Connection) => {
      const { link, node, socket } = endsOf(connection);
      edit(editor.tabs, "Connect", () => plug(knowledge(editor), link, node, socket));
    },
    [editor],
  );
  const onConnectEnd = useCallback(
    (event: globalThis.MouseEvent | TouchEvent, { isValid, toHandle }: FinalConnectionState) => {
      const { wiring } = editor.ui.getState();
      editor.ui.setState({ wiring: null });
      if (isValid || toHandle || !wiring) return;
      const touch = "changedTouches" in event ? event.changedTouches[0] : event;
      if (!touch) return;
      const screen = { x: touch.clientX, y: touch.clientY };
      const canvas = flow.screenToFlowPosition(screen);
      const tabNow = activeTab(editor.tabs.getState());
      const loops = loopUnder(projected, canvas, new Set());
      editor.ui.setState({ palette: { screen, canvas, place: { graph: shownGraph(tabNow), loops }, wiring } });
    },
    [editor, flow, projected],
  );
  const isValidConnection = useCallback(
    (connection: Connection | Wire) => {
      const { wiring } = editor.ui.getState();
      const { node, socket } = endsOf(connection as Connection);
      const [source, sourceSocket] = [connection.source, connection.sourceHandle ?? ""];
      const from = wiring ?? wiringFrom(activeTab(editor.tabs.getState()).workflow, source, sourceSocket, "source");
      if (!from) return false;
      const isBackwards = from.kind === "from-input";
      return verdictOf(
        knowledge(editor),
        from,
        isBackwards ? source : node,
        isBackwards ? sourceSocket : socket,
        isBackwards ? "source" : "target",
      ).fits;
    },
    [editor],
  );
  const onReconnect = useCallback(
    (old: Wire, connection: Connection) => {
      const { link, node, socket } = endsOf(connection);
      edit(editor.tabs, "Re-plug", (workflow) => {
        const isSameEnd = old.target === connection.target && old.targetHandle === connection.targetHandle;
        const without = old.data && !isSameEnd ? disconnect(workflow, old.data.target) : workflow;
        return plug({ ...knowledge(editor), workflow: without }, link, node, socket);
      });
    },
    [editor],
  );
  const onReconnectEnd = useCallback(
    (_: unknown, wire: Wire, __: unknown, { isValid, toHandle }: FinalConnectionState) => {
      editor.ui.setState({ wiring: null });
      if (!isValid && !toHandle && wire.data) unplug(wire.data.target);
      function unplug(target: Target): void {
        edit(editor.tabs, "Unplug", (workflow) => disconnect(workflow, target));
      }
    },
    [editor],
  );

  const onNodeDrag = useCallback(
    (_: unknown, __: CanvasNode, moved: CanvasNode[]) => {
      const ids = new Set(moved.map(({ id }) => id));
      const first = moved.find(({ type }) => type === "node" || type === "loop");
      const middle = first && middleOf(flow.getInternalNode(first.id));
      const dropLoop = middle ? (loopUnder(projected, middle, ids).at(-1) ?? "") : "";
      if (editor.ui.getState().dropLoop !== dropLoop) editor.ui.setState({ dropLoop });
    },
    [editor, flow, projected],
  );
  const onNodeDragStop = useCallback(
    (event: MouseEvent | TouchEvent | globalThis.MouseEvent, _: CanvasNode, moved: CanvasNode[]) => {
      editor.ui.setState({ dropLoop: "" });
      const places = Object.fromEntries(
        moved.flatMap(({ id }) => {
          const at = flow.getInternalNode(id)?.internals.positionAbsolute;
          return at ? [[id, at] as const] : [];
        }),
      );
      const { workflow } = activeTab(editor.tabs.getState());
      const dropped = dropNodes(workflow, projected, places);
      const wire =
        moved.length === 1 && moved[0] && "clientX" in event
          ? wireUnder(moved[0].id, event as globalThis.MouseEvent)
          : undefined;
      const through = wire && moved[0] ? insertionOf(knowledge(editor), projected, moved[0].id, wire) : undefined;
      edit(editor.tabs, "Move", () =>
        through ? insertOnLink(dropped, through.id, through.input, through.output, through.target) : dropped,
      );
      setNodes((now) => (now === projected.nodes ? now : [...projected.nodes]));
    },
    [editor, flow, projected],
  );
  const openPalette = (event: MouseEvent): void => {
    const screen = { x: event.clientX, y: event.clientY };
    const canvas = flow.screenToFlowPosition(screen);
    const place = { graph, loops: loopUnder(projected, canvas, new Set()) };
    editor.ui.setState({ palette: { screen, canvas, place, wiring: null } });
  };

  return (
    <FarContext.Provider value={isFar}>
      <ReactFlow<CanvasNode, Wire>
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        onNodesChange={onNodesChange}
        onEdgesChange={(changes) =>
          setChosenWires((old) => {
            const chosen = new Set(old);
            for (const change of changes)
              if (change.type === "select") change.selected ? chosen.add(change.id) : chosen.delete(change.id);
            return chosen;
          })
        }
        onEdgesDelete={(deleted) =>
          edit(editor.tabs, "Unplug", (workflow) =>
            deleted.reduce((now, { data }) => (data ? disconnect(now, data.target) : now), workflow),
          )
        }
        onConnect={onConnect}
        onConnectStart={onConnectStart}
        onConnectEnd={onConnectEnd}
        isValidConnection={isValidConnection}
        onReconnect={onReconnect}
        onReconnectEnd={onReconnectEnd}
        onReconnectStart={(_, wire, end) => {
          const { workflow } = activeTab(editor.tabs.getState());
          const wiring =
            end === "source"
              ? wiringFrom(workflow, wire.source, wire.sourceHandle ?? "", "source")
              : wiringFrom(workflow, wire.target, wire.targetHandle ?? "", "target");
          editor.ui.setState({ wiring });
        }}
        onNodeDrag={onNodeDrag}
        onNodeDragStop={onNodeDragStop}
        onSelectionDragStop={(event, moved) => moved[0] && onNodeDragStop(event, moved[0], moved)}
        onNodeContextMenu={(event, { id }) => {
          const socket = (event.target as Element).closest(".react-flow__handle.source")?.getAttribute("data-handleid");
          if (socket?.startsWith("out:")) openOutputMenu(editor, event, id, socket.slice(4));
          else openNodeMenu(editor, event, id);
        }}
        onPaneContextMenu={(event) => openCanvasMenu(editor, event as MouseEvent)}
        onPaneClick={(event) => event.detail === 2 && openPalette(event)}
        connectionLineComponent={DrawnWire}
        connectionRadius={SNAP_RADIUS_PX}
        zoomOnDoubleClick={false}
        panOnScroll={false}
        selectionOnDrag={false}
        selectionKeyCode="Shift"
        multiSelectionKeyCode={["Shift", "Meta", "Control"]}
        deleteKeyCode={null}
        disableKeyboardA11y={false}
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

function middleOf(
  node: { internals: { positionAbsolute: { x: number; y: number } }; width?: number; height?: number } | undefined,
) {
  if (!node) return undefined;
  const { x, y } = node.internals.positionAbsolute;
  return { x: x + (node.width ?? 0) / 2, y: y + (node.height ?? 0) / 2 };
}
