"""A job's events, gathered and sent a few times a second: of each call only its newest state.

The engine's thread only appends to a list; all else happens in the sender's thread.
"""

from __future__ import annotations

import math
import threading
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from latentloom.graph import Address, Event
from latentloom.graph.events import (
    CallCached,
    CallFailed,
    CallFinished,
    CallStarted,
    LoopStarted,
    Progress,
    Skipped,
)
from latentloom.graph.running.watching import KeyedCall
from latentloom.server.api import CallEvent
from latentloom.server.engine.protocol import Advanced, Calls, Keyed, Loops, LoopTold, Message, Progressed

Place = tuple[str, tuple[str, ...], tuple[int, ...]]


class Deltas:
    """What happened in one job since it was last asked."""

    def __init__(self, job: str) -> None:
        self._job = job
        self._events: deque[Event] = deque()
        self._keyed: deque[KeyedCall] = deque()
        self._steps = Steps()
        self._lock = threading.Lock()
        """Held while messages are taken and sent, so that they arrive in order: by the sender's thread all the time,
        by the job's own at its end."""

    def know_loops(self, loop_of: Mapping[str, str]) -> None:
        """Before the job starts: node id -> id of the innermost loop around it."""
        self._steps.loop_of = loop_of

    # --- the engine's thread

    def listen(self, event: Event) -> None:
        self._events.append(event)

    def keyed(self, call: KeyedCall) -> None:
        self._keyed.append(call)

    # --- the sender's thread

    def flush(self, send: Callable[[Message], None]) -> None:
        """Send what is to be told, in order."""
        with self._lock:
            for message in self._take():
                send(message)

    def _take(self) -> list[Message]:
        loops: list[LoopTold] = []
        calls: dict[Place, CallEvent] = {}
        progress: dict[Place, Progressed] = {}
        before = self._steps.progress
        for _ in range(len(self._events)):
            event = self._events.popleft()
            self._steps.take(event)
            match event:
                case LoopStarted():
                    loops.append(LoopTold(**_place(event.address), total=event.iterations))
                case Progress() if math.isfinite(event.done) and math.isfinite(event.total):
                    told = Progressed(job=self._job, **_place(event.address), done=event.done, total=event.total)
                    progress[_key(event.address)] = told
                case Skipped():
                    calls[event.node, (), ()] = CallEvent(
                        node=event.node, state="skipped", message=readable(event.reason)
                    )
                case _ if (call := _call(event)) is not None:
                    place, told_call = call
                    calls.pop(place, None)  # in the order in which they came to their newest states
                    calls[place] = told_call
        keyed = [_keyed(self._keyed.popleft()) for _ in range(len(self._keyed))]
        messages: list[Message] = []
        if loops:
            messages.append(Loops(job=self._job, loops=loops))
        if calls or keyed:
            messages.append(Calls(job=self._job, calls=list(calls.values()), keyed=keyed))
        messages += progress.values()
        if self._steps.progress != before:
            done, total = self._steps.progress
            messages.append(Advanced(job=self._job, done=done, total=total))
        return messages


class Steps:
    """How many iterations of a job's loops have been reached, of those that are known of."""

    def __init__(self) -> None:
        self.loop_of: Mapping[str, str] = {}
        self._loops: dict[Place, tuple[int, int]] = {}
        self.progress = (0, 0)

    def take(self, event: Event) -> None:
        match event:
            case LoopStarted():
                self._set(_key(event.address), 0, event.iterations)
            case CallFinished() | CallCached():
                self._reach(event.address)

    def _reach(self, address: Address) -> None:
        """A finished call of iteration i shows that its loop has come to it, and that those before are done."""
        loop = self.loop_of.get(address.node)
        if loop is None or not address.iterations:
            return
        place = (loop, address.path, address.iterations[:-1])
        done, total = self._loops.get(place, (0, 0))
        if done <= address.iterations[-1] < total:
            self._set(place, address.iterations[-1] + 1, total)

    def _set(self, place: Place, done: int, total: int) -> None:
        before = self._loops.get(place, (0, 0))
        self._loops[place] = (done, total)
        self.progress = (self.progress[0] + done - before[0], self.progress[1] + total - before[1])


def _call(event: Event) -> tuple[Place, CallEvent] | None:
    match event:
        case CallStarted():
            told = CallEvent(**_place(event.address), type=event.type, state="started")
        case CallFinished():
            told = CallEvent(
                **_place(event.address), type=event.type, state="finished", seconds=event.seconds, bytes=event.bytes,
                joined=event.joined,
            )  # fmt: skip
        case CallCached():
            told = CallEvent(**_place(event.address), type=event.type, state="cached", tier=event.tier)
        case CallFailed():
            told = CallEvent(**_place(event.address), type=event.type, state="failed", message=readable(event.message))
        case _:
            return None
    return _key(event.address), told


def readable(text: str) -> str:
    """A plugin's text as it can be sent: half characters, as of file names in no encoding, are replaced."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _keyed(call: KeyedCall) -> Keyed:
    return Keyed(**_place(call.address), type=call.type, key=call.key.hex())


def _key(address: Address) -> Place:
    return address.node, address.path, address.iterations


def _place(address: Address) -> dict[str, Any]:
    return {"node": address.node, "path": list(address.path), "iterations": list(address.iterations)}
