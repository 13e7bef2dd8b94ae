import { Handle, Position } from "@xyflow/react";
import { type CSSProperties, type JSX, memo, useMemo } from "react";
import { type Fit, showType } from "../catalogue";
import { knowledge, useEditor, useServer, useUi } from "../state/editor";
import { texts } from "../texts";
import { lookOf } from "../theme/sockets";
import type { Socket } from "./geometry";
import { verdictOf } from "./wiring";

const words = texts.canvas.socket;

interface SocketProps {
  readonly node: string;
  readonly socket: Socket;
  readonly isFilled: boolean;
}

/** Where a wire is plugged in. While one is drawn, sockets that take it light up and the others fade. */
export const SocketView = memo(function SocketView({ node, socket, isFilled }: SocketProps): JSX.Element {
  const catalogue = useServer((server) => server.catalogue);
  const look = lookOf(socket.type, catalogue);
  const verdict = useVerdict(node, socket);
  const isAdding = socket.id.startsWith("add:");
  const type = socket.type ? showType(socket.type) : "";
  const style = { left: socket.x, top: socket.y, "--socket": look.colour } as CSSProperties;
  return (
    <Handle
      id={socket.id}
      type={socket.side}
      position={socket.side === "source" ? Position.Right : Position.Left}
      className="socket"
      role="img"
      style={style}
      aria-label={words[socket.side](socket.name, type)}
      title={verdict?.reason || (isAdding ? words.adding : words.typed(socket.name, type))}
      data-shape={look.shape}
      data-list={look.isList}
      data-filled={isFilled}
      data-adding={isAdding}
      data-verdict={verdict ? (verdict.fits ? "fits" : "fades") : undefined}
    />
  );
});

function useVerdict(node: string, { id, side }: Socket): Fit | null {
  const editor = useEditor();
  const wiring = useUi((ui) => ui.wiring);
  return useMemo(
    () => (wiring ? verdictOf(knowledge(editor), wiring, node, id, side) : null),
    [editor, wiring, node, id, side],
  );
}

/** Sockets as they are when one looks from far: places where wires end, and no more. */
export function FarSockets({ sockets }: { readonly sockets: readonly Socket[] }): JSX.Element {
  return (
    <>
      {sockets.map(({ id, side, x, y }) => (
        <i
          key={id}
          className={`far-socket react-flow__handle ${side}`}
          data-handleid={id}
          data-handlepos={side === "source" ? "right" : "left"}
          style={{ left: x, top: y }}
        />
      ))}
    </>
  );
}
