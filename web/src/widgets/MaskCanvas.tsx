import { type JSX, type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from "react";
import { texts } from "../texts";
import { canvasStyle, type Size } from "./crops";
import type { BrushState } from "./MaskDialog";
import { type Deed, isFarEnough, type Place, paint, type Stroke } from "./strokes";

interface MaskCanvasProps {
  readonly size: Size;
  readonly base: HTMLCanvasElement | undefined;
  /** Address of the picture below. */
  readonly under: string | undefined;
  readonly strokes: readonly Deed[];
  readonly brush: BrushState;
  readonly onStroke: (stroke: Stroke) => void;
}

const ARROWS: { readonly [key: string]: readonly [number, number] } = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** The sheet: what was painted is kept as a picture, so that a stroke in progress costs one stroke. */
export function MaskCanvas({ size, base, under, strokes, brush, onStroke }: MaskCanvasProps): JSX.Element {
  const sheet = useRef<HTMLCanvasElement>(null);
  const painted = useRef<HTMLCanvasElement | null>(null);
  const stroke = useRef<Place[] | null>(null);
  const [cursor, setCursor] = useState<Place>();

  useEffect(() => {
    const canvas = document.createElement("canvas");
    canvas.width = size.width;
    canvas.height = size.height;
    const context = canvas.getContext("2d");
    if (!context) return;
    if (base) context.drawImage(base, 0, 0, size.width, size.height);
    paint(context, strokes);
    painted.current = canvas;
    show(sheet.current, canvas, []);
  }, [size, base, strokes]);

  const strokeOf = (places: readonly Place[], isErasing = brush.isErasing): Stroke => ({
    kind: "stroke",
    size_px: brush.size_px,
    feather: brush.feather,
    isErasing,
    places,
  });
  const placeOf = (event: PointerEvent<HTMLCanvasElement>): Place => {
    const box = event.currentTarget.getBoundingClientRect();
    return {
      x: ((event.clientX - box.left) / box.width) * size.width,
      y: ((event.clientY - box.top) / box.height) * size.height,
    };
  };
  const onPointerDown = (event: PointerEvent<HTMLCanvasElement>): void => {
    if (event.button !== 0 && event.button !== 5) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    stroke.current = [placeOf(event)];
    show(sheet.current, painted.current, [strokeOf(stroke.current, isErasing(event, brush))]);
  };
  const onPointerMove = (event: PointerEvent<HTMLCanvasElement>): void => {
    const place = placeOf(event);
    setCursor(place);
    const places = stroke.current;
    const last = places?.at(-1);
    if (!places || !last || !isFarEnough(last, place, brush.size_px)) return;
    places.push(place);
    show(sheet.current, painted.current, [strokeOf(places, isErasing(event, brush))]);
  };
  const onPointerUp = (event: PointerEvent<HTMLCanvasElement>): void => {
    if (stroke.current) onStroke(strokeOf(stroke.current, isErasing(event, brush)));
    stroke.current = null;
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const place = cursor ?? { x: size.width / 2, y: size.height / 2 };
    const way = ARROWS[event.key];
    if (way) {
      const far = event.shiftKey ? 1 : Math.max(1, brush.size_px / 4);
      const within = (at: number, most: number): number => Math.min(Math.max(at, 0), most);
      setCursor({ x: within(place.x + way[0] * far, size.width), y: within(place.y + way[1] * far, size.height) });
    } else if (event.key === " ") {
      setCursor(place);
      onStroke(strokeOf([place]));
    } else return;
    event.preventDefault();
  };
  const percent = (part: number, whole: number): string => `${(100 * part) / whole}%`;
  return (
    <div className="w-canvas w-mask" style={canvasStyle(size)}>
      {under && <img src={under} alt="" draggable={false} />}
      <canvas
        ref={sheet}
        width={size.width}
        height={size.height}
        tabIndex={0}
        role="img"
        aria-label={texts.mask.area}
        data-over={under !== undefined}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={onPointerUp}
        onPointerLeave={() => stroke.current === null && setCursor(undefined)}
        onKeyDown={onKeyDown}
      />
      {cursor && (
        <span
          className="w-cursor"
          data-erasing={brush.isErasing}
          style={{
            left: percent(cursor.x, size.width),
            top: percent(cursor.y, size.height),
            width: percent(brush.size_px, size.width),
            height: percent(brush.size_px, size.height),
          }}
        />
      )}
    </div>
  );
}

/** A pen's other end erases (button 5), and so does Alt. */
function isErasing(event: PointerEvent, brush: BrushState): boolean {
  return brush.isErasing !== event.altKey || (event.buttons & 32) !== 0;
}

function show(sheet: HTMLCanvasElement | null, painted: HTMLCanvasElement | null, more: readonly Deed[]): void {
  const context = sheet?.getContext("2d");
  if (!sheet || !context) return;
  context.clearRect(0, 0, sheet.width, sheet.height);
  if (painted) context.drawImage(painted, 0, 0);
  paint(context, more);
}
