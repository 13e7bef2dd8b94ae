"""The checker on loops and subgraphs: scopes, what is carried and collected, and their faults."""

from __future__ import annotations

from typing import Any

import pytest
from checks import graph_of, only_fault

from latentloom.graph import Catalogue, Checked, Workflow, check, parse_type
from latentloom.graph.checking.checked import (
    CheckedInput,
    CheckedLoop,
    CheckedNode,
    Constant,
    Conversion,
    FromLoop,
    FromNode,
    FromParameter,
    Skip,
)

INT, FLOAT = parse_type("int"), parse_type("float")
ADD = {"type": "add", "values": {"a": 1.5}}
OK = {"nodes": {"a": {"type": "count", "values": {"text": "a"}}}, "outputs": {"x": ["a", "value"]}}


def run_check(
    catalogue: Catalogue, nodes: dict[str, Any], output: list[str], wanted: list[str] | None = None, **rest: Any
) -> Checked:
    document = {"latentloom": 1, "nodes": nodes, "outputs": {"out": output}, **rest}
    return check(Workflow.from_json(document), catalogue, inputs={}, outputs=wanted)


def loop_of(checked: Checked, id_: str = "l") -> CheckedLoop:
    loop = graph_of(checked).nodes[id_]
    assert isinstance(loop, CheckedLoop)
    return loop


def sum_loop(**changes: Any) -> dict[str, Any]:
    """Adds up a list, collecting the sums on the way."""
    return {
        "type": "loop",
        "each": ["x"],
        "carry": ["sum"],
        "values": {"x": [1.5, 2], "sum": 0},
        "body": {"step": {"type": "add", "links": {"a": ["l/in", "sum"], "b": ["l/in", "x"]}}},
        "next": {"sum": ["step", "value"]},
        "collect": {"sums": ["step", "value"]},
    } | changes


def test_a_loop_is_resolved(catalogue: Catalogue) -> None:
    loop = loop_of(run_check(catalogue, {"l": sum_loop()}, ["l", "sum"]))
    assert loop.inputs == {
        "x": CheckedInput(Constant([1.5, 2.0]), parse_type("list[float]")),
        "sum": CheckedInput(Constant(0.0), FLOAT),  # the body makes it a number, so 0 means 0.0
    }
    step = loop.body["step"]
    assert isinstance(step, CheckedNode)
    assert step.inputs == {
        "a": CheckedInput(FromLoop("l", "sum"), FLOAT),
        "b": CheckedInput(FromLoop("l", "x"), FLOAT),
    }
    assert loop.next == {"sum": CheckedInput(FromNode("step", "value"), FLOAT)}
    assert loop.outputs == {"sum": FLOAT, "sums": parse_type("list[float]")}
    assert loop.outside == ()


def test_the_index_is_a_whole_number(catalogue: Catalogue) -> None:
    body = {"step": {"type": "add", "links": {"a": ["l/in", "index"]}}}
    loop = loop_of(run_check(catalogue, {"l": sum_loop(body=body)}, ["l", "sum"]))
    step = loop.body["step"]
    assert isinstance(step, CheckedNode)
    assert step.inputs["a"] == CheckedInput(FromLoop("l", "index"), FLOAT, Conversion("int_to_float"))


def test_a_body_reads_what_stands_around_and_the_loop_waits_for_it(catalogue: Catalogue) -> None:
    inner = sum_loop(
        values={"x": [1.0]},
        links={"sum": ["l/in", "sum"]},
        body={"deep": {"type": "add", "links": {"a": ["far", "value"], "b": ["$", "p"]}}},
        next={"sum": ["deep", "value"]},
        collect={"both": ["l/in", "x"]},
    )
    nodes = {
        "l": sum_loop(body={"inner": inner}, next={"sum": ["inner", "sum"]}, collect={}),
        "far": {"type": "add", "links": {"a": ["farther", "value"]}},
        "farther": ADD,
    }
    checked = run_check(catalogue, nodes, ["l", "sum"], inputs={"p": {"type": "float", "default": 1}})
    assert list(graph_of(checked).nodes) == ["farther", "far", "l"]
    outer = loop_of(checked)
    inside = outer.body["inner"]
    assert isinstance(inside, CheckedLoop)
    assert set(inside.outside) == {FromNode("far", "value"), FromParameter("p"), FromLoop("l", "x")}
    assert set(outer.outside) == {FromNode("far", "value"), FromParameter("p")}


