"""The engine through its public door: documents in, values and events out."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Annotated, Any, NamedTuple, TypeVar

import pytest
from boxes import Box, int_to_float, make_box, shift

from latentloom.graph import (
    Cancelled,
    Context,
    Engine,
    Graph,
    Lazy,
    Registry,
    RunError,
    Workflow,
    WorkflowError,
    node,
)
from latentloom.graph.events import CallCached, CallFinished, Counted

T = TypeVar("T")


@node(category="test")
def mean(box: Box) -> float:
    """A number made from a tensor."""
    return float(box.values.mean())


@node(category="test")
def rounded(value: float) -> int:
    """Many floats give one int."""
    return round(value)


@node(category="test", batch=("box",))
def forward(box: Box, factor: float, context: Context) -> Box:
    """Stands for a model: counts its forwards."""
    context.count("forwards")
    return Box(box.values * factor)


@node(category="test", select=True)
def switch(condition: bool, yes: Annotated[T, Lazy()], no: Annotated[T, Lazy()]) -> T:
    """Hands on one of two inputs."""
    return "yes" if condition else "no"  # type: ignore[return-value]


@node(category="test")
def less(a: int, b: int) -> bool:
    """Whether a < b."""
    return a < b


def _asked(which: str) -> list[str]:
    return [which]


@node(category="test", lazy=_asked)
def ask_for(which: str, a: Annotated[Box | None, Lazy()] = None, b: Annotated[Box | None, Lazy()] = None) -> Box:
    """Asks for the input that it is told."""
    found = {"a": a, "b": b}[which]
    assert found is not None
    assert [a, b].count(None) == 1
    return found


@node(category="test", structural=True)
def make_list(**items: T) -> list[T]:
    """A list of its inputs."""
    return list(items.values())


@node(category="test")
def total(boxes: list[Box]) -> float:
    """Sum of all."""
    return float(sum(box.values.sum() for box in boxes))


@node(category="test")
def numbers(count: int) -> list[int]:
    """0, 1, 2, ..."""
    return list(range(count))


class Halves(NamedTuple):
    left: Box
    size: int


@node(category="test")
def halve(box: Box) -> Halves:
    """Two outputs."""
    return Halves(Box(box.values[:, :2]), box.values.shape[1] // 2)


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


@node(category="test")
async def nap(seconds: float, name: str, context: Context) -> str:
    """Sleeps without blocking."""
    context.progress(0, 1)
    await asyncio.sleep(seconds)
    context.progress(1, 1)
    return name


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


@node(category="test")
def read_file(path: Path) -> str:
    """Reads a file that is an input."""
    return path.read_text()


@node(category="test")
def twice(box: Box, by: float) -> Box | Graph:
    """Returns a graph that shifts twice."""
    return Graph.model_validate(
        {
            "inputs": {"box": {"type": "Box"}, "by": {"type": "float"}},
            "outputs": {"box": ["second", "box"]},
            "nodes": {
                "first": {"type": "shift", "links": {"box": ["$", "box"], "by": ["$", "by"]}},
                "second": {"type": "shift", "links": {"box": ["first", "box"], "by": ["$", "by"]}},
            },
        }
    )


GATE = threading.Event()


@node(category="test")
def gated(box: Box, context: Context) -> Box:
    """Waits until the test lets it go on."""
    GATE.wait(10)
    return Box(box.values.clone())


REGISTRY = Registry.of(
    make_box, shift, mean, rounded, forward, int_to_float, switch, less, ask_for, make_list, total, numbers, halve,
    spoil, moment, fail, wrong, nap, meet, read, read_file, twice, gated,
)  # fmt: skip


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


def document(nodes: dict[str, Any], outputs: dict[str, Any] | None = None, **rest: Any) -> Workflow:
    outputs = outputs or {"out": [list(nodes)[-1], "box"]}
    return Workflow.from_json({"latentloom": 1, "nodes": nodes, "outputs": outputs, **rest})


def step(type_: str, links: dict[str, list[str]] | None = None, **values: Any) -> dict[str, Any]:
    return {"type": type_, "values": values, "links": links or {}}


def run(engine: Engine, workflow: Workflow, **inputs: Any) -> tuple[dict[str, Any], Log]:
    log = Log()
    result = engine.submit(workflow, inputs, on_event=log).result(120)
    return result.outputs, log


@pytest.fixture
def engine() -> Any:
    with Engine(REGISTRY) as engine:
        yield engine


CHAIN = {
    "a": step("make_box", seed=2),
    "b": step("shift", {"box": ["a", "box"]}, by=3.0),
    "c": step("shift", {"box": ["b", "box"]}, by=4.0),
}


def test_a_chain_runs_once_and_is_known_after(engine: Engine) -> None:
    outputs, first = run(engine, document(CHAIN))
    assert outputs["out"].values.tolist() == [[9.0] * 4]
    assert first.ran == {"a": 1, "b": 1, "c": 1}
    outputs, second = run(engine, document(CHAIN))
    assert outputs["out"].values.tolist() == [[9.0] * 4]
    assert not second.ran
    assert second.cached == {"c": 1}


def test_an_edit_runs_only_what_it_reaches(engine: Engine) -> None:
    run(engine, document(CHAIN))
    _, log = run(engine, document(CHAIN | {"c": step("shift", {"box": ["b", "box"]}, by=5.0)}))
    assert log.ran == {"c": 1}
    assert log.cached == {"b": 1}


def test_renaming_nodes_changes_no_key(engine: Engine) -> None:
    run(engine, document(CHAIN))
    renamed = {"x": CHAIN["a"], "y": step("shift", {"box": ["x", "box"]}, by=3.0)}
    _, log = run(engine, document(renamed))
    assert not log.ran


def test_an_edit_that_gives_the_same_content_stops_there(engine: Engine) -> None:
    def workflow(value: float) -> Workflow:
        return document(
            {
                "r": step("rounded", value=value),
                "a": step("make_box", {"seed": ["r", "value"]}),
                "b": step("shift", {"box": ["a", "box"]}),
            }
        )

    run(engine, workflow(2.1))
    _, log = run(engine, workflow(2.2))
    assert log.ran == {"r": 1}
    _, log = run(engine, workflow(3.2))
    assert log.ran == {"r": 1, "a": 1, "b": 1}


def test_a_number_made_from_a_tensor_keys_what_follows(engine: Engine) -> None:
    nodes = CHAIN | {"m": step("mean", {"box": ["c", "box"]}), "d": step("rounded", {"value": ["m", "value"]})}
    workflow = document(nodes, {"out": ["d", "value"]})
    outputs, _ = run(engine, workflow)
    assert outputs == {"out": 9}
    _, log = run(engine, workflow)
    assert not log.ran


def test_several_outputs(engine: Engine) -> None:
    nodes = {"a": step("make_box", seed=5), "h": step("halve", {"box": ["a", "box"]})}
    outputs, _ = run(engine, document(nodes, {"left": ["h", "left"], "size": ["h", "size"]}))
    assert outputs["left"].values.shape == (1, 2)
    assert outputs["size"] == 2


def test_a_switch_runs_only_what_it_chooses_and_hands_on_its_key(engine: Engine) -> None:
    def workflow(limit: int) -> Workflow:
        return document(
            {
                "test": step("less", a=1, b=limit),
                "x": step("make_box", seed=1),
                "y": step("make_box", seed=2),
                "s": step("switch", {"condition": ["test", "value"], "yes": ["x", "box"], "no": ["y", "box"]}),
                "out": step("shift", {"box": ["s", "value"]}),
            }
        )

    outputs, log = run(engine, workflow(5))
    assert outputs["out"].values[0, 0] == 2
    assert "y" not in log.ran
    direct = document({"x": step("make_box", seed=1), "out": step("shift", {"box": ["x", "box"]})})
    _, log = run(engine, direct)
    assert not log.ran
    outputs, log = run(engine, workflow(0))
    assert outputs["out"].values[0, 0] == 3
    assert log.ran["y"] == 1


def test_lazy_inputs_are_computed_when_asked_for(engine: Engine) -> None:
    nodes = {
        "x": step("make_box", seed=1),
        "y": step("fail", {"box": ["x", "box"]}),
        "z": step("ask_for", {"a": ["x", "box"], "b": ["y", "box"]}, which="a"),
    }
    outputs, log = run(engine, document(nodes))
    assert outputs["out"].values[0, 0] == 1
    assert "y" not in log.ran


LOOP = {
    "start": step("make_box", seed=0),
    "loop": {
        "type": "loop",
        "each": ["by"],
        "carry": ["box"],
        "values": {"by": [1.0, 2.0, 3.0, 4.0, 5.0]},
        "links": {"box": ["start", "box"]},
        "next": {"box": ["step", "box"]},
        "collect": {"all": ["step", "box"]},
        "body": {"step": step("shift", {"box": ["loop/in", "box"], "by": ["loop/in", "by"]})},
    },
}


def loop_with(values: list[float], **changes: Any) -> dict[str, Any]:
    return LOOP | {"loop": LOOP["loop"] | {"values": {"by": values}} | changes}


def test_a_loop_carries_and_collects(engine: Engine) -> None:
    outputs, log = run(engine, document(LOOP, {"last": ["loop", "box"], "all": ["loop", "all"]}))
    assert outputs["last"].values[0, 0] == 15
    assert [box.values[0, 0].item() for box in outputs["all"]] == [1, 3, 6, 10, 15]
    assert log.ran["step"] == 5


def test_an_edit_inside_a_loop_runs_only_the_iterations_it_reaches(engine: Engine) -> None:
    run(engine, document(LOOP))
    outputs, log = run(engine, document(loop_with([1.0, 2.0, 3.0, 7.0, 5.0])))
    assert outputs["out"].values[0, 0] == 18
    assert log.ran == {"step": 2}
    _, log = run(engine, document(loop_with([1.0, 2.0, 3.0])))
    assert not log.ran
    _, log = run(engine, document(loop_with([1.0, 2.0, 3.0, 4.0, 5.0, 6.0])))
    assert log.ran == {"step": 1}


def test_a_loop_without_iterations_hands_its_carry_on(engine: Engine) -> None:
    links = {"box": ["start", "box"], "by": ["none", "list"]}
    nodes = LOOP | {"none": step("numbers", count=0), "loop": LOOP["loop"] | {"values": {}, "links": links}}
    outputs, _ = run(engine, document(nodes, {"last": ["loop", "box"], "all": ["loop", "all"]}))
    assert outputs["last"].values[0, 0] == 0
    assert outputs["all"] == []


def test_bodies_read_what_stands_around_them_and_loops_nest(engine: Engine) -> None:
    nodes = {
        "start": step("make_box", seed=0),
        "amount": step("int_to_float", value=10),
        "outer": {
            "type": "loop", "each": ["i"], "carry": ["box"], "values": {"i": [1, 2]},
            "links": {"box": ["start", "box"]}, "next": {"box": ["inner", "box"]},
            "body": {
                "inner": {
                    "type": "loop", "each": ["j"], "carry": ["box"], "values": {"j": [1.0, 2.0, 3.0]},
                    "links": {"box": ["outer/in", "box"]}, "next": {"box": ["b", "box"]},
                    "body": {
                        "a": step("shift", {"box": ["inner/in", "box"], "by": ["amount", "value"]}),
                        "b": step("shift", {"box": ["a", "box"], "by": ["outer/in", "i"]}),
                    },
                }
            },
        },
    }  # fmt: skip
    outputs, log = run(engine, document(nodes, {"out": ["outer", "box"]}))
    assert outputs["out"].values[0, 0] == 3 * 10 + 3 * 1 + 3 * 10 + 3 * 2
    assert log.ran["a"] == 6


def test_a_list_that_meets_a_single_input_is_mapped(engine: Engine) -> None:
    nodes = {
        "n": step("numbers", count=3),
        "boxes": step("make_box", {"seed": ["n", "list"]}),
        "moved": step("shift", {"box": ["boxes", "box"]}, by=0.5),
        "sum": step("total", {"boxes": ["moved", "box"]}),
    }
    outputs, log = run(engine, document(nodes, {"out": ["sum", "value"]}))
    assert outputs["out"] == (0 + 1 + 2 + 1.5) * 4
    assert log.ran == {"n": 1, "boxes": 3, "moved": 3, "sum": 1}
    _, log = run(engine, document(nodes | {"n": step("numbers", count=4)}, {"out": ["sum", "value"]}))
    assert log.ran == {"n": 1, "boxes": 1, "moved": 1, "sum": 1}


def test_lists_walked_together_must_be_equally_long(engine: Engine) -> None:
    nodes = {
        "n": step("numbers", count=3),
        "m": step("numbers", count=2),
        "boxes": step("make_box", {"seed": ["n", "list"], "rows": ["m", "list"]}),
    }
    with pytest.raises(RunError, match="seed has 3, rows has 2") as caught:
        run(engine, document(nodes, {"out": ["boxes", "box"]}))
    assert caught.value.node == "boxes"


def test_elements_of_a_made_list_keep_their_keys(engine: Engine) -> None:
    def workflow(seeds: list[int]) -> Workflow:
        made = {f"m{i}": step("make_box", seed=seed) for i, seed in enumerate(seeds)}
        links = {f"item_{i}": [f"m{i}", "box"] for i in range(len(seeds))}
        rest = {"list": step("make_list", links), "moved": step("shift", {"box": ["list", "list"]})}
        return document(made | rest, {"out": ["moved", "box"]})

    run(engine, workflow([5, 6]))
    outputs, log = run(engine, workflow([4, 5, 6]))
    assert [box.values[0, 0].item() for box in outputs["out"]] == [5, 6, 7]
    assert log.ran["moved"] == 1


def test_a_subgraph_is_used_any_number_of_times(engine: Engine) -> None:
    subgraphs = {
        "both": {
            "inputs": {"box": {"type": "Box"}, "by": {"type": "float", "default": 1.0}},
            "outputs": {"box": ["two", "box"]},
            "nodes": {
                "one": step("shift", {"box": ["$", "box"], "by": ["$", "by"]}),
                "two": step("shift", {"box": ["one", "box"], "by": ["$", "by"]}),
            },
        }
    }
    nodes = {
        "a": step("make_box", seed=0),
        "p": step("both", {"box": ["a", "box"]}, by=5.0),
        "q": step("both", {"box": ["p", "box"]}),
    }
    outputs, log = run(engine, document(nodes, subgraphs=subgraphs))
    assert outputs["out"].values[0, 0] == 12
    assert log.ran == {"a": 1, "one": 2, "two": 2}


def test_a_node_may_return_a_graph(engine: Engine) -> None:
    nodes = {"a": step("make_box", seed=0), "t": step("twice", {"box": ["a", "box"]}, by=5.0)}
    outputs, log = run(engine, document(nodes))
    assert outputs["out"].values[0, 0] == 10
    assert log.ran == {"a": 1, "t": 1, "first": 1, "second": 1}
    outputs, log = run(engine, document(nodes))
    assert not log.ran


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


def test_bypass_and_mute(engine: Engine) -> None:
    bypassed = CHAIN | {"b": CHAIN["b"] | {"mode": "bypass"}}
    outputs, log = run(engine, document(bypassed))
    assert outputs["out"].values[0, 0] == 6
    assert "b" not in log.ran
    muted = CHAIN | {"b": CHAIN["b"] | {"mode": "mute"}}
    workflow = document(muted, {"out": ["c", "box"], "first": ["a", "box"]})
    result = engine.submit(workflow).result(60)
    assert list(result.outputs) == ["first"]
    assert any("c" in where or "out" in where for where, _ in result.skipped)


def test_chosen_outputs_only(engine: Engine) -> None:
    result = engine.submit(document(CHAIN), outputs=["b.box"]).result(60)
    assert result.outputs["b.box"].values[0, 0] == 5


def test_inputs_of_the_workflow(engine: Engine) -> None:
    inputs = {"seed": {"type": "int", "default": 3}}
    nodes = {"a": step("make_box", {"seed": ["$", "seed"]})}
    assert run(engine, document(nodes, inputs=inputs))[0]["out"].values[0, 0] == 3
    assert run(engine, document(nodes, inputs=inputs), seed=4)[0]["out"].values[0, 0] == 4
    with pytest.raises(WorkflowError, match="sed"):
        run(engine, document(nodes, inputs=inputs), sed=4)


def test_another_dtype_is_another_key(tmp_path: Path) -> None:
    for dtype, expected in (("float32", 3), ("float32", 0), ("float16", 3)):
        with Engine(REGISTRY, dtype=dtype, cache=tmp_path) as engine:
            engine.store.disk.is_worth_writing = lambda seconds, size: True  # type: ignore[union-attr, method-assign]
            assert run(engine, document(CHAIN))[1].ran.total() == expected


def test_results_that_were_dropped_are_made_again() -> None:
    with Engine(REGISTRY, memory=20_000) as engine:
        nodes = {"a": step("make_box", seed=1, rows=200)}
        for i in range(30):
            nodes[f"s{i}"] = step("shift", {"box": [f"s{i - 1}" if i else "a", "box"]}, by=1.0)
        for _ in range(3):
            outputs, _ = run(engine, document(nodes))
            assert outputs["out"].values[0, 0] == 31
            assert engine.store.bytes_used["cpu"] <= 20_000


def test_a_chain_of_ten_thousand_nodes(engine: Engine) -> None:
    nodes = {"n0": step("shift", {"box": ["start", "box"]}), "start": step("make_box", seed=0)}
    for i in range(1, 10_000):
        nodes[f"n{i}"] = step("shift", {"box": [f"n{i - 1}", "box"]})
    workflow = document(nodes, {"out": ["n9999", "box"]})
    assert run(engine, workflow)[0]["out"].values[0, 0] == 10_000
