"""Whatever a document says: faults, or a checked graph that a planner can rely on; never another exception."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from latentloom.graph import Catalogue, Workflow, WorkflowError, check
from latentloom.graph.checking.checked import (
    CheckedGraph,
    CheckedInput,
    CheckedLoop,
    Constant,
    FromLoop,
    FromNode,
    FromParameter,
    Scope,
)
from latentloom.graph.types import TypeExpr

SETTINGS = settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))

RICH: dict[str, Any] = {
    "latentloom": 1,
    "inputs": {
        "size": {"type": "int", "default": 8, "minimum": 1, "maximum": 64},
        "gammas": {"type": "list[float]", "default": [1, 2.5]},
        "text": {"type": "str", "default": "plain", "choices": ["plain", "dotted"]},
    },
    "outputs": {"sum": ["outer", "sum"], "picture": ["framed", "picture"], "many": ["outer", "many"]},
    "nodes": {
        "painted": {
            "type": "paint",
            "links": {"size": ["$", "size"], "gamma": ["$", "gammas"], "style": ["$", "text"]},
        },
        "framed": {"type": "frame", "links": {"picture": ["painted", "picture"]}, "mode": "bypass"},
        "first": {"type": "pick", "links": {"items": ["painted", "picture"]}},
        "silent": {"type": "add", "values": {"a": 1}, "mode": "mute"},
        "after": {"type": "add", "links": {"a": ["silent", "value"]}},
        "bag": {"type": "gather", "values": {"p": 1, "q": 2.5}},
        "outer": {
            "type": "loop",
            "each": ["x"],
            "carry": ["sum"],
            "values": {"sum": 0},
            "links": {"x": ["bag", "list"]},
            "body": {
                "step": {"type": "add", "links": {"a": ["outer/in", "sum"], "b": ["inner", "sum"]}},
                "inner": {
                    "type": "loop",
                    "each": ["y"],
                    "carry": ["sum"],
                    "values": {"y": [1, 2, 3]},
                    "links": {"sum": ["outer/in", "x"]},
                    "body": {
                        "deep": {"type": "twice", "links": {"x": ["inner/in", "sum"], "y": ["inner/in", "index"]}},
                        "small": {"type": "shrink", "links": {"picture": ["first", "value"]}},
                    },
                    "next": {"sum": ["deep", "sum"]},
                    "collect": {"scores": ["small", "score"]},
                },
            },
            "next": {"sum": ["step", "value"]},
            "collect": {"many": ["inner", "scores"]},
        },
    },
    "subgraphs": {
        "twice": {
            "inputs": {"x": {"type": "float"}, "y": {"type": "float", "default": 2, "maximum": 500}},
            "nodes": {"plus": {"type": "add", "links": {"a": ["$", "x"], "b": ["$", "y"]}}},
            "outputs": {"sum": ["plus", "value"]},
        }
    },
}


def places(part: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of everything inside a JSON value."""
    items = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from places(inner, (*path, key))