def test_what_is_carried_on_or_collected_may_stand_around(catalogue: Catalogue) -> None:
    later = {"late": ADD, "p": {"type": "paint"}}
    loop = sum_loop(next={"sum": ["late", "value"]}, collect={"pictures": ["p", "picture"]})
    checked = run_check(catalogue, {"l": loop} | later, ["l", "pictures"])
    assert list(graph_of(checked).nodes) == ["late", "p", "l"]
    assert set(loop_of(checked).outside) == {FromNode("late", "value"), FromNode("p", "picture")}


def test_a_body_reads_a_literal_through_a_bypassed_node(catalogue: Catalogue) -> None:
    body = {"step": {"type": "add", "links": {"a": ["passed", "value"]}}}
    nodes = {"passed": ADD | {"mode": "bypass"}, "l": sum_loop(body=body)}
    loop = loop_of(run_check(catalogue, nodes, ["l", "sum"]))
    assert loop.body["step"].inputs["a"].source == Constant(1.5)
    assert loop.outside == ()


def test_a_muted_loop_waits_for_nothing(catalogue: Catalogue) -> None:
    body = {"step": {"type": "add", "links": {"a": ["n", "value"]}}}
    nodes = {"l": sum_loop(body=body, mode="mute"), "n": {"type": "add", "links": {"a": ["l", "sum"]}}, "k": ADD}
    assert run_check(catalogue, nodes, ["k", "value"]).faults == ()


def test_a_cycle_through_a_loop_body(catalogue: Catalogue) -> None:
    body = {"step": {"type": "add", "links": {"a": ["after", "value"]}}}
    nodes = {"l": sum_loop(body=body), "after": {"type": "add", "links": {"a": ["l", "sum"]}}}
    fault = only_fault(run_check(catalogue, nodes, ["after", "value"]))
    assert fault.code == "cycle"
    assert "'l'" in fault.what
    assert "'after'" in fault.what


LOOP_FAULTS: list[tuple[dict[str, Any], str, str, str]] = [
    ({"each": [], "values": {"sum": 0}, "body": {"step": ADD}}, "loop-without-each", "", "walks no list"),
    ({"values": {"sum": 0.5}}, "missing-input", "", "list of 'each' 'x'"),
    ({"values": {"x": [1.5]}}, "missing-input", "", "first value of 'carry' 'sum'"),
    ({"values": {"x": 3, "sum": 0}}, "wrong-type", ".values.x", "a list of equal things"),
    ({"values": {"x": [], "sum": 0}, "collect": {"xs": ["l/in", "x"]}, "body": {"step": ADD}}, "unknown-type",
     ".values.x", "link an input of the workflow"),
    ({"values": {"x": [1, "a"], "sum": 0}}, "wrong-type", ".values.x", "a list of equal things"),
    ({"values": {"x": [1.5], "sum": None}}, "wrong-type", ".values.sum", "None"),
    ({"values": {"x": [1.5], "sum": 0, "y": 1}}, "unknown-input", ".values.y", "'each' or 'carry'"),
    ({"values": {"x": [1.5], "sum": "a"}, "body": {"step": ADD}}, "carry-type", ".next.sum", "str but hands on float"),
    ({"links": {"sum": ["ok", "value"]}}, "value-and-link", ".links.sum", "Remove one"),
    ({"next": {}}, "missing-next", ".next.sum", "'sum'"),
    ({"next": {"sum": ["step", "value"], "sun": ["step", "value"]}}, "unknown-carry", ".next.sun", "mean 'sum'"),
    ({"next": {"sum": ["l", "sum"]}}, "link-to-own-loop", ".next.sum", '["l/in", "sum"]'),
    ({"next": {"sum": ["stop", "value"]}}, "unknown-node", ".next.sum", "Did you mean 'step'"),
    ({"collect": {"sum": ["step", "value"]}}, "name-used-twice", ".collect.sum", "'carry'"),
    ({"collect": {"a.b": ["step", "value"]}}, "bad-name", ".collect.a.b", "letters"),
    ({"collect": {"index": ["step", "value"]}}, "name-used-twice", ".collect.index", "iteration"),
    ({"collect": {"s": ["step", "valu"]}}, "unknown-output", ".collect.s", "Did you mean 'value'"),
    ({"body": {"step": ADD | {"links": {"b": ["l/in", "y"]}}}}, "unknown-loop-value", ".body.step.links.b", "'y'"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "code", "place", "word"), LOOP_FAULTS)
