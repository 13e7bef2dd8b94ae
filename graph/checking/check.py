"""The checker: a document and a catalogue give a checked graph, or all faults at once.

It knows the catalogue only, no plugin's code. Its time is linear in the document, and nothing in it is recursive
over the length of a chain. What needs code or model folders to check is `facts.check_facts`.

    bodies      ids, who sees whom, order           check_body   nodes in order, loops
    links       what a link reads                   check_node   one node
    signature   node types and subgraphs            matching     types, lists, conversions
    literals    values against types and limits     targets      outputs asked for
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..catalogue.specs import Catalogue
from ..document.workflow import LOOP, Graph, Node, Parameter
from ..literals import LITERALS, Limits, Misfit, check_limits, fit, shown, written
from ..types import TypeExpr
from .bodies import DEPTH_LIMIT, build_index, cycles, order
from .check_body import check_body
from .checked import Checked, CheckedGraph, CheckedInput, CheckedParameter, Skip
from .links import Spot, State, resolve
from .signature import parameter_limits, read_type, subgraph_signature
from .targets import select_outputs

NODE_LIMIT = 1_000_000
"""Nodes that a workflow may have with all its subgraphs written out."""


def check(
    workflow: Graph,
    catalogue: Catalogue,
    *,
    inputs: Mapping[str, Any] | None = None,
    outputs: Sequence[str] | None = None,
) -> Checked:
    """Check a workflow against a catalogue, before anything runs.

    inputs: the named inputs given for a run; None checks the document alone, so that inputs without a default may
        be absent (their value is None then).
    outputs: what is asked for: names of outputs, or `ID.OUTPUT` for any node's; all outputs by default. Inside a
        loop's body that is the list over its iterations, inside a subgraph it is `INSTANCE/ID.OUTPUT`.
    """
    graphs: dict[str, Graph] = {"": workflow, **getattr(workflow, "subgraphs", {})}
    index, faults = build_index(graphs)
    conversions: dict[tuple[str, str], str] = {}
    for conversion in catalogue.conversions:
        conversions.setdefault((conversion.source, conversion.target), conversion.node)
    state = State(catalogue, graphs, index, conversions, faults)
    _check_parameters(state, inputs)
    checked: dict[str, CheckedGraph] = {}
    for name in _subgraphs_in_order(state):
        checked[name] = _check_graph(state, name, checked)
    _check_given_limits(state)
    wanted = select_outputs(state, checked, outputs)
    skipped = [Skip(id_, _reason(id_, root)) for id_, root in state.muted.items()]
    skipped += [Skip(f"outputs.{name}", _reason("", root)) for name, root in wanted.muted.items()]
    if wanted.muted and not wanted.outputs and not state.faults:
        roots = ", ".join(repr(root) for root in dict.fromkeys(wanted.muted.values()))
        what = f"nothing remains to run: all outputs asked for depend on muted nodes ({roots})."
        state.fault(Spot("outputs"), what, "Let one of them run, or ask for other outputs.", "nothing-to-run")
    if state.faults:
        return Checked(tuple(state.faults), tuple(skipped))
    subgraphs = {name: graph for name, graph in checked.items() if name}
    top = checked[""]
    return Checked((), tuple(skipped), CheckedGraph(top.parameters, top.nodes, wanted.outputs, subgraphs))


def _reason(id_: str, root: str) -> str:
    return "the node is muted" if id_ == root else f"depends on the muted node {root!r}"


def _check_graph(state: State, name: str, subgraphs: dict[str, CheckedGraph]) -> CheckedGraph:
    """Check the nodes and outputs of the workflow (the empty name) or of a subgraph, and note its signature."""
    graph, body = state.graphs[name], state.index.top[name]
    nodes = check_body(state, body)
    outputs: dict[str, CheckedInput] = {}
    types: dict[str, TypeExpr | None] = {}
    muted: dict[str, str] = {}
    for output, link in graph.outputs.items():
        path = f"subgraphs.{name}.outputs.{output}" if name else f"outputs.{output}"
        arrival = resolve(state, link, body, Spot(path))
        if arrival.muted:
            muted[output] = arrival.muted
            continue
        types[output] = arrival.type
        if arrival.type is not None:
            outputs[output] = CheckedInput(arrival.source, arrival.type)
    parameters = state.parameters[name]
    limits = {key: tuple(state.limits.get((name, key), ())) for key in graph.inputs}
    input_types = {key: parameter.type for key, parameter in parameters.items()}
    state.signatures[name] = subgraph_signature(name, graph, input_types, types, limits, muted)
    return CheckedGraph(parameters, nodes, outputs, subgraphs)


def _subgraphs_in_order(state: State) -> list[str]:
    """Graph names, each behind those that it uses, the workflow last. Recursive ones are faults and come first."""
    uses: dict[str, list[str]] = {name: [] for name in state.graphs}
    for id_, home in state.index.home.items():
        node = home.nodes[id_]
        if isinstance(node, Node) and node.type in state.graphs and node.type:
            uses[home.graph].append(node.type)
    _check_names(state)
    ordered, rest = order({name: set(used) for name, used in uses.items()})
    for cycle in cycles(rest) if rest else ():
        path = " -> ".join(repr(name) for name in (*reversed(cycle), cycle[-1]))
        what = f"subgraphs must not use themselves: {path}."
        state.fault(Spot("subgraphs", cycle[0]), what, "To repeat something, use a loop.", "recursive-subgraph")
    depth: dict[str, int] = {}
    size: dict[str, int] = {}
    counts = dict.fromkeys(state.graphs, 0)
    for home in state.index.home.values():
        counts[home.graph] += 1
    for name in ordered:
        depth[name] = 1 + max((depth[used] for used in uses[name]), default=0)
        size[name] = min(NODE_LIMIT + 1, counts[name] + sum(size[used] for used in uses[name]))
    _check_size(state, depth, size)
    for name in rest:
        types = {key: parameter.type for key, parameter in state.parameters[name].items()}
        unknown: dict[str, TypeExpr | None] = dict.fromkeys(state.graphs[name].outputs)
        if name:
            state.signatures[name] = subgraph_signature(name, state.graphs[name], types, unknown, {}, {})
    return [*(name for name in (*rest, *ordered) if name), ""]


def _check_names(state: State) -> None:
    """The name of a subgraph is a node type: it must not be one already."""
    for name in state.graphs:
        if name == LOOP or name in state.catalogue.nodes:
            meant = "which means loops" if name == LOOP else "which is a node type"
            what = f"a subgraph cannot have the name {name!r}, {meant}."
            state.fault(Spot("subgraphs", name), what, "Rename it, and the type of the nodes that use it.", "bad-name")


def _check_size(state: State, depth: Mapping[str, int], size: Mapping[str, int]) -> None:
    if max(depth.values(), default=0) > DEPTH_LIMIT + 1:
        what = f"more than {DEPTH_LIMIT} subgraphs stand inside each other."
        state.fault(Spot("subgraphs"), what, "Use fewer levels.", "too-deep")
    elif max(size.values(), default=0) > NODE_LIMIT:
        what = f"the workflow has more than {NODE_LIMIT:,} nodes when its subgraphs are written out."
        state.fault(Spot("subgraphs"), what, "Use fewer subgraphs inside each other.", "too-large")


def _check_parameters(state: State, given: Mapping[str, Any] | None) -> None:
    """Types, defaults and given values of the named inputs of all graphs."""
    for name, graph in state.graphs.items():
        path = f"subgraphs.{name}.inputs" if name else "inputs"
        state.parameters[name] = {}
        for key, parameter in graph.inputs.items():
            type_ = _parameter_type(state, Spot(path, None, key, "type"), parameter)
            if type_ is None:
                continue
            _check_own_limits(state, Spot(path, None, key), parameter)
            value = _fitted(state, Spot(path, None, key, "default"), parameter.default, type_, parameter)
            if not name and given is not None:
                if key in given and given[key] is not None:
                    value = _fitted(state, Spot(path, None, key), given[key], type_, parameter)
                elif parameter.default is None:
                    mend = f"Give it: it is a {type_}." + (f" {parameter.doc}" if parameter.doc else "")
                    state.fault(Spot(path, None, key), "this input must be given.", mend, "missing-parameter")
            state.parameters[name][key] = CheckedParameter(type_, value, parameter.default is None)
    known = state.graphs[""].inputs
    for key in given or {}:
        if key not in known:
            listed = ", ".join(repr(k) for k in known)
            mend = state.suggest(str(key), known, f"It has {listed}." if known else "It has no inputs.")
            spot = Spot("inputs", None, str(key))
            state.fault(spot, f"the workflow has no input {shown(key)}.", mend, "unknown-parameter")


def _check_own_limits(state: State, spot: Spot, parameter: Parameter) -> None:
    low, high = parameter.minimum, parameter.maximum
    if Limits(low, high).is_empty:
        what = f"its minimum {written(low)} is above its maximum {written(high)}, so that no value fits."
        state.fault(spot, what, "Exchange the two, or correct one.", "empty-range")


def _parameter_type(state: State, spot: Spot, parameter: Parameter) -> TypeExpr | None:
    type_ = read_type(parameter.type)
    if type_ is not None and (type_.innermost.name in state.catalogue.types or type_.innermost.name in LITERALS):
        return type_
    mend = state.suggest(parameter.type, (*LITERALS, *state.catalogue.types), "Name a type, or list[...] of one.")
    state.fault(spot, f"{shown(parameter.type)} is not a type.", mend, "unknown-type")
    return None


def _fitted(state: State, spot: Spot, value: Any, type_: TypeExpr, parameter: Parameter) -> Any:
    if value is None:
        return None
    try:
        return fit(value, type_, parameter_limits(parameter))
    except Misfit as misfit:
        state.fault(spot, misfit.what, misfit.mend, misfit.code)
        return None


def _check_given_limits(state: State) -> None:
    """The workflow's inputs against the limits of the node inputs that read them."""
    for (graph, key), limits in state.limits.items():
        parameter = state.parameters[graph].get(key)
        if parameter is None or parameter.value is None:
            continue
        for limit, reader in limits.items():
            _check_limit(state, graph, key, parameter.value, limit, reader)


def _check_limit(state: State, graph: str, key: str, value: Any, limit: Limits, reader: Spot) -> None:
    try:
        check_limits(value, limit)
    except Misfit as misfit:
        path = f"subgraphs.{graph}.inputs.{key}" if graph else f"inputs.{key}"
        what = f"{misfit.what} The input {reader.name!r} of the node {reader.node!r} reads it."
        state.fault(Spot(path), what, misfit.mend, misfit.code)
