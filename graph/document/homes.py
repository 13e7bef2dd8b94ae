"""Where the nodes of a document stand: the walk over all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .workflow import AnyNode, Loop, Workflow


@dataclass(frozen=True, slots=True)
class Home:
    """One node, and where it stands."""

    id: str
    """In a document without faults there is one node of this id."""
    member: AnyNode
    beside: Mapping[str, AnyNode]
    """The nodes of the same body, itself among them."""
    graph: str
    """Name of the subgraph that it stands in; empty in the workflow itself."""
    loops: tuple[str, ...]
    """Around it in its graph, outermost first."""


def homes(workflow: Workflow) -> Iterator[Home]:
    """All nodes, those in loops and subgraphs too; a loop before its body."""
    yield from _within(workflow.nodes, "", ())
    for name, graph in workflow.subgraphs.items():
        yield from _within(graph.nodes, name, ())


def _within(nodes: Mapping[str, AnyNode], graph: str, loops: tuple[str, ...]) -> Iterator[Home]:
    for id_, member in nodes.items():
        yield Home(id_, member, nodes, graph, loops)
        if isinstance(member, Loop):
            yield from _within(member.body, graph, (*loops, id_))
