"""The checker: what is accepted and how it is resolved, and every fault with its place and mend."""

from __future__ import annotations

import time
from typing import Any

import pytest
from checks import graph_of, only_fault

from latentloom.graph import (
    Catalogue,
    Checked,
    Problem,
    Workflow,
    WorkflowError,
    check,
    parse_type,
    raise_faults,
)
from latentloom.graph.checking.checked import (
    CheckedInput,
    CheckedNode,
    Constant,
    Conversion,
    FromNode,
    FromParameter,
    Skip,
)

FLOAT = parse_type("float")


def run_check(
    catalogue: Catalogue,
    nodes: dict[str, Any],
    outputs: dict[str, Any] | None = None,
    given: dict[str, Any] | None = None,
    wanted: list[str] | None = None,
    **rest: Any,
) -> Checked:
    first = next(iter(nodes))
    default = {"out": [first, "value"]}
    document = {"latentloom": 1, "nodes": nodes, "outputs": outputs if outputs is not None else default, **rest}
    return check(Workflow.from_json(document), catalogue, inputs=given, outputs=wanted)


def node_in(checked: Checked, id_: str) -> CheckedNode:
    node = graph_of(checked).nodes[id_]
    assert isinstance(node, CheckedNode)
    return node


ADD = {"type": "add", "values": {"a": 1.5}}
PAINT = {"type": "paint"}


# --- what a node gets


def test_absent_inputs_are_constants_from_the_catalogue(catalogue: Catalogue) -> None:
    node = node_in(run_check(catalogue, {"n": ADD}), "n")
    assert node.inputs == {"a": CheckedInput(Constant(1.5), FLOAT), "b": CheckedInput(Constant(1.0), FLOAT)}
    assert isinstance(node.inputs["b"].source, Constant)
    assert isinstance(node.inputs["b"].source.value, float)  # the default was the int 1


def test_a_whole_number_for_a_number_becomes_a_float(catalogue: Catalogue) -> None:
    node = node_in(run_check(catalogue, {"n": {"type": "add", "values": {"a": 2}}}), "n")
    source = node.inputs["a"].source
    assert isinstance(source, Constant)
    assert isinstance(source.value, float)


def test_nodes_stand_behind_what_they_read(catalogue: Catalogue) -> None:
    nodes = {
        "last": {"type": "add", "links": {"a": ["middle", "value"]}},
        "middle": {"type": "add", "links": {"a": ["first", "value"]}},
        "first": ADD,
    }
    assert list(graph_of(run_check(catalogue, nodes)).nodes) == ["first", "middle", "last"]


def test_conversions_are_found(catalogue: Catalogue) -> None:
    nodes = {
        "n": {"type": "add", "links": {"a": ["c", "value"]}},
        "c": {"type": "count", "values": {"text": "abc"}},
    }
    given = node_in(run_check(catalogue, nodes), "n").inputs["a"]
    assert given == CheckedInput(FromNode("c", "value"), FLOAT, Conversion("int_to_float"))


def test_conversions_reach_into_lists(catalogue: Catalogue) -> None:
    nodes = {"n": {"type": "numbers", "links": {"values": ["$", "sizes"]}}}
    checked = run_check(catalogue, nodes, {"o": ["n", "list"]}, inputs={"sizes": {"type": "list[int]", "default": [1]}})
    given = node_in(checked, "n").inputs["values"]
    assert given == CheckedInput(FromParameter("sizes"), parse_type("list[float]"), Conversion("int_to_float", 1))


