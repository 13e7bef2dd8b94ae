"""A workflow as a picture to be drawn: boxes, groups and edges, and Mermaid text made of them.

A loop is a group with an entry and an exit; a subgraph is drawn once, as a group of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from latentloom.graph import Catalogue, Graph, Link, Loop, Node, Parameter, Workflow
from latentloom.graph.document.workflow import PARAMETER

LONGEST_VALUE = 28
"""Characters of a literal value that are shown."""
MOST_LOOPS = 32
"""Edges of loops that a colour is followed through; a faulty document may go round for ever."""


@dataclass(frozen=True, slots=True)
class Box:
    """One node, named input, named output, or the entry or exit of a loop."""

    id: str
    title: str
    kind: Literal["node", "subgraph", "input", "output", "entry", "exit"]
    subtitle: str = ""
    values: tuple[tuple[str, str], ...] = ()
    """Name and shortened text of literal values."""
    faded: bool = False
    """Muted or bypassed."""


@dataclass(frozen=True, slots=True)
class Edge:
    """From an output of one box to an input of another."""

    source: str
    output: str
    target: str
    input: str
    colour: str = ""
    """Of the type that flows, `#rrggbb`, where the catalogue tells."""
    back: bool = False
    """From a loop's exit to its entry: the next values of its carries."""

    @property
    def label(self) -> str:
        return self.output if self.output == self.input else f"{self.output} → {self.input}"


@dataclass(frozen=True, slots=True)
class Group:
    """A loop's body, a subgraph, or the whole workflow."""

    id: str
    title: str
    boxes: tuple[Box, ...]
    groups: tuple[Group, ...] = ()

    def walk(self) -> Iterator[Group]:
        yield self
        for group in self.groups:
            yield from group.walk()


@dataclass(frozen=True)
class Picture:
    top: Group
    edges: tuple[Edge, ...]


def picture_of(workflow: Workflow, catalogue: Catalogue) -> Picture:
    """The boxes, groups and edges of a workflow; links to nothing are left out."""
    edges: list[Edge] = []
    top = _graph(workflow, "", workflow.title or "workflow", _Names(workflow, catalogue), edges)
    subgraphs = tuple(
        _graph(graph, f"{name}:", f"subgraph {graph.title or name}", _Names(workflow, catalogue), edges)
        for name, graph in workflow.subgraphs.items()
    )
    known = {box.id for group in (top, *subgraphs) for part in group.walk() for box in part.boxes}
    whole = Group(top.id, top.title, top.boxes, top.groups + subgraphs)
    return Picture(whole, tuple(edge for edge in edges if edge.source in known and edge.target in known))


@dataclass(frozen=True)
class _Names:
    """What the catalogue tells of node types."""

    workflow: Workflow
    catalogue: Catalogue

    def title(self, node: Node) -> str:
        spec = self.catalogue.nodes.get(node.type)
        return node.title or (spec.title if spec else node.type)

    def colour(self, nodes: Mapping[str, Node | Loop], graph: Graph, link: Link) -> str:
        """The colour of what a link reads, followed through the edges of loops."""
        for _ in range(MOST_LOOPS):
            source, output = link
            node = nodes.get(source.removesuffix("/in"))
            if source == PARAMETER:
                return self.type_colour(graph.inputs[output].type) if output in graph.inputs else ""
            if isinstance(node, Node):
                return self.output_colour(node.type, output)
            if node is None:
                return ""
            nodes = {**nodes, **node.body}
            behind = node.links if source.endswith("/in") else node.next | node.collect
            if output not in behind:
                return ""
            link = behind[output]
        return ""

    def output_colour(self, node_type: str, output: str) -> str:
        if subgraph := self.workflow.subgraphs.get(node_type):
            link = subgraph.outputs.get(output)
            return self.colour(subgraph.nodes, subgraph, link) if link else ""
        spec = self.catalogue.nodes.get(node_type)
        declared = spec.output(output) if spec else None
        return self.type_colour(declared.type) if declared else ""

    def type_colour(self, type_: str) -> str:
        while type_.startswith("list["):
            type_ = type_[5:-1]
        known = self.catalogue.types.get(type_)
        return known.colour if known else ""


def _graph(graph: Graph, prefix: str, title: str, names: _Names, edges: list[Edge]) -> Group:
    """A workflow or subgraph; ids of its boxes begin with `prefix`."""
    boxes = [
        Box(f"{prefix}$/{name}", name, "input", parameter.type, _default(parameter))
        for name, parameter in graph.inputs.items()
    ]
    scope = _Scope(prefix, names, edges, graph)
    members, groups = _members(graph.nodes, {}, scope)
    for name, link in graph.outputs.items():
        boxes.append(Box(f"{prefix}>/{name}", name, "output"))
        scope.link(link, f"{prefix}>/{name}", name, graph.nodes)
    return Group(prefix or "workflow", title, (*boxes, *members), groups)