def test_a_faulty_loop(catalogue: Catalogue, changes: dict[str, Any], code: str, place: str, word: str) -> None:
    nodes = {"l": sum_loop(**changes), "ok": ADD}
    fault = only_fault(run_check(catalogue, nodes, ["ok", "value"]))
    assert (fault.code, fault.where) == (code, f"nodes.l{place}")
    assert word in str(fault)


def test_each_needs_a_list(catalogue: Catalogue) -> None:
    nodes = {"l": sum_loop(values={"sum": 0.5}, links={"x": ["n", "value"]}), "n": ADD}
    fault = only_fault(run_check(catalogue, nodes, ["l", "sum"]))
    assert (fault.code, fault.where) == ("type-mismatch", "nodes.l.links.x")
    assert "float arrives" in fault.what


def test_a_link_into_a_body_says_how_to_collect(catalogue: Catalogue) -> None:
    nodes = {"l": sum_loop(), "n": {"type": "add", "links": {"a": ["step", "value"]}}}
    fault = only_fault(run_check(catalogue, nodes, ["n", "value"]))
    assert (fault.code, fault.where) == ("link-into-loop", "nodes.n.links.a")
    assert '"value": ["step", "value"]' in fault.mend
    assert "collect" in fault.mend


def test_an_empty_list_is_a_list_of_what_reads_it(catalogue: Catalogue) -> None:
    loop = loop_of(run_check(catalogue, {"l": sum_loop(values={"x": [], "sum": 0})}, ["l", "sum"]))
    assert loop.inputs["x"] == CheckedInput(Constant([]), parse_type("list[float]"))
    unread = sum_loop(values={"x": [], "sum": 0}, body={"step": ADD})
    assert loop_of(run_check(catalogue, {"l": unread}, ["l", "sum"])).inputs["x"].type.is_list


@pytest.mark.parametrize(
    ("name", "mend"),
    [
        ("sum", 'Read the loop\'s result: ["l", "sum"]'),
        ("x", 'Read the list that the loop walks: ["some", "value"]'),
        ("y", 'add "y_list": ["l/in", "y"] to "collect" of the loop \'l\' and link to ["l", "y_list"]'),
        ("index", 'add "index_list": ["l/in", "index"]'),
        ("z", "The loop gives 'sum', 'sums'"),
    ],
)
def test_a_link_to_a_value_inside_says_what_can_be_read(catalogue: Catalogue, name: str, mend: str) -> None:
    loop = sum_loop(each=["x", "y"], values={"y": [1, 2], "sum": 0}, links={"x": ["some", "value"]})
    some = {"type": "double", "values": {"values": [1, 2]}}
    nodes = {"l": loop, "some": some, "n": {"type": "add", "links": {"a": ["l/in", name]}}}
    faults = run_check(catalogue, nodes, ["n", "value"]).faults
    fault = next(fault for fault in faults if fault.code == "link-into-loop")
    assert mend in fault.mend


