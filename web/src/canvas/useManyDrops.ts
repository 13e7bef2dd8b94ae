/** With Shift held, a wire is plugged into every socket that it is led over and that takes it. */

import { type Connection, type ReactFlowState, useStoreApi } from "@xyflow/react";
import { type RefObject, useEffect, useRef } from "react";

/** Calls for each such socket; gives how many the wire that was in hand last was plugged into. */
export function useManyDrops(plug: (connection: Connection) => void): RefObject<number> {
  const store = useStoreApi();
  const drops = useRef(0);
  useEffect(() => {
    let isHeld = false;
    /** The socket that was left last; null while there is no wire in hand. */
    let last: string | null = null;
    const drop = ({ connection }: Pick<ReactFlowState, "connection">): void => {
      const { inProgress, fromHandle, toHandle, isValid } = connection;
      if (inProgress && last === null) drops.current = 0;
      const here = inProgress && toHandle && isValid ? `${toHandle.nodeId} ${toHandle.id}` : "";
      const isNew = isHeld && here !== "" && here !== last;
      last = !inProgress ? null : isHeld || here === "" ? here : (last ?? "");
      if (!isNew || !toHandle || !fromHandle) return;
      drops.current += 1;
      const [source, target] = fromHandle.type === "source" ? [fromHandle, toHandle] : [toHandle, fromHandle];
      plug({
        source: source.nodeId,
        sourceHandle: source.id ?? null,
        target: target.nodeId,
        targetHandle: target.id ?? null,
      });
    };
    const onKey = (event: KeyboardEvent): void => {
      isHeld = event.shiftKey;
      drop(store.getState());
    };
    const stop = store.subscribe(drop);
    window.addEventListener("keydown", onKey);
    window.addEventListener("keyup", onKey);
    return () => {
      stop();
      window.removeEventListener("keydown", onKey);
      window.removeEventListener("keyup", onKey);
    };
  }, [store, plug]);
  return drops;
}
