/** The way of a wire: one smooth line from the output through its points to the input. */

import type { WirePoint } from "../document";

/** How far a wire runs straight out of a socket, as a share of what lies before it. */
const REACH = 0.5;
const LEAST_REACH = 24;
/** How far it runs out of one that it has to turn back from. */
const TURN_REACH = 40;
/** How round a wire goes through a point. */
const ROUNDNESS = 0.36;

type Vector = readonly [x: number, y: number];

/** SVG path of a wire with points: cubic, leaving and arriving level, as the wires without points do. */
export function pathThrough(from: Vector, points: readonly WirePoint[], to: Vector): string {
  const stops: readonly Vector[] = [from, ...points, to];
  const last = stops.length - 1;
  const parts = stops.slice(1).map((end, i) => {
    const start = stops[i] as Vector;
    const length = Math.hypot(end[0] - start[0], end[1] - start[1]);
    const ahead = end[0] - start[0];
    const reach = Math.min(ahead < 0 ? TURN_REACH : Math.max(LEAST_REACH, ahead * REACH), length);
    const out = i === 0 ? level(reach) : through(stops[i - 1] as Vector, start, end, length * ROUNDNESS);
    const into = i + 1 === last ? level(reach) : through(start, end, stops[i + 2] as Vector, length * ROUNDNESS);
    return `C ${start[0] + out[0]},${start[1] + out[1]} ${end[0] - into[0]},${end[1] - into[1]} ${end[0]},${end[1]}`;
  });
  return `M ${from[0]},${from[1]} ${parts.join(" ")}`;
}

function level(reach: number): Vector {
  return [reach, 0];
}

/** A stretch of a length in the direction in which a wire goes through a point: between how it comes and how it goes. */
function through(before: Vector, at: Vector, after: Vector, length: number): Vector {
  const [coming, going] = [unit(before, at), unit(at, after)];
  const [x, y] = [coming[0] + going[0], coming[1] + going[1]];
  const size = Math.hypot(x, y);
  // Where it turns right back it goes round, not through itself.
  if (size < 1e-6) return [-coming[1] * length, coming[0] * length];
  return [(x / size) * length, (y / size) * length];
}

function unit([ax, ay]: Vector, [bx, by]: Vector): Vector {
  const length = Math.hypot(bx - ax, by - ay) || 1;
  return [(bx - ax) / length, (by - ay) / length];
}

/** Where in the order of a wire's points a new one belongs: on the stretch that it is nearest to. */
export function placeAmong(from: Vector, points: readonly WirePoint[], to: Vector, at: Vector): number {
  const stops: readonly Vector[] = [from, ...points, to];
  const distances = stops.slice(1).map((end, i) => distanceTo(at, stops[i] as Vector, end));
  return distances.indexOf(Math.min(...distances));
}

/** The middle of a wire's longest stretch, and where a point there belongs. */
export function roomiest(from: Vector, points: readonly WirePoint[], to: Vector): { index: number; at: Vector } {
  const stops: readonly Vector[] = [from, ...points, to];
  const lengths = stops.slice(1).map((end, i) => {
    const start = stops[i] as Vector;
    return Math.hypot(end[0] - start[0], end[1] - start[1]);
  });
  const index = lengths.indexOf(Math.max(...lengths));
  const [start, end] = [stops[index] as Vector, stops[index + 1] as Vector];
  return { index, at: [(start[0] + end[0]) / 2, (start[1] + end[1]) / 2] };
}

function distanceTo([x, y]: Vector, [ax, ay]: Vector, [bx, by]: Vector): number {
  const [dx, dy] = [bx - ax, by - ay];
  const share = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - ax - share * dx, y - ay - share * dy);
}