def test_sibling_bodies_do_not_see_each_other(catalogue: Catalogue) -> None:
    other = sum_loop(body={"far": {"type": "add", "links": {"a": ["step", "value"]}}}, next={"sum": ["far", "value"]})
    fault = only_fault(run_check(catalogue, {"l": sum_loop(), "k": other | {"collect": {}}}, ["k", "sum"]))
    assert fault.code == "link-into-loop"


def test_an_output_cannot_be_inside_a_loop(catalogue: Catalogue) -> None:
    assert only_fault(run_check(catalogue, {"l": sum_loop()}, ["step", "value"])).where == "outputs.out"


def test_mute_inside_a_loop(catalogue: Catalogue) -> None:
    body = sum_loop()["body"] | {"extra": {**ADD, "mode": "mute"}}
    nodes = {
        "l": sum_loop(body=body, collect={"e": ["extra", "value"]}),
        "n": {"type": "gather", "links": {"x": ["l", "e"]}},
    }
    checked = run_check(catalogue, nodes, ["l", "sum"])
    assert loop_of(checked).outputs == {"sum": FLOAT}
    assert Skip("n", "depends on the muted node 'extra'") in checked.skipped
    body = {"step": {**sum_loop()["body"]["step"], "mode": "mute"}}
    checked = run_check(catalogue, {"l": sum_loop(body=body), "k": ADD}, ["k", "value"])
    assert list(graph_of(checked).nodes) == ["k"]


def test_asking_for_an_output_inside_loops(catalogue: Catalogue) -> None:
    inner = sum_loop(body={"deep": ADD}, next={"sum": ["deep", "value"]}, collect={})
    nodes = {"l": sum_loop(body={"inner": inner}, next={"sum": ["inner", "sum"]}, collect={})}
    checked = run_check(catalogue, nodes, ["l", "sum"], ["deep.value"])
    output = graph_of(checked).outputs["deep.value"]
    assert output.type == parse_type("list[list[float]]")
    assert isinstance(output.source, FromNode)
    gathered = loop_of(checked).collect[output.source.output]
    assert gathered.type == parse_type("list[float]")
    inside = loop_of(checked).body["inner"]
    assert isinstance(inside, CheckedLoop)
    assert isinstance(gathered.source, FromNode)
    assert inside.collect[gathered.source.output].source == FromNode("deep", "value")


# --- subgraphs

TWICE = {
    "inputs": {"x": {"type": "float"}, "y": {"type": "float", "default": 2, "maximum": 5}},
    "nodes": {"plus": {"type": "add", "links": {"a": ["$", "x"], "b": ["$", "y"]}}},
    "outputs": {"sum": ["plus", "value"]},
}


def use(**changes: Any) -> dict[str, Any]:
    return {"type": "twice", "values": {"x": 1}} | changes


def test_a_subgraph_is_a_node(catalogue: Catalogue) -> None:
    nodes = {"s": use(), "t": use(values={}, links={"x": ["s", "sum"]})}
    graph = graph_of(run_check(catalogue, nodes, ["t", "sum"], subgraphs={"twice": TWICE}))
    instance = graph.nodes["t"]
    assert isinstance(instance, CheckedNode)
    assert instance.kind == "subgraph"
    assert instance.inputs == {
        "x": CheckedInput(FromNode("s", "sum"), FLOAT),
        "y": CheckedInput(Constant(2.0), FLOAT),
    }
    assert graph.subgraphs["twice"].outputs == {"sum": CheckedInput(FromNode("plus", "value"), FLOAT)}


@pytest.mark.parametrize(
    ("node", "code", "place"),
    [
        (use(type="twise"), "unknown-node-type", "nodes.s.type"),
        (use(values={}), "missing-input", "nodes.s"),
        (use(values={"x": 1, "z": 1}), "unknown-input", "nodes.s.values.z"),
        (use(values={"x": "1"}), "wrong-type", "nodes.s.values.x"),
        (use(values={"x": 1, "y": 6}), "out-of-range", "nodes.s.values.y"),
        (use(links={"y": ["plus", "value"]}), "link-across-graphs", "nodes.s.links.y"),
    ],
)
def test_a_faulty_use(catalogue: Catalogue, node: dict[str, Any], code: str, place: str) -> None:
    checked = run_check(catalogue, {"s": node, "ok": ADD}, ["ok", "value"], subgraphs={"twice": TWICE})
    fault = only_fault(checked)
    assert (fault.code, fault.where) == (code, place)


