"""A job's events, gathered: the newest state of each call, keys, loops, and how far the job has come."""

from __future__ import annotations

from typing import Any

from latentloom.graph import Address, Event, node, node_type_of
from latentloom.graph.events import (
    CallCached,
    CallFailed,
    CallFinished,
    CallStarted,
    JobFinished,
    LoopStarted,
    Progress,
    Skipped,
)
from latentloom.graph.planning.plan import CallStep, GraphStep, LoopStep, Plan, Scope, Step
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


def call_step(id_: str) -> CallStep:
    return CallStep(id_, (), (), ("value",), node_type_of(nothing), b"", (False,))


def loop_step(id_: str, *body: Step) -> LoopStep:
    return LoopStep(id_, (), (), (), 0, Scope(body, (), (), ()), (), ())


def plan_of(*steps: Step) -> Plan:
    return Plan(Scope(steps, (), (), ()), (), ())


def test_without_loops_progress_counts_nodes_those_of_subgraphs_at_each_use() -> None:
    deltas = Deltas("job", pace_s=0)
    letters = Scope((call_step("letter"),), (), (), ())
    uses = [GraphStep(name, (), (), (), letters) for name in ("first", "second")]
    deltas.know({}, plan_of(call_step("model"), call_step("end.image"), *uses))
    assert taken(deltas) == [Advanced(job="job", done=0, total=3)]
    # A node that is mapped over a list counts when the first of its calls is done, a conversion never does.
    messages = taken(deltas, *(finished(Address("letter", ("first",), (i,))) for i in range(2)))
    assert messages[-1] == Advanced(job="job", done=1, total=3)
    messages = taken(deltas, CallCached("job", Address("model"), TYPE, b"key", "disk"), finished(Address("end.image")))
    assert messages[-1] == Advanced(job="job", done=2, total=3)


def test_progress_that_came_too_soon_is_told_later_and_at_the_end_at_once() -> None:
    soon, never = Deltas("job", pace_s=0.05), Deltas("job", pace_s=1e6)
    for deltas in (soon, never):
        deltas.know({}, plan_of(call_step("first"), call_step("second")))
        assert taken(deltas) == [Advanced(job="job", done=0, total=2)]
    assert all(isinstance(message, Calls) for message in taken(never, finished(Address("first"))))
    assert taken(never, JobFinished("job", "done", 0.1, {})) == [Advanced(job="job", done=1, total=2)]
    messages = taken(soon, finished(Address("first")))
    while not any(isinstance(message, Advanced) for message in messages):
        messages = taken(soon)
    assert messages[-1] == Advanced(job="job", done=1, total=2)


def test_with_loops_that_are_not_walked_nodes_are_counted_at_the_end() -> None:
    deltas = Deltas("job", pace_s=0)
    deltas.know({"step": "loop"}, plan_of(loop_step("loop", call_step("step")), call_step("end")))
    (calls,) = taken(deltas, CallCached("job", Address("end"), TYPE, b"key", "memory"))
    assert isinstance(calls, Calls)
    assert taken(deltas, JobFinished("job", "done", 0.1, {})) == [Advanced(job="job", done=1, total=1)]


def test_progress_counts_the_iterations_of_all_loops() -> None:
    deltas = Deltas("job", pace_s=0)
    inner = loop_step("inner", call_step("step"))
    deltas.know({"step": "inner", "inner": "outer"}, plan_of(call_step("model"), loop_step("outer", inner)))
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
