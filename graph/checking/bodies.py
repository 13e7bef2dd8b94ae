"""Where the nodes of a document stand: graphs and loop bodies, which of them see which, and in what order they run.

A body sees its own nodes and those of the bodies around it (lexical scope), up to its graph; graphs see nothing of
each other. Ids are unique in the whole document. What a body links to around its loop, the loop depends on.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ..document.workflow import AnyNode, Graph, Link, Loop
from ..errors import Fault

DEPTH_LIMIT = 32
"""Loops inside loops, and subgraphs inside subgraphs, that a document may have."""
INSIDE = "/in"


@dataclass(eq=False)
class Body:
    """The nodes of a graph, or of a loop's body."""

    path: str
    """Place in the document: `nodes`, `nodes.sampling.body`, `subgraphs.upscale.nodes`."""
    graph: str
    """Name of the subgraph that it belongs to; empty in the workflow itself."""
    loop: str | None = None
    """Id of the loop whose body this is."""
    parent: Body | None = None
    depth: int = 0
    nodes: dict[str, AnyNode] = field(default_factory=dict)
    reads: dict[str, set[str]] = field(default_factory=dict)
    """Node id -> ids of the nodes of this body that it depends on. Loops depend on what their bodies read."""

    def around(self) -> Iterator[Body]:
        """This body and those around it, innermost first."""
        body: Body | None = self
        while body is not None:
            yield body
            body = body.parent


@dataclass(frozen=True)
class Index:
    """Every node of a document by id."""

    home: dict[str, Body]
    """Node id -> the body it stands in."""
    top: dict[str, Body]
    """Graph name -> its outermost body."""
    inner: dict[str, Body]
    """Loop id -> its body."""

    def sees(self, body: Body, node: str) -> bool:
        home = self.home.get(node)
        return home is not None and any(outer is home for outer in body.around())


def build_index(graphs: Mapping[str, Graph]) -> tuple[Index, list[Fault]]:
    """Index the workflow (under the empty name) and its subgraphs."""
    index = Index({}, {}, {})
    faults: list[Fault] = []
    waiting: deque[tuple[Body, Mapping[str, AnyNode]]] = deque()
    for name, graph in graphs.items():
        index.top[name] = Body(f"subgraphs.{name}.nodes" if name else "nodes", name)
        waiting.append((index.top[name], graph.nodes))
    while waiting:
        body, nodes = waiting.popleft()
        for id_, node in nodes.items():
            where = f"{body.path}.{id_}"
            if id_ in index.home:
                what = f"the id {id_!r} stands in {index.home[id_].path} already; ids are unique in a document."
                faults.append(Fault(where, what, "Rename one of the two.", node=id_, code="duplicate-id"))
                continue
            body.nodes[id_] = node
            index.home[id_] = body
            if isinstance(node, Loop):
                inner = Body(f"{where}.body", body.graph, loop=id_, parent=body, depth=body.depth + 1)
                index.inner[id_] = inner
                if inner.depth > DEPTH_LIMIT:
                    what = f"more than {DEPTH_LIMIT} loops stand inside each other."
                    faults.append(Fault(where, what, "Use fewer levels.", node=id_, code="too-deep"))
                else:
                    waiting.append((inner, node.body))
    for body in (*index.top.values(), *index.inner.values()):
        _read_edges(body, index)
    return index, faults


def order(edges: Mapping[str, set[str]]) -> tuple[list[str], dict[str, set[str]]]:
    """From "reads" edges: names so that each stands behind what it reads, and those on or behind a cycle.

    Kahn's algorithm: linear, not recursive, in the given order where there is a choice.
    """
    missing = {id_: len(reads) for id_, reads in edges.items()}
    readers: dict[str, list[str]] = {id_: [] for id_ in edges}
    for id_, reads in edges.items():
        for read in reads:
            readers[read].append(id_)
    ready = deque(id_ for id_, count in missing.items() if not count)
    ordered: list[str] = []
    while ready:
        id_ = ready.popleft()
        ordered.append(id_)
        for reader in readers[id_]:
            missing[reader] -= 1
            if not missing[reader]:
                ready.append(reader)
    if len(ordered) == len(missing):
        return ordered, {}
    done = set(ordered)
    return ordered, {id_: reads - done for id_, reads in edges.items() if id_ not in done}


def cycles(rest: Mapping[str, set[str]]) -> Iterator[list[str]]:
    """One cycle of each group of nodes that depend on each other, in the direction in which values flow."""
    import networkx

    graph = networkx.DiGraph((read, id_) for id_, reads in rest.items() for read in reads)
    for group in networkx.strongly_connected_components(graph):
        if len(group) > 1 or any(id_ in rest[id_] for id_ in group):
            yield [source for source, _ in networkx.find_cycle(graph.subgraph(group))]


def _read_edges(body: Body, index: Index) -> None:
    """Fill in `reads` for the links that stand in this body, here and in the bodies around it."""
    for id_, node in body.nodes.items():
        body.reads.setdefault(id_, set())
        if node.mode != "mute":
            for link in node.links.values():
                _add_edge(link, id_, body, index)
    loop = body.parent.nodes[body.loop] if body.parent and body.loop else None
    if isinstance(loop, Loop):
        for link in (*loop.next.values(), *loop.collect.values()):
            _add_edge(link, None, body, index)


def _add_edge(link: Link, reader: str | None, body: Body, index: Index) -> None:
    """The reader, or the loop around it in the body where the read node stands, depends on that node."""
    target, _ = link
    home = index.home.get(target)  # none for parameters and a loop's own values: nobody waits for these
    place: Body | None = body
    while place is not home:
        if home is None or place is None or place.parent is None or place.loop is None:
            return  # a node that is absent or not visible is a fault when the link is resolved
        reader, place = place.loop, place.parent
        if place.nodes[reader].mode == "mute":
            return
    # A body that reads its own loop's output is a fault of that link, not a cycle.
    if reader is not None and place is not None and (reader != target or place is body):
        place.reads.setdefault(reader, set()).add(target)
