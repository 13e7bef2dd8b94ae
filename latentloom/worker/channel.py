"""This process's end of the connection with the server."""

from __future__ import annotations

import socket
import threading

from latentloom.server.api import PreviewHeader
from latentloom.server.engine.protocol import LENGTHS, REQUESTS, Message, Preview, Request, framed, lengths


class ServerGone(Exception):
    """There is nobody to send to any more: this process is about to end."""


class Channel:
    """Sends reports from any thread; one thread receives."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._input = connection.makefile("rb")
        self._lock = threading.Lock()
        """Held while a frame is sent, so that frames do not mix."""

    def send(self, message: Message, payload: bytes = b"") -> None:
        """Waits while the server is behind. Raises ServerGone."""
        with self._lock:
            try:
                for part in framed(message, payload):
                    self._connection.sendall(part)
            except OSError as error:
                raise ServerGone from error

    def send_preview(self, header: PreviewHeader, picture: bytes) -> None:
        self.send(Preview(header=header), picture)

    def receive(self) -> Request | None:
        """The next request; None when the server is gone."""
        try:
            raw = self._input.read(LENGTHS.size)
            if len(raw) < LENGTHS.size:
                return None
            head, payload = lengths(raw)
            text = self._input.read(head)
            self._input.read(payload)
        except OSError:
            return None
        return REQUESTS.validate_json(text) if len(text) == head else None
