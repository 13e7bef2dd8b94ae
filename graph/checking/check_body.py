"""Checking the nodes of a body in order, and loops: their lists, what they carry on, what they collect."""

from __future__ import annotations

import re

from ..document.workflow import Loop, Node
from ..literals import Misfit, fit, infer, shown
from ..types import TypeExpr, list_of
from .bodies import DEPTH_LIMIT, INSIDE, Body, cycles, order
from .check_node import check_node
from .checked import CheckedInput, CheckedLoop, Constant, Conversion, FromLoop, FromNode, Scope
from .links import INDEX, UNKNOWN, Arrival, Spot, State, resolve
from .matching import FLOAT, INT

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


def check_body(state: State, body: Body) -> Scope:
    """Check the nodes of a graph or loop body. Recursion goes as deep as loops stand inside each other, no deeper."""
    ordered, rest = order(body.reads)
    for cycle in cycles(rest) if rest else ():
        path = " -> ".join(repr(id_) for id_ in (*cycle[:10], *(["..."] if len(cycle) > 10 else []), cycle[0]))
        mend = "Remove one of the links. To repeat something, use a loop that carries the value."
        what = f"these nodes wait for each other: {path}."
        state.fault(Spot(body.path, cycle[0]), what, mend, "cycle")
    scope: Scope = {}
    for id_ in (*ordered, *rest):
        node = body.nodes[id_]
        if isinstance(node, Loop):
            _check_loop(state, id_, node, body)
        elif isinstance(node, Node):
            check_node(state, id_, node, body)
        if id_ in state.checked:
            scope[id_] = state.checked[id_]
    return scope


def _check_loop(state: State, id_: str, loop: Loop, body: Body) -> None:
    if loop.mode == "mute":
        state.muted[id_] = id_
        return
    inner = state.index.inner[id_]
    if inner.depth > DEPTH_LIMIT:
        return
    _check_names(state, id_, loop, body)
    links = {name: resolve(state, link, body, Spot(body.path, id_, "links", name)) for name, link in loop.links.items()}
    inputs: dict[str, CheckedInput] = {}
    inside = {INDEX: Arrival(FromLoop(id_, INDEX), INT)}
    for name in (*loop.each, *loop.carry):
        given = _loop_input(state, id_, loop, body, name, links)
        if given is not None:
            inputs[name] = given
        type_ = given.type if given else None
        inside[name] = Arrival(FromLoop(id_, name), type_.element if type_ and name in loop.each else type_)
    state.inside[id_] = inside
    scope = check_body(state, inner)
    root = next((arrival.muted for arrival in links.values() if arrival.muted), "")
    next_, muted = _check_next(state, id_, loop, body, inner)
    collect, outputs = _check_collect(state, id_, loop, body, inner)
    if root or muted:
        state.muted[id_] = root or muted
        return
    for name in loop.carry:
        outputs[name] = Arrival(FromNode(id_, name), inside[name].type)
    state.known[id_] = outputs
    types = {name: arrival.type for name, arrival in outputs.items() if arrival.type}
    outside = tuple(state.outside.get(id_, ()))
    state.checked[id_] = CheckedLoop(
        id_, tuple(loop.each), tuple(loop.carry), inputs, scope, next_, collect, types, outside
    )


def _check_names(state: State, id_: str, loop: Loop, body: Body) -> None:
    """`each`, `carry`, `collect` name different things; values and links give each and carry; next gives carry."""
    here = Spot(body.path, id_)
    if not loop.each:
        mend = 'Add a list to "each": it says how often the body runs.'
        state.fault(here, "the loop walks no list.", mend, "loop-without-each")
    seen = {INDEX: "the number of the iteration"}
    for part, names in (("each", loop.each), ("carry", loop.carry), ("collect", loop.collect)):
        for name in names:
            spot = Spot(body.path, id_, part, name)
            if not NAME.fullmatch(name):
                state.fault(spot, f"{shown(name)} is not a name.", "Use letters, digits, '_' and '-'.", "bad-name")
            elif name in seen:
                what = f"the name {name!r} is used twice: it is {seen[name]} already."
                state.fault(spot, what, "Choose another name.", "name-used-twice")
            seen.setdefault(name, f"in {part!r}")
    inputs = {*loop.each, *loop.carry}
    for part, given in (("values", loop.values), ("links", loop.links)):
        for name in given:
            spot = Spot(body.path, id_, part, name)
            if name not in inputs:
                mend = state.suggest(name, inputs, 'Add the name to "each" or "carry".')
                state.fault(spot, f"the loop has no 'each' or 'carry' {shown(name)}.", mend, "unknown-input")
            if part == "links" and name in loop.values:
                state.fault(spot, f"{name!r} has a value and a link.", "Remove one of the two.", "value-and-link")
    for name in (*loop.each, *loop.carry):
        if name not in loop.values and name not in loop.links:
            kind = "list of 'each'" if name in loop.each else "first value of 'carry'"
            state.fault(here, f"the {kind} {name!r} is missing.", "Give it a value or a link.", "missing-input")
    for name in loop.next:
        if name not in loop.carry:
            mend = state.suggest(name, loop.carry, 'Add the name to "carry".')
            state.fault(
                Spot(body.path, id_, "next", name), f"nothing is carried as {shown(name)}.", mend, "unknown-carry"
            )