@dataclass(frozen=True)
class _Scope:
    prefix: str
    names: _Names
    edges: list[Edge]
    graph: Graph

    def link(self, link: Link, target: str, name: str, nodes: Mapping[str, Node | Loop]) -> None:
        source, output = link
        if source == PARAMETER:
            start = f"{self.prefix}$/{output}"
        elif isinstance(nodes.get(source), Loop):
            start = f"{self.prefix}{source}/out"
        else:
            start = self.prefix + source
        self.edges.append(Edge(start, output, target, name, self.names.colour(nodes, self.graph, link)))


def _members(
    nodes: Mapping[str, Node | Loop], outer: Mapping[str, Node | Loop], scope: _Scope
) -> tuple[tuple[Box, ...], tuple[Group, ...]]:
    """Boxes and groups of one scope; `outer` are the nodes around it, which it may read."""
    visible = {**outer, **nodes}
    boxes: list[Box] = []
    groups: list[Group] = []
    for id_, member in nodes.items():
        if isinstance(member, Loop):
            groups.append(_loop(id_, member, visible, scope))
            continue
        is_subgraph = member.type in scope.names.workflow.subgraphs
        boxes.append(
            Box(
                scope.prefix + id_,
                id_,
                "subgraph" if is_subgraph else "node",
                scope.names.title(member),
                tuple((name, _short(value)) for name, value in member.values.items()),
                member.mode != "run",
            )
        )
        for name, link in member.links.items():
            scope.link(link, scope.prefix + id_, name, visible)
    return tuple(boxes), tuple(groups)


def _loop(id_: str, loop: Loop, outer: Mapping[str, Node | Loop], scope: _Scope) -> Group:
    start, end = f"{scope.prefix}{id_}/in", f"{scope.prefix}{id_}/out"
    values = tuple((name, _short(value)) for name, value in loop.values.items())
    faded = loop.mode != "run"
    entry = Box(start, f"each {', '.join(loop.each)}" if loop.each else "start", "entry", "", values, faded)
    exit_ = Box(end, "after the last", "exit", faded=faded)
    boxes, groups = _members(loop.body, outer, scope)
    for name, link in loop.links.items():
        scope.link(link, start, name, outer)
    inside = {**outer, **loop.body}
    for name, link in (loop.next | loop.collect).items():
        scope.link(link, end, name, inside)
    if loop.carry:
        carried = ", ".join(loop.carry)
        scope.edges.append(Edge(end, carried, start, f"next {carried}", back=True))
    return Group(f"{scope.prefix}{id_}", loop.title or f"loop {id_}", (entry, *boxes, exit_), groups)


def _default(parameter: Parameter) -> tuple[tuple[str, str], ...]:
    return () if parameter.default in (None, "") else (("default", _short(parameter.default)),)


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


SHAPES = {
    "node": ("[", "]"),
    "subgraph": ("[[", "]]"),
    "input": ("([", "])"),
    "output": ("([", "])"),
    "entry": ("[/", "/]"),
    "exit": ("[/", "/]"),
}


def mermaid(picture: Picture) -> str:
    """The picture as a Mermaid flowchart, from left to right."""
    numbered = {box.id: f"n{i}" for i, box in enumerate(box for g in picture.top.walk() for box in g.boxes)}
    lines = ["flowchart LR"]
    lines += _mermaid_boxes(picture.top, numbered, "  ")
    for group in picture.top.groups:
        lines += _mermaid_group(group, numbered, "  ")
    for edge in picture.edges:
        arrow = f'-. "{_escape(edge.input)}" .->' if edge.back else f'-- "{_escape(edge.label)}" -->'
        lines.append(f"  {numbered[edge.source]} {arrow} {numbered[edge.target]}")
    faded = [numbered[box.id] for group in picture.top.walk() for box in group.boxes if box.faded]
    if faded:
        lines += ["  classDef faded stroke-dasharray: 4 4, opacity: 0.5", f"  class {','.join(faded)} faded"]
    return "\n".join(lines) + "\n"


def _mermaid_group(group: Group, numbered: Mapping[str, str], indent: str) -> list[str]:
    first = numbered[group.boxes[0].id] if group.boxes else "empty"
    lines = [f'{indent}subgraph g{first}["{_escape(group.title)}"]', f"{indent}  direction LR"]
    lines += _mermaid_boxes(group, numbered, indent + "  ")
    for inner in group.groups:
        lines += _mermaid_group(inner, numbered, indent + "  ")
    return [*lines, f"{indent}end"]


def _mermaid_boxes(group: Group, numbered: Mapping[str, str], indent: str) -> list[str]:
    lines = []
    for box in group.boxes:
        before, after = SHAPES[box.kind]
        rows = [box.title, box.subtitle if box.subtitle != box.title else "", *(f"{n}: {v}" for n, v in box.values)]
        label = "<br/>".join(_escape(row) for row in rows if row)
        lines.append(f'{indent}{numbered[box.id]}{before}"{label}"{after}')
    return lines


def _escape(text: str) -> str:
    """Mermaid's own entities: `#quot;` for a quotation mark, and none of its markup."""
    entities = {"#": "#35;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "`": "#96;"}
    return "".join(entities.get(letter, letter) for letter in text)
