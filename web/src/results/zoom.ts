/** Zooming and panning one picture, or several alike: wheel, drag, two fingers, and by keys. */

import { select } from "d3-selection";
import { type D3ZoomEvent, type ZoomBehavior, type ZoomTransform, zoom, zoomIdentity } from "d3-zoom";
import { useCallback, useMemo, useRef, useState } from "react";

const MOST = 64;
const LEAST = 0.5;

export interface Zoom {
  readonly transform: ZoomTransform;
  /** Give it to every element that shows a picture: they move together. */
  readonly attach: (element: HTMLElement | null) => (() => void) | undefined;
  readonly by: (factor: number) => void;
  readonly to: (scale: number) => void;
  readonly pan: (x: number, y: number) => void;
  readonly fit: () => void;
}

export function useZoom(): Zoom {
  const [transform, setTransform] = useState<ZoomTransform>(zoomIdentity);
  const elements = useRef(new Set<HTMLElement>());
  const behaviour = useMemo(
    () =>
      zoom<HTMLElement, unknown>()
        .scaleExtent([LEAST, MOST])
        .filter((event: Event) => !(event instanceof MouseEvent && event.button !== 0))
        .on("zoom", function follow(this: HTMLElement, event: D3ZoomEvent<HTMLElement, unknown>) {
          setTransform(event.transform);
          if (event.sourceEvent === null) return;
          for (const other of elements.current) if (other !== this) place(behaviour, other, event.transform);
        }),
    [],
  );
  const attach = useCallback(
    (element: HTMLElement | null) => {
      if (!element) return undefined;
      elements.current.add(element);
      select(element).call(behaviour).on("dblclick.zoom", null);
      return () => {
        elements.current.delete(element);
        select(element).on(".zoom", null);
      };
    },
    [behaviour],
  );
  return useMemo(() => {
    const all = (move: (element: HTMLElement) => void): void => {
      for (const element of elements.current) move(element);
    };
    return {
      transform,
      attach,
      by: (factor) => all((element) => behaviour.scaleBy(select(element), factor)),
      to: (scale) => all((element) => behaviour.scaleTo(select(element), scale)),
      pan: (x, y) => all((element) => behaviour.translateBy(select(element), x / transform.k, y / transform.k)),
      fit: () => all((element) => place(behaviour, element, zoomIdentity)),
    };
  }, [transform, attach, behaviour]);
}

function place(behaviour: ZoomBehavior<HTMLElement, unknown>, element: HTMLElement, to: ZoomTransform): void {
  behaviour.transform(select(element), to);
}