def _loop_input(
    state: State, id_: str, loop: Loop, body: Body, name: str, links: dict[str, Arrival]
) -> CheckedInput | None:
    """What an `each` or the start of a `carry` reads."""
    if name in links and name not in loop.values:
        type_ = links[name].type
        if type_ is None:
            return None
        if name in loop.each and not type_.is_list:
            spot = Spot(body.path, id_, "links", name)
            what = f"{type_} arrives where a list is expected: 'each' walks a list."
            state.fault(spot, what, "Link a node that gives a list, or carry the value.", "type-mismatch")
            return None
        return CheckedInput(links[name].source, type_)
    if name not in loop.values:
        return None
    value, spot = loop.values[name], Spot(body.path, id_, "values", name)
    inferred = infer(value)
    if value == []:
        inferred = _type_of_empty(state, id_, loop, name)
    if inferred is None and value == []:
        what = "the type of [] cannot be told, since nothing that reads it in the body says it."
        mend = "Give it elements, or link an input of the workflow whose type is a list."
        state.fault(spot, what, mend, "unknown-type")
        return None
    if inferred is None or (name in loop.each and not inferred.is_list):
        expected = "a list of equal things" if name in loop.each else "a number, text, true, false or a list of these"
        mend = "Write such a value, or link a node."
        state.fault(spot, f"{shown(value)} stands where {expected} is expected.", mend, "wrong-type")
        return None
    if inferred == INT and name in loop.carry and _next_is_float(state, loop, name):
        inferred = FLOAT
    try:
        return CheckedInput(Constant(fit(value, inferred)), inferred)
    except Misfit as misfit:
        state.fault(spot, misfit.what, misfit.mend, misfit.code)
        return None


def _type_of_empty(state: State, id_: str, loop: Loop, name: str) -> TypeExpr | None:
    """The type of an empty list in a document, by the first input of the body that reads it or its elements."""
    here = (f"{id_}{INSIDE}", name)
    readers = [(node, key) for node in loop.body.values() for key, link in node.links.items() if tuple(link) == here]
    for node, key in readers:
        signature = state.signature(node.type)
        declared = signature.input(key) if signature else None
        if declared is not None and declared.type is not None and not declared.has_variable:
            found = list_of(declared.type) if name in loop.each else declared.type
            return found if found.is_list else list_of(found)
    return None if readers or here in (*loop.next.values(), *loop.collect.values()) else list_of(FLOAT)


def _next_is_float(state: State, loop: Loop, name: str) -> bool:
    """Whether a carry that starts as a whole number goes on as a number: JSON may write 1.0 as 1."""
    for _ in range(DEPTH_LIMIT):
        id_, output = loop.next.get(name, ("", ""))
        home = state.index.home.get(id_)
        target = home.nodes[id_] if home else None
        if isinstance(target, Node):
            signature = state.signature(target.type)
            return signature is not None and signature.outputs.get(output) == FLOAT
        if target is None or output not in target.carry:
            return False
        loop, name = target, output  # what an inner loop carries on to the end
    return False


def _check_next(state: State, id_: str, loop: Loop, body: Body, inner: Body) -> tuple[dict[str, CheckedInput], str]:
    """What is carried on, and the muted node that it depends on, if any."""
    next_: dict[str, CheckedInput] = {}
    muted = ""
    for name in loop.carry:
        spot = Spot(body.path, id_, "next", name)
        if name not in loop.next:
            state.fault(spot, f"what is carried on as {name!r} is missing.", 'Link it in "next".', "missing-next")
            continue
        arrival = resolve(state, loop.next[name], inner, spot)
        carried = state.inside[id_][name].type
        muted = muted or arrival.muted
        if arrival.type is None or carried is None:
            continue
        widen = state.conversions.get((str(INT), str(FLOAT))) if (arrival.type, carried) == (INT, FLOAT) else None
        if arrival.type == carried or widen:
            next_[name] = CheckedInput(arrival.source, carried, Conversion(widen) if widen else None)
        else:
            what = f"the loop carries {name!r} as {carried} but hands on {arrival.type}."
            state.fault(spot, what, _carry_mend(arrival.type, carried), "carry-type")
    return next_, muted


def _carry_mend(handed: TypeExpr, carried: TypeExpr) -> str:
    if handed == list_of(carried):
        return "A node of the body is mapped over a list: walk that list by 'each', or take one element."
    return f"Start it with {handed}, or hand on {carried}."


def _check_collect(
    state: State, id_: str, loop: Loop, body: Body, inner: Body
) -> tuple[dict[str, CheckedInput], dict[str, Arrival]]:
    """What is gathered, and the loop's outputs of it."""
    collect: dict[str, CheckedInput] = {}
    outputs: dict[str, Arrival] = {}
    for name, link in loop.collect.items():
        arrival = resolve(state, link, inner, Spot(body.path, id_, "collect", name))
        if arrival.muted:
            outputs[name] = Arrival(UNKNOWN.source, None, arrival.muted)
            continue
        if arrival.type is not None:
            collect[name] = CheckedInput(arrival.source, arrival.type)
        outputs[name] = Arrival(FromNode(id_, name), list_of(arrival.type) if arrival.type else None)
    return collect, outputs
