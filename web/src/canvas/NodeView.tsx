import type { NodeProps } from "@xyflow/react";
import { NodeResizeControl, ResizeControlVariant } from "@xyflow/react";
import { AlertTriangle, ChevronRight, EyeOff, FastForward, Flag } from "lucide-react";
import { type CSSProperties, type JSX, memo } from "react";
import { useShallow } from "zustand/shallow";
import { changeBox, setCollapsed } from "../document";
import { useEditor, useServer } from "../state/editor";
import { edit, endStep } from "../state/tabs";
import { texts } from "../texts";
import { categoryColour } from "../theme/sockets";
import { tintOf } from "../theme/tints";
import { useDetail } from "./detail";
import { MIN_WIDTH } from "./geometry";
import { InputRow } from "./InputRow";
import type { CanvasNode, NodeData } from "./model";
import { NodePicture } from "./NodePicture";
import { RunBadge } from "./RunBadge";
import { FarSockets, SocketView } from "./SocketView";
import { Title } from "./Title";

type NodeOf<T extends CanvasNode["type"]> = Extract<CanvasNode, { type?: T }>;

export const NodeView = memo(function NodeView({ data, selected }: NodeProps<NodeOf<"node">>): JSX.Element {
  const detail = useDetail();
  const { id, node, box, signature, geometry } = data;
  const faults = useFaults(id);
  const style = {
    "--category": tintOf(box.colour) || categoryColour(signature.category),
    width: geometry.width,
    height: geometry.height,
  } as CSSProperties;
  return (
    <article
      className="node"
      style={style}
      aria-label={`${data.title}, ${signature.title}`}
      data-selected={selected}
      data-mode={node.mode}
      data-kind={signature.kind}
      data-detail={detail}
      data-faulty={faults.length > 0}
      data-tinted={box.colour !== ""}
    >
      {detail === "near" ? <NearNode data={data} faults={faults} /> : <FarNode data={data} isMap={detail === "map"} />}
    </article>
  );
});

function useFaults(id: string): readonly string[] {
  return useServer(useShallow((server) => server.faults.filter(({ node }) => node === id).map(({ what }) => what)));
}

function FarNode({ data, isMap }: { readonly data: NodeData; readonly isMap: boolean }): JSX.Element {
  const { id, geometry, hasPicture } = data;
  return (
    <>
      {!isMap && <FarSockets sockets={geometry.sockets} />}
      {!isMap && <div className="far-title">{data.title}</div>}
      {hasPicture && <NodePicture id={id} signature={data.signature} />}
      <RunBadge id={id} isFar />
    </>
  );
}

function NearNode({ data, faults }: { readonly data: NodeData; readonly faults: readonly string[] }): JSX.Element {
  const { id, node, box, signature, geometry, hasPicture, shown } = data;
  const editor = useEditor();
  const linked = new Set(Object.keys(node.links));
  return (
    <>
      <header className="node-head" title={signature.doc.split("\n")[0]}>
        <button
          type="button"
          className="fold nodrag"
          aria-label={box.collapsed ? texts.canvas.unfold : texts.canvas.fold}
          aria-expanded={!box.collapsed}
          onClick={() =>
            edit(editor.tabs, texts.edits.fold, (workflow) => setCollapsed(workflow, [id], !box.collapsed))
          }
        >
          <ChevronRight size={12} />
        </button>
        <Title id={id} title={data.title} />
        {node.mode === "mute" && <EyeOff size={12} aria-label={texts.canvas.muted} />}
        {node.mode === "bypass" && <FastForward size={12} aria-label={texts.canvas.bypassed} />}
        {faults.length > 0 && (
          <span className="fault-mark" title={faults.join("\n")}>
            <AlertTriangle size={13} aria-label={texts.bar.faultCount(faults.length)} />
          </span>
        )}
        <RunBadge id={id} isFar={false} />
      </header>
      {geometry.rows.map((row) => (
        <InputRow key={row.y} id={id} row={row} />
      ))}
      {hasPicture && !box.collapsed && <NodePicture id={id} signature={signature} />}
      {geometry.sockets.map((socket) => (
        <SocketView
          key={socket.id}
          node={id}
          socket={socket}
          isFilled={socket.side === "source" || linked.has(socket.name)}
        />
      ))}
      {geometry.sockets.map(({ id: socket, name, side, x, y }) =>
        side === "source"
          ? shown[name]?.map((output, i) => (
              <span
                key={`${socket} ${output}`}
                className="shown-output"
                style={{ left: x + 12, top: y + i * 20 }}
                title={texts.canvas.isOutput}
              >
                <Flag size={10} />
                {output}
              </span>
            ))
          : null,
      )}
      <NodeResizeControl
        className="node-resize"
        variant={ResizeControlVariant.Line}
        position="right"
        minWidth={MIN_WIDTH}
        maxWidth={800}
        onResize={(_, { width }) =>
          edit(editor.tabs, texts.edits.resize, (workflow) => changeBox(workflow, id, { width: Math.round(width) }), {
            merge: `resize ${id}`,
          })
        }
        onResizeEnd={() => endStep(editor.tabs)}
      />
    </>
  );
}
