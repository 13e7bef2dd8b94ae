import {
  BaseEdge,
  type ConnectionLineComponentProps,
  type EdgeProps,
  getBezierPath,
  useStore as useFlowStore,
} from "@xyflow/react";
import { type JSX, memo } from "react";
import { fitOf } from "../catalogue";
import { pointThing, type WirePoint } from "../document";
import { knowledge, useEditor, useUi } from "../state/editor";
import { POINT } from "./flow";
import { linkOfSocket, targetOfSocket, type Wire, type WireData } from "./model";
import { pathThrough } from "./paths";

/** A wire in the colour of what it brings; a list is drawn double. */
export const WireView = memo(function WireView(props: EdgeProps<Wire>): JSX.Element {
  if (props.data && props.data.points.length > 0) return <LedWire {...props} data={props.data} />;
  const { sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition } = props;
  const [path] = getBezierPath({ sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, curvature: 0.32 });
  return <Drawn {...props} path={path} />;
});

/** A wire with points, which it follows while they are dragged. */
function LedWire({ data, ...props }: EdgeProps<Wire> & { readonly data: WireData }): JSX.Element {
  const { sourceX, sourceY, targetX, targetY } = props;
  const live = useFlowStore(
    ({ nodeLookup }) =>
      data.points.map(([x, y], i): WirePoint => {
        const at = nodeLookup.get(pointThing(data.key, i))?.internals.positionAbsolute;
        return at ? [at.x + POINT / 2, at.y + POINT / 2] : [x, y];
      }),
    samePoints,
  );
  return <Drawn {...props} data={data} path={pathThrough([sourceX, sourceY], live, [targetX, targetY])} />;
}

function samePoints(a: readonly WirePoint[], b: readonly WirePoint[]): boolean {
  return a.length === b.length && a.every(([x, y], i) => x === b[i]?.[0] && y === b[i]?.[1]);
}

function Drawn({ path, data, selected }: Pick<EdgeProps<Wire>, "data" | "selected"> & { readonly path: string }) {
  return (
    <g className="wire" data-selected={selected} data-list={data?.isList}>
      <BaseEdge path={path} style={{ stroke: data?.colour }} interactionWidth={14} />
      {data?.isList && <path d={path} className="wire-core" />}
    </g>
  );
}

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
