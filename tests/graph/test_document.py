"""The document: stable text, strict fields, faults with their places, never an exception of another kind."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latentloom.graph import Fault, Loop, Node, Workflow, WorkflowError
from latentloom.graph.document.homes import homes
from latentloom.graph.document.migrations import migrate

DOCUMENT: dict[str, Any] = {
    "latentloom": 1,
    "title": "Grüße",
    "inputs": {"seed": {"type": "int", "default": 3, "minimum": 0}},
    "outputs": {"image": ["loop", "image"]},
    "nodes": {
        "noise": {"type": "noise", "values": {"width": 64}, "links": {"seed": ["$", "seed"]}},
        "loop": {
            "type": "loop",
            "each": ["t"],
            "carry": ["image"],
            "links": {"t": ["noise", "times"], "image": ["noise", "image"]},
            "body": {"step": {"type": "step", "links": {"x": ["loop/in", "image"]}, "mode": "bypass"}},
            "next": {"image": ["step", "x"]},
        },
    },
    "subgraphs": {"twice": {"nodes": {"a": {"type": "add"}}}},
    "layout": {
        "nodes": {"noise": {"x": 1, "y": 2.5}},
        "wires": {"loop.t": [[40, 8], [80, 8.5]], "loop/next.image": [[99, 1]]},
        "notes": [{"x": 0, "y": 0, "text": "Hello"}, {"x": 0, "y": 0, "text": "Inside", "graph": "twice"}],
    },
}


def fault_of(text: str | bytes) -> Fault:
    with pytest.raises(WorkflowError) as caught:
        Workflow.parse(text, "file.json")
    assert len(caught.value.faults) == 1, caught.value
    return caught.value.faults[0]


def test_nodes_and_loops_are_told_apart() -> None:
    workflow = Workflow.from_json(DOCUMENT)
    assert isinstance(workflow.nodes["noise"], Node)
    loop = workflow.nodes["loop"]
    assert isinstance(loop, Loop)
    assert loop.body["step"].links == {"x": ("loop/in", "image")}


def test_text_is_stable_and_says_only_what_differs_from_the_default() -> None:
    text = Workflow.from_json(DOCUMENT).dump()
    assert Workflow.parse(text).dump() == text
    assert Workflow.parse(text) == Workflow.from_json(DOCUMENT)
    assert text.startswith('{\n  "latentloom": 1,\n  "title": "Grüße"')
    assert text.endswith("}\n")
    assert json.loads(text)["nodes"]["noise"] == DOCUMENT["nodes"]["noise"]


def test_saved_and_loaded(tmp_path: Path) -> None:
    workflow = Workflow.from_json(DOCUMENT)
    workflow.save(tmp_path / "w.json")
    assert Workflow.load(tmp_path / "w.json") == workflow
    assert [path.name for path in tmp_path.iterdir()] == ["w.json"]


@pytest.mark.parametrize(
    ("text", "code", "where", "word"),
    [
        ("", "not-json", "file.json", "is not JSON"),
        ("{", "not-json", "file.json", "line 1"),
        (b"\x89PNG", "not-json", "file.json", "is not JSON"),
        ("[" * 100_000, "not-json", "file.json", "recursion"),
        ('{"latentloom": 1, "nodes": {"a": {"type": "x"}, "a": {}}}', "not-json", "file.json", "'a' stands twice"),
        ('{"latentloom": 1, "nodes": {"a": {"type": "x", "values": {"q": NaN}}}}', "not-json", "file.json", "NaN"),
        ("[]", "not-a-workflow", "file.json", "JSON object"),
        ("{}", "wrong-version", "latentloom", 'Add "latentloom": 1'),
        ('{"3": {"class_type": "KSampler", "inputs": {}}}', "comfyui-workflow", "file.json", "a workflow of ComfyUI"),
        ('{"last_node_id": 9, "nodes": [], "links": []}', "comfyui-workflow", "file.json", "docs/examples.md"),
        ('{"latentloom": 2}', "wrong-version", "latentloom", "Update latentloom"),
        ('{"latentloom": true}', "wrong-version", "latentloom", "True"),
        ('{"latentloom": 1, "node": {}}', "unknown-field", "node", "correct its name"),
        ('{"latentloom": 1, "nodes": {"a": {"typ": "x", "type": "x"}}}', "unknown-field", "nodes.a.typ", "unknown"),
        ('{"latentloom": 1, "nodes": {"a": {}}}', "missing-field", "nodes.a.type", "Add the field"),
        ('{"latentloom": 1, "nodes": {"1": {"type": "x"}}}', "bad-document", "nodes.1.[key]", "begin with a letter"),
        ('{"latentloom": 1, "nodes": {"a":{"type":"","links":{"i":["b"]}}}}', "missing-field", "nodes.a.links.i.1", ""),
        ('{"latentloom": 1, "nodes": {"a": {"type": "x", "mode": "off"}}}', "bad-document", "nodes.a.mode", "'mute'"),
        ('{"latentloom": 1, "nodes": {"a": {"type": "loop", "boddy": {}}}}', "unknown-field", "nodes.a.boddy", ""),
    ],
)  # fmt: skip
def test_a_faulty_document(text: str | bytes, code: str, where: str, word: str) -> None:
    fault = fault_of(text)
    assert (fault.code, fault.where) == (code, where)
    assert word in str(fault)


@pytest.mark.parametrize(
    ("layout", "code", "where", "word"),
    [
        ('{"wires": {"a.b": [[1, "x"]]}}', "bad-document", "wires.a.b.0.1", "number"),
        ('{"wires": {"a.b": [[1]]}}', "missing-field", "wires.a.b.0.1", "two numbers"),
        ('{"wires": {"a.b": [[1, 2, 3]]}}', "bad-document", "wires.a.b.0", "a list of 3 stands where at most 2"),
        ('{"wires": {"a.b": [5]}}', "bad-document", "wires.a.b.0", "two numbers"),
        ('{"wires": [[1, 2]]}', "bad-document", "wires", "an object"),
        ('{"notes": [{"x": 0, "y": 0, "in": "part"}]}', "unknown-field", "notes.0.in", "unknown"),
        ('{"notes": [{"x": 0, "y": 0, "graph": 1}]}', "bad-document", "notes.0.graph", "text"),
    ],
)
def test_a_faulty_picture(layout: str, code: str, where: str, word: str) -> None:
    fault = fault_of(f'{{"latentloom": 1, "layout": {layout}}}')
    assert (fault.code, fault.where) == (code, f"layout.{where}")
    assert word in str(fault)


def test_migrations_run_in_order() -> None:
    steps = [
        lambda content: {"latentloom": 1, "title": content["name"]},
        lambda content: {**content, "title": content["title"] + "!"},
    ]
    assert migrate({"latentloom": 1, "name": "old"}, "w", steps) == {"latentloom": 3, "title": "old!"}
    assert migrate({"latentloom": 2, "title": "mid"}, "w", steps) == {"latentloom": 3, "title": "mid!"}
    with pytest.raises(WorkflowError):
        migrate({"latentloom": 4}, "w", steps)


@given(st.text() | st.binary())
def test_any_text_gives_a_workflow_or_faults(text: str | bytes) -> None:
    try:
        Workflow.parse(text)
    except WorkflowError as error:
        str(error).encode()


def test_deep_loops_are_a_fault_not_a_crash() -> None:
    text = '{"latentloom": 1, "nodes": ' + '{"l": {"type": "loop", "body": ' * 300 + "{}" + "}}" * 300 + "}"
    assert fault_of(text).where.startswith("nodes.l.body.l.body")


def test_homes_tell_where_every_node_stands() -> None:
    node = {"type": "add"}
    document = {
        "latentloom": 1,
        "nodes": {
            "outer": {"type": "loop", "body": {"inner": {"type": "loop", "body": {"deep": node}}}},
            "plain": node,
        },
        "subgraphs": {"part": {"nodes": {"walked": {"type": "loop", "body": {"in_part": node}}}}},
    }
    stand = {home.id: (home.graph, home.loops, list(home.beside)) for home in homes(Workflow.from_json(document))}
    assert stand == {
        "outer": ("", (), ["outer", "plain"]),
        "inner": ("", ("outer",), ["inner"]),
        "deep": ("", ("outer", "inner"), ["deep"]),
        "plain": ("", (), ["outer", "plain"]),
        "walked": ("part", (), ["walked"]),
        "in_part": ("part", ("walked",), ["in_part"]),
    }