def test_a_list_maps_a_node_and_its_readers(catalogue: Catalogue) -> None:
    nodes = {
        "list": {"type": "gather", "values": {"x": 1, "y": 2}},
        "n": {"type": "add", "links": {"a": ["list", "list"]}},
        "m": {"type": "add", "links": {"a": ["n", "value"]}},
        "all": {"type": "numbers", "links": {"values": ["m", "value"]}},
    }
    checked = run_check(catalogue, nodes, {"o": ["all", "list"]})
    node = node_in(checked, "n")
    assert node.mapped
    assert node.inputs["a"] == CheckedInput(FromNode("list", "list"), FLOAT, Conversion("int_to_float"), mapped=True)
    assert node.outputs == {"value": parse_type("list[float]")}
    assert node_in(checked, "m").mapped
    assert not node_in(checked, "all").mapped


def test_lists_of_lists_are_mapped_one_level(catalogue: Catalogue) -> None:
    nodes = {
        "g": {"type": "grid", "values": {"values": [1]}},
        "rows": {"type": "numbers", "links": {"values": ["g", "list"]}},
        "n": {"type": "add", "links": {"a": ["g", "list"]}},
    }
    checked = run_check(catalogue, nodes, {"o": ["rows", "list"]})
    fault = only_fault(checked)
    assert (fault.code, fault.node, fault.input) == ("type-mismatch", "n", "a")
    assert "One level" in fault.what


def test_type_variables_take_the_type_that_arrives(catalogue: Catalogue) -> None:
    nodes = {
        "s": {"type": "switch", "values": {"on": True}, "links": {"yes": ["p", "picture"], "no": ["q", "picture"]}},
        "p": PAINT,
        "q": PAINT,
    }
    node = node_in(run_check(catalogue, nodes, {"o": ["s", "value"]}), "s")
    assert node.outputs == {"value": parse_type("Picture")}


@pytest.mark.parametrize("swapped", [False, True])
def test_whole_numbers_and_numbers_meet_as_numbers(catalogue: Catalogue, swapped: bool) -> None:
    yes, no = (["c", "value"], ["n", "value"])[:: -1 if swapped else 1]
    nodes = {
        "s": {"type": "switch", "values": {"on": True}, "links": {"yes": yes, "no": no}},
        "c": {"type": "count", "values": {"text": ""}},
        "n": ADD,
    }
    node = node_in(run_check(catalogue, nodes), "s")
    assert node.outputs == {"value": FLOAT}
    assert node.inputs["no" if swapped else "yes"].conversion == Conversion("int_to_float")


def test_a_variable_met_by_a_list_and_a_single_value_is_mapped(catalogue: Catalogue) -> None:
    nodes = {
        "s": {"type": "switch", "values": {"on": True}, "links": {"yes": ["g", "list"], "no": ["n", "value"]}},
        "g": {"type": "numbers", "values": {"values": [1, 2]}},
        "n": ADD,
    }
    node = node_in(run_check(catalogue, nodes), "s")
    assert [name for name, given in node.inputs.items() if given.mapped] == ["yes"]
    assert node.outputs == {"value": parse_type("list[float]")}


def test_literals_say_a_variable_where_no_link_does(catalogue: Catalogue) -> None:
    nodes = {"g": {"type": "gather", "values": {"x": 1, "y": 2.5}}}
    node = node_in(run_check(catalogue, nodes, {"o": ["g", "list"]}), "g")
    assert node.outputs == {"list": parse_type("list[float]")}
    assert node.inputs["x"].source == Constant(1.0)


def test_null_for_an_optional_input(catalogue: Catalogue) -> None:
    nodes = {"f": {"type": "frame", "values": {"mat": None}, "links": {"picture": ["p", "picture"]}}, "p": PAINT}
    node = node_in(run_check(catalogue, nodes, {"o": ["f", "picture"]}), "f")
    assert node.inputs["mat"].source == Constant(None)


# --- faults of one node

