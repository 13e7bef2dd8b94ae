/**
 * The server's messages. A lost connection is taken up again by itself, from the last number that was seen; what the
 * server no longer has comes as a new snapshot.
 */

import type { EventBody, PreviewHeader } from ".";

export type Connection = "connecting" | "open" | "lost";

/** Whether pictures of what is being made are wanted; it may change at any time. */
export interface Wish {
  readonly now: () => boolean;
  readonly onChange: (act: () => void) => () => void;
}

const ALWAYS: Wish = { now: () => true, onChange: () => () => {} };

export interface Listener {
  readonly onEvent: (event: EventBody) => void;
  readonly onPreview: (header: PreviewHeader, picture: Blob) => void;
  readonly onConnection: (connection: Connection) => void;
}

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5_000;

/** Listens until the returned function is called. */
export function listen(listener: Listener, previews: Wish = ALWAYS): () => void {
  let seen: number | undefined;
  let wait = FIRST_WAIT_MS;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let socket: WebSocket | undefined;
  let isClosed = false;

  const watch = (): void => {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ type: "watch", previews: previews.now() }));
  };
  const unsubscribe = previews.onChange(watch);

  const connect = (): void => {
    listener.onConnection("connecting");
    socket = new WebSocket(address(seen));
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      wait = FIRST_WAIT_MS;
      listener.onConnection("open");
      watch();
    };
    socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
      if (typeof data === "string") {
        const event = JSON.parse(data) as EventBody;
        seen = event.seq;
        listener.onEvent(event);
      } else {
        const [header, picture] = readPreview(data);
        listener.onPreview(header, picture);
      }
    };
    socket.onclose = () => {
      if (isClosed) return;
      listener.onConnection("lost");
      timer = setTimeout(connect, wait);
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    };
  };

  connect();
  return () => {
    isClosed = true;
    unsubscribe();
    clearTimeout(timer);
    socket?.close();
  };
}

function address(seen: number | undefined): string {
  const protocol = location.protocol === "https:" ? "wss:" : "ws:";
  return `${protocol}//${location.host}/api/v1/events${seen === undefined ? "" : `?since=${seen}`}`;
}

/** A picture with what it shows: the header's length in four bytes, the header, the picture. */
export function readPreview(frame: ArrayBuffer): readonly [PreviewHeader, Blob] {
  const length = new DataView(frame).getUint32(0);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(frame, 4, length))) as PreviewHeader;
  return [header, new Blob([frame.slice(4 + length)], { type: header.media_type })];
}
