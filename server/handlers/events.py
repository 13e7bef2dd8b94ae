"""The WebSocket: events to a client, as fast as it reads them."""

from __future__ import annotations

import asyncio
import logging
import struct
from functools import lru_cache
from typing import Literal

from aiohttp import WSCloseCode, WSMsgType, web
from pydantic import ValidationError

from latentloom.graph.wording import told

from ..api import Watch
from ..api.parameters import EventsPlace
from ..http.routing import Asked
from ..hub import MOST_AT_ONCE, Lagged, Subscription
from ..problems import Refusal

LOG = logging.getLogger(__name__)
HEARTBEAT_SECONDS = 20.0
SEND_SECONDS = 30.0
"""A client that takes no frame for so long is gone, or too slow."""
PAUSE_SECONDS = 0.05
"""Between two writes to a client; what happens meanwhile goes together."""
BUFFER_BYTES = 256 * 1024
"""A client that has so much yet to take is given no more."""
MESSAGE_LIMIT_BYTES = 64 * 1024
Socket = web.WebSocketResponse[Literal[True]]
SOCKETS: web.AppKey[set[Socket]] = web.AppKey("sockets")


async def stream_events(asked: Asked[EventsPlace, None]) -> web.StreamResponse:
    # Not compressed: an event is small, and would be compressed once for every client.
    socket = web.WebSocketResponse(heartbeat=HEARTBEAT_SECONDS, max_msg_size=MESSAGE_LIMIT_BYTES, compress=False)
    if not socket.can_prepare(asked.http):
        raise Refusal(426, "no-websocket", "This address speaks WebSocket: connect to it with a WebSocket client.")
    await socket.prepare(asked.http)
    if asked.http.transport is None:
        return socket  # gone already
    asked.http.app[SOCKETS].add(socket)
    try:
        with asked.services.hub.subscribe(asked.parameters.since) as subscription:
            sending = asyncio.create_task(_send(socket, subscription, asked.http.transport))
            try:
                await _receive(socket, subscription)
            finally:
                sending.cancel()
                await asyncio.gather(sending, return_exceptions=True)
    finally:
        asked.http.app[SOCKETS].discard(socket)
    return socket


async def close_sockets(application: web.Application) -> None:
    """On shutdown, so that clients connect again to whoever comes after us."""
    sockets = application[SOCKETS]
    closing = [socket.close(code=WSCloseCode.GOING_AWAY, message=b"the server ends") for socket in sockets]
    await asyncio.gather(*closing)


async def _send(socket: Socket, subscription: Subscription, transport: asyncio.Transport) -> None:
    try:
        async for batch in subscription.batches():
            if socket.closed:
                return
            if isinstance(batch, bytes):
                await asyncio.wait_for(socket.send_bytes(batch), SEND_SECONDS)
                continue
            transport.write(b"".join(map(text_frame, batch)))
            await asyncio.sleep(PAUSE_SECONDS)
            if transport.get_write_buffer_size() > BUFFER_BYTES:
                await asyncio.wait_for(_taken(transport), SEND_SECONDS)
    except (Lagged, TimeoutError):
        # It comes back with `since`, or for a snapshot; no state is lost.
        await socket.close(code=WSCloseCode.TRY_AGAIN_LATER, message=b"too slow: connect again with since")
    except ConnectionError:
        pass  # the reader has gone; `_receive` ends too
    except Exception:
        LOG.exception("events could not be sent")
        await socket.close(code=WSCloseCode.INTERNAL_ERROR)
        raise


async def _taken(transport: asyncio.Transport) -> None:
    """The client has taken what was written."""
    while transport.get_write_buffer_size() > BUFFER_BYTES:
        await asyncio.sleep(PAUSE_SECONDS)


@lru_cache(maxsize=2 * MOST_AT_ONCE)
def text_frame(text: str) -> bytes:
    """A whole WebSocket message from a server (RFC 6455, 5.2), made once for all clients."""
    content = text.encode()
    size = len(content)
    if size < 126:
        head = struct.pack(">BB", 0x81, size)
    elif size < 65536:
        head = struct.pack(">BBH", 0x81, 126, size)
    else:
        head = struct.pack(">BBQ", 0x81, 127, size)
    return head + content


async def _receive(socket: web.WebSocketResponse, subscription: Subscription) -> None:
    async for message in socket:
        if message.type != WSMsgType.TEXT:
            break
        try:
            watch = Watch.model_validate_json(message.data)
        except ValidationError as error:
            reason = f"not a message that is known here: {told(error.errors()[0])}"
            await socket.close(code=WSCloseCode.UNSUPPORTED_DATA, message=reason.encode()[:120])
            break
        subscription.watch(watch.previews, watch.jobs)