ONE_NODE_FAULTS = [
    # node, code, place behind "nodes.n", a word of the message or mend
    ({"type": "ad"}, "unknown-node-type", ".type", "'add'"),
    ({"type": "add", "version": 2, "values": {"a": 1}}, "newer-version", ".version", "version 2"),
    ({"type": "add", "values": {"a": 1, "bb": 1}}, "unknown-input", ".values.bb", "Did you mean 'b'"),
    ({"type": "add"}, "missing-input", "", "'a' (float)"),
    ({"type": "shrink"}, "missing-input", "", "Link a node that gives a Picture"),
    ({"type": "add", "values": {"a": "1"}}, "wrong-type", ".values.a", "Write 1, without quotes"),
    ({"type": "add", "values": {"a": '"1"'}}, "wrong-type", ".values.a", "Write 1, without quotes"),
    ({"type": "add", "values": {"a": "NaN"}}, "not-finite", ".values.a", "NaN is not a finite number"),
    ({"type": "paint", "values": {"size": "3.5"}}, "wrong-type", ".values.size", "3.5 is a number, but a whole number"),
    ({"type": "paint", "values": {"size": 3.5}}, "wrong-type", ".values.size", "Write 3 or 4"),
    ({"type": "add", "values": {"a": True}}, "wrong-type", ".values.a", "true or false"),
    ({"type": "add", "values": {"a": None}}, "wrong-type", ".values.a", "null"),
    ({"type": "add", "values": {"a": [1]}}, "wrong-type", ".values.a", "a list"),
    ({"type": "add", "values": {"a": {}}}, "wrong-type", ".values.a", "an object"),
    ({"type": "add", "values": {"a": float("nan")}}, "not-finite", ".values.a", "nan"),
    ({"type": "add", "values": {"a": 10**400}}, "not-finite", ".values.a", "finite"),
    ({"type": "count", "values": {"text": 3}}, "wrong-type", ".values.text", 'quotes: "3"'),
    ({"type": "count", "values": {"text": "\ud800"}}, "wrong-type", ".values.text", "surrogate"),
    ({"type": "paint", "values": {"size": True}}, "wrong-type", ".values.size", "a whole number (int)"),
    ({"type": "paint", "values": {"size": 8.0}}, "wrong-type", ".values.size", "Write 8."),
    ({"type": "paint", "values": {"size": 65}}, "out-of-range", ".values.size", "from 1 to 64 px"),
    ({"type": "paint", "values": {"size": 0}}, "out-of-range", ".values.size", "from 1 to 64 px"),
    ({"type": "paint", "values": {"style": "plane"}}, "not-a-choice", ".values.style", "Did you mean 'plain'"),
    ({"type": "shrink", "values": {"picture": "p.png"}}, "not-a-literal", ".values.picture", "gives a Picture"),
    ({"type": "numbers", "values": {"values": 1}}, "wrong-type", ".values.values", "[1]"),
    ({"type": "numbers", "values": {"values": [1, "2"]}}, "wrong-type", ".values.values", "'2'"),
    ({"type": "numbers", "values": {"values": "1,2"}}, "wrong-type", ".values.values", "Write it as a list: [1, 2]"),
    ({"type": "numbers", "values": {"values": '[1,"a"]'}}, "wrong-type", ".values.values", "'a' is text, but a number"),
    ({"type": "numbers", "values": {"values": "many"}}, "wrong-type", ".values.values", "such as [0.5, 1]"),
    ({"type": "gather", "values": {"a b": 1}}, "bad-name", ".values.a b", "letters"),
    ({"type": "gather"}, "unknown-type", "", "'list'"),
    ({"type": "add", "links": {"a": ["m", "value"]}}, "unknown-node", ".links.a", "no node 'm'"),
    ({"type": "add", "links": {"a": ["$", "m"]}}, "unknown-parameter", ".links.a", "no input 'm'"),
    ({"type": "add", "links": {"a": ["m/in", "x"]}}, "link-into-loop", ".links.a", "'m'"),
    ({"type": "add", "links": {"a": ["n", "value"]}}, "cycle", "", "'n' -> 'n'"),
    ({"type": "enlarge", "mode": "bypass"}, "bypass-without-input", ".mode", "type Sketch"),
]  # fmt: skip


