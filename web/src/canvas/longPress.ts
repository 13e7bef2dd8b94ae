/**
 * A long press of a finger or a pen opens the menu that a right click opens.
 *
 * Some browsers do so themselves and some never; where both do, the same menu is opened in the same place.
 */

import type { PointerEvent } from "react";

const HOLD_MS = 500;
/** How far a finger that rests may still wander. */
const SLIP_PX = 10;

interface Press {
  readonly pointer: number;
  readonly x: number;
  readonly y: number;
  readonly timer: ReturnType<typeof setTimeout>;
}

type Handler = (event: PointerEvent) => void;

export interface PressHandlers {
  readonly onPointerDownCapture: Handler;
  readonly onPointerMoveCapture: Handler;
  readonly onPointerUpCapture: Handler;
  readonly onPointerCancelCapture: Handler;
}

export function longPresses(): PressHandlers {
  let press: Press | null = null;
  const end = (): void => {
    if (press) clearTimeout(press.timer);
    press = null;
  };
  return {
    onPointerDownCapture: ({ pointerType, pointerId, clientX, clientY, target }) => {
      const isFirst = press === null;
      end();
      // A second finger begins a pinch.
      if (pointerType === "mouse" || !isFirst) return;
      const timer = setTimeout(() => {
        press = null;
        openMenu(target as Element, clientX, clientY);
      }, HOLD_MS);
      press = { pointer: pointerId, x: clientX, y: clientY, timer };
    },
    onPointerMoveCapture: ({ pointerId, clientX, clientY }) => {
      if (press?.pointer === pointerId && Math.hypot(clientX - press.x, clientY - press.y) > SLIP_PX) end();
    },
    onPointerUpCapture: end,
    onPointerCancelCapture: end,
  };
}

function openMenu(target: Element, clientX: number, clientY: number): void {
  if (target.closest("input, textarea")) return;
  target.dispatchEvent(new MouseEvent("contextmenu", { bubbles: true, cancelable: true, clientX, clientY }));
}
