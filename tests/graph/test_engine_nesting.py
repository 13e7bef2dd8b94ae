"""Lists, maps, loops, switches and graphs in each other, with much memory and with none."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from boxes import SHARED, Box, a_or_nothing
from documents import engine_of, first, graph, step, value_of

from latentloom.graph import Engine, Graph, Lazy, Registry, node

T = TypeVar("T")


@node(category="test")
def odd_number(value: int) -> bool:
    """Whether a number is odd."""
    return value % 2 == 1


@node(category="test")
def grid(rows: int, columns: int) -> list[list[int]]:
    """A list of lists."""
    return [[10 * row + column for column in range(columns)] for row in range(rows)]


@node(category="test", structural=True)
def pick(items: list[T], index: int = 0) -> T:
    """An item of a list."""
    return items[index]


@node(category="test", lazy=a_or_nothing)
def lazily(box: Box, which: str, a: Annotated[Box | None, Lazy()] = None) -> Box:
    """Adds the lazy input where it is asked for."""
    return box if a is None else Box(box.values + a.values)


@node(category="test")
def looped(box: Box, count: int) -> Box | Graph:
    """Returns a graph with a loop."""
    loop = {
        "type": "loop", "each": ["i"], "carry": ["box"], "values": {"i": list(range(count))},
        "links": {"box": ["$", "box"]}, "next": {"box": ["one", "box"]},
        "body": {"one": step("shift", {"box": ["loop/in", "box"], "by": ["loop/in", "i"]})},
    }  # fmt: skip
    return graph({"loop": loop}, {"box": ["loop", "box"]}, box={"type": "Box"}, count={"type": "int"})


REGISTRY = Registry.of(*SHARED, odd_number, grid, pick, lazily, looped)


engine = engine_of(REGISTRY)


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
        assert value_of(engine, nodes, ["g", "list"]) == [[0, 1, 2], [10, 11, 12]]
        assert value_of(engine, nodes, ["s", "value"]) == [1.0, 1.0, 1.0]
        assert value_of(engine, nodes, ["none", "value"]) == []
        assert value_of(engine, nodes, ["g0", "list"]) == []


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
        assert [first(box) for box in value_of(engine, nodes, ["m", "box"], subgraphs={"inner": inner})] == [3, 4, 5]
        nested = value_of(engine, nodes, ["m", "all"], subgraphs={"inner": inner})
        assert [[first(box) for box in row] for row in nested] == [[1, 3], [2, 4], [3, 5]]
    nothing = nodes | {"l": step("boxes", count=0)}
    assert value_of(engine, nothing, ["m", "box"], subgraphs={"inner": inner}) == []


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
        assert [first(box) for box in value_of(engine, nodes, ["second", "items"])] == [0, 0, 11, 2, 13]
        assert [first(box) for box in value_of(engine, nodes, ["second", "even"])] == [0, 11, 2, 13]
        moved = value_of(engine, nodes, ["second", "moved"])
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
        chosen = value_of(engine, nodes, ["s", "value"])  # the condition is walked; a variable takes a list as it is
        assert [[first(box) for box in row] for row in chosen] == [[5, 6, 7], [0, 1, 2], [5, 6, 7]]
        assert first(value_of(engine, nodes, ["loop", "sum"])) == 12


def test_thousands_of_switches_in_a_row(engine: Engine) -> None:
    nodes: dict[str, Any] = {"a": step("make_box", seed=1)}
    for i in range(2000):
        before = [f"s{i - 1}", "value"] if i else ["a", "box"]
        nodes[f"s{i}"] = step("switch", {"yes": before, "no": before}, condition=bool(i % 2))
    assert first(value_of(engine, nodes, ["s1999", "value"])) == 1


def test_a_graph_that_a_node_returns_may_hold_a_loop(engine: Engine) -> None:
    nodes = {"l": step("boxes", count=2), "x": step("looped", {"box": ["l", "list"]}, count=4)}
    for _ in range(2):
        assert [first(box) for box in value_of(engine, nodes, ["x", "box"])] == [6, 7]
