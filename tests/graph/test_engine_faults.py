"""What raises where nobody looks fails its own job, with its name, and nothing else."""

from __future__ import annotations

import asyncio
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from boxes import SHARED, Box
from documents import CHAIN, document, engine_of, first, graph, step, value_of

from latentloom.graph import Context, Engine, Graph, Registry, RunError, Workflow, node, socket


@socket
@dataclass(frozen=True)
class Tag:
    """Something without a tensor."""

    text: str


@socket(content_keyed=True)
@dataclass(frozen=True)
class Odd:
    """Says that it is content-keyed, and is not."""

    value: Any


@node(category="test")
async def async_gives_up(how: str) -> str:
    """Raises what is no Exception, in a coroutine."""
    if how == "exit":
        sys.exit(3)
    raise asyncio.CancelledError


@node(category="test")
async def hold(seconds: float, context: Context) -> str:
    """Sleeps, and may ask for weights."""
    await asyncio.sleep(seconds)
    if not seconds:
        context.resource("weights", lambda: "weights")
    return "done"


@node(category="test", batch=("box",))
def joined_graph(box: Box) -> Box | Graph:
    """Joinable, and returns a graph."""
    return graph({"one": step("shift", {"box": ["$", "box"]}, by=5.0)}, {"box": ["one", "box"]}, box={"type": "Box"})


@node(category="test", batch=("box",))
def joined_or_not(box: Box, factor: float) -> Box:
    """Fails for everybody when one is bad."""
    if bool((box.values < 0).any()):
        raise ValueError("negative")
    return Box(box.values * factor)


@node(category="test", batch=("tag",))
def tagged(tag: Tag) -> Tag:
    """Joinable by what has no batch axis."""
    return Tag(tag.text + "!")


@node(category="test")
def make_tag(text: str) -> Tag:
    """A tag."""
    return Tag(text)


@node(category="test")
def again(box: Box) -> Box | Graph:
    """Returns a graph that is itself."""
    return graph({"one": step("again", {"box": ["$", "box"]})}, {"box": ["one", "box"]}, box={"type": "Box"})


@node(category="test")
def faulty(box: Box) -> Box | Graph:
    """Returns a graph that cannot be."""
    return graph({"one": step("shif", {"box": ["$", "box"]})}, {"box": ["one", "box"]}, box={"type": "Box"})


@node(category="test")
def odd(value: int) -> Odd:
    """What cannot be keyed."""
    return Odd(object())


@node(category="test")
def lost_file(name: str) -> Path:
    """The path of a file that is not there."""
    return Path("/nowhere") / name


REGISTRY = Registry.of(
    *SHARED, async_gives_up, hold, joined_graph, joined_or_not, tagged, make_tag, again, faulty, odd, lost_file
)


engine = engine_of(REGISTRY)


@pytest.mark.parametrize("error", [ValueError("the listener is broken"), SystemExit(1)])
@pytest.mark.parametrize("kind", ["JobStarted", "CallStarted", "CallFinished", "JobFinished", "CallCached"])
def test_a_listener_that_raises_hurts_nobody(engine: Engine, kind: str, error: BaseException) -> None:
    def listener(event: Any) -> None:
        if type(event).__name__ == kind:
            raise error

    nodes = CHAIN | {"j": step("joined_or_not", {"box": ["b", "box"]}, factor=2.0)}
    workflow = document(nodes, {"out": ["j", "box"]})
    for _ in range(2):
        jobs = [engine.submit(workflow, on_event=listener), engine.submit(workflow)]
        assert [first(job.result(60).outputs["out"]) for job in jobs] == [10, 10]


@pytest.mark.parametrize("how", ["exit", "interrupt", "stop"])
def test_a_node_that_raises_no_exception_fails_its_job_only(engine: Engine, how: str) -> None:
    with pytest.raises(RunError) as caught:
        value_of(engine, CHAIN | {"x": step("give_up", {"box": ["b", "box"]}, how=how)}, ["x", "box"])
    assert caught.value.node == "x"
    assert first(value_of(engine, CHAIN, ["b", "box"])) == 5


@pytest.mark.parametrize("how", ["exit", "cancel"])
def test_an_async_node_that_raises_no_exception_fails_its_job_only(engine: Engine, how: str) -> None:
    with pytest.raises(RunError) as caught:
        value_of(engine, {"x": step("async_gives_up", how=how)}, ["x", "value"])
    assert caught.value.node == "x"
    assert value_of(engine, {"x": step("nap", seconds=0.01, name="after")}, ["x", "value"]) == "after"


def test_an_async_node_cannot_hold_weights(engine: Engine) -> None:
    with pytest.raises(RunError, match="make it a plain function"):
        value_of(engine, {"h": step("hold", seconds=0.0)}, ["h", "value"])


def test_a_cancelled_async_call_passes_to_those_who_wait(engine: Engine) -> None:
    workflow = document({"h": step("hold", seconds=0.3)}, {"out": ["h", "value"]})
    started = threading.Event()
    jobs = [engine.submit(workflow, on_event=lambda event: started.set()), engine.submit(workflow)]
    started.wait(5)
    jobs[0].cancel()
    assert jobs[1].result(60).outputs == {"out": "done"}


def test_one_bad_member_of_a_joined_call_fails_its_own_job(engine: Engine) -> None:
    def workflow(seed: int) -> Workflow:
        nodes = {
            "w": step("nap", seconds=0.05, name="x"),
            "a": step("make_box", seed=seed),
            "j": step("joined_or_not", {"box": ["a", "box"]}, factor=2.0),
        }
        return document(nodes, {"out": ["j", "box"]})

    jobs = [engine.submit(workflow(seed)) for seed in (1, -1, 2, -1)]
    assert first(jobs[0].result(60).outputs["out"]) == 2
    assert first(jobs[2].result(60).outputs["out"]) == 4
    for job in jobs[1::2]:
        with pytest.raises(RunError, match="negative"):
            job.result(60)


def test_joined_calls_may_return_graphs(engine: Engine) -> None:
    nodes = {
        "l": step("boxes", count=3),
        "j": step("joined_graph", {"box": ["l", "list"]}),
    }
    assert [first(box) for box in value_of(engine, nodes, ["j", "box"])] == [5, 6, 7]


def test_what_has_no_batch_axis_runs_alone(engine: Engine) -> None:
    nodes = {"t": step("make_tag", text="a"), "x": step("tagged", {"tag": ["t", "tag"]})}
    assert value_of(engine, nodes, ["x", "tag"]) == Tag("a!")


@pytest.mark.parametrize(("type_", "told"), [("again", "itself"), ("faulty", "shif")])
def test_a_graph_that_cannot_run_fails_its_job(engine: Engine, type_: str, told: str) -> None:
    with pytest.raises(RunError, match=told):
        value_of(engine, {"a": step("make_box", seed=1), "x": step(type_, {"box": ["a", "box"]})}, ["x", "box"])


def test_what_cannot_be_keyed_names_its_node(engine: Engine) -> None:
    for type_, links in (("odd", ["x", "odd"]), ("lost_file", ["x", "path"])):
        values = {"value": 1} if type_ == "odd" else {"name": "gone.txt"}
        with pytest.raises(RunError) as caught:
            value_of(engine, {"x": step(type_, **values)}, links)
        assert caught.value.node == "x"
