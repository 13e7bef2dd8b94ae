"""The outputs asked for: by name, or `ID.OUTPUT` of any node, at any depth.

A node inside a loop's body is read through its loops: each gets one more `collect`, named `ID.OUTPUT`, so the result
is the list over the iterations (a list of lists for loops inside each other). A node inside a subgraph is read
through the instances, `INSTANCE/ID.OUTPUT`: the subgraph gets one more output. No name in a document holds a dot, so
the added names stand apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ..document.workflow import Node
from ..literals import shown
from ..types import TypeExpr, list_of
from .checked import CheckedGraph, CheckedInput, CheckedLoop, CheckedNode, FromNode, Source
from .links import NOT_HANDED_ON, Spot, State


@dataclass
class Selection:
    outputs: dict[str, CheckedInput] = field(default_factory=dict)
    muted: dict[str, str] = field(default_factory=dict)
    """Outputs asked for that do not run -> the muted node that they depend on."""


def select_outputs(state: State, graphs: Mapping[str, CheckedGraph], names: Sequence[str] | None) -> Selection:
    """Find what is asked for (all outputs where `names` is None). Reports unknown ones."""
    selection = Selection()
    top = graphs[""]
    muted = state.signatures[""].muted
    declared = state.graphs[""].outputs
    if names is None and not declared:
        mend = "Add an output: a name, with the node and output that it shows."
        state.fault(Spot("outputs"), "the workflow has no outputs, so nothing would run.", mend, "no-outputs")
    for name in declared if names is None else dict.fromkeys(names):
        if name in muted:
            selection.muted[name] = muted[name]
        elif name in top.outputs:
            selection.outputs[name] = top.outputs[name]
        elif name not in declared:
            _select_tap(state, graphs, name, selection)
    return selection


def _select_tap(state: State, graphs: Mapping[str, CheckedGraph], name: str, selection: Selection) -> None:
    address, _, output = name.rpartition(".")
    *instances, node = address.split("/")
    place = _find(state, instances, node)
    spot = Spot("outputs", None, name[:200])
    if place is None or not output:
        if name in state.known:
            mend = f"Ask for {' or '.join(repr(f'{name}.{o}') for o in state.known[name])}."
        else:
            mend = state.suggest(name, _askable(state), "Ask for an output's name, or for ID.OUTPUT of a node.")
        state.fault(spot, f"there is no output {shown(name)}.", mend, "unknown-output")
        return
    root = next((state.muted[id_] for id_ in place if id_ in state.muted), None)
    known = state.known.get(node)
    arrival = known.get(output) if known else None
    if root or (arrival and arrival.muted):
        selection.muted[name] = root or (arrival.muted if arrival else "")
    elif known is None:
        pass  # faulty or behind a cycle: reported there
    elif arrival is None or arrival is NOT_HANDED_ON:
        mend = state.suggest(output, known, f"It has {', '.join(map(repr, known))}.")
        state.fault(spot, f"the node {node!r} has no output {shown(output)}.", mend, "unknown-output")
    elif not state.faults and any(id_ not in state.checked for id_ in instances):
        state.fault(spot, "a bypassed subgraph is on the way to this node.", "Let it run.", "unknown-output")
    elif arrival.type is not None and not state.faults:
        selection.outputs[name] = _tap(state, graphs, [*instances, node], output, arrival.source, arrival.type)


def _find(state: State, instances: Sequence[str], node: str) -> list[str] | None:
    """All nodes and loops on the way to a node, or None where the way leads nowhere."""
    graph = ""
    way: list[str] = []
    for id_ in (*instances, node):
        home = state.index.home.get(id_)
        if home is None or home.graph != graph:
            return None
        way.extend(outer.loop for outer in home.around() if outer.loop)
        way.append(id_)
        found = home.nodes[id_]
        graph = found.type if isinstance(found, Node) and found.type in state.graphs else "?"
    return way


def _tap(
    state: State, graphs: Mapping[str, CheckedGraph], path: Sequence[str], output: str, source: Source, type_: TypeExpr
) -> CheckedInput:
    """Lead an output out of the loops and subgraphs around it."""
    tapped = CheckedInput(source, type_)
    for level in range(len(path) - 1, -1, -1):
        tapped = _out_of_loops(state, path[level], output, tapped)
        if level == 0:
            break
        output = f"{path[level]}.{output}"
        instance = state.checked[path[level - 1]]
        assert isinstance(instance, CheckedNode)
        graphs[instance.type].outputs[output] = tapped
        outer = list_of(tapped.type) if instance.mapped else tapped.type
        instance.outputs[output] = outer
        tapped = CheckedInput(FromNode(instance.id, output), outer)
    return tapped


def _out_of_loops(state: State, node: str, output: str, tapped: CheckedInput) -> CheckedInput:
    for body in state.index.home[node].around():
        if body.loop is None:
            break
        loop = state.checked[body.loop]
        assert isinstance(loop, CheckedLoop)
        name = f"{node}.{output}"
        loop.collect[name] = tapped
        loop.outputs[name] = list_of(tapped.type)
        tapped = CheckedInput(FromNode(loop.id, name), list_of(tapped.type))
    return tapped


def _askable(state: State) -> Iterator[str]:
    yield from state.graphs[""].outputs
    for id_, outputs in state.known.items():
        if not state.index.home[id_].graph:
            yield from (f"{id_}.{name}" for name in outputs)
