"""Checking one node: its inputs against its signature, lists and conversions, bypass and mute."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..document.workflow import Node
from ..errors import Fault
from ..literals import Limits, Misfit, check_limits, fit, infer, is_literal, shown, with_article
from ..types import TypeExpr, list_of
from .bodies import Body
from .checked import CheckedInput, CheckedNode, Constant, FromNode, FromParameter
from .links import NOT_HANDED_ON, SUGGESTIONS, Arrival, Spot, State, resolve
from .matching import bind, match, substitute
from .signature import InputSignature, Signature


def check_node(state: State, id_: str, node: Node, body: Body) -> None:
    """Check a node whose inputs are checked already; note its outputs, and the node where it can run."""
    if node.mode == "mute":
        state.muted[id_] = id_
        return
    links = {name: resolve(state, link, body, Spot(body.path, id_, "links", name)) for name, link in node.links.items()}
    root = next((arrival.muted for arrival in links.values() if arrival.muted), "")
    if root:
        state.muted[id_] = root
        return
    signature = state.signature(node.type)
    if signature is None:
        _report_unknown_type(state, node.type, Spot(body.path, id_, "type"))
        return
    before = len(state.faults)
    _check_names(state, id_, node, body, signature)
    bound = _bind(node, links, signature)
    inputs = {
        name: checked
        for name, declared in _declarations(node, signature)
        if (checked := _check_input(state, id_, node, body, declared, name, links, bound)) is not None
    }
    mapped = any(given.mapped for given in inputs.values())
    outputs = {name: substitute(type_, bound) if type_ else None for name, type_ in signature.outputs.items()}
    if node.mode == "bypass":
        _hand_on(state, Spot(body.path, id_, "mode"), links, inputs, outputs)
        return
    if len(state.faults) == before and all(arrival.type for arrival in links.values()):
        _check_outputs_known(state, Spot(body.path, id_), signature, outputs)
    types = {name: list_of(type_) if mapped and type_ else type_ for name, type_ in outputs.items()}
    state.known[id_] = {name: Arrival(FromNode(id_, name), type_) for name, type_ in types.items()}
    for name, muted in signature.muted.items():
        state.known[id_][name] = Arrival(FromNode(id_, name), None, muted)
    known_types = {name: type_ for name, type_ in types.items() if type_}
    state.checked[id_] = CheckedNode(id_, signature.kind, node.type, inputs, known_types, mapped)


def _report_unknown_type(state: State, type_: str, spot: Spot) -> None:
    known = (*state.catalogue.nodes, *filter(None, state.graphs), "loop")
    failed = ", ".join(problem.plugin for problem in state.catalogue.problems)
    otherwise = "Install the plugin that has it, or choose another node."
    if failed:
        otherwise = f"These plugins were not loaded whole: {failed}; it may be in one of them."
    state.fault(
        spot, f"there is no node type {shown(type_)}.", state.suggest(type_, known, otherwise), "unknown-node-type"
    )


def _match_input(state: State, spot: Spot, arrival: Arrival, wanted: TypeExpr) -> CheckedInput | None:
    """What an input of a known type reads from a link; reports a mismatch."""
    if arrival.type is None:
        return None
    found = match(arrival.type, wanted, state.conversions)
    if found is None:
        _report_mismatch(state, spot, arrival.type, wanted)
        return None
    return CheckedInput(arrival.source, wanted, found.conversion, found.mapped)


def _check_names(state: State, id_: str, node: Node, body: Body, signature: Signature) -> None:
    """Version, names of values and links, required inputs."""
    if signature.version is not None and node.version > signature.version:
        what = (
            f"the workflow was made with version {node.version} of {node.type!r}; here is version {signature.version}."
        )
        state.fault(Spot(body.path, id_, "version"), what, "Update the plugin that has it.", "newer-version")
    for part, names in (("values", node.values), ("links", node.links)):
        for name in names:
            spot = Spot(body.path, id_, part, name)
            if signature.input(name) is None:
                mend = state.suggest(name, signature.inputs, _inputs_listed(signature))
                state.fault(spot, f"{node.type!r} has no input {shown(name)}.", mend, "unknown-input")
            elif name not in signature.inputs and not name.isidentifier():
                mend = "Use letters, digits and '_', beginning with a letter."
                state.fault(spot, f"{shown(name)} is not a name for an input.", mend, "bad-name")
            if part == "links" and name in node.values:
                what = f"the input {name!r} has a value and a link."
                state.fault(spot, what, "Remove one of the two.", "value-and-link")
    if node.mode == "bypass":
        return
    for name, declared in signature.inputs.items():
        if declared.required and name not in node.values and name not in node.links:
            type_ = f" ({declared.type})" if declared.type else ""
            spot = Spot(body.path, id_)
            what, mend = f"the input {name!r}{type_} is missing.", "Give it a value or a link."
            if declared.type and not is_literal(declared.type):
                mend = f"Link a node that gives {with_article(declared.type)}."
            state.faults.append(Fault(spot.where, what, mend, id_, name, "missing-input"))


def _declarations(node: Node, signature: Signature) -> Iterator[tuple[str, InputSignature]]:
    yield from signature.inputs.items()
    if signature.variadic:
        for name in (*node.values, *node.links):
            if name not in signature.inputs:
                yield name, signature.variadic


def _bind(node: Node, links: dict[str, Arrival], signature: Signature) -> dict[str, TypeExpr]:
    declared = [(name, i.type) for name, i in _declarations(node, signature) if i.type and i.has_variable]
    if not declared:
        return {}
    arriving = [
        (type_, arrived) for name, type_ in declared if name in links and (arrived := links[name].type) is not None
    ]
    literals = [
        (type_, inferred)
        for name, type_ in declared
        if name not in links and (inferred := infer(_literal(node, name, signature))) is not None
    ]
    return bind(arriving, literals)


def _literal(node: Node, name: str, signature: Signature) -> Any:
    if name in node.values:
        return node.values[name]
    declared = signature.inputs.get(name)
    return declared.default if declared else None


def _check_input(
    state: State, id_: str, node: Node, body: Body, declared: InputSignature, name: str,
    links: dict[str, Arrival], bound: dict[str, TypeExpr],
) -> CheckedInput | None:  # fmt: skip
    wanted = substitute(declared.type, bound) if declared.type else None
    if name in links and name not in node.values:
        spot = Spot(body.path, id_, "links", name)
        arriving = links[name].type
        if wanted is None:
            if declared.type and arriving and arriving.depth < declared.type.depth:
                _report_mismatch(state, spot, arriving, declared.type)
            return None
        given = _match_input(state, spot, links[name], wanted)
        if given is not None and declared.limits:
            _check_source_limits(state, spot, given, body, declared.limits, arriving)
        return given
    if name not in node.values:
        if declared.required:
            return None
        value = declared.default
        if value is None or wanted is None:
            return CheckedInput(Constant(value), wanted or declared.type or TypeExpr("str"))
    else:
        value = node.values[name]
    if value is None and declared.optional:
        return CheckedInput(Constant(None), wanted or declared.type or TypeExpr("str"))
    try:
        if wanted is None:
            if declared.type is None:
                return None
            raise Misfit(f"the type of {shown(value)} cannot be told.", "Link a node instead.", "unknown-type")
        return CheckedInput(Constant(fit(value, wanted, declared.limits)), wanted)
    except Misfit as misfit:
        state.fault(Spot(body.path, id_, "values", name), misfit.what, misfit.mend, misfit.code)
        return None


def _check_source_limits(
    state: State, spot: Spot, given: CheckedInput, body: Body, limits: tuple[Limits, ...], arriving: TypeExpr | None
) -> None:
    """The input's limits for a value that is known before the run: of a parameter, or handed on by a bypassed node."""
    names = {given.type.innermost.name, arriving.innermost.name if arriving else ""}
    if given.conversion is not None and names != {"int", "float"}:
        return
    if isinstance(given.source, FromParameter):
        known = state.limits.setdefault((body.graph, given.source.name), {})
        for limit in limits:
            known.setdefault(limit, spot)
    elif isinstance(given.source, Constant):
        try:
            for limit in limits:
                check_limits(given.source.value, limit)
        except Misfit as misfit:
            state.fault(spot, misfit.what, misfit.mend, misfit.code)


