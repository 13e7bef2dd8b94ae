"""Watchers: keys and values of a job's calls; results asked for by key."""

from __future__ import annotations

from typing import Any

import pytest

from latentloom.graph import Engine, EnvironmentFault, Registry, Workflow, node
from latentloom.graph.running.watching import KeyedCall, SeenCall


@node(category="test")
def double(value: int) -> int:
    """Twice a number."""
    return value * 2


class Notes:
    def __init__(self) -> None:
        self.keys: dict[tuple[str, tuple[int, ...]], bytes] = {}
        self.values: list[tuple[str, Any, Any]] = []

    def keyed(self, call: KeyedCall) -> None:
        self.keys[call.address.node, call.address.iterations] = call.key

    def seen(self, call: SeenCall) -> None:
        self.values.append((str(call.address), call.inputs and dict(call.inputs), call.outputs))


@pytest.fixture
def registry() -> Registry:
    return Registry.of(double)


DOUBLING = {
    "latentloom": 1,
    "nodes": {
        "loop": {
            "type": "loop",
            "each": ["i"],
            "carry": ["value"],
            "values": {"i": [0, 0, 0], "value": 5},
            "body": {"twice": {"type": "double", "links": {"value": ["loop/in", "value"]}}},
            "next": {"value": ["twice", "value"]},
        }
    },
    "outputs": {"result": ["loop", "value"]},
}


def test_a_watcher_is_told_values_and_keys_and_results_can_be_asked_for(registry: Registry) -> None:
    workflow = Workflow.from_json(DOUBLING)
    first, second = Notes(), Notes()
    with Engine(registry) as engine:
        assert engine.submit(workflow, watcher=first).result(60).outputs == {"result": 40}
        assert engine.submit(workflow, watcher=second).result(60).outputs == {"result": 40}
        assert first.values == [
            ("twice[0]", {"value": 5}, (10,)),
            ("twice[1]", {"value": 10}, (20,)),
            ("twice[2]", {"value": 20}, (40,)),
        ]
        assert second.values == [("twice[2]", None, (40,))]
        assert second.keys == first.keys
        assert [engine.known(first.keys["twice", (i,)], 10) for i in range(3)] == [(10,), (20,), (40,)]
        assert engine.known(b"nobody has this key", 10) is None
    with pytest.raises(EnvironmentFault):
        engine.known(b"", 10)


def test_a_watcher_that_fails_does_not_break_the_job(registry: Registry) -> None:
    class Broken(Notes):
        def keyed(self, call: KeyedCall) -> None:
            raise SystemExit(1)

    broken = Broken()
    with Engine(registry) as engine:
        assert engine.submit(Workflow.from_json(DOUBLING), watcher=broken).result(60).outputs == {"result": 40}
    assert not broken.values
