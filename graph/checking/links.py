"""What is known while a document is checked, and the resolving of links to what they read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from ..catalogue.specs import Catalogue
from ..document.workflow import PARAMETER, Graph, Link, Loop
from ..errors import Fault, did_you_mean
from ..literals import Limits
from ..types import TypeExpr
from .bodies import INSIDE, Body, Index
from .checked import CheckedLoop, CheckedNode, CheckedParameter, Constant, FromLoop, FromNode, FromParameter, Source
from .matching import Conversions
from .signature import Signature, node_signature

SUGGESTIONS = 20
"""Faults of one check that get a did-you-mean: looking for one costs as much as thousands of nodes."""
INDEX = "index"
"""What a body reads as the number of its iteration."""
KNOWN_LIMIT = 1000
"""Names that a did-you-mean looks through."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a link brings."""

    source: Source
    type: TypeExpr | None
    """None where it is not known, because of a fault that is reported elsewhere."""
    muted: str = ""
    """Id of the muted node that it depends on."""


UNKNOWN = Arrival(Constant(None), None)
NOT_HANDED_ON = Arrival(Constant(None), None)
"""An output of a bypassed node that none of its inputs can stand for."""


class Spot(NamedTuple):
    """Where in the document: made into text only for a fault."""

    path: str
    node: str | None = None
    part: str = ""
    name: str | None = None

    @property
    def where(self) -> str:
        text = ".".join(word for word in (self.path, self.node, self.part, self.name) if word)
        return text.encode(errors="backslashreplace").decode()


@dataclass
class State:
    """What one check knows so far. Nodes are added in topological order, bodies before their loops are finished."""

    catalogue: Catalogue
    graphs: Mapping[str, Graph]
    """The workflow under the empty name, and its subgraphs."""
    index: Index
    conversions: Conversions
    faults: list[Fault]
    signatures: dict[str, Signature] = field(default_factory=dict)
    parameters: dict[str, dict[str, CheckedParameter]] = field(default_factory=dict)
    """Graph -> its inputs, those whose type is known."""
    known: dict[str, dict[str, Arrival]] = field(default_factory=dict)
    """Node id -> its outputs. Absent: not checked yet, or faulty."""
    inside: dict[str, dict[str, Arrival]] = field(default_factory=dict)
    """Loop id -> what its body reads of it: `each`, `carry`, `index`."""
    outside: dict[str, dict[FromNode | FromParameter | FromLoop, None]] = field(default_factory=dict)
    """Loop id -> what its body reads from around it, in order."""
    muted: dict[str, str] = field(default_factory=dict)
    """Node id -> id of the muted node that it depends on, or is."""
    checked: dict[str, CheckedNode | CheckedLoop] = field(default_factory=dict)
    limits: dict[tuple[str, str], dict[Limits, Spot]] = field(default_factory=dict)
    """(graph, input name) -> limits of the node inputs that read it, and the first such input."""
    suggestions: int = 0

    def fault(self, spot: Spot, what: str, mend: str = "", code: str = "fault") -> None:
        at_input = spot.node is not None and spot.part in ("values", "links")
        self.faults.append(Fault(spot.where, what, mend, spot.node, spot.name if at_input else None, code))

    def suggest(self, word: str, known: Iterable[str], otherwise: str = "") -> str:
        """A did-you-mean, or the other text where nothing is near."""
        self.suggestions += 1
        if self.suggestions > SUGGESTIONS:
            return otherwise
        return did_you_mean(word[:100], islice(known, KNOWN_LIMIT)) or otherwise

    def signature(self, type_: str) -> Signature | None:
        """The signature of a node type, or of a subgraph that is checked already."""
        found = self.signatures.get(type_)
        if found is None and type_ in self.catalogue.nodes:
            found = self.signatures[type_] = node_signature(self.catalogue.nodes[type_])
        return found


def resolve(state: State, link: Link, body: Body, spot: Spot) -> Arrival:
    """What a link that stands in a body brings. Reports a fault, and gives UNKNOWN, when it leads nowhere."""
    target, name = link
    home = state.index.home.get(target)
    if home is body:
        arrival = _output(state, target, name, spot)
    elif target == PARAMETER:
        arrival = _parameter(state, name, body, spot)
    elif target.endswith(INSIDE):
        arrival = _loop_value(state, target.removesuffix(INSIDE), name, body, spot)
    elif home is not None and home in body.around():
        arrival = _from_around(state, target, name, body, spot)
    else:
        _report_invisible(state, target, name, body, spot)
        return UNKNOWN
    if body.loop is not None:
        _note_outside(state, arrival.source, body)
    return arrival


def _output(state: State, node: str, name: str, spot: Spot) -> Arrival:
    outputs = state.known.get(node)
    if outputs is None:
        root = state.muted.get(node)
        return Arrival(UNKNOWN.source, None, root) if root else UNKNOWN
    arrival = outputs.get(name)
    if arrival is None:
        mend = state.suggest(name, outputs, f"It has {_listed(outputs)}." if outputs else "It has no outputs.")
        state.fault(spot, f"the node {node!r} has no output {name!r}.", mend, "unknown-output")
        return UNKNOWN
    if arrival is NOT_HANDED_ON:
        what = f"the node {node!r} is bypassed, and has no input that could stand for its output {name!r}."
        state.fault(spot, what, "Let it run, or link to another node.", "bypass-without-input")
        return UNKNOWN
    return arrival


