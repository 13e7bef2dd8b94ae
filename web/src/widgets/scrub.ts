/** Changing a number by dragging over it. */

import { clamp, type Limits, snap, stepOf } from "./numbers";

export interface Scrub {
  readonly from: number;
  /** Way of the pointer since the drag began, to the right. */
  readonly moved_px: number;
  readonly width_px: number;
  readonly limits: Limits;
  /** A slider's drag spans the range; any other changes by one step every few pixels. */
  readonly isSlider: boolean;
  readonly isFine: boolean;
}

/** A pointer that moves less is a click. */
export const DRAG_START_PX = 3;
const STEP_PX = 6;

export function scrubbed({ from, moved_px, width_px, limits, isSlider, isFine }: Scrub): number {
  const fineness = isFine ? 0.1 : 1;
  const span = spanOf(limits);
  const change =
    isSlider && span !== undefined
      ? (moved_px / width_px) * span
      : Math.trunc((moved_px * fineness) / STEP_PX) * stepOf(limits);
  return clamp(snap(from + change * (isSlider ? fineness : 1), limits), limits);
}

/** maximum - minimum; undefined where the range is open. */
export function spanOf({ minimum, maximum }: Limits): number | undefined {
  return minimum !== null && maximum !== null && maximum > minimum ? maximum - minimum : undefined;
}

const MOST_STEPS = 400;

/** Whether a slider helps: the declaration asks for it, or a closed range has few enough steps to be hit by hand. */
export function wantsSlider(limits: Limits, widget: string): boolean {
  const span = spanOf(limits);
  if (span === undefined) return false;
  return widget === "slider" || (limits.step !== null && span / limits.step <= MOST_STEPS);
}

/** How far into its range a number stands, 0..1. */
export function fractionOf(value: number, limits: Limits): number {
  const span = spanOf(limits);
  return span === undefined ? 0 : (clamp(value, limits) - (limits.minimum ?? 0)) / span;
}
