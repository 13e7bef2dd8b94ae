/** A painted mask as the strokes it was made of, so that undo is exact, and its picture in any size. */

export interface Place {
  readonly x: number;
  readonly y: number;
}

/** In pixels of the picture. `feather` 0 is a hard edge, 1 a soft one from the middle on. */
export interface Stroke {
  readonly kind: "stroke";
  readonly size_px: number;
  readonly feather: number;
  readonly isErasing: boolean;
  readonly places: readonly Place[];
}

/** What is done to the whole mask. */
export interface Wash {
  readonly kind: "clear" | "fill" | "invert";
}

export type Deed = Stroke | Wash;

export interface Painting {
  readonly strokes: readonly Deed[];
  readonly undone: readonly Deed[];
}

export const EMPTY_PAINTING: Painting = { strokes: [], undone: [] };

export function withStroke({ strokes }: Painting, stroke: Deed): Painting {
  return { strokes: [...strokes, stroke], undone: [] };
}

export function undoStroke(painting: Painting): Painting {
  const last = painting.strokes.at(-1);
  return last ? { strokes: painting.strokes.slice(0, -1), undone: [...painting.undone, last] } : painting;
}

export function redoStroke(painting: Painting): Painting {
  const last = painting.undone.at(-1);
  return last ? { strokes: [...painting.strokes, last], undone: painting.undone.slice(0, -1) } : painting;
}

/** Whether a pointer moved far enough for another place; strokes stay short however slowly they are drawn. */
export function isFarEnough(from: Place, to: Place, size_px: number): boolean {
  return Math.hypot(to.x - from.x, to.y - from.y) >= Math.max(0.5, size_px / 12);
}

/** Width of the solid middle of a stroke, and the blur around it, so that the whole is `size_px` wide. */
export function softness({ size_px, feather }: Stroke): { readonly width_px: number; readonly blur_px: number } {
  const blur_px = (feather * size_px) / 2;
  return { width_px: Math.max(size_px - blur_px, 0.5), blur_px };
}

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

const AWAY_PX = 20_000;

/** Does one deed after the other on what is there. */
export function paint(context: Context, deeds: readonly Deed[]): void {
  for (const deed of deeds) {
    if (deed.kind === "stroke") paintStroke(context, deed);
    else wash(context, deed);
  }
}

function wash(context: Context, { kind }: Wash): void {
  const { width, height } = context.canvas;
  context.save();
  context.fillStyle = "white";
  // With xor, what is opaque under an opaque white leaves, and what is clear becomes white.
  context.globalCompositeOperation = ({ clear: "destination-out", fill: "source-over", invert: "xor" } as const)[kind];
  context.fillRect(0, 0, width, height);
  context.restore();
}

/**
 * Paints a stroke in white, or takes it away.
 *
 * The soft edge is a shadow whose caster stands outside of the canvas: every browser has shadows, not all have filters,
 * and a stroke that crosses itself stays even, which overlapping soft dots would not.
 */
function paintStroke(context: Context, stroke: Stroke): void {
  const [first] = stroke.places;
  if (!first) return;
  const { width_px, blur_px } = softness(stroke);
  context.save();
  context.globalCompositeOperation = stroke.isErasing ? "destination-out" : "source-over";
  context.strokeStyle = "white";
  context.lineWidth = width_px;
  context.lineCap = "round";
  context.lineJoin = "round";
  const shift = blur_px > 0 ? AWAY_PX : 0;
  if (shift > 0) {
    context.shadowColor = "white";
    context.shadowBlur = blur_px;
    context.shadowOffsetX = shift;
  }
  context.beginPath();
  context.moveTo(first.x - shift, first.y);
  for (const { x, y } of stroke.places.length > 1 ? stroke.places.slice(1) : [{ x: first.x + 0.01, y: first.y }])
    context.lineTo(x - shift, y);
  context.stroke();
  context.restore();
}
