"""The engine through its public door: documents in, values and events out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, NamedTuple

import pytest
from boxes import SHARED, Box
from documents import CHAIN, document, run, step

from latentloom.graph import Engine, Lazy, Registry, Workflow, WorkflowError, node


@node(category="test")
def mean(box: Box) -> float:
    """A number made from a tensor."""
    return float(box.values.mean())


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


class Halves(NamedTuple):
    left: Box
    size: int


@node(category="test")
def halve(box: Box) -> Halves:
    """Two outputs."""
    return Halves(Box(box.values[:, :2]), box.values.shape[1] // 2)


@node(category="test")
def fail(box: Box) -> Box:
    """Always fails."""
    raise ValueError("no such luck")


REGISTRY = Registry.of(*SHARED, mean, less, ask_for, halve, fail)


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine(REGISTRY) as engine:
        yield engine


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
