/** The edge of the dock: drawn or moved by keys, it makes the dock wider. The width is kept in this browser. */

import { type JSX, type KeyboardEvent, type PointerEvent, useEffect, useState } from "react";
import { texts } from "../texts";

const KEY = "latentloom.dock";
const LEAST_PX = 280;
const USUAL_PX = 340;
const STEP_PX = 40;
/** What the canvas keeps. */
const CANVAS_PX = 360;

export function DockEdge(): JSX.Element {
  const [width, setWidth] = useState(() => within(Number(localStorage.getItem(KEY)) || USUAL_PX));
  useEffect(() => {
    document.documentElement.style.setProperty("--dock-width", `${width}px`);
    localStorage.setItem(KEY, String(width));
  }, [width]);
  const onPointerDown = (event: PointerEvent<HTMLElement>): void => {
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>): void => {
    if (event.currentTarget.hasPointerCapture(event.pointerId)) setWidth(within(window.innerWidth - event.clientX));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowLeft: STEP_PX, ArrowRight: -STEP_PX }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    setWidth(within(width + step));
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a line between pages cannot be moved.
    <div
      className="dock-edge"
      role="separator"
      aria-orientation="vertical"
      aria-label={texts.results.width}
      aria-valuemin={LEAST_PX}
      aria-valuemax={mostPx()}
      aria-valuenow={width}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onDoubleClick={() => setWidth(within(USUAL_PX))}
      onKeyDown={onKeyDown}
    />
  );
}

function mostPx(): number {
  return Math.max(LEAST_PX, window.innerWidth - CANVAS_PX);
}

function within(width: number): number {
  return Math.round(Math.max(LEAST_PX, Math.min(width, mostPx())));
}
