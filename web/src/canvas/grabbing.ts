/**
 * What a press on a socket takes hold of.
 *
 * An input that is plugged in gives the end of its wire, to be plugged in elsewhere. Any other socket begins a wire, also
 * where one that is drawn over it (a loop's sockets lie below the wires) would take the press.
 */

import type { MouseEvent, TouchEvent } from "react";
import { wireKey, wireThing } from "../document";
import { type Point, pointOf } from "./dropping";
import { targetOfSocket } from "./model";

export const GRABBING = {
  onMouseDownCapture: (event: MouseEvent) => {
    if (event.button === 0 && event.isTrusted) grab(event);
  },
  onTouchStartCapture: (event: TouchEvent) => {
    if (event.touches.length === 1) grab(event);
  },
};

function grab(event: MouseEvent | TouchEvent): void {
  const at = pointOf(event);
  const target = event.target as Element;
  const socket = socketAt(at);
  const meant = socket && (endOfWire(socket) ?? (socket.contains(target) ? undefined : socket));
  if (!meant || target.closest("button, input, textarea")) return;
  event.stopPropagation();
  meant.dispatchEvent(new window.MouseEvent("mousedown", { bubbles: true, clientX: at.x, clientY: at.y }));
}

function socketAt({ x, y }: Point): HTMLElement | undefined {
  const found = document.elementsFromPoint(x, y).find((element) => element.matches(".socket, .react-flow__node"));
  return found instanceof HTMLElement && found.matches(".socket") ? found : undefined;
}

/** Where the wire that is plugged into a socket is taken hold of. */
function endOfWire({ dataset }: HTMLElement): Element | undefined {
  const target = targetOfSocket(dataset.nodeid ?? "", dataset.handleid ?? "");
  const wire = target && CSS.escape(wireThing(wireKey(target)));
  return document.querySelector(`.react-flow__edge[data-id="${wire}"] .react-flow__edgeupdater-target`) ?? undefined;
}
