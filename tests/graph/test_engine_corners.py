"""The engine where it is easy to get wrong: what is under way, what was dropped, what raises where nobody looks."""

from __future__ import annotations

import asyncio
import math
import shutil
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, NamedTuple, TypeVar

import pytest
import torch
from boxes import Box, int_to_float, make_box, shift

from latentloom.graph import (
    Context,
    Engine,
    EnvironmentFault,
    Graph,
    Lazy,
    Registry,
    RunError,
    Workflow,
    WorkflowError,
    node,
    socket,
)

T = TypeVar("T")


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
def size(box: Box) -> int:
    """A number made from a tensor."""
    return round(float(box.values.mean()))


@node(category="test")
def rounded(value: float) -> int:
    """Many floats give one int."""
    return round(value)


@node(category="test")
def half_up(value: int, most: int = 3) -> int:
    """Grows up to a limit: a fixed point."""
    return min(value + 1, most)


@node(category="test", select=True)
def switch(condition: bool, yes: Annotated[T, Lazy()], no: Annotated[T, Lazy()]) -> T:
    """Hands on one of two inputs."""
    return "yes" if condition else "no"  # type: ignore[return-value]


@node(category="test")
def odd_number(value: int) -> bool:
    """Whether a number is odd."""
    return value % 2 == 1


@node(category="test")
def numbers(count: int) -> list[int]:
    """0, 1, 2, ..."""
    return list(range(count))


@node(category="test")
def grid(rows: int, columns: int) -> list[list[int]]:
    """A list of lists."""
    return [[10 * row + column for column in range(columns)] for row in range(rows)]


@node(category="test")
def boxes(count: int) -> list[Box]:
    """A list of what is not content-keyed."""
    return [Box(torch.full((1, 4), float(i))) for i in range(count)]


@node(category="test", structural=True)
def make_list(**items: T) -> list[T]:
    """A list of its inputs."""
    return list(items.values())


@node(category="test", structural=True)
def append(items: list[T], item: T) -> list[T]:
    """A list with one more."""
    return [*items, item]


@node(category="test", structural=True)
def pick(items: list[T], index: int = 0) -> T:
    """An item of a list."""
    return items[index]


@node(category="test")
def total(boxes: list[Box]) -> float:
    """Sum of all."""
    return float(sum(box.values.sum() for box in boxes))


@node(category="test")
def names(**items: int) -> str:
    """Looks at the names of its inputs."""
    return " ".join(f"{name}={value}" for name, value in items.items())


@node(category="test")
def sign(value: float) -> float:
    """Tells 0.0 from -0.0."""
    return math.copysign(1.0, value)


class Three(NamedTuple):
    box: Box
    rows: int
    parts: list[Box]


@node(category="test")
def three(box: Box) -> Three:
    """An opaque output, a content-keyed one, a list."""
    return Three(Box(box.values * 2), box.values.shape[0], [Box(row[None]) for row in box.values])


def _both(which: str) -> list[str]:
    return ["a"] if which == "a" else []


COUNT = iter(range(1_000_000))


@node(category="test", lazy=_both, pure=False)
def fresh(which: str, a: Annotated[Box | None, Lazy()] = None) -> int:
    """Lazy, and not pure."""
    return next(COUNT)


@node(category="test", lazy=_both)
def lazily(box: Box, which: str, a: Annotated[Box | None, Lazy()] = None) -> Box:
    """Adds the lazy input where it is asked for."""
    return box if a is None else Box(box.values + a.values)


def _first_letter(text: str, context: Context) -> str:
    assert context.device == "cpu"
    return text[:1]


@node(category="test", fingerprint=_first_letter)
def printed(text: str) -> str:
    """Has a fingerprint that takes a context."""
    return text


@node(category="test")
def give_up(box: Box, how: str) -> Box:
    """Raises what is no Exception."""
    raise {"exit": SystemExit(3), "interrupt": KeyboardInterrupt(), "stop": GeneratorExit()}[how]