@pytest.mark.parametrize(("node", "code", "place", "word"), ONE_NODE_FAULTS)
def test_a_faulty_node(catalogue: Catalogue, node: dict[str, Any], code: str, place: str, word: str) -> None:
    fault = only_fault(run_check(catalogue, {"n": node, "ok": ADD}, {"o": ["ok", "value"]}))
    assert (fault.code, fault.where, fault.node) == (code, f"nodes.n{place}", "n")
    assert word in str(fault)


def test_a_value_and_a_link(catalogue: Catalogue) -> None:
    nodes = {"n": {"type": "add", "values": {"a": 1}, "links": {"a": ["m", "value"]}}, "m": ADD}
    assert only_fault(run_check(catalogue, nodes)).code == "value-and-link"


def test_a_link_to_an_absent_output(catalogue: Catalogue) -> None:
    nodes = {"n": {"type": "add", "links": {"a": ["m", "valeu"]}}, "m": ADD}
    fault = only_fault(run_check(catalogue, nodes))
    assert (fault.code, fault.where) == ("unknown-output", "nodes.n.links.a")
    assert "Did you mean 'value'" in fault.mend


def test_a_type_mismatch_names_both_types_and_a_node_that_helps(catalogue: Catalogue) -> None:
    nodes = {"e": {"type": "enlarge", "links": {"sketch": ["p", "picture"]}}, "p": PAINT}
    fault = only_fault(run_check(catalogue, nodes, {"o": ["e", "sketch"]}))
    assert (fault.code, fault.where, fault.input) == ("type-mismatch", "nodes.e.links.sketch", "sketch")
    assert "Picture arrives where Sketch" in fault.what
    assert "'shrink'" in fault.mend


def test_a_single_value_for_a_list_of_anything(catalogue: Catalogue) -> None:
    nodes = {"n": {"type": "pick", "links": {"items": ["m", "value"]}}, "m": ADD}
    fault = only_fault(run_check(catalogue, nodes))
    assert (fault.code, fault.where) == ("type-mismatch", "nodes.n.links.items")
    assert "list" in fault.mend


def test_a_node_waits_for_all_that_it_reads(catalogue: Catalogue) -> None:
    nodes = {
        "d": {"type": "add", "links": {"a": ["a", "value"], "b": ["c", "value"]}},
        "c": {"type": "add", "links": {"a": ["b", "value"]}},
        "b": {"type": "add", "links": {"a": ["a", "value"]}},
        "a": ADD,
    }
    assert list(graph_of(run_check(catalogue, nodes, {"o": ["d", "value"]})).nodes) == ["a", "b", "c", "d"]


def test_a_muted_node_waits_for_nothing(catalogue: Catalogue) -> None:
    nodes = {
        "n": {"type": "add", "links": {"a": ["m", "value"]}},
        "m": {"type": "add", "links": {"a": ["n", "value"]}, "mode": "mute"},
        "k": ADD,
    }
    assert run_check(catalogue, nodes, {"o": ["k", "value"]}).faults == ()


def test_a_cycle_names_its_nodes(catalogue: Catalogue) -> None:
    nodes = {f"n{i}": {"type": "add", "links": {"a": [f"n{(i + 1) % 3}", "value"]}} for i in range(3)}
    nodes["behind"] = {"type": "add", "links": {"a": ["n0", "value"]}}
    fault = only_fault(run_check(catalogue, nodes))
    assert fault.code == "cycle"
    assert all(f"'n{i}'" in fault.what for i in range(3))
    assert "behind" not in fault.what


def test_all_faults_come_at_once(catalogue: Catalogue) -> None:
    nodes = {
        "n": {"type": "add", "values": {"a": "x"}},
        "m": {"type": "nothing_like_it"},
        "p": {"type": "paint", "values": {"size": 0, "gamma": 9}},
    }
    codes = [fault.code for fault in run_check(catalogue, nodes).faults]
    assert sorted(codes) == ["out-of-range", "out-of-range", "unknown-node-type", "wrong-type"]