def _check_outputs_known(state: State, spot: Spot, signature: Signature, outputs: dict[str, TypeExpr | None]) -> None:
    for name, type_ in outputs.items():
        declared = signature.outputs[name]
        if type_ is None and declared is not None:
            what = f"the type of the output {name!r} cannot be told, since no input says it."
            state.fault(spot, what, "Link or give one of the inputs.", "unknown-type")


def _hand_on(
    state: State, spot: Spot, links: dict[str, Arrival], inputs: dict[str, CheckedInput],
    outputs: dict[str, TypeExpr | None],
) -> None:  # fmt: skip
    """What reads an output of a bypassed node reads the source of its first input of the same type."""
    handed: dict[str, Arrival] = {}
    for name, type_ in outputs.items():
        handed[name] = NOT_HANDED_ON
        for input_name, given in inputs.items():
            arriving = links[input_name].type if input_name in links else given.type
            is_none = isinstance(given.source, Constant) and given.source.value is None
            if type_ is not None and arriving is not None and not is_none and arriving in (type_, list_of(type_)):
                handed[name] = Arrival(given.source, arriving)
                break
    assert spot.node is not None
    state.known[spot.node] = handed
    if outputs and all(arrival is NOT_HANDED_ON for arrival in handed.values()) and all(a.type for a in links.values()):
        types = " or ".join(sorted({str(type_ or "?") for type_ in outputs.values()}))
        what = f"the node is bypassed, but no input of type {types} is there to hand on."
        state.fault(spot, what, "Give it such an input, mute it or let it run.", "bypass-without-input")


def _report_mismatch(state: State, spot: Spot, arriving: TypeExpr, wanted: TypeExpr) -> None:
    what = f"{arriving} arrives where {wanted} is expected."
    if arriving.depth > wanted.depth + 1:
        what += " One level of lists is mapped over, not more."
        mend = "Take the lists apart before."
    elif wanted.depth > arriving.depth:
        mend = "Put the value into a list by a node before."
    else:
        mend = _converting_nodes(state, arriving, wanted) or "Link an output of the expected type."
    state.fault(spot, what, mend, "type-mismatch")


def _converting_nodes(state: State, arriving: TypeExpr, wanted: TypeExpr) -> str:
    """Node types that turn what arrives into what is wanted, those with the fewest further inputs first."""
    state.suggestions += 1
    if state.suggestions > SUGGESTIONS:
        return ""
    given, target = str(arriving.innermost), str(wanted.innermost)
    found = [
        (sum(i.required for i in spec.inputs), name)
        for name, spec in state.catalogue.nodes.items()
        if any(o.type == target for o in spec.outputs) and any(i.type == given for i in spec.inputs)
    ]
    names = [repr(name) for _, name in sorted(found)[:3]]
    return f"A node between the two could be {' or '.join(names)}." if names else ""


def _inputs_listed(signature: Signature) -> str:
    if not signature.inputs:
        return "It has no inputs."
    return f"It has {', '.join(repr(name) for name in signature.inputs)}."
