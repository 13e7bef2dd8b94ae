"""Loops, lists that are mapped, subgraphs, and nodes that return graphs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from boxes import SHARED, Box
from documents import document, run, step

from latentloom.graph import Engine, Graph, Registry, RunError, Workflow, node


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


REGISTRY = Registry.of(*SHARED, twice)


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine(REGISTRY) as engine:
        yield engine


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
