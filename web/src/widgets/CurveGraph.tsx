import type { JSX } from "react";
import { type Bounds, boundsOf } from "./curves";
import type { Limits } from "./numbers";

export const GRAPH = { width: 480, height: 170, left: 34, right: 10, top: 10, bottom: 20 } as const;
const SMALL = { width: 64, height: 18 } as const;

interface CurveGraphProps {
  readonly values: readonly number[];
  readonly limits: Limits;
  readonly isSmall?: boolean;
  /** The step that is being changed. */
  readonly chosen?: number | undefined;
}

/** A curve as a picture; the editor lays its pointer handling over it. */
export function CurveGraph({ values, limits, isSmall = false, chosen }: CurveGraphProps): JSX.Element {
  const bounds = boundsOf(values, limits);
  if (isSmall) {
    const points = values.map((value, i) => {
      const x = values.length > 1 ? (i / (values.length - 1)) * (SMALL.width - 4) + 2 : SMALL.width / 2;
      return `${x},${SMALL.height - 2 - share(value, bounds) * (SMALL.height - 4)}`;
    });
    return (
      <svg className="w-spark" viewBox={`0 0 ${SMALL.width} ${SMALL.height}`} aria-hidden="true">
        <polyline points={points.join(" ")} />
      </svg>
    );
  }
  const places = values.map((value, i) => placeOf(i, value, values.length, bounds));
  const lines = [0, 0.25, 0.5, 0.75, 1];
  return (
    <svg className="w-graph" viewBox={`0 0 ${GRAPH.width} ${GRAPH.height}`} aria-hidden="true">
      {lines.map((part) => {
        const value = bounds.low + (bounds.high - bounds.low) * part;
        const { y } = placeOf(0, value, 1, bounds);
        return (
          <g key={part}>
            <line x1={GRAPH.left} x2={GRAPH.width - GRAPH.right} y1={y} y2={y} />
            <text x={GRAPH.left - 6} y={y + 3} textAnchor="end">
              {Number(value.toPrecision(3))}
            </text>
          </g>
        );
      })}
      {ticksOf(values.length).map((i) => (
        <text key={i} x={placeOf(i, bounds.low, values.length, bounds).x} y={GRAPH.height - 5} textAnchor="middle">
          {i + 1}
        </text>
      ))}
      <polyline points={places.map(({ x, y }) => `${x},${y}`).join(" ")} />
      {places.map(({ x, y }, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a point is its step
        <circle key={i} cx={x} cy={y} r={i === chosen ? 5 : values.length > 60 ? 1.5 : 3} data-chosen={i === chosen} />
      ))}
    </svg>
  );
}

function share(value: number, { low, high }: Bounds): number {
  return Math.min(Math.max((value - low) / (high - low), 0), 1);
}

function placeOf(i: number, value: number, count: number, bounds: Bounds): { readonly x: number; readonly y: number } {
  const width = GRAPH.width - GRAPH.left - GRAPH.right;
  const height = GRAPH.height - GRAPH.top - GRAPH.bottom;
  const x = GRAPH.left + (count > 1 ? (i / (count - 1)) * width : width / 2);
  return { x, y: GRAPH.top + (1 - share(value, bounds)) * height };
}

const MOST_TICKS = 10;

/** The steps that are numbered: first and last, and round ones between. */
function ticksOf(count: number): number[] {
  const every = Math.ceil(count / MOST_TICKS);
  return Array.from({ length: count }, (_, i) => i).filter((i) => i % every === 0 || i === count - 1);
}

/** Step and value under a place of the graph, both as parts of its width and height. */
export function underPointer(
  across: number,
  down: number,
  count: number,
  bounds: Bounds,
): { readonly index: number; readonly value: number } {
  const [x, y] = [across * GRAPH.width - GRAPH.left, down * GRAPH.height - GRAPH.top];
  const along = x / (GRAPH.width - GRAPH.left - GRAPH.right);
  const up = 1 - y / (GRAPH.height - GRAPH.top - GRAPH.bottom);
  const index = Math.min(Math.max(Math.round(along * (count - 1)), 0), Math.max(count - 1, 0));
  return { index, value: bounds.low + Math.min(Math.max(up, 0), 1) * (bounds.high - bounds.low) };
}
