"""The engine where it is easy to get wrong: what was dropped, keys, given values, closing, the disk."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path
from typing import Annotated, NamedTuple

import pytest
import torch
from boxes import SHARED, Box, a_or_nothing
from documents import CHAIN, TINY, document, engine_of, first, step, value_of

from latentloom.graph import Context, Engine, EnvironmentFault, Lazy, Registry, WorkflowError, node


@node(category="test")
def half_up(value: int, most: int = 3) -> int:
    """Grows up to a limit: a fixed point."""
    return min(value + 1, most)


@node(category="test")
def names(**items: int) -> str:
    """Looks at the names of its inputs."""
    return " ".join(f"{name}={value}" for name, value in items.items())


class Three(NamedTuple):
    box: Box
    rows: int
    parts: list[Box]


@node(category="test")
def three(box: Box) -> Three:
    """An opaque output, a content-keyed one, a list."""
    return Three(Box(box.values * 2), box.values.shape[0], [Box(row[None]) for row in box.values])


COUNT = iter(range(1_000_000))


@node(category="test", lazy=a_or_nothing, pure=False)
def fresh(which: str, a: Annotated[Box | None, Lazy()] = None) -> int:
    """Lazy, and not pure."""
    return next(COUNT)


def _first_letter(text: str, context: Context) -> str:
    assert context.device == "cpu"
    return text[:1]


@node(category="test", fingerprint=_first_letter)
def printed(text: str) -> str:
    """Has a fingerprint that takes a context."""
    return text


@node(category="test")
def surrogate(value: int) -> str:
    """Text that no file holds."""
    return "\ud800"


REGISTRY = Registry.of(*SHARED, half_up, names, three, fresh, printed, surrogate)


engine = engine_of(REGISTRY)


def test_content_that_comes_back_to_itself_is_made_again(engine: Engine) -> None:
    nodes = {
        "r": step("rounded", value=3.2),
        "f": step("int_to_float", {"value": ["r", "value"]}),
        "r2": step("rounded", {"value": ["f", "value"]}),
        "f2": step("int_to_float", {"value": ["r2", "value"]}),
        "r3": step("rounded", {"value": ["f2", "value"]}),
    }
    for _ in range(3):
        assert value_of(engine, nodes, ["r3", "value"]) == 3
        value_of(engine, CHAIN, ["b", "box"])


def test_a_loop_that_reaches_a_fixed_point_is_made_again(engine: Engine) -> None:
    loop = {
        "type": "loop", "each": ["i"], "carry": ["n"], "values": {"i": [0, 1, 2, 3, 4, 5], "n": 0},
        "next": {"n": ["up", "value"]}, "collect": {"all": ["up", "value"]},
        "body": {"up": step("half_up", {"value": ["loop/in", "n"]})},
    }  # fmt: skip
    for _ in range(3):
        assert value_of(engine, {"loop": loop}, ["loop", "n"]) == 3
        value_of(engine, CHAIN, ["b", "box"])
        assert value_of(engine, {"loop": loop}, ["loop", "all"]) == [1, 2, 3, 3, 3, 3]


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
        assert value_of(engine, nodes, ["sum", "value"]) == 3 * 4 * 5 + 3 * 4 + 3 * 4 * 9


def test_names_of_free_inputs_are_part_of_the_key(engine: Engine) -> None:
    assert value_of(engine, {"n": step("names", a=1, b=2)}, ["n", "value"]) == "a=1 b=2"
    assert value_of(engine, {"n": step("names", c=1, d=2)}, ["n", "value"]) == "c=1 d=2"


def test_zero_has_a_sign(engine: Engine) -> None:
    nodes = {"a": step("sign", value=0.0), "b": step("sign", value=-0.0)}
    result = engine.submit(document(nodes, {"a": ["a", "value"], "b": ["b", "value"]})).result(60)
    assert result.outputs == {"a": 1.0, "b": -1.0}


def test_a_lazy_node_that_is_not_pure_runs_every_time(engine: Engine) -> None:
    nodes = {"f": step("fresh", which="b")}
    assert value_of(engine, nodes, ["f", "value"]) != value_of(engine, nodes, ["f", "value"])


def test_a_fingerprint_may_take_a_context(engine: Engine) -> None:
    assert value_of(engine, {"p": step("printed", text="abc")}, ["p", "value"]) == "abc"


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


@pytest.fixture
def always_written(monkeypatch: pytest.MonkeyPatch) -> None:
    worth = "latentloom.graph.store.disk.DiskTier.is_worth_writing"
    monkeypatch.setattr(worth, staticmethod(lambda seconds, size: True))


@pytest.mark.usefixtures("always_written")
def test_what_no_file_can_hold_costs_the_cache_only(tmp_path: Path) -> None:
    with Engine(REGISTRY, cache=tmp_path) as engine:
        nodes = {f"s{i}": step("surrogate", value=i) for i in range(100)}
        engine.submit(document(nodes, {f"o{i}": [f"s{i}", "value"] for i in range(100)})).result(60)
        value_of(engine, CHAIN, ["b", "box"])
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
            assert first(value_of(engine, nodes, ["loop", "box"])) == seed + 10
            engine.flush()
            files = sorted(folder.rglob("*.safetensors"))
            assert len(files) >= 5
            for path in files[::2]:
                path.write_bytes(path.read_bytes()[:-7])
            assert first(value_of(other, nodes, ["loop", "box"])) == seed + 10
            other.flush()
            shutil.rmtree(folder)
            assert first(value_of(engine, nodes, ["loop", "box"])) == seed + 10
