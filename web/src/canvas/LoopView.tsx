import { type NodeProps, NodeResizeControl } from "@xyflow/react";
import { Repeat } from "lucide-react";
import { type CSSProperties, type JSX, memo, useContext } from "react";
import { useShallow } from "zustand/shallow";
import { changeBox } from "../document";
import { loopProgress } from "../running";
import { useEditor, useRun, useUi } from "../state/editor";
import { openLoopValueMenu } from "../state/menus";
import { edit, endStep } from "../state/tabs";
import { GUTTER, HEADER, labelOf, type ZoneRow, zoneMinHeight } from "./geometry";
import type { CanvasNode } from "./model";
import { FarContext } from "./NodeView";
import { FarSockets, SocketView } from "./SocketView";
import { Title } from "./Title";

type LoopNode = Extract<CanvasNode, { type?: "loop" }>;

/** A loop as a zone: its body stands in it, what it walks, carries and collects is named on its edges. */
export const LoopView = memo(function LoopView({ data, selected }: NodeProps<LoopNode>): JSX.Element {
  const isFar = useContext(FarContext);
  const editor = useEditor();
  const { id, node, geometry } = data;
  const isTarget = useUi((ui) => ui.dropLoop === id);
  const style = {
    width: geometry.width,
    height: geometry.height,
    "--gutter": `${GUTTER}px`,
    "--tint": data.colour || undefined,
  };
  const linked = new Set([...Object.keys(node.links), ...Object.keys(node.next), ...Object.keys(node.collect)]);
  return (
    <section
      className="zone"
      style={style as CSSProperties}
      aria-label={`Loop ${data.title}`}
      data-selected={selected}
      data-target={isTarget}
      data-mode={node.mode}
      data-far={isFar}
    >
      <div className="zone-edge left" />
      <div className="zone-edge right" />
      <header className="zone-head" style={{ height: HEADER }}>
        <Repeat size={13} />
        <Title id={id} title={data.title} />
        <Iterations id={id} body={Object.keys(node.body)} />
      </header>
      {isFar ? (
        <FarSockets sockets={geometry.sockets} />
      ) : (
        <>
          {geometry.left.map((row) => (
            <EdgeName key={`${row.kind} ${row.name}`} id={id} row={row} side="left" />
          ))}
          {geometry.right.map((row) => (
            <EdgeName key={`${row.kind} ${row.name}`} id={id} row={row} side="right" />
          ))}
          {geometry.sockets.map((socket) => (
            <SocketView
              key={socket.id}
              node={id}
              socket={socket}
              isFilled={socket.side === "source" || linked.has(socket.name)}
            />
          ))}
        </>
      )}
      <NodeResizeControl
        className="zone-resize"
        position="bottom-right"
        minWidth={GUTTER * 2 + 80}
        minHeight={zoneMinHeight(node)}
        onResize={(_, { width, height }) => {
          const box = { x: data.x, y: data.y, width: Math.round(width), height: Math.round(height) };
          edit(editor.tabs, "Resize", (workflow) => changeBox(workflow, id, box), { merge: `resize ${id}` });
        }}
        onResizeEnd={() => endStep(editor.tabs)}
      />
    </section>
  );
});

function Iterations({ id, body }: { readonly id: string; readonly body: readonly string[] }): JSX.Element | null {
  const { done, total } = useRun(useShallow((run) => loopProgress(run, id, body)));
  if (total === 0 || done === 0) return null;
  return (
    <span className="iterations" title={`${done} of ${total} iterations`}>
      <i style={{ width: `${(done / total) * 100}%` }} />
      {done} / {total}
    </span>
  );
}

const KINDS: Readonly<Record<ZoneRow["kind"], string>> = {
  each: "Walked: one element in each iteration",
  carry: "Carried from one iteration to the next",
  collect: "Collected from all iterations as a list",
  index: "Number of the iteration, from 0",
  "add-input": "Drop a wire here: a list is walked, anything else is carried",
  "add-collect": "Drop a wire from inside here to collect it",
};

function EdgeName({
  id,
  row,
  side,
}: {
  readonly id: string;
  readonly row: ZoneRow;
  readonly side: "left" | "right";
}): JSX.Element {
  const editor = useEditor();
  const { kind, name, y } = row;
  const isAdding = kind === "add-input" || kind === "add-collect";
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the same menu opens from the keyboard on the loop.
    <span
      className="edge-name"
      data-side={side}
      data-kind={kind}
      style={{ top: y }}
      title={KINDS[kind]}
      onContextMenu={(event) => !isAdding && kind !== "index" && openLoopValueMenu(editor, event, id, name)}
    >
      {isAdding ? (kind === "add-input" ? "add" : "collect") : labelOf(name)}
    </span>
  );
}
