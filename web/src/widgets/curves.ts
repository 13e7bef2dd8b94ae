/** Lists of numbers over steps: shapes to start from, lengths, and what a pointer drawn across them changes. */

export const SHAPES = ["constant", "linear", "cosine", "ramp-in", "pulse"] as const;
export type Shape = (typeof SHAPES)[number];

const SHAPE: Readonly<Record<Shape, (t: number) => number>> = {
  constant: () => 0,
  linear: (t) => t,
  cosine: (t) => (1 - Math.cos(Math.PI * t)) / 2,
  "ramp-in": (t) => Math.min(1, t * 4),
  pulse: (t) => Math.sin(Math.PI * t),
};

/** `length` values from `first` to `last` (for a pulse: up to `last` in the middle). */
export function shaped(shape: Shape, length: number, first: number, last: number): number[] {
  return Array.from({ length }, (_, i) => {
    const t = length > 1 ? i / (length - 1) : 0;
    return tidy(first + (last - first) * SHAPE[shape](t));
  });
}

/** The same curve with another number of points, read between its points. */
export function resampled(values: readonly number[], length: number): number[] {
  if (values.length === 0) return Array.from({ length }, () => 0);
  return Array.from({ length }, (_, i) => {
    const at = length > 1 ? (i * (values.length - 1)) / (length - 1) : 0;
    const left = Math.floor(at);
    const [a, b] = [values[left] ?? 0, values[Math.min(left + 1, values.length - 1)] ?? 0];
    return tidy(a + (b - a) * (at - left));
  });
}

export interface Point {
  readonly index: number;
  readonly value: number;
}

/** The curve after a stroke from one point to another: what lies between is drawn through. */
export function drawn(values: readonly number[], from: Point, to: Point): number[] {
  const [left, right] = from.index <= to.index ? [from, to] : [to, from];
  const span = right.index - left.index;
  return values.map((value, i) => {
    if (i === to.index) return tidy(to.value);
    if (i < left.index || i > right.index || i === from.index) return value;
    return tidy(left.value + ((right.value - left.value) * (i - left.index)) / span);
  });
}

export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** What a graph of the curve shows: its declared range, or the values with some air around them. */
export function boundsOf(
  values: readonly number[],
  range: { readonly minimum: number | null; readonly maximum: number | null },
): Bounds {
  const low = range.minimum ?? Math.min(0, ...values);
  const high = range.maximum ?? niceAbove(Math.max(1, ...values));
  return high > low ? { low, high } : { low, high: low + 1 };
}

function niceAbove(value: number): number {
  const size = 10 ** Math.floor(Math.log10(value));
  return ([1, 1.5, 2, 3, 4, 5, 6, 8].find((part) => part * size >= value) ?? 10) * size;
}

/** Without the dust of binary fractions. */
function tidy(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
