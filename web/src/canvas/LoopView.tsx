import { type NodeProps, NodeResizeControl } from "@xyflow/react";
import { Repeat } from "lucide-react";
import { type CSSProperties, type JSX, memo } from "react";
import { useShallow } from "zustand/shallow";
import { changeBox, freshLoopName, loopOf, renameLoopValue, type Workflow } from "../document";
import { loopProgress } from "../running";
import { useEditor, useRun, useUi } from "../state/editor";
import { openLoopValueMenu } from "../state/menus";
import { edit, endStep } from "../state/tabs";
import { texts } from "../texts";
import { tintOf } from "../theme/tints";
import { NameField } from "../widgets/NameField";
import { useDetail } from "./detail";
import { GUTTER, HEADER, labelOf, type ZoneRow, zoneMinHeight } from "./geometry";
import type { CanvasNode } from "./model";
import { FarSockets, SocketView } from "./SocketView";
import { Title } from "./Title";

const words = texts.canvas;

type LoopNode = Extract<CanvasNode, { type?: "loop" }>;

/** A loop as a zone: its body stands in it, what it walks, carries and collects is named on its edges. */
export const LoopView = memo(function LoopView({ data, selected }: NodeProps<LoopNode>): JSX.Element {
  const detail = useDetail();
  const editor = useEditor();
  const { id, node, geometry } = data;
  const isTarget = useUi((ui) => ui.dropLoop === id);
  const style = {
    width: geometry.width,
    height: geometry.height,
    "--gutter": `${GUTTER}px`,
    "--tint": tintOf(data.colour) || undefined,
  };
  const linked = new Set([...Object.keys(node.links), ...Object.keys(node.next), ...Object.keys(node.collect)]);
  return (
    <section
      className="zone"
      style={style as CSSProperties}
      aria-label={words.loop(data.title)}
      data-tinted={data.colour !== ""}
      data-selected={selected}
      data-target={isTarget}
      data-mode={node.mode}
      data-detail={detail}
    >
      <div className="zone-edge left" />
      <div className="zone-edge right" />
      <header className="zone-head" style={{ height: HEADER }}>
        <Repeat size={13} />
        <Title id={id} title={data.title} />
        <Iterations id={id} body={Object.keys(node.body)} />
      </header>
      {detail === "far" && <FarSockets sockets={geometry.sockets} />}
      {detail === "near" && (
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
          edit(editor.tabs, texts.edits.resize, (workflow) => changeBox(workflow, id, box), { merge: `resize ${id}` });
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
    <span className="iterations" title={words.iterations(done, total)}>
      <i style={{ width: `${(done / total) * 100}%` }} />
      {done} / {total}
    </span>
  );
}

/** A name on a loop's edge; a double click edits it. */
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
  const key = `${id}.${name}`;
  const hasName = kind === "each" || kind === "carry" || kind === "collect";
  const isNaming = useUi((ui) => hasName && ui.naming === key && ui.namingSide === side);
  if (isNaming) {
    return (
      <span className="edge-name" data-side={side} style={{ top: y }}>
        <NameField
          label={words.loopValue}
          value={name}
          onName={(other) =>
            other && edit(editor.tabs, texts.edits.rename, (workflow) => renamed(workflow, id, name, other))
          }
          onEnd={() => editor.ui.setState({ naming: "" })}
        />
      </span>
    );
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the same menu opens from the keyboard on the loop.
    <span
      className="edge-name"
      data-side={side}
      data-kind={kind}
      style={{ top: y }}
      title={words.edges[kind]}
      onDoubleClick={() => hasName && editor.ui.setState({ naming: key, namingSide: side })}
      onContextMenu={(event) => hasName && openLoopValueMenu(editor, event, id, name, side)}
    >
      {hasName || kind === "index" ? labelOf(name) : words.adding[kind]}
    </span>
  );
}

function renamed(workflow: Workflow, loop: string, name: string, other: string): Workflow {
  const found = loopOf(workflow, loop);
  return found ? renameLoopValue(workflow, loop, name, freshLoopName(found, other)) : workflow;
}
