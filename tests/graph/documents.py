"""What the engine's tests write down, run and hear: short documents, results, and what was called for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from boxes import Box

from latentloom.graph import Engine, Graph, Registry, Workflow
from latentloom.graph.events import CallCached, CallFinished, Counted

TINY = 1
"""A memory so small that every result leaves as soon as nobody needs it."""


class Log:
    """Listens, and counts what ran and what was cached, by node."""

    def __init__(self) -> None:
        self.ran: Counter[str] = Counter()
        self.cached: Counter[str] = Counter()
        self.joined: list[int] = []
        self.counts: Counter[str] = Counter()

    def __call__(self, event: Any) -> None:
        match event:
            case CallFinished(address=address, joined=joined):
                self.ran[address.node] += 1
                self.joined.append(joined)
            case CallCached(address=address):
                self.cached[address.node] += 1
            case Counted(name=name, amount=amount):
                self.counts[name] += amount


def step(type_: str, links: dict[str, list[str]] | None = None, **values: Any) -> dict[str, Any]:
    return {"type": type_, "values": values, "links": links or {}}


def document(nodes: dict[str, Any], outputs: dict[str, Any] | None = None, **rest: Any) -> Workflow:
    outputs = outputs or {"out": [list(nodes)[-1], "box"]}
    return Workflow.from_json({"latentloom": 1, "nodes": nodes, "outputs": outputs, **rest})


def graph(nodes: dict[str, Any], outputs: dict[str, Any], **inputs: Any) -> Graph:
    return Graph.model_validate({"nodes": nodes, "outputs": outputs, "inputs": inputs})


def run(engine: Engine, workflow: Workflow, **inputs: Any) -> tuple[dict[str, Any], Log]:
    log = Log()
    result = engine.submit(workflow, inputs, on_event=log).result(120)
    return result.outputs, log


def value_of(engine: Engine, nodes: dict[str, Any], output: list[str], /, **rest: Any) -> Any:
    """One output of a workflow."""
    return engine.submit(document(nodes, {"out": output}, **rest)).result(60).outputs["out"]


def first(box: Box) -> float:
    """The first number in a box."""
    return float(box.values[0, 0])


def pins(engine: Engine) -> int:
    """How often results are held."""
    return sum(entry.pins for entry in engine.store._entries.values())


def engine_of(registry: Registry) -> Any:
    """A fixture: an engine with much and with little memory, in which nothing is held at the end."""

    @pytest.fixture
    def engine(memory: int | None) -> Iterator[Engine]:
        with Engine(registry, memory=memory) as engine:
            yield engine
            value_of(engine, {"a": step("make_box", seed=1)}, ["a", "box"])
            assert pins(engine) == 0

    return engine


CHAIN = {
    "a": step("make_box", seed=2),
    "b": step("shift", {"box": ["a", "box"]}, by=3.0),
    "c": step("shift", {"box": ["b", "box"]}, by=4.0),
}