def _from_around(state: State, node: str, name: str, body: Body, spot: Spot) -> Arrival:
    if any(outer.loop == node for outer in body.around()):
        what = f"a link inside the loop {node!r} reads the loop's own output {name!r}, which is not there yet."
        inside = state.inside.get(node, {})
        mend = f'Read this iteration\'s value: ["{node}{INSIDE}", "{name}"].' if name in inside else ""
        state.fault(spot, what, mend or "Link to a node of the body.", "link-to-own-loop")
        return UNKNOWN
    return _output(state, node, name, spot)


def _parameter(state: State, name: str, body: Body, spot: Spot) -> Arrival:
    declared = state.graphs[body.graph].inputs
    if name not in declared:
        owner = f"the subgraph {body.graph!r}" if body.graph else "the workflow"
        mend = state.suggest(name, declared, "Add it to the inputs, or give a value here.")
        state.fault(spot, f"{owner} has no input {name!r}.", mend, "unknown-parameter")
        return UNKNOWN
    parameter = state.parameters[body.graph].get(name)
    return Arrival(FromParameter(name), parameter.type) if parameter else UNKNOWN


def _loop_value(state: State, loop: str, name: str, body: Body, spot: Spot) -> Arrival:
    if loop not in (outer.loop for outer in body.around()):
        what = f"this link reads a value inside the loop {loop!r}, but does not stand in its body."
        loops = [outer.loop for outer in body.around() if outer.loop]
        mend = state.suggest(loop, loops, _instead_of_inside(state, loop, name))
        state.fault(spot, what, mend, "link-into-loop")
        return UNKNOWN
    values = state.inside.get(loop, {})
    if name not in values:
        mend = state.suggest(name, values, f"It has {_listed(values)}.")
        what = f"the loop {loop!r} has no 'each' or 'carry' of the name {name!r}."
        state.fault(spot, what, mend, "unknown-loop-value")
        return UNKNOWN
    return values[name]


def _instead_of_inside(state: State, loop: str, name: str) -> str:
    """What can be read outside a loop in place of a value inside it."""
    home = state.index.home.get(loop)
    member = home.nodes[loop] if home else None
    if not isinstance(member, Loop):
        return "Link to a node of this workflow, or give a value."
    if name in member.carry or name in member.collect:
        return f'Read the loop\'s result: ["{loop}", "{name}"].'
    if name in member.each and name in member.links:
        return f"Read the list that the loop walks: {json.dumps(member.links[name])}."
    if name in member.each or name == INDEX:
        return (
            f'To get its value of every iteration as a list, add "{name}_list": ["{loop}{INSIDE}", "{name}"] to '
            f'"collect" of the loop {loop!r} and link to ["{loop}", "{name}_list"].'
        )
    return f"The loop gives {_listed((*member.carry, *member.collect))}."


def _report_invisible(state: State, target: str, name: str, body: Body, spot: Spot) -> None:
    home = state.index.home.get(target)
    if home is None:
        visible = (id_ for outer in body.around() for id_ in outer.nodes)
        mend = state.suggest(target, visible, "Link to a node of this workflow, or give a value.")
        state.fault(spot, f"there is no node {target!r}.", mend, "unknown-node")
    elif home.graph != body.graph:
        place = f"the subgraph {home.graph!r}" if home.graph else "the workflow"
        what = f"the node {target!r} stands in {place}, and graphs do not see into each other."
        state.fault(spot, what, "Hand the value over by an input or output of the subgraph.", "link-across-graphs")
    else:
        loop = next(inner.loop for inner in home.around() if inner.parent in (*body.around(), None))
        what = f"the node {target!r} stands inside the loop {loop!r} and is not seen from here."
        mend = (
            f'To get its value of every iteration as a list, add "{name}": ["{target}", "{name}"] to "collect" of '
            f'the loop {home.loop!r} and link to ["{home.loop}", "{name}"].'
        )
        state.fault(spot, what, mend, "link-into-loop")


def _note_outside(state: State, source: Source, body: Body) -> None:
    """Every loop between a link and the place of what it reads depends on that."""
    if isinstance(source, Constant):
        return
    home: Body | None = None
    if isinstance(source, FromNode):
        home = state.index.home[source.node]
    elif isinstance(source, FromLoop):
        home = state.index.inner[source.loop]
    for inner in body.around():
        if inner is home or inner.loop is None:
            return
        state.outside.setdefault(inner.loop, {})[source] = None


def _listed(names: Iterable[str]) -> str:
    first = [repr(name) for name in islice(names, 11)]
    return ", ".join(first[:10]) + (", ..." if len(first) > 10 else "")
