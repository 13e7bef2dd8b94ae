import type { NodeProps } from "@xyflow/react";
import { type CSSProperties, type JSX, memo } from "react";
import { wireEnd } from "../document";
import { texts } from "../texts";
import { useDetail } from "./detail";
import type { CanvasNode } from "./model";

type PointNode = Extract<CanvasNode, { type?: "point" }>;

/** A point that a wire is led through. */
export const PointView = memo(function PointView({ data, selected }: NodeProps<PointNode>): JSX.Element | null {
  const detail = useDetail();
  if (detail !== "near") return null;
  const { wire, index, colour } = data;
  const end = wireEnd(wire);
  return (
    <span
      role="img"
      className="wire-point"
      style={{ "--wire": colour } as CSSProperties}
      aria-label={texts.canvas.point(index + 1, end?.node ?? "", end?.name ?? "")}
      title={texts.canvas.pointHint}
      data-selected={selected}
    />
  );
});