def words(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        yield from part
        for inner in part.values():
            yield from words(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from words(inner)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)


@st.composite
def mutated(draw: st.DrawFn) -> Any:
    """The rich document with a few things deleted, renamed, retargeted, copied elsewhere or replaced."""
    document = copy.deepcopy(RICH)
    pool = sorted({*words(RICH), "in", "outer/in", "loop", "list[int]", "~T", "run"})
    for _ in range(draw(st.integers(1, 4))):
        path = draw(st.sampled_from(list(places(document))))
        parent = document
        for key in path[:-1]:
            parent = parent[key]
        key = path[-1]
        action = draw(st.sampled_from(["delete", "rename", "retarget", "copy", "replace"]))
        if action == "delete":
            del parent[key]
        elif action == "rename" and isinstance(parent, dict):
            parent[draw(st.sampled_from(pool))] = parent.pop(key)
        elif action == "copy":
            other: Any = document
            for step in draw(st.sampled_from(list(places(document)))):
                other = other[step]
            parent[key] = copy.deepcopy(other)
        elif action == "retarget":
            parent[key] = draw(st.sampled_from(pool))
        else:
            parent[key] = draw(JSON)
        if not document:
            break
    return document


@st.composite
def grown(draw: st.DrawFn) -> dict[str, Any]:
    """A random graph of adding nodes that is valid, in random order."""
    n = draw(st.integers(1, 12))
    nodes: dict[str, Any] = {"n0": {"type": "add", "values": {"a": draw(st.integers(-5, 5))}}}
    for i in range(1, n):
        read = draw(st.integers(0, i - 1))
        nodes[f"n{i}"] = {"type": draw(st.sampled_from(["add", "twice"])), "links": {}, "values": {}}
        nodes[f"n{i}"]["links"]["a" if nodes[f"n{i}"]["type"] == "add" else "x"] = [
            f"n{read}",
            "value" if nodes[f"n{read}"]["type"] == "add" else "sum",
        ]
    shuffled = dict(draw(st.permutations(list(nodes.items()))))
    last = "value" if nodes[f"n{n - 1}"]["type"] == "add" else "sum"
    return {
        "latentloom": 1,
        "nodes": shuffled,
        "outputs": {"o": [f"n{n - 1}", last]},
        "subgraphs": RICH["subgraphs"],
    }


def assert_sound(graph: CheckedGraph) -> None:
    """Every source is there before it is read, and has the type that is read."""
    for part in (graph, *graph.subgraphs.values()):
        types = {FromParameter(name): parameter.type for name, parameter in part.parameters.items()}
        after = assert_scope_sound(part.nodes, dict(types), graph)
        for output in part.outputs.values():
            assert_input_sound(output, after)


def assert_scope_sound(scope: Scope, types: dict[Any, TypeExpr], graph: CheckedGraph) -> dict[Any, TypeExpr]:
    for id_, node in scope.items():
        assert node.id == id_
        for given_input in node.inputs.values():
            assert_input_sound(given_input, types)
        if isinstance(node, CheckedLoop):
            inside = dict(types) | {FromLoop(id_, "index"): TypeExpr("int")}
            for name in node.each:
                element = node.inputs[name].type.element
                assert element is not None
                inside[FromLoop(id_, name)] = element
            inside |= {FromLoop(id_, name): node.inputs[name].type for name in node.carry}
            inside = assert_scope_sound(node.body, inside, graph)
            for read in (*node.next.values(), *node.collect.values()):
                assert_input_sound(read, inside)
            assert set(node.next) == set(node.carry)
            assert all(source in types for source in node.outside)
        else:
            assert node.mapped == any(i.mapped for i in node.inputs.values())
            if node.kind == "subgraph":
                assert set(node.inputs) == set(graph.subgraphs[node.type].parameters)
                assert set(node.outputs) == set(graph.subgraphs[node.type].outputs)
        types = types | {FromNode(id_, name): type_ for name, type_ in node.outputs.items()}
    return types


def assert_input_sound(read: CheckedInput, types: dict[Any, TypeExpr]) -> None:
    if isinstance(read.source, Constant):
        return
    arriving = types[read.source]
    if read.mapped:
        assert arriving.element is not None
        arriving = arriving.element
    assert (read.conversion is None) == (arriving == read.type)


def test_the_rich_document_is_valid(catalogue: Catalogue) -> None:
    checked = check(Workflow.from_json(RICH), catalogue, inputs={})
    assert checked.faults == ()
    assert checked.graph is not None
    assert_sound(checked.graph)


@SETTINGS
@given(document=mutated(), given_inputs=st.none() | st.dictionaries(st.sampled_from(["size", "text", "z"]), JSON))
@example(document=RICH | {"inputs": {"\ud800": {"type": "int"}}}, given_inputs=None)
@example(document=RICH | {"nodes": {"\ud800": {"type": "add"}}}, given_inputs={"\ud800": 1})
def test_a_mutated_document_gives_faults_or_a_sound_graph(
    catalogue: Catalogue, document: Any, given_inputs: dict[str, Any] | None
) -> None:
    try:
        workflow = Workflow.from_json(document)
    except WorkflowError:
        return
    checked = check(workflow, catalogue, inputs=given_inputs)
    assert (checked.graph is None) == bool(checked.faults)
    for fault in checked.faults:
        assert fault.where
        assert fault.what
        json.dumps(fault.as_dict()).encode()
        str(fault).encode()
    if checked.graph is not None:
        assert_sound(checked.graph)


@SETTINGS
@given(document=grown())
def test_a_random_valid_graph_is_sound(catalogue: Catalogue, document: dict[str, Any]) -> None:
    checked = check(Workflow.from_json(document), catalogue, inputs={})
    assert checked.faults == ()
    assert checked.graph is not None
    assert set(checked.graph.nodes) == set(document["nodes"])
    assert_sound(checked.graph)


@SETTINGS
@given(wanted=st.lists(st.text(alphabet="osteploruinx./", max_size=12), max_size=3))
def test_any_outputs_may_be_asked_for(catalogue: Catalogue, wanted: list[str]) -> None:
    checked = check(Workflow.from_json(RICH), catalogue, outputs=[*wanted, "deep/plus.value", "small.sketch"])
    assert (checked.graph is None) == bool(checked.faults)
    if checked.graph is not None:
        assert_sound(checked.graph)
