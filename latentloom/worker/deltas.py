"""A job's events, gathered and sent a few times a second: of each call only its newest state.

The engine's thread only appends to a list; all else happens in the sender's thread.
"""

from __future__ import annotations

import math
import threading
import time
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
from latentloom.graph.planning.plan import Plan
from latentloom.graph.running.watching import KeyedCall
from latentloom.server.api import CallEvent
from latentloom.server.engine.protocol import Advanced, Calls, Keyed, Loops, LoopTold, Message, Progressed

from .advance import NOTHING, Advance, Place, place_of

PACE_S = 0.2
"""Between two messages about how far a job has come: each client gets the whole job with it."""


class Deltas:
    """What happened in one job since it was last asked."""

    def __init__(self, job: str, pace_s: float = PACE_S) -> None:
        self._job = job
        self._pace_s = pace_s
        self._events: deque[Event] = deque()
        self._keyed: deque[KeyedCall] = deque()
        self._advance = Advance({}, NOTHING)
        self._told = (0, 0)
        """How far it had come when that was told last."""
        self._tell_at = 0.0
        """Not before, on the monotonic clock, is it told again."""
        self._lock = threading.Lock()
        """Held while messages are taken and sent, so that they arrive in order: by the sender's thread all the time,
        by the job's own at its end."""

    def know(self, loop_of: Mapping[str, str], plan: Plan) -> None:
        """Before the job starts. loop_of: node id -> id of the innermost loop around it."""
        self._advance = Advance(loop_of, plan)

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
        for _ in range(len(self._events)):
            event = self._events.popleft()
            self._advance.take(event)
            match event:
                case LoopStarted():
                    loops.append(LoopTold(**_place(event.address), total=event.iterations))
                case Progress() if math.isfinite(event.done) and math.isfinite(event.total):
                    told = Progressed(job=self._job, **_place(event.address), done=event.done, total=event.total)
                    progress[place_of(event.address)] = told
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
        if self._advance.progress != self._told and (self._advance.has_ended or time.monotonic() >= self._tell_at):
            self._tell_at = time.monotonic() + self._pace_s
            done, total = self._told = self._advance.progress
            messages.append(Advanced(job=self._job, done=done, total=total))
        return messages


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
    return place_of(event.address), told


def readable(text: str) -> str:
    """A plugin's text as it can be sent: half characters, as of file names in no encoding, are replaced."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _keyed(call: KeyedCall) -> Keyed:
    return Keyed(**_place(call.address), type=call.type, key=call.key.hex())


def _place(address: Address) -> dict[str, Any]:
    return {"node": address.node, "path": list(address.path), "iterations": list(address.iterations)}