def test_what_reads_a_faulty_node_is_no_second_fault(catalogue: Catalogue) -> None:
    nodes = {"n": {"type": "add", "links": {"a": ["m", "anything"]}}, "m": {"type": "nothing_like_it"}}
    assert only_fault(run_check(catalogue, nodes)).node == "m"


def test_what_a_faulty_node_hides_is_no_second_fault(catalogue: Catalogue) -> None:
    nodes = {"n": {"type": "pick", "links": {"items": ["m", "anything"]}}, "m": {"type": "nothing_like_it"}}
    assert only_fault(run_check(catalogue, nodes)).node == "m"


def test_a_plugin_that_could_not_be_loaded_is_named(catalogue: Catalogue) -> None:
    broken = catalogue.model_copy(update={"problems": (Problem(plugin="my_plugin", message="no torch"),)})
    fault = only_fault(run_check(broken, {"n": {"type": "nothing_like_it"}}))
    assert "my_plugin" in fault.mend


def test_an_optional_input_of_any_type_may_be_absent(catalogue: Catalogue) -> None:
    node = node_in(run_check(catalogue, {"n": {"type": "fallback", "values": {"first": 2}}}), "n")
    assert node.inputs["second"].source == Constant(None)
    assert node.outputs == {"value": parse_type("int")}


def test_raise_faults(catalogue: Catalogue) -> None:
    with pytest.raises(WorkflowError, match=r"nodes\.n: the input 'a'"):
        raise_faults(run_check(catalogue, {"n": {"type": "add"}}))


# --- the workflow's inputs and outputs

SIZE = {"size": {"type": "int", "default": 8}}
READS_SIZE = {"n": {"type": "paint", "links": {"size": ["$", "size"]}}}
PICTURE = {"o": ["n", "picture"]}


def test_inputs_take_what_is_given_else_the_default(catalogue: Catalogue) -> None:
    assert graph_of(run_check(catalogue, READS_SIZE, PICTURE, inputs=SIZE)).parameters["size"].value == 8
    assert graph_of(run_check(catalogue, READS_SIZE, PICTURE, {"size": 9}, inputs=SIZE)).parameters["size"].value == 9


PARAMETER_FAULTS = [
    # declaration, given, code, place, a word
    ({"type": "int"}, {}, "missing-parameter", "inputs.size", "must be given"),
    ({"type": "int", "default": 8}, {"sise": 3}, "unknown-parameter", "inputs.sise", "Did you mean 'size'"),
    ({"type": "int", "default": "8"}, None, "wrong-type", "inputs.size.default", "whole number"),
    ({"type": "int", "default": 8}, {"size": "8"}, "wrong-type", "inputs.size", "whole number"),
    ({"type": "int", "default": 8, "maximum": 10}, {"size": 11}, "out-of-range", "inputs.size", "at most 10"),
    ({"type": "int", "default": 80}, None, "out-of-range", "inputs.size", "'size' of the node 'n'"),
    ({"type": "int", "default": 8}, {"size": 80}, "out-of-range", "inputs.size", "from 1 to 64 px"),
    ({"type": "int", "minimum": 5, "maximum": 2}, None, "empty-range", "inputs.size", "5 is above its maximum 2"),
    ({"type": "int", "maximum": 2**53, "default": 2**60}, None, "out-of-range", "inputs.size.default", str(2**53)),
    ({"type": "intt", "default": 8}, None, "unknown-type", "inputs.size.type", "Did you mean 'int'"),
    ({"type": "flot", "default": 8}, None, "unknown-type", "inputs.size.type", "Did you mean 'float'?"),
    ({"type": "list[" * 9000, "default": 8}, None, "unknown-type", "inputs.size.type", "not a type"),
    ({"type": "~T", "default": 8}, None, "unknown-type", "inputs.size.type", "not a type"),
]  # fmt: skip


