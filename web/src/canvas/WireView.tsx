import { BaseEdge, type ConnectionLineComponentProps, type EdgeProps, getBezierPath } from "@xyflow/react";
import { type JSX, memo } from "react";
import { fitOf } from "../catalogue";
import { knowledge, useEditor, useUi } from "../state/editor";
import { linkOfSocket, targetOfSocket, type Wire } from "./model";

/** A wire in the colour of what it brings; a list is drawn double. */
export const WireView = memo(function WireView(props: EdgeProps<Wire>): JSX.Element {
  const { sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, data, selected } = props;
  const [path] = getBezierPath({ sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, curvature: 0.32 });
  const style = { stroke: data?.colour };
  return (
    <g className="wire" data-selected={selected} data-list={data?.isList}>
      <BaseEdge path={path} style={style} interactionWidth={14} />
      {data?.isList && <path d={path} className="wire-core" />}
    </g>
  );
});

/** The wire that is being drawn, with the reason at its end where it does not fit. */
export function DrawnWire({
  fromX,
  fromY,
  toX,
  toY,
  fromPosition,
  toPosition,
  toHandle,
  fromHandle,
  connectionStatus,
}: ConnectionLineComponentProps): JSX.Element {
  const editor = useEditor();
  const wiring = useUi((ui) => ui.wiring);
  const [path] = getBezierPath({
    sourceX: fromX,
    sourceY: fromY,
    targetX: toX,
    targetY: toY,
    sourcePosition: fromPosition,
    targetPosition: toPosition,
    curvature: 0.32,
  });
  const reason = toHandle && wiring ? reasonOf() : "";
  function reasonOf(): string {
    if (!toHandle || !wiring || !fromHandle) return "";
    const [out, into] = toHandle.type === "target" ? [fromHandle, toHandle] : [toHandle, fromHandle];
    const target = targetOfSocket(into.nodeId, into.id ?? "");
    if (!target || out.type !== "source") return "";
    const upstream = wiring.kind === "from-output" ? wiring.upstream : new Set<string>();
    return fitOf(knowledge(editor), linkOfSocket(out.nodeId, out.id ?? ""), target, upstream).reason;
  }
  return (
    <g className="drawn-wire" data-status={connectionStatus ?? "open"}>
      <path d={path} fill="none" />
      <circle cx={toX} cy={toY} r={4} />
      {reason && (
        <foreignObject x={toX + 12} y={toY - 16} width={280} height={80} className="reason-box">
          <span className="reason">{reason}</span>
        </foreignObject>
      )}
    </g>
  );
}