def test_limits_inside_a_subgraph_hold_at_its_uses(catalogue: Catalogue) -> None:
    draw = {
        "inputs": {"size": {"type": "int"}},
        "nodes": {"p": {"type": "paint", "links": {"size": ["$", "size"]}}},
        "outputs": {"picture": ["p", "picture"]},
    }
    outer = {
        "inputs": {"size": {"type": "int"}},
        "nodes": {"d": {"type": "draw", "links": {"size": ["$", "size"]}}},
        "outputs": {"picture": ["d", "picture"]},
    }
    nodes = {"n": {"type": "outer", "values": {"size": 65}}}
    fault = only_fault(run_check(catalogue, nodes, ["n", "picture"], subgraphs={"outer": outer, "draw": draw}))
    assert (fault.code, fault.where) == ("out-of-range", "nodes.n.values.size")


def test_a_subgraph_is_closed(catalogue: Catalogue) -> None:
    graph = {"nodes": {"m": {"type": "add", "links": {"a": ["ok", "value"]}}}}
    fault = only_fault(run_check(catalogue, {"ok": ADD}, ["ok", "value"], subgraphs={"g": graph}))
    assert (fault.code, fault.where) == ("link-across-graphs", "subgraphs.g.nodes.m.links.a")


def test_a_subgraph_never_uses_itself(catalogue: Catalogue) -> None:
    loop = {"type": "loop", "each": ["i"], "values": {"i": [1]}, "body": {"b": {"type": "a"}}}
    graphs = {"a": {"nodes": {"x": {"type": "b"}}}, "b": {"nodes": {"y": loop}}}
    fault = only_fault(run_check(catalogue, {"ok": ADD}, ["ok", "value"], subgraphs=graphs))
    assert fault.code == "recursive-subgraph"
    assert "'a'" in fault.what
    assert "'b'" in fault.what


def test_a_list_maps_a_subgraph(catalogue: Catalogue) -> None:
    nodes = {"s": use(values={}, links={"x": ["n", "list"]}), "n": {"type": "numbers", "values": {"values": [1, 2]}}}
    graph = graph_of(run_check(catalogue, nodes, ["s", "sum"], subgraphs={"twice": TWICE}))
    assert graph.outputs["out"].type == parse_type("list[float]")


def test_mute_inside_a_subgraph(catalogue: Catalogue) -> None:
    graph = TWICE | {"nodes": {"plus": TWICE["nodes"]["plus"] | {"mode": "mute"}}}  # type: ignore[index,operator]
    nodes = {"s": use(), "n": {"type": "add", "links": {"a": ["s", "sum"]}}, "k": ADD}
    checked = run_check(catalogue, nodes, ["k", "value"], subgraphs={"twice": graph})
    assert Skip("n", "depends on the muted node 'plus'") in checked.skipped


def test_asking_for_an_output_inside_subgraphs(catalogue: Catalogue) -> None:
    outer = {
        "inputs": {"x": {"type": "float"}},
        "nodes": {"in1": use(values={}, links={"x": ["$", "x"]})},
        "outputs": {"sum": ["in1", "sum"]},
    }
    body = {"use": {"type": "outer", "links": {"x": ["l/in", "x"]}}}
    nodes = {"l": sum_loop(body=body, next={"sum": ["use", "sum"]}, collect={})}
    checked = run_check(
        catalogue, nodes, ["l", "sum"], ["use/in1/plus.value"], subgraphs={"twice": TWICE, "outer": outer}
    )
    graph = graph_of(checked)
    assert graph.outputs["use/in1/plus.value"].type == parse_type("list[float]")
    assert graph.subgraphs["twice"].outputs["plus.value"].source == FromNode("plus", "value")
    assert graph.subgraphs["outer"].outputs["in1.plus.value"].source == FromNode("in1", "plus.value")
    assert loop_of(checked).collect["use.in1.plus.value"].source == FromNode("use", "in1.plus.value")