@pytest.mark.parametrize(("declared", "given", "code", "place", "word"), PARAMETER_FAULTS)
def test_a_faulty_input(
    catalogue: Catalogue, declared: dict[str, Any], given: dict[str, Any] | None, code: str, place: str, word: str
) -> None:
    fault = only_fault(run_check(catalogue, READS_SIZE, PICTURE, given, inputs={"size": declared}))
    assert (fault.code, fault.where) == (code, place)
    assert word in str(fault)


def test_a_document_alone_may_leave_an_input_open(catalogue: Catalogue) -> None:
    checked = run_check(catalogue, READS_SIZE, PICTURE, None, inputs={"size": {"type": "int"}})
    assert graph_of(checked).parameters["size"].required


def test_outputs_asked_for(catalogue: Catalogue) -> None:
    nodes = {"n": ADD, "p": PAINT}
    outputs = {"x": ["n", "value"], "y": ["p", "picture"]}
    graph = graph_of(run_check(catalogue, nodes, outputs, wanted=["y", "n.value"]))
    assert {name: o.source for name, o in graph.outputs.items()} == {
        "y": FromNode("p", "picture"),
        "n.value": FromNode("n", "value"),
    }


@pytest.mark.parametrize(
    ("wanted", "word"),
    [("z", "Ask for"), ("n", "n.value"), ("n.valeu", "'value'"), ("m.value", "n.value"), ("n/n.value", "")],
)
def test_an_unknown_output_asked_for(catalogue: Catalogue, wanted: str, word: str) -> None:
    fault = only_fault(run_check(catalogue, {"n": ADD}, wanted=[wanted]))
    assert fault.code == "unknown-output"
    assert word in fault.mend


def test_an_output_that_leads_nowhere(catalogue: Catalogue) -> None:
    fault = only_fault(run_check(catalogue, {"n": ADD}, {"o": ["m", "value"]}))
    assert (fault.code, fault.where) == ("unknown-node", "outputs.o")


def test_a_workflow_without_outputs_would_do_nothing(catalogue: Catalogue) -> None:
    assert only_fault(run_check(catalogue, {"n": ADD}, {})).code == "no-outputs"
    assert graph_of(run_check(catalogue, {"n": ADD}, {}, wanted=["n.value"])).outputs


def test_ids_are_unique_in_the_document(catalogue: Catalogue) -> None:
    loop = {"type": "loop", "each": ["x"], "values": {"x": [1]}, "body": {"n": ADD}}
    fault = only_fault(run_check(catalogue, {"n": ADD, "l": loop}))
    assert (fault.code, fault.where) == ("duplicate-id", "nodes.l.body.n")
    fault = only_fault(run_check(catalogue, {"n": ADD}, subgraphs={"g": {"nodes": {"n": ADD}}}))
    assert fault.code == "duplicate-id"


# --- bypass and mute


def test_a_bypassed_node_is_read_through(catalogue: Catalogue) -> None:
    nodes = {
        "f": {"type": "frame", "links": {"picture": ["g", "picture"]}},
        "g": {"type": "frame", "links": {"picture": ["p", "picture"]}, "mode": "bypass"},
        "p": PAINT,
    }
    checked = run_check(catalogue, nodes, {"o": ["f", "picture"]})
    assert list(graph_of(checked).nodes) == ["p", "f"]
    assert node_in(checked, "f").inputs["picture"].source == FromNode("p", "picture")


def test_a_bypassed_node_needs_only_what_it_hands_on(catalogue: Catalogue) -> None:
    nodes = {"n": {"type": "add", "links": {"b": ["m", "value"]}, "mode": "bypass"}, "m": ADD}
    assert graph_of(run_check(catalogue, nodes)).outputs["out"].source == FromNode("m", "value")


