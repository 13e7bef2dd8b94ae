import { getBezierPath, Position, ViewportPortal } from "@xyflow/react";
import type { JSX } from "react";
import { cursorOf, pointOfEnd } from "../cursor/cursor";
import { useEditor, useTab, useUi } from "../state/editor";
import "../cursor/cursor.css";
import type { End } from "./model";
import type { Projection } from "./projection";

/** Where the keyboard is, and what is looked at in a list: drawn over the canvas, the wire between them included. */
export function CursorMark({ projected }: { readonly projected: Projection }): JSX.Element | null {
  const editor = useEditor();
  useUi((ui) => ui.cursor);
  useTab((tab) => tab.selection);
  const lookedAt = useUi((ui) => ui.lookedAt);
  const from = useUi((ui) => ui.chooser?.from);
  const at = from ?? cursorOf(editor);
  const start = at && pointOfEnd(projected, at);
  const end = lookedAt && pointOfEnd(projected, lookedAt);
  const box = lookedAt?.socket === "" ? projected.rects.get(lookedAt.node) : undefined;
  if (!start && !end && !box) return null;
  return (
    <ViewportPortal>
      {start && <i className="cursor-mark" style={{ left: start.x, top: start.y }} />}
      {end && <i className="cursor-mark looked-at" style={{ left: end.x, top: end.y }} />}
      {box && (
        <i
          className="looked-at-box"
          style={{ left: box.x - 6, top: box.y - 6, width: box.width + 12, height: box.height + 12 }}
        />
      )}
      {start && end && from && lookedAt && <Wire from={[from, start]} to={[lookedAt, end]} />}
    </ViewportPortal>
  );
}

type Placed = readonly [end: End, point: { readonly x: number; readonly y: number }];

function Wire({ from, to }: { readonly from: Placed; readonly to: Placed }): JSX.Element {
  const isSource = /^(out|inner):/.test(from[0].socket);
  const [out, into] = isSource ? [from[1], to[1]] : [to[1], from[1]];
  const [path] = getBezierPath({
    sourceX: out.x,
    sourceY: out.y,
    targetX: into.x,
    targetY: into.y,
    sourcePosition: Position.Right,
    targetPosition: Position.Left,
    curvature: 0.32,
  });
  return (
    <svg className="cursor-wire" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}