def test_too_deep_and_too_large(catalogue: Catalogue) -> None:
    loop: dict[str, Any] = {"type": "loop", "each": ["x"], "values": {"x": [1]}, "body": {"n": ADD}}
    for i in range(40):
        loop = loop | {"body": {f"l{i}": loop}, "collect": {"c": [f"l{i}", "c"]} if i else {"c": ["l0/in", "x"]}}
    faults = run_check(catalogue, {"l": loop, "ok": ADD}, ["ok", "value"]).faults
    assert [fault.code for fault in faults] == ["too-deep"]
    graphs: dict[str, Any] = {"g0": {"nodes": {}}}
    for i in range(1, 60):
        graphs[f"g{i}"] = {"nodes": {f"n{i}": {"type": f"g{i - 1}"}}}
    assert only_fault(run_check(catalogue, {"ok": ADD}, ["ok", "value"], subgraphs=graphs)).code == "too-deep"
    graphs = {"g0": {"nodes": {"leaf": ADD}}}
    for i in range(1, 25):
        graphs[f"g{i}"] = {"nodes": {f"n{i}_{k}": {"type": f"g{i - 1}"} for k in range(2)}}
    assert only_fault(run_check(catalogue, {"ok": ADD}, ["ok", "value"], subgraphs=graphs)).code == "too-large"


def test_asking_for_what_is_muted_faulty_or_bypassed(catalogue: Catalogue) -> None:
    body = sum_loop()["body"] | {
        "silent": {**ADD, "mode": "mute"},
        "after": {"type": "add", "links": {"a": ["silent", "v"]}},
    }
    nodes = {"l": sum_loop(body=body), "s": use(mode="bypass"), "k": ADD}
    subgraphs = {"twice": TWICE}
    wanted = ["silent.value", "after.value", "k.value"]
    checked = run_check(catalogue, nodes, ["k", "value"], wanted, subgraphs=subgraphs)
    assert list(graph_of(checked).outputs) == ["k.value"]
    assert Skip("outputs.after.value", "depends on the muted node 'silent'") in checked.skipped
    fault = only_fault(run_check(catalogue, nodes, ["k", "value"], ["s/plus.value"], subgraphs=subgraphs))
    assert "bypassed" in fault.what
    faulty = {"f": {"type": "add", "values": {"a": "x"}}, "u": {"type": "who_knows"}}
    checked = run_check(
        catalogue, nodes | faulty, ["k", "value"], ["f.value", "u.any", "step.value"], subgraphs=subgraphs
    )
    assert sorted(fault.code for fault in checked.faults) == ["unknown-node-type", "wrong-type"]


def test_a_muted_loop_is_skipped_with_all_that_is_in_it(catalogue: Catalogue) -> None:
    nodes = {"l": sum_loop(mode="mute"), "n": {"type": "add", "links": {"a": ["l", "sum"]}}, "k": ADD}
    checked = run_check(catalogue, nodes, ["k", "value"], ["k.value", "step.value"])
    assert list(graph_of(checked).outputs) == ["k.value"]
    assert Skip("outputs.step.value", "depends on the muted node 'l'") in checked.skipped


@pytest.mark.parametrize("name", ["loop", "add"])
def test_a_subgraph_cannot_be_called_as_a_node_type(catalogue: Catalogue, name: str) -> None:
    fault = only_fault(run_check(catalogue, {"ok": {"type": "ok"}}, ["ok", "x"], subgraphs={name: {}, "ok": OK}))
    assert (fault.code, fault.where) == ("bad-name", f"subgraphs.{name}")
