"""How calls run: joined, at once, again where they must, cancelled, and what is said when one fails."""

from __future__ import annotations

import asyncio
import threading
import time
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from boxes import SHARED, Box
from documents import CHAIN, Log, document, run, step

from latentloom.graph import Cancelled, Context, Engine, Registry, RunError, Workflow, node
from latentloom.graph.events import CallFinished


@node(category="test", batch=("box",))
def forward(box: Box, factor: float, context: Context) -> Box:
    """Stands for a model: counts its forwards."""
    context.count("forwards")
    return Box(box.values * factor)


TEXTS: list[Box] = []


@node(category="test", batch=("box", "text"))
def steer(box: Box, text: Box) -> Box:
    """Stands for a model that reads a text beside what changes."""
    TEXTS.append(text)
    return Box(box.values + text.values)


@node(category="test")
def rows_of(box: Box, rows: int) -> Box:
    """The first row, some times."""
    return Box(box.values[:1].repeat(rows, 1))


@node(category="test")
def spoil(box: Box) -> Box:
    """Breaks the rule that inputs stay as they are."""
    box.values.add_(1)
    return box


@node(category="test", pure=False)
def moment() -> float:
    """The time."""
    return time.perf_counter()


@node(category="test")
def fail(box: Box) -> Box:
    """Always fails."""
    raise ValueError("no such luck")


@node(category="test")
def wrong(box: Box) -> Box:
    """Returns what it does not declare."""
    return 7  # type: ignore[return-value]


MET: set[str] = set()


@node(category="test")
async def meet(name: str, count: int) -> str:
    """Waits until so many have come."""
    MET.add(name)
    async with asyncio.timeout(60):
        while len(MET) < count:
            await asyncio.sleep(0.01)
    return name


def _content(path: str) -> str:
    return Path(path).read_text()


@node(category="test", fingerprint=_content)
def read(path: str) -> str:
    """Reads outside the graph."""
    return Path(path).read_text()


GATE = threading.Event()


@node(category="test")
def gated(box: Box, context: Context) -> Box:
    """Waits until the test lets it go on."""
    GATE.wait(10)
    return Box(box.values.clone())


REGISTRY = Registry.of(*SHARED, forward, steer, rows_of, spoil, moment, fail, wrong, meet, read, gated)


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine(REGISTRY) as engine:
        yield engine


PAIR = {
    "a": step("make_box", seed=1),
    "b": step("make_box", seed=2, rows=3),
    "x": step("forward", {"box": ["a", "box"]}, factor=10.0),
    "y": step("forward", {"box": ["b", "box"]}, factor=10.0),
    "z": step("forward", {"box": ["a", "box"]}, factor=11.0),
    "list": step("make_list", {"x": ["x", "box"], "y": ["y", "box"], "z": ["z", "box"]}),
}


def test_equal_ready_calls_run_as_one(engine: Engine) -> None:
    outputs, log = run(engine, document(PAIR, {"out": ["list", "list"]}))
    assert [box.values[:, 0].tolist() for box in outputs["out"]] == [[10], [20, 20, 20], [11]]
    assert log.counts["forwards"] == 2
    assert log.ran["x"] == log.ran["y"] == log.ran["z"] == 1
    assert outputs["out"][0].values.untyped_storage().nbytes() == 16  # a part does not hold the whole


def steering(rows: list[int]) -> dict[str, Any]:
    """A loop of as many steps: at each, two texts of one row beside boxes of some rows, joined."""
    body = {
        "left": step("rows_of", {"box": ["loop/in", "left"], "rows": ["loop/in", "rows"]}),
        "right": step("rows_of", {"box": ["loop/in", "right"], "rows": ["loop/in", "rows"]}),
        "x": step("steer", {"box": ["left", "box"], "text": ["a", "box"]}),
        "y": step("steer", {"box": ["right", "box"], "text": ["b", "box"]}),
    }
    return {
        "a": step("make_box", seed=1),
        "b": step("make_box", seed=2),
        "loop": {
            "type": "loop",
            "each": ["rows"],
            "carry": ["left", "right"],
            "values": {"rows": rows},
            "links": {"left": ["a", "box"], "right": ["b", "box"]},
            "body": body,
            "next": {"left": ["x", "box"], "right": ["y", "box"]},
        },
    }


def test_what_is_joined_again_and_again_from_the_same_parts_is_the_same_object(engine: Engine) -> None:
    """So a model may know a text again, at each step of a loop. After the job nothing holds it."""
    TEXTS.clear()
    nodes = steering([1, 1, 1, 3, 3, 3, 3])
    job = engine.submit(document(nodes, {"left": ["loop", "left"], "right": ["loop", "right"]}))
    outputs = job.result(60).outputs
    assert [outputs[side].values[:, 0].tolist() for side in ("left", "right")] == [[8] * 3, [16] * 3]
    assert [len(text.values) for text in TEXTS] == [2, 2, 2, 6, 6, 6, 6]
    assert TEXTS[1] is TEXTS[2]
    assert TEXTS[4] is TEXTS[5] is TEXTS[6]
    texts = [weakref.ref(text) for text in TEXTS]
    TEXTS.clear()
    assert not any(text() for text in texts)


def test_of_what_is_joined_once_nothing_is_held(engine: Engine) -> None:
    TEXTS.clear()
    nodes = steering([1] * 4)
    nodes["loop"]["body"] = {
        "x": step("steer", {"box": ["a", "box"], "text": ["loop/in", "left"]}),
        "y": step("steer", {"box": ["b", "box"], "text": ["loop/in", "right"]}),
        "seen": step("shift", {"box": ["x", "box"]}),
    }
    nodes["loop"]["collect"] = {"seen": ["seen", "box"]}
    seen: list[tuple[int, bool]] = []

    def look(event: object) -> None:
        """After the joined call of each step."""
        if isinstance(event, CallFinished) and event.type == "shift":
            text = TEXTS.pop()
            rows, left = len(text.values), weakref.ref(text)
            del text
            seen.append((rows, left() is not None))

    outputs = {"seen": ["loop", "seen"], "right": ["loop", "right"]}
    engine.submit(document(nodes, outputs), on_event=look).result(60)
    assert seen == [(2, False)] * 4


