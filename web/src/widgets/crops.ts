/** Rectangles of a picture, in its pixels. */

export interface Crop {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** How a picture is shown as large as its stage allows. */
export function canvasStyle({ width, height }: Size): { readonly [name: string]: string } {
  return { aspectRatio: `${width} / ${height}`, "--ratio": String(width / height) };
}

export type Handle = "move" | "nw" | "n" | "ne" | "e" | "se" | "s" | "sw" | "w";

export const SMALLEST_PX = 8;

/** The rectangle after one of its handles was moved, inside the picture; `ratio` (width / height) is kept if given. */
export function dragged(crop: Crop, handle: Handle, dx: number, dy: number, size: Size, ratio?: number): Crop {
  if (handle === "move") {
    const left = between(crop.left + dx, 0, size.width - crop.width);
    return rounded({ ...crop, left, top: between(crop.top + dy, 0, size.height - crop.height) });
  }
  let [left, top, right, bottom] = [crop.left, crop.top, crop.left + crop.width, crop.top + crop.height];
  if (handle.includes("w")) left = between(left + dx, 0, right - SMALLEST_PX);
  if (handle.includes("e")) right = between(right + dx, left + SMALLEST_PX, size.width);
  if (handle.includes("n")) top = between(top + dy, 0, bottom - SMALLEST_PX);
  if (handle.includes("s")) bottom = between(bottom + dy, top + SMALLEST_PX, size.height);
  const free = { left, top, width: right - left, height: bottom - top };
  return rounded(ratio === undefined ? free : withRatio(free, handle, ratio));
}

/** As large as the free one allows; the edges opposite to the handle stay. */
function withRatio(free: Crop, handle: Handle, ratio: number): Crop {
  const width = Math.min(free.width, free.height * ratio);
  const height = width / ratio;
  const left = handle.includes("w") ? free.left + free.width - width : free.left;
  const top = handle.includes("n") ? free.top + free.height - height : free.top;
  return { left, top, width, height };
}

/** The largest rectangle of a ratio, in the middle of a picture. */
export function largest(size: Size, ratio: number | undefined): Crop {
  if (ratio === undefined) return { left: 0, top: 0, ...size };
  const width = Math.min(size.width, size.height * ratio);
  const height = width / ratio;
  return rounded({ left: (size.width - width) / 2, top: (size.height - height) / 2, width, height });
}

export function isWhole(crop: Crop, size: Size): boolean {
  return crop.left === 0 && crop.top === 0 && crop.width === size.width && crop.height === size.height;
}

function rounded({ left, top, width, height }: Crop): Crop {
  return { left: Math.round(left), top: Math.round(top), width: Math.round(width), height: Math.round(height) };
}

function between(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), Math.max(low, high));
}