def test_limits_hold_for_a_literal_that_a_bypassed_node_hands_on(catalogue: Catalogue) -> None:
    nodes = {
        "p": {"type": "paint", "links": {"gamma": ["n", "value"]}},
        "n": {"type": "add", "values": {"a": 9}, "mode": "bypass"},
    }
    fault = only_fault(run_check(catalogue, nodes, {"o": ["p", "picture"]}))
    assert (fault.code, fault.where) == ("out-of-range", "nodes.p.links.gamma")


def test_an_output_that_nothing_stands_for_cannot_be_read(catalogue: Catalogue) -> None:
    nodes = {
        "s": {"type": "enlarge", "values": {"strength": 2}, "mode": "bypass"},
        "e": {"type": "enlarge", "links": {"sketch": ["s", "sketch"]}},
    }
    codes = {(fault.code, fault.node) for fault in run_check(catalogue, nodes, {"o": ["e", "sketch"]}).faults}
    assert codes == {("bypass-without-input", "s"), ("bypass-without-input", "e")}


def test_muted_nodes_and_dependants_are_skipped(catalogue: Catalogue) -> None:
    nodes = {
        "m": {"type": "not_even_known", "mode": "mute"},
        "n": {"type": "add", "links": {"a": ["m", "value"]}},
        "k": ADD,
    }
    checked = run_check(catalogue, nodes, {"x": ["n", "value"], "y": ["k", "value"]})
    assert list(graph_of(checked).nodes) == ["k"]
    assert list(graph_of(checked).outputs) == ["y"]
    assert checked.skipped == (
        Skip("m", "the node is muted"),
        Skip("n", "depends on the muted node 'm'"),
        Skip("outputs.x", "depends on the muted node 'm'"),
    )


def test_nothing_remains_to_run(catalogue: Catalogue) -> None:
    fault = only_fault(run_check(catalogue, {"n": {**ADD, "mode": "mute"}}))
    assert (fault.code, fault.where) == ("nothing-to-run", "outputs")
    assert "'n'" in fault.what


# --- a large graph


def test_a_chain_of_10_000_nodes(catalogue: Catalogue) -> None:
    n = 10_000
    nodes = {f"n{i}": {"type": "add", "links": {"a": [f"n{i - 1}", "value"]}} for i in range(1, n)} | {"n0": ADD}
    start = time.process_time()
    graph = graph_of(run_check(catalogue, nodes, {"o": [f"n{n - 1}", "value"]}))
    assert list(graph.nodes) == [f"n{i}" for i in range(n)]
    assert time.process_time() - start < 5  # about 0.3 s; a quadratic checker takes minutes


def test_a_fan_of_10_000_nodes(catalogue: Catalogue) -> None:
    n = 10_000
    nodes: dict[str, Any] = {"first": ADD}
    nodes |= {f"n{i}": {"type": "add", "links": {"a": ["first", "value"]}} for i in range(n)}
    nodes["all"] = {"type": "gather", "links": {f"x{i}": [f"n{i}", "value"] for i in range(n)}}
    start = time.process_time()
    assert len(graph_of(run_check(catalogue, nodes, {"o": ["all", "list"]})).nodes) == n + 2
    assert time.process_time() - start < 5


def test_10_000_faults_stay_quick(catalogue: Catalogue) -> None:
    nodes = {f"n{i}": {"type": "ad", "links": {"a": [f"m{i}", "value"]}} for i in range(10_000)}
    start = time.process_time()
    assert len(run_check(catalogue, nodes, {"o": ["n1", "value"]}).faults) == 20_000
    assert time.process_time() - start < 10


def test_a_cycle_of_10_000_nodes(catalogue: Catalogue) -> None:
    nodes = {f"n{i}": {"type": "add", "links": {"a": [f"n{(i + 1) % 10_000}", "value"]}} for i in range(10_000)}
    fault = only_fault(run_check(catalogue, nodes))
    assert fault.code == "cycle"
    assert len(fault.what) < 300
