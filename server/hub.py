"""The event hub: numbered events for any number of clients, and previews for those who watch.

Events are kept in one ring, and a client is a place in it: it takes nothing but that place, however slow it is. One
whose place has left the ring is `Lagged` and must connect again; it loses no event, since it then goes on from its last
number or from a snapshot. Of previews only the newest of each job waits for a client.

Numbers begin with the milliseconds since 1970, so that those of an earlier life of the server are never taken for new
ones. Used in the event loop's thread only.
"""

from __future__ import annotations

import asyncio
import struct
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

from pydantic import BaseModel

from .api import EngineStatus, Job, PreviewHeader, Queue, SnapshotEvent

KEPT_EVENTS = 20_000
KEPT_BYTES = 32 * 2**20
"""Of the ring; what is older can only be had by a new snapshot."""
MOST_AT_ONCE = 256
"""Events that are handed to a client together."""

Snapshot = tuple[list[Job], Queue, EngineStatus]


class Lagged(Exception):
    """A client read too slowly: close its connection, so that it comes back with `since`."""


class Hub:
    """Takes events from the dispatcher (and the library), hands them to subscriptions."""

    def __init__(self, take_snapshot: Callable[[], Awaitable[Snapshot]] | None = None) -> None:
        self.take_snapshot = take_snapshot
        """Queued and running jobs, the queue, the engine. Set by the dispatcher."""
        self.watch_changed: Callable[[], None] = lambda: None
        """Called when other previews are wanted than before."""
        self._seq = time.time_ns() // 1_000_000
        self._ring: dict[int, str] = {}
        self._ring_bytes = 0
        self._subscriptions: set[Subscription] = set()
        self._snapshot: tuple[int, str] | None = None

    @property
    def seq(self) -> int:
        """The number of the last event."""
        return self._seq

    @property
    def clients(self) -> int:
        return len(self._subscriptions)

    def publish(self, event: type[BaseModel], **fields: Any) -> int:
        """Number an event, keep it, and wake all clients: `publish(JobEvent, job=job)`."""
        self._seq += 1
        text = event(seq=self._seq, **fields).model_dump_json()
        self._ring[self._seq] = text
        self._ring_bytes += len(text)
        while len(self._ring) > KEPT_EVENTS or (self._ring_bytes > KEPT_BYTES and len(self._ring) > 1):
            self._ring_bytes -= len(self._ring.pop(next(iter(self._ring))))
        for subscription in self._subscriptions:
            subscription.wake()
        return self._seq

    def preview(self, header: PreviewHeader, picture: bytes) -> None:
        """Hand a picture to those who watch its job."""
        frame = b""
        for subscription in self._subscriptions:
            if subscription.watches(header.job):
                frame = frame or preview_frame(header, picture)
                subscription.offer_preview(header, frame)

    @property
    def watched(self) -> frozenset[str] | bool:
        """The jobs whose previews somebody wants; True for all, False for none."""
        jobs: set[str] = set()
        for subscription in self._subscriptions:
            if subscription.watched is True:
                return True
            jobs |= subscription.watched or set()
        return frozenset(jobs) if jobs else False

    @contextmanager
    def subscribe(self, since: int | None = None) -> Iterator[Subscription]:
        """Frames for one client, as long as the block lasts: from an event on, or from a snapshot on."""
        resumes = since is not None and (since == self._seq or since + 1 in self._ring)
        subscription = Subscription(self, since if resumes else None)
        self._subscriptions.add(subscription)
        try:
            yield subscription
        finally:
            self._subscriptions.remove(subscription)
            if subscription.watched:
                self.watch_changed()

    # --- what subscriptions ask

    def events_after(self, seq: int) -> list[str]:
        """What has come since, at most a few hundred events. Raises Lagged where they are not known any more."""
        if seq < self._seq and seq + 1 not in self._ring:
            raise Lagged(f"event {seq + 1} is not kept any more")
        return [self._ring[number] for number in range(seq + 1, min(self._seq, seq + MOST_AT_ONCE) + 1)]

    async def snapshot(self) -> tuple[int, str]:
        """A snapshot's number and text. Deltas after that number may repeat what it holds; each tells the whole job."""
        seq = self._seq
        if self._snapshot is None or self._snapshot[0] != seq:
            if self.take_snapshot is None:
                raise RuntimeError("the hub has no one to ask for a snapshot")
            jobs, queue, engine = await self.take_snapshot()
            event = SnapshotEvent(seq=seq, jobs=jobs, queue=queue, engine=engine)
            self._snapshot = (seq, event.model_dump_json())
        return self._snapshot


class Subscription:
    """One client's frames: `async for frame in subscription`; text are events, bytes previews. Raises Lagged."""

    def __init__(self, hub: Hub, seq: int | None) -> None:
        self._hub = hub
        self._seq = seq
        self._previews: dict[str, bytes] = {}
        self._arrived = asyncio.Event()
        self.watched: frozenset[str] | bool = False

    def watch(self, previews: bool, jobs: list[str] | None = None) -> None:
        """What the client asked for: previews of some jobs, of all (None), or none."""
        self.watched = (True if jobs is None else frozenset(jobs)) if previews else False
        if not previews:
            self._previews.clear()
        self._hub.watch_changed()

    def watches(self, job: str) -> bool:
        return self.watched if isinstance(self.watched, bool) else job in self.watched

    def wake(self) -> None:
        self._arrived.set()

    def offer_preview(self, header: PreviewHeader, frame: bytes) -> None:
        self._previews[header.job] = frame
        self._arrived.set()

    async def __aiter__(self) -> AsyncIterator[str | bytes]:
        async for batch in self.batches():
            if isinstance(batch, bytes):
                yield batch
            else:
                for event in batch:
                    yield event

    async def batches(self) -> AsyncIterator[list[str] | bytes]:
        """All events that wait, then one preview: events never end while a job runs. Raises Lagged."""
        if self._seq is None:
            self._seq, text = await self._hub.snapshot()
            yield [text]
        while True:
            self._arrived.clear()
            if events := self._hub.events_after(self._seq):
                self._seq += len(events)
                yield events
            if self._previews:
                yield self._previews.pop(next(iter(self._previews)))
            elif not events:
                await self._arrived.wait()


def preview_frame(header: PreviewHeader, picture: bytes) -> bytes:
    """The header's length as four bytes (big endian), the header as JSON, the picture."""
    head = header.model_dump_json().encode()
    return struct.pack(">I", len(head)) + head + picture