@node(category="test")
async def async_gives_up(how: str) -> str:
    """Raises what is no Exception, in a coroutine."""
    if how == "exit":
        sys.exit(3)
    raise asyncio.CancelledError


@node(category="test")
async def nap(seconds: float, name: str) -> str:
    """Sleeps without blocking."""
    await asyncio.sleep(seconds)
    return name


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
    return _graph({"one": step("shift", {"box": ["$", "box"]}, by=5.0)}, {"box": ["one", "box"]}, box={"type": "Box"})


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
    return _graph({"one": step("again", {"box": ["$", "box"]})}, {"box": ["one", "box"]}, box={"type": "Box"})


@node(category="test")
def faulty(box: Box) -> Box | Graph:
    """Returns a graph that cannot be."""
    return _graph({"one": step("shif", {"box": ["$", "box"]})}, {"box": ["one", "box"]}, box={"type": "Box"})


@node(category="test")
def looped(box: Box, count: int) -> Box | Graph:
    """Returns a graph with a loop."""
    loop = {
        "type": "loop", "each": ["i"], "carry": ["box"], "values": {"i": list(range(count))},
        "links": {"box": ["$", "box"]}, "next": {"box": ["one", "box"]},
        "body": {"one": step("shift", {"box": ["loop/in", "box"], "by": ["loop/in", "i"]})},
    }  # fmt: skip
    return _graph({"loop": loop}, {"box": ["loop", "box"]}, box={"type": "Box"}, count={"type": "int"})


@node(category="test")
def surrogate(value: int) -> str:
    """Text that no file holds."""
    return "\ud800"


@node(category="test")
def odd(value: int) -> Odd:
    """What cannot be keyed."""
    return Odd(object())


@node(category="test")
def lost_file(name: str) -> Path:
    """The path of a file that is not there."""
    return Path("/nowhere") / name


@node(category="test")
def read_file(path: Path) -> str:
    """Reads a file."""
    return path.read_text()


REGISTRY = Registry.of(
    make_box, shift, size, int_to_float, rounded, half_up, switch, odd_number, numbers, grid, boxes, make_list, append,
    pick, total, names, sign, three, fresh, lazily, printed, give_up, async_gives_up, nap, hold, joined_graph,
    joined_or_not, tagged, make_tag, again, faulty, looped, surrogate, odd, lost_file, read_file,
)  # fmt: skip

TINY = 1
"""A memory so small that every result leaves as soon as nobody needs it."""


def step(type_: str, links: dict[str, list[str]] | None = None, **values: Any) -> dict[str, Any]:
    return {"type": type_, "values": values, "links": links or {}}


def _graph(nodes: dict[str, Any], outputs: dict[str, Any], **inputs: Any) -> Graph:
    return Graph.model_validate({"nodes": nodes, "outputs": outputs, "inputs": inputs})


def document(nodes: dict[str, Any], outputs: dict[str, Any], **rest: Any) -> Workflow:
    return Workflow.from_json({"latentloom": 1, "nodes": nodes, "outputs": outputs, **rest})


def run(engine: Engine, nodes: dict[str, Any], output: list[str], /, **rest: Any) -> Any:
    return engine.submit(document(nodes, {"out": output}, **rest)).result(60).outputs["out"]


def first(box: Box) -> float:
    return float(box.values[0, 0])


def pins(engine: Engine) -> int:
    return sum(entry.pins for entry in engine.store._entries.values())