def test_jobs_batch_together(engine: Engine) -> None:
    def workflow(seed: int) -> Workflow:
        return document({"a": step("make_box", seed=seed), "x": step("forward", {"box": ["a", "box"]}, factor=2.0)})

    GATE.clear()
    held = engine.submit(document({"a": step("make_box", seed=99), "g": step("gated", {"box": ["a", "box"]})}))
    logs = [Log() for _ in range(4)]
    jobs = [engine.submit(workflow(seed), on_event=log) for seed, log in enumerate(logs)]
    GATE.set()
    held.result(60)
    assert [job.result(60).outputs["out"].values[0, 0].item() for job in jobs] == [0, 2, 4, 6]
    assert sum(log.counts["forwards"] for log in logs) == 1
    assert all(4 in log.joined for log in logs)


def test_equal_calls_of_two_branches_run_once(engine: Engine) -> None:
    nodes = {
        "a": step("make_box", seed=1),
        "x": step("forward", {"box": ["a", "box"]}, factor=10.0),
        "y": step("forward", {"box": ["a", "box"]}, factor=10.0),
        "list": step("make_list", {"x": ["x", "box"], "y": ["y", "box"]}),
    }
    _, log = run(engine, document(nodes, {"out": ["list", "list"]}))
    assert log.ran["x"] + log.ran["y"] == 1


def test_async_nodes_overlap(engine: Engine) -> None:
    nodes = {f"n{i}": step("meet", name=f"{i}", count=4) for i in range(4)}
    links = {f"n{i}": [f"n{i}", "value"] for i in range(4)}
    outputs, _ = run(engine, document(nodes | {"list": step("make_list", links)}, {"out": ["list", "list"]}))
    assert outputs["out"] == ["0", "1", "2", "3"]


def test_listeners_hear_async_nodes_in_the_engines_thread(engine: Engine) -> None:
    heard: list[tuple[str, str]] = []
    links = {f"n{i}": [f"n{i}", "value"] for i in range(4)}
    nodes = {f"n{i}": step("nap", seconds=0.01, name=f"{i}") for i in range(4)} | {"list": step("make_list", links)}
    workflow = document(nodes, {"out": ["list", "list"]})
    job = engine.submit(
        workflow, on_event=lambda event: heard.append((type(event).__name__, threading.current_thread().name))
    )
    job.result(60)
    assert [name for name, _ in heard].count("Progress") == 8
    assert {thread for _, thread in heard} == {"latentloom-engine"}
    assert heard[-1][0] == "JobFinished"


def test_a_node_that_changes_its_input_is_caught_and_named(engine: Engine) -> None:
    nodes = {"a": step("make_box", seed=1), "bad": step("spoil", {"box": ["a", "box"]})}
    with pytest.raises(RunError, match="changed one of its inputs in place") as caught:
        run(engine, document(nodes))
    assert caught.value.node == "bad"


def test_a_node_that_fails_fails_its_job_only(engine: Engine) -> None:
    bad = document({"a": step("make_box", seed=1), "bad": step("fail", {"box": ["a", "box"]})})
    jobs = [engine.submit(bad), engine.submit(document(CHAIN))]
    with pytest.raises(RunError, match="no such luck") as caught:
        jobs[0].result(60)
    assert caught.value.node == "bad"
    assert "in fail" in caught.value.traceback
    assert jobs[1].result(60).outputs["out"].values[0, 0] == 9


def test_a_node_that_returns_something_else_is_named(engine: Engine) -> None:
    nodes = {"a": step("make_box", seed=1), "bad": step("wrong", {"box": ["a", "box"]})}
    with pytest.raises(RunError, match="box of type int, expected Box"):
        run(engine, document(nodes))


def test_a_node_that_is_not_pure_runs_every_time(engine: Engine) -> None:
    workflow = document({"t": step("moment")}, {"out": ["t", "value"]})
    assert run(engine, workflow)[0] != run(engine, workflow)[0]


@pytest.mark.parametrize("reader", ["read", "read_file"])
def test_a_changed_file_is_read_again(engine: Engine, tmp_path: Path, reader: str) -> None:
    path = tmp_path / "note.txt"
    path.write_text("one")
    workflow = document({"r": step(reader, path=str(path))}, {"out": ["r", "value"]})
    assert run(engine, workflow)[0] == {"out": "one"}
    assert not run(engine, workflow)[1].ran
    path.write_text("three")
    assert run(engine, workflow)[0] == {"out": "three"}


def test_cancelling_keeps_what_is_finished(engine: Engine) -> None:
    nodes = {
        "a": step("make_box", seed=1),
        "b": step("shift", {"box": ["a", "box"]}),
        "g": step("gated", {"box": ["b", "box"]}),
        "c": step("shift", {"box": ["g", "box"]}),
    }
    GATE.clear()
    log = Log()
    job = engine.submit(document(nodes), on_event=log)
    while not log.ran["b"]:
        time.sleep(0.01)
    job.cancel()
    GATE.set()
    with pytest.raises(Cancelled):
        job.result(60)
    assert "c" not in log.ran
    _, log = run(engine, document(nodes))
    assert log.ran == {"c": 1}
    assert all(entry.pins == 0 for entry in engine.store._entries.values())
