"""A job's events, gathered: the newest state of each call, keys, loops, and how far the job has come."""

from __future__ import annotations

from typing import Any

from latentloom.graph import Address, Event, node, node_type_of
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
from latentloom.server.engine.protocol import Advanced, Calls, Loops, Progressed
from latentloom.worker.deltas import Deltas


@node(category="test")
def nothing() -> int:
    """Nothing."""
    return 0


TYPE = node_type_of(nothing).type


def step(iteration: int, name: str = "step", outer: tuple[int, ...] = ()) -> Address:
    return Address(name, (), (*outer, iteration))


def finished(address: Address) -> Event:
    return CallFinished("job", address, TYPE, b"key", 1.0, 0.5, 10, 1)


def taken(deltas: Deltas, *events: Event) -> list[Any]:
    for event in events:
        deltas.listen(event)
    messages: list[Any] = []
    deltas.flush(messages.append)
    return messages


def test_of_each_call_only_the_newest_state_is_told_once() -> None:
    deltas = Deltas("job")
    (calls,) = taken(
        deltas,
        CallStarted("job", step(0), TYPE, 0.0),
        finished(step(0)),
        CallStarted("job", step(1), TYPE, 0.0),
        CallCached("job", Address("model"), TYPE, b"key", "disk"),
    )
    assert isinstance(calls, Calls)
    assert [(call.node, call.iterations, call.state) for call in calls.calls] == [
        ("step", [0], "finished"),
        ("step", [1], "started"),
        ("model", [], "cached"),
    ]
    assert taken(deltas) == []
    (calls,) = taken(deltas, CallFailed("job", step(1), TYPE, "no"), Skipped("job", "muted", "it is muted"))
    assert [(call.state, call.message) for call in calls.calls] == [("failed", "no"), ("skipped", "it is muted")]


def test_keys_are_told_in_hexadecimal() -> None:
    deltas = Deltas("job")
    deltas.keyed(KeyedCall(Address("a", ("sub",), (1, 2)), TYPE, b"\x01\xff"))
    (calls,) = taken(deltas)
    assert calls.keyed[0].model_dump() == {
        "node": "a", "path": ["sub"], "iterations": [1, 2], "type": TYPE, "key": "01ff",
    }  # fmt: skip


def test_progress_counts_the_iterations_of_all_loops() -> None:
    deltas = Deltas("job")
    deltas.know_loops({"step": "inner", "inner": "outer"})
    loops, first = taken(deltas, LoopStarted("job", Address("outer", (), ()), 2))
    assert isinstance(loops, Loops)
    assert first == Advanced(job="job", done=0, total=2)
    messages = taken(deltas, LoopStarted("job", Address("inner", (), (0,)), 10), finished(step(4, outer=(0,))))
    assert messages[-1] == Advanced(job="job", done=5, total=12)
    # Of a job that goes on from step 9 the steps before are done too; one that is late changes nothing.
    messages = taken(deltas, finished(step(9, outer=(0,))), finished(step(2, outer=(0,))))
    assert messages[-1] == Advanced(job="job", done=10, total=12)


def test_of_a_calls_progress_only_the_newest_is_told() -> None:
    messages = taken(Deltas("job"), *(Progress("job", Address("tiles"), done, 9) for done in range(5)))
    assert messages == [Progressed(job="job", node="tiles", path=[], iterations=[], done=4, total=9)]
