import { type RefObject, useLayoutEffect, useRef } from "react";

/** The newest value, for handlers that must stay the same ones. */
export function useLatest<T>(value: T): Readonly<RefObject<T>> {
  const latest = useRef(value);
  useLayoutEffect(() => {
    latest.current = value;
  });
  return latest;
}