@pytest.fixture(params=[None, TINY], ids=["roomy", "tiny"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    with Engine(REGISTRY, memory=request.param) as engine:
        yield engine
        engine.submit(document({"a": step("make_box", seed=1)}, {"out": ["a", "box"]})).result(60)
        assert pins(engine) == 0


CHAIN = {"a": step("make_box", seed=2), "b": step("shift", {"box": ["a", "box"]}, by=3.0)}


# --- what was dropped and is needed again


def test_content_that_comes_back_to_itself_is_made_again(engine: Engine) -> None:
    nodes = {
        "r": step("rounded", value=3.2),
        "f": step("int_to_float", {"value": ["r", "value"]}),
        "r2": step("rounded", {"value": ["f", "value"]}),
        "f2": step("int_to_float", {"value": ["r2", "value"]}),
        "r3": step("rounded", {"value": ["f2", "value"]}),
    }
    for _ in range(3):
        assert run(engine, nodes, ["r3", "value"]) == 3
        run(engine, CHAIN, ["b", "box"])


def test_a_loop_that_reaches_a_fixed_point_is_made_again(engine: Engine) -> None:
    loop = {
        "type": "loop", "each": ["i"], "carry": ["n"], "values": {"i": [0, 1, 2, 3, 4, 5], "n": 0},
        "next": {"n": ["up", "value"]}, "collect": {"all": ["up", "value"]},
        "body": {"up": step("half_up", {"value": ["loop/in", "n"]})},
    }  # fmt: skip
    for _ in range(3):
        assert run(engine, {"loop": loop}, ["loop", "n"]) == 3
        run(engine, CHAIN, ["b", "box"])
        assert run(engine, {"loop": loop}, ["loop", "all"]) == [1, 2, 3, 3, 3, 3]


def test_several_jobs_over_the_same_calls(engine: Engine) -> None:
    nodes = dict(CHAIN)
    for i in range(20):
        nodes[f"s{i}"] = step("shift", {"box": [f"s{i - 1}" if i else "b", "box"]})
    workflow = document(nodes, {"out": ["s19", "box"], "mid": ["s9", "box"]})
    jobs = [engine.submit(workflow) for _ in range(6)]
    for job in jobs[::2]:
        job.cancel()
    for job in jobs[1::2]:
        assert first(job.result(60).outputs["out"]) == 25


def test_opaque_and_transparent_outputs_together(engine: Engine) -> None:
    nodes = {
        "a": step("make_box", seed=4, rows=3),
        "t": step("three", {"box": ["a", "box"]}),
        "s": step("shift", {"box": ["t", "box"]}),
        "p": step("shift", {"box": ["t", "parts"]}),
        "m": step("make_box", {"seed": ["t", "rows"]}),
        "l": step("append", {"items": ["p", "box"], "item": ["m", "box"]}),
        "l2": step("append", {"items": ["l", "list"], "item": ["s", "box"]}),
        "sum": step("total", {"boxes": ["l2", "list"]}),
    }
    for _ in range(2):
        assert run(engine, nodes, ["sum", "value"]) == 3 * 4 * 5 + 3 * 4 + 3 * 4 * 9


# --- lists, maps and loops in each other


def test_lists_of_lists_are_mapped_with_conversions(engine: Engine) -> None:
    nodes = {
        "g": step("grid", rows=2, columns=3),
        "row": step("pick", {"items": ["g", "list"]}, index=1),
        "s": step("sign", {"value": ["row", "value"]}),
        "g0": step("grid", rows=0, columns=3),
        "gi": step("grid", rows=1, columns=0),
        "empty": step("pick", {"items": ["gi", "list"]}),
        "none": step("sign", {"value": ["empty", "value"]}),
    }
    for _ in range(2):
        assert run(engine, nodes, ["g", "list"]) == [[0, 1, 2], [10, 11, 12]]
        assert run(engine, nodes, ["s", "value"]) == [1.0, 1.0, 1.0]
        assert run(engine, nodes, ["none", "value"]) == []
        assert run(engine, nodes, ["g0", "list"]) == []


def test_a_subgraph_with_a_loop_is_mapped_over_a_list(engine: Engine) -> None:
    inner = {
        "inputs": {"box": {"type": "Box"}, "times": {"type": "list[int]", "default": [1, 2]}},
        "outputs": {"box": ["loop", "box"], "all": ["loop", "all"]},
        "nodes": {
            "loop": {
                "type": "loop", "each": ["i"], "carry": ["box"],
                "links": {"box": ["$", "box"], "i": ["$", "times"]},
                "next": {"box": ["one", "box"]}, "collect": {"all": ["one", "box"]},
                "body": {"one": step("shift", {"box": ["loop/in", "box"], "by": ["loop/in", "i"]})},
            }
        },
    }  # fmt: skip
    nodes = {"l": step("boxes", count=3), "m": step("inner", {"box": ["l", "list"]})}
    for _ in range(2):
        assert [first(box) for box in run(engine, nodes, ["m", "box"], subgraphs={"inner": inner})] == [3, 4, 5]
        nested = run(engine, nodes, ["m", "all"], subgraphs={"inner": inner})
        assert [[first(box) for box in row] for row in nested] == [[1, 3], [2, 4], [3, 5]]
    nothing = nodes | {"l": step("boxes", count=0)}
    assert run(engine, nothing, ["m", "box"], subgraphs={"inner": inner}) == []


def test_a_loop_over_what_another_one_collects_with_a_list_as_carry(engine: Engine) -> None:
    nodes = {
        "n": step("numbers", count=4),
        "first": {
            "type": "loop", "each": ["i"], "links": {"i": ["n", "list"]}, "collect": {"box": ["b", "box"]},
            "body": {"b": step("make_box", {"seed": ["first/in", "i"]})},
        },
        "start": step("boxes", count=1),
        "second": {
            "type": "loop", "each": ["box"], "carry": ["items"],
            "links": {"box": ["first", "box"], "items": ["start", "list"]},
            "next": {"items": ["more", "list"]}, "collect": {"moved": ["moved", "box"], "even": ["even", "value"]},
            "body": {
                "odd": step("odd_number", {"value": ["second/in", "index"]}),
                "plus": step("shift", {"box": ["second/in", "box"]}, by=10.0),
                "even": step(
                    "switch", {"condition": ["odd", "value"], "yes": ["plus", "box"], "no": ["second/in", "box"]}
                ),
                "more": step("append", {"items": ["second/in", "items"], "item": ["even", "value"]}),
                "moved": step("shift", {"box": ["more", "list"]}),
            },
        },
    }  # fmt: skip
    for _ in range(2):
        assert [first(box) for box in run(engine, nodes, ["second", "items"])] == [0, 0, 11, 2, 13]
        assert [first(box) for box in run(engine, nodes, ["second", "even"])] == [0, 11, 2, 13]
        moved = run(engine, nodes, ["second", "moved"])
        assert [[first(box) for box in row] for row in moved][-1] == [1, 1, 12, 3, 14]


def test_a_switch_is_mapped_and_a_lazy_node_stands_in_a_loop(engine: Engine) -> None:
    nodes = {
        "n": step("numbers", count=3),
        "odd": step("odd_number", {"value": ["n", "list"]}),
        "x": step("boxes", count=3),
        "y": step("shift", {"box": ["x", "list"]}, by=5.0),
        "s": step("switch", {"condition": ["odd", "value"], "yes": ["x", "list"], "no": ["y", "box"]}),
        "bad": step("give_up", {"box": ["x", "list"]}, how="exit"),
        "loop": {
            "type": "loop", "each": ["which", "box"], "carry": ["sum"], "values": {"which": ["a", "b", "a"]},
            "links": {"box": ["y", "box"], "sum": ["zero", "box"]}, "next": {"sum": ["l", "box"]},
            "body": {
                "l": step(
                    "lazily", {"box": ["loop/in", "sum"], "which": ["loop/in", "which"], "a": ["loop/in", "box"]}
                )
            },
        },
        "zero": step("make_box", seed=0),
    }  # fmt: skip
    for _ in range(2):
        chosen = run(engine, nodes, ["s", "value"])  # the condition is walked; a variable takes a list as it is
        assert [[first(box) for box in row] for row in chosen] == [[5, 6, 7], [0, 1, 2], [5, 6, 7]]
        assert first(run(engine, nodes, ["loop", "sum"])) == 12


def test_thousands_of_switches_in_a_row(engine: Engine) -> None:
    nodes: dict[str, Any] = {"a": step("make_box", seed=1)}
    for i in range(2000):
        before = [f"s{i - 1}", "value"] if i else ["a", "box"]
        nodes[f"s{i}"] = step("switch", {"yes": before, "no": before}, condition=bool(i % 2))
    assert first(run(engine, nodes, ["s1999", "value"])) == 1


def test_a_graph_that_a_node_returns_may_hold_a_loop(engine: Engine) -> None:
    nodes = {"l": step("boxes", count=2), "x": step("looped", {"box": ["l", "list"]}, count=4)}
    for _ in range(2):
        assert [first(box) for box in run(engine, nodes, ["x", "box"])] == [6, 7]


# --- keys


def test_names_of_free_inputs_are_part_of_the_key(engine: Engine) -> None:
    assert run(engine, {"n": step("names", a=1, b=2)}, ["n", "value"]) == "a=1 b=2"
    assert run(engine, {"n": step("names", c=1, d=2)}, ["n", "value"]) == "c=1 d=2"


def test_zero_has_a_sign(engine: Engine) -> None:
    nodes = {"a": step("sign", value=0.0), "b": step("sign", value=-0.0)}
    result = engine.submit(document(nodes, {"a": ["a", "value"], "b": ["b", "value"]})).result(60)
    assert result.outputs == {"a": 1.0, "b": -1.0}


def test_a_lazy_node_that_is_not_pure_runs_every_time(engine: Engine) -> None:
    nodes = {"f": step("fresh", which="b")}
    assert run(engine, nodes, ["f", "value"]) != run(engine, nodes, ["f", "value"])


def test_a_fingerprint_may_take_a_context(engine: Engine) -> None:
    assert run(engine, {"p": step("printed", text="abc")}, ["p", "value"]) == "abc"


# --- what raises


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
        run(engine, CHAIN | {"x": step("give_up", {"box": ["b", "box"]}, how=how)}, ["x", "box"])
    assert caught.value.node == "x"
    assert first(run(engine, CHAIN, ["b", "box"])) == 5


@pytest.mark.parametrize("how", ["exit", "cancel"])
def test_an_async_node_that_raises_no_exception_fails_its_job_only(engine: Engine, how: str) -> None:
    with pytest.raises(RunError) as caught:
        run(engine, {"x": step("async_gives_up", how=how)}, ["x", "value"])
    assert caught.value.node == "x"
    assert run(engine, {"x": step("nap", seconds=0.01, name="after")}, ["x", "value"]) == "after"


def test_an_async_node_cannot_hold_weights(engine: Engine) -> None:
    with pytest.raises(RunError, match="make it a plain function"):
        run(engine, {"h": step("hold", seconds=0.0)}, ["h", "value"])


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
    assert [first(box) for box in run(engine, nodes, ["j", "box"])] == [5, 6, 7]


def test_what_has_no_batch_axis_runs_alone(engine: Engine) -> None:
    nodes = {"t": step("make_tag", text="a"), "x": step("tagged", {"tag": ["t", "tag"]})}
    assert run(engine, nodes, ["x", "tag"]) == Tag("a!")


@pytest.mark.parametrize(("type_", "told"), [("again", "itself"), ("faulty", "shif")])
def test_a_graph_that_cannot_run_fails_its_job(engine: Engine, type_: str, told: str) -> None:
    with pytest.raises(RunError, match=told):
        run(engine, {"a": step("make_box", seed=1), "x": step(type_, {"box": ["a", "box"]})}, ["x", "box"])


def test_what_cannot_be_keyed_names_its_node(engine: Engine) -> None:
    for type_, links in (("odd", ["x", "odd"]), ("lost_file", ["x", "path"])):
        values = {"value": 1} if type_ == "odd" else {"name": "gone.txt"}
        with pytest.raises(RunError) as caught:
            run(engine, {"x": step(type_, **values)}, links)
        assert caught.value.node == "x"


# --- inputs


def test_a_given_value_is_keyed_by_its_content(engine: Engine) -> None:
    workflow = document(
        {"s": step("shift", {"box": ["$", "box"]})}, {"out": ["s", "box"]}, inputs={"box": {"type": "Box"}}
    )
    for value in (1.0, 2.0, 1.0):
        given = Box(torch.full((1, 4), value))
        assert first(engine.submit(workflow, {"box": given}).result(60).outputs["out"]) == value + 1


def test_a_given_file_that_is_missing_is_a_fault(engine: Engine, tmp_path: Path) -> None:
    workflow = document(
        {"r": step("read_file", {"path": ["$", "path"]})}, {"out": ["r", "value"]}, inputs={"path": {"type": "Path"}}
    )
    with pytest.raises(WorkflowError, match="cannot be read"):
        engine.submit(workflow, {"path": str(tmp_path / "none.txt")})


# --- closing, and many threads


def test_after_closing_nothing_is_taken(tmp_path: Path) -> None:
    engine = Engine(REGISTRY, cache=tmp_path)
    jobs = [
        engine.submit(document({"n": step("nap", seconds=30, name=f"{i}")}, {"out": ["n", "value"]})) for i in (1, 2)
    ]
    for _ in range(3):
        engine.close()
    for job in jobs:
        with pytest.raises(Exception, match=r"closed|cancelled"):
            job.result(60)
    with pytest.raises(EnvironmentFault, match="closed"):
        engine.submit(document(CHAIN, {"out": ["b", "box"]}))


def test_many_threads_submit_while_the_engine_closes() -> None:
    engine = Engine(REGISTRY)
    ended: list[bool] = []

    def work(number: int) -> None:
        for i in range(50):
            nodes = {"a": step("make_box", seed=number * 1000 + i), "b": CHAIN["b"]}
            try:
                engine.submit(document(nodes, {"out": ["b", "box"]})).result(60)
            except TimeoutError:
                return
            except Exception:  # noqa: BLE001 - closed or cancelled, it only has to end
                break
        ended.append(True)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    threads[0].join(0.1)
    engine.close()
    for thread in threads:
        thread.join(20)
    assert len(ended) == 6


# --- the disk


@pytest.fixture
def always_written(monkeypatch: pytest.MonkeyPatch) -> None:
    worth = "latentloom.graph.store.disk.DiskTier.is_worth_writing"
    monkeypatch.setattr(worth, staticmethod(lambda seconds, size: True))


@pytest.mark.usefixtures("always_written")
def test_what_no_file_can_hold_costs_the_cache_only(tmp_path: Path) -> None:
    with Engine(REGISTRY, cache=tmp_path) as engine:
        nodes = {f"s{i}": step("surrogate", value=i) for i in range(100)}
        engine.submit(document(nodes, {f"o{i}": [f"s{i}", "value"] for i in range(100)})).result(60)
        run(engine, CHAIN, ["b", "box"])
        engine.flush()
        assert list(tmp_path.rglob("*.safetensors"))


@pytest.mark.usefixtures("always_written")
def test_a_cache_folder_may_vanish_and_its_files_may_be_damaged(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    loop = {
        "type": "loop", "each": ["i"], "carry": ["box"], "values": {"i": [1, 2, 3, 4]},
        "links": {"box": ["a", "box"]}, "next": {"box": ["one", "box"]},
        "body": {"one": step("shift", {"box": ["loop/in", "box"], "by": ["loop/in", "i"]})},
    }  # fmt: skip
    nodes = CHAIN | {"loop": loop}
    with Engine(REGISTRY, cache=folder, memory=TINY) as engine, Engine(REGISTRY, cache=folder, memory=TINY) as other:
        for seed in range(3):
            nodes |= {"a": step("make_box", seed=seed)}
            assert first(run(engine, nodes, ["loop", "box"])) == seed + 10
            engine.flush()
            files = sorted(folder.rglob("*.safetensors"))
            assert len(files) >= 5
            for path in files[::2]:
                path.write_bytes(path.read_bytes()[:-7])
            assert first(run(other, nodes, ["loop", "box"])) == seed + 10
            other.flush()
            shutil.rmtree(folder)
            assert first(run(engine, nodes, ["loop", "box"])) == seed + 10
