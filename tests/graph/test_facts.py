"""Facts: what is known of outputs before the run, how it travels, and what is refused, with the node named."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from latentloom.graph import Context, InputError, Registry, Workflow, check, node, raise_faults, socket
from latentloom.graph.checking.facts import Facts, check_facts

SPACES = {"small": "4ch", "large": "16ch"}


@socket
@dataclass(frozen=True)
class Reader:
    """Reads codes."""

    space: str


@socket
@dataclass(frozen=True)
class Code:
    """A code."""

    space: str


@dataclass(frozen=True)
class Place:
    """A context as a third party would write it."""

    model_folders: Sequence[Path] = ()
    device: str = "cpu"
    dtype: str = "float32"
    cancelled: bool = False

    def check_cancelled(self) -> None: ...
    def progress(self, done: float, total: float) -> None: ...
    def count(self, name: str, amount: int = 1) -> None: ...

    def resource(self, key: Hashable, load: Callable[[], Any]) -> Any:
        return load()

    def file_digest(self, path: Path) -> str:
        return path.name


def model_facts(name: str | None, context: Context) -> Mapping[str, Any]:
    if name is None:
        return {}
    if name not in SPACES:
        raise InputError(f"there is no model {name!r} in {[str(f) for f in context.model_folders]}.")
    return {"reader": {"space": SPACES[name]}}


def write_facts(reader: Mapping[str, Any] | None) -> Mapping[str, Any]:
    return {"code": reader} if reader else {}


def read_facts(reader: Mapping[str, Any] | None, code: Mapping[str, Any] | None) -> Mapping[str, Any]:
    if reader and code and reader["space"] != code["space"]:
        raise InputError(f"a code of {code['space']} meets a reader of {reader['space']}.")
    return {}


def broken_facts(value: float | None) -> Mapping[str, Any]:
    raise KeyError("oops")


@node(category="test", facts=model_facts)
def load(name: str, *, context: Context) -> Reader:
    """Load a model."""
    return Reader(SPACES[name])


@node(category="test", facts=write_facts)
def write(reader: Reader) -> Code:
    """Write a code."""
    return Code(reader.space)


@node(category="test", facts=read_facts)
def read(reader: Reader, code: Code) -> str:
    """Read a code."""
    return code.space


@node(category="test")
def mend(code: Code, by: float = 1.0) -> Code:
    """Mend a code."""
    return code


@node(category="test", facts=broken_facts)
def broken(value: float) -> float:
    """Its check fails."""
    return value


@node(category="test")
def upper(text: str) -> str:
    """Capital letters."""
    return text.upper()


@node(category="test")
def choose(one: Code, other: Code | None = None, third: Code | None = None) -> Code:
    """Choose a code."""
    return one


REGISTRY = Registry.of(load, write, read, mend, broken, upper, choose)


def facts_of(nodes: dict[str, Any], output: list[str], given: dict[str, Any] | None = None, **rest: Any) -> Facts:
    document = {"latentloom": 1, "nodes": nodes, "outputs": {"out": output}, **rest}
    checked = check(Workflow.from_json(document), REGISTRY.catalogue, inputs=given or {})
    return check_facts(raise_faults(checked), REGISTRY, Place([Path("models")]))


def loading(name: str) -> dict[str, Any]:
    return {"type": "load", "values": {"name": name}}


SMALL_AND_LARGE: dict[str, Any] = {
    "s": loading("small"),
    "l": loading("large"),
    "w": {"type": "write", "links": {"reader": ["s", "reader"]}},
    "m": {"type": "mend", "links": {"code": ["w", "code"]}},
    "r": {"type": "read", "links": {"reader": ["l", "reader"], "code": ["m", "code"]}},
}


def test_facts_travel_and_a_mismatch_names_the_node() -> None:
    facts = facts_of(SMALL_AND_LARGE, ["r", "value"])
    (fault,) = facts.faults
    assert (fault.where, fault.node) == ("nodes.r", "r")
    assert fault.what == "a code of 4ch meets a reader of 16ch."
    assert facts.known["m"] == {"code": {"space": "4ch"}}  # handed on by a node that says nothing


def test_a_choice_of_differing_facts_is_not_known() -> None:
    nodes = SMALL_AND_LARGE | {
        "v": {"type": "write", "links": {"reader": ["l", "reader"]}},
        "m": {"type": "choose", "links": {"one": ["w", "code"], "other": ["v", "code"]}},
    }
    facts = facts_of(nodes, ["r", "value"])
    assert facts.faults == []
    assert "m" not in facts.known


def test_what_agrees_passes() -> None:
    nodes = SMALL_AND_LARGE | {"l": loading("small")}
    assert facts_of(nodes, ["r", "value"]).faults == []


def test_an_input_of_the_workflow_is_a_literal() -> None:
    nodes = {"s": {"type": "load", "links": {"name": ["$", "model"]}}}
    inputs = {"model": {"type": "str", "default": "small"}}
    assert facts_of(nodes, ["s", "reader"], inputs=inputs).faults == []
    (fault,) = facts_of(nodes, ["s", "reader"], {"model": "huge"}, inputs=inputs).faults
    assert fault.what == "there is no model 'huge' in ['models']."


def test_text_that_a_node_makes_is_not_known() -> None:
    nodes = {
        "t": {"type": "upper", "values": {"text": "huge"}},
        "s": {"type": "load", "links": {"name": ["t", "value"]}},
    }
    assert facts_of(nodes, ["s", "reader"]).faults == []


def test_only_what_is_needed_is_asked() -> None:
    assert facts_of({"s": loading("small"), "h": loading("huge")}, ["s", "reader"]).faults == []


def test_facts_enter_and_leave_a_loop() -> None:
    loop = {
        "type": "loop",
        "each": ["i"],
        "carry": ["code"],
        "values": {"i": [1, 2]},
        "links": {"code": ["w", "code"]},
        "body": {
            "m": {"type": "mend", "links": {"code": ["loop/in", "code"]}},
            "inside": {"type": "read", "links": {"reader": ["l", "reader"], "code": ["m", "code"]}},
        },
        "next": {"code": ["m", "code"]},
        "collect": {"texts": ["inside", "value"], "codes": ["m", "code"]},
    }
    nodes = {id_: SMALL_AND_LARGE[id_] for id_ in "slw"} | {
        "loop": loop,
        "r": {"type": "read", "links": {"reader": ["l", "reader"], "code": ["loop", "codes"]}},
    }
    faults = facts_of(nodes, ["r", "value"]).faults
    assert [fault.where for fault in faults] == ["nodes.loop.body.inside", "nodes.r"]  # r is mapped over the codes


@pytest.mark.parametrize(("name", "faulty"), [("small", False), ("large", True)])
def test_facts_enter_and_leave_a_subgraph(name: str, faulty: bool) -> None:
    graph = {
        "inputs": {"model": {"type": "str", "default": "small"}},
        "nodes": {
            "in_load": {"type": "load", "links": {"name": ["$", "model"]}},
            "in_write": {"type": "write", "links": {"reader": ["in_load", "reader"]}},
        },
        "outputs": {"code": ["in_write", "code"]},
    }
    nodes = {
        "g": {"type": "coder"},
        "h": {"type": "coder", "values": {"model": name}},
        "s": loading("small"),
        "r": {"type": "read", "links": {"reader": ["s", "reader"], "code": ["h", "code"]}},
    }
    faults = facts_of(nodes, ["r", "value"], subgraphs={"coder": graph}).faults
    assert [fault.where for fault in faults] == (["nodes.r"] if faulty else [])
    nodes["h"]["values"] = {"model": "huge"}
    (fault,) = facts_of(nodes, ["r", "value"], subgraphs={"coder": graph}).faults
    assert (fault.where, fault.node) == ("subgraphs.coder.nodes.in_load", "in_load")


def test_a_check_that_fails_itself_is_named() -> None:
    (fault,) = facts_of({"b": {"type": "broken", "values": {"value": 1}}}, ["b", "value"]).faults
    assert (fault.node, fault.code) == ("b", "failed-check")
    assert "KeyError: 'oops' (test_facts.py, line" in fault.what
