/** Drawing wires with a pointer: what React Flow reports, and what becomes of the document. */

import {
  type Connection,
  type Handle,
  type OnConnectStartParams,
  type ReactFlowInstance,
  type ReactFlowProps,
  useReactFlow,
} from "@xyflow/react";
import { useCallback, useMemo, useRef } from "react";
import { disconnect } from "../document";
import { type Editor, knowledge, shownGraph, useEditor } from "../state/editor";
import { activeTab, edit } from "../state/tabs";
import { tell, type Wiring } from "../state/ui";
import { texts } from "../texts";
import { loopUnder, type Point, pointOf } from "./dropping";
import type { CanvasNode, Wire } from "./model";
import type { Projection } from "./projection";
import { useLatest } from "./useLatest";
import { useManyDrops } from "./useManyDrops";
import { endsOf, plug, verdictOf, wiringFrom } from "./wiring";

type Handlers = Pick<
  ReactFlowProps<CanvasNode, Wire>,
  | "onConnect"
  | "onConnectStart"
  | "onConnectEnd"
  | "onClickConnectStart"
  | "onClickConnectEnd"
  | "isValidConnection"
  | "onReconnect"
  | "onReconnectStart"
  | "onReconnectEnd"
  | "onEdgesDelete"
>;

/** The handlers stay the same ones: a new one would draw every wire again. */
export function useWiring(projected: Projection): Handlers {
  const editor = useEditor();
  const flow = useReactFlow<CanvasNode, Wire>();
  const latest = useLatest(projected);
  /** Whether the wire in hand was plugged in before: dropped on nothing, it leaves. */
  const isHeldByItsEnd = useRef(false);
  const plugIn = useCallback((connection: Connection) => connect(editor, connection), [editor]);
  const drops = useManyDrops(plugIn);
  return useMemo(() => {
    const take = (_: unknown, { nodeId, handleId, handleType }: OnConnectStartParams): void => {
      const { workflow } = activeTab(editor.tabs.getState());
      editor.ui.setState({ wiring: wiringFrom(workflow, nodeId ?? "", handleId ?? "", handleType ?? "source") });
    };
    const letGo = (): void => editor.ui.setState({ wiring: null });
    return {
      onConnect: plugIn,
      onConnectStart: take,
      onConnectEnd: (event, { isValid, toHandle }) => {
        const { wiring } = editor.ui.getState();
        if (!wiring || isValid) return letGo();
        if (toHandle) tell(editor.ui, refusal(editor, wiring, toHandle));
        else if (!isHeldByItsEnd.current && drops.current === 0)
          openPaletteFor(editor, flow, latest.current, pointOf(event), wiring);
        letGo();
      },
      onClickConnectStart: take,
      onClickConnectEnd: (event) => {
        const { wiring } = editor.ui.getState();
        const { nodeid: nodeId = "", handleid: id = "" } = (event.target as HTMLElement).dataset;
        const type = (event.target as Element).classList.contains("source") ? "source" : "target";
        if (wiring) tell(editor.ui, refusal(editor, wiring, { nodeId, id, type }));
        letGo();
      },
      isValidConnection: (connection) => isValid(editor, connection),
      onReconnectStart: () => {
        isHeldByItsEnd.current = true;
      },
      onReconnect: (old, connection) => {
        const { link, node, socket } = endsOf(connection);
        edit(editor.tabs, texts.edits.replug, (workflow) => {
          const isSameEnd = old.target === connection.target && old.targetHandle === connection.targetHandle;
          const without = old.data && !isSameEnd ? disconnect(workflow, old.data.target) : workflow;
          return plug({ ...knowledge(editor), workflow: without }, link, node, socket);
        });
      },
      onReconnectEnd: (_, { data }, __, { isValid, toHandle }) => {
        isHeldByItsEnd.current = false;
        if (!isValid && !toHandle && data)
          edit(editor.tabs, texts.edits.unplug, (workflow) => disconnect(workflow, data.target));
      },
      onEdgesDelete: (deleted) =>
        edit(editor.tabs, texts.edits.unplug, (workflow) =>
          deleted.reduce((now, { data }) => (data ? disconnect(now, data.target) : now), workflow),
        ),
    };
  }, [editor, flow, latest, drops, plugIn]);
}

function connect(editor: Editor, connection: Connection): void {
  const { link, node, socket } = endsOf(connection);
  edit(editor.tabs, texts.edits.connect, () => plug(knowledge(editor), link, node, socket));
}

/** Lists the node types that fit the wire in hand, where it was let go. */
export function openPaletteFor(
  editor: Editor,
  flow: Pick<ReactFlowInstance<CanvasNode, Wire>, "screenToFlowPosition">,
  projected: Projection,
  screen: Point,
  wiring: Wiring | null,
): void {
  const canvas = flow.screenToFlowPosition(screen);
  const graph = shownGraph(activeTab(editor.tabs.getState()));
  const place = { graph, loops: loopUnder(projected, canvas, new Set()) };
  editor.ui.setState({ palette: { screen, canvas, place, wiring } });
}

type End = Pick<Handle, "nodeId" | "id" | "type">;

/** Why a socket does not take the wire in hand; empty when it does. */
function refusal(editor: Editor, wiring: Wiring, { nodeId, id, type }: End): string {
  return verdictOf(knowledge(editor), wiring, nodeId, id ?? "", type).reason;
}

function isValid(editor: Editor, connection: Connection | Wire): boolean {
  const { wiring } = editor.ui.getState();
  const { node, socket } = endsOf(connection as Connection);
  const [source, sourceSocket] = [connection.source, connection.sourceHandle ?? ""];
  const from = wiring ?? wiringFrom(activeTab(editor.tabs.getState()).workflow, source, sourceSocket, "source");
  if (!from) return false;
  return from.kind === "from-input"
    ? verdictOf(knowledge(editor), from, source, sourceSocket, "source").fits
    : verdictOf(knowledge(editor), from, node, socket, "target").fits;
}
