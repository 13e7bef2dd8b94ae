"""The document: one JSON file that the editor saves, the command line runs and a PNG carries.

The logic (`nodes`, `inputs`, `outputs`, `subgraphs`) stands apart from the picture (`layout`). Unknown fields are
faults, never dropped. `dump` is stable: the same workflow gives the same bytes.

A link is `[node id, output name]`. Two first words are special: `["$", name]` reads an input of the workflow or of
the enclosing subgraph, `["ID/in", name]` reads, inside the body of loop ID, one of its `each`, `carry`, or `index`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, ValidationError

from ..errors import Fault, WorkflowError
from ..wording import told
from .migrations import CURRENT_VERSION, migrate

Link = tuple[str, str]
Id = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$", max_length=80)]
PARAMETER = "$"
LOOP = "loop"


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Node(Part):
    """A node of a node type or of a subgraph of this document. An input stands in `values` or in `links`."""

    type: str
    version: int = 1
    title: str = ""
    values: dict[str, Any] = {}
    links: dict[str, Link] = {}
    mode: Literal["run", "bypass", "mute"] = "run"


class Loop(Part):
    """A loop over sequences. Its inputs stand in `values` and `links` like a node's.

    `each`: inputs that are lists, walked together. `carry`: inputs handed from one iteration to the next.
    `next`: for each carry, which inner output is its next value. `collect`: outputs gathered as lists.
    Outside, `[ID, name]` reads a final carry or a collected list.
    """

    type: Literal["loop"]
    title: str = ""
    each: list[str] = []
    carry: list[str] = []
    values: dict[str, Any] = {}
    links: dict[str, Link] = {}
    body: dict[Id, AnyNode] = {}
    next: dict[str, Link] = {}
    collect: dict[str, Link] = {}
    mode: Literal["run", "mute"] = "run"


def _kind(value: Any) -> str:
    type_ = value.get("type") if isinstance(value, dict) else getattr(value, "type", None)
    return "loop" if type_ == LOOP else "node"


AnyNode = Annotated[Annotated[Node, Tag("node")] | Annotated[Loop, Tag("loop")], Discriminator(_kind)]


class Parameter(Part):
    """A named input of a workflow or subgraph. Without a default it must be given."""

    type: str
    default: Any = None
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    choices: list[str] | None = None
    widget: str = ""
    doc: str = ""


class Graph(Part):
    """Nodes with named inputs and outputs."""

    title: str = ""
    description: str = ""
    inputs: dict[Id, Parameter] = {}
    outputs: dict[Id, Link] = {}
    nodes: dict[Id, AnyNode] = {}


class Box(Part):
    """Where a node stands on the canvas, in canvas units at 100 %."""

    x: float
    y: float
    width: float | None = None
    height: float | None = None
    colour: str = ""
    collapsed: bool = False


class Frame(Part):
    """A titled rectangle behind nodes."""

    x: float
    y: float
    width: float
    height: float
    title: str = ""
    colour: str = ""
    graph: str = ""


class Note(Part):
    """Markdown on the canvas."""

    x: float
    y: float
    width: float = 240
    height: float = 120
    text: str = ""
    graph: str = ""


WirePoint = tuple[float, float]


class Layout(Part):
    """The picture: it never touches the logic, nor any key.

    One for the whole document: ids of nodes are unique in it, and a frame or note names its `graph`, the subgraph that
    it stands in. `wires`: points that a wire is led through, by where it ends: `NODE.INPUT`, `LOOP/next.NAME` or
    `LOOP/collect.NAME`.
    """

    nodes: dict[str, Box] = {}
    wires: dict[str, list[WirePoint]] = {}
    frames: list[Frame] = []
    notes: list[Note] = []


class Workflow(Graph):
    """A whole document."""

    latentloom: Literal[1] = CURRENT_VERSION
    subgraphs: dict[Id, Graph] = {}
    layout: Layout = Layout()

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read a workflow file. Raises WorkflowError (all faults, with their places) or OSError."""
        path = Path(path)
        return cls.parse(path.read_bytes(), name=path.name)

    @classmethod
    def parse(cls, text: str | bytes, name: str = "workflow") -> Self:
        """Read a workflow from JSON text. Raises WorkflowError."""
        try:
            content = json.loads(text, object_pairs_hook=_no_duplicates, parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            fault = Fault(name, f"is not JSON: {error}.", "Check that the file is a saved workflow.", code="not-json")
            raise WorkflowError([fault]) from error
        return cls.from_json(content, name)

    @classmethod
    def from_json(cls, content: Any, name: str = "workflow") -> Self:
        """Read a workflow from parsed JSON, migrating older versions. Raises WorkflowError."""
        try:
            return cls.model_validate(migrate(content, name))
        except ValidationError as error:
            raise WorkflowError([_as_fault(e, name) for e in error.errors()]) from error

    def dump(self) -> str:
        """The document as stable, readable JSON text, ending in a line break."""
        content = {"latentloom": self.latentloom} | self.model_dump(mode="json", exclude_defaults=True)
        return json.dumps(content, indent=2, ensure_ascii=False) + "\n"

    def save(self, path: str | Path) -> None:
        """Write the document; the file is whole or untouched."""
        path = Path(path)
        temporary = path.with_name(path.name + ".part")
        temporary.write_text(self.dump(), encoding="utf-8")
        temporary.replace(path)


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the name {twice!r} stands twice in one object")
    return result


def _no_constant(text: str) -> float:
    raise ValueError(f"{text} is not a number in JSON")


_LINK = "A link is a list of a node's id and the name of its output."


def _as_fault(error: Any, name: str) -> Fault:
    loc = error["loc"]
    # Behind a node's id pydantic writes which of Node and Loop it took.
    tags = {i for i, part in enumerate(loc[2:], 2) if part in ("node", "loop") and loc[i - 2] in ("nodes", "body")}
    place = [str(part) for i, part in enumerate(loc) if i not in tags]
    pair = "A point is a list of two numbers." if place[:2] == ["layout", "wires"] else _LINK
    mend = {
        "extra_forbidden": "Remove the field, or correct its name.",
        "missing": "Add the field." if isinstance(loc[-1], str) else pair,
        "tuple_type": pair,
        "too_long": pair,
        "string_pattern_mismatch": "Ids begin with a letter and hold letters, digits, '_' and '-' only.",
    }.get(error["type"], "Correct the value; docs/workflow-format.md describes the fields.")
    code = {"extra_forbidden": "unknown-field", "missing": "missing-field"}.get(error["type"], "bad-document")
    return Fault(".".join(place) or name, told(error), mend, node=_node_of(place), code=code)


def _node_of(place: list[str]) -> str | None:
    """The innermost node that a place is in: `nodes.ID.body.ID...`, `subgraphs.NAME.nodes.ID...`."""
    node = None
    for kind, id_ in zip(place[::2], place[1::2], strict=False):
        if kind not in ("subgraphs", "nodes", "body"):
            break
        node = id_ if kind != "subgraphs" else None
    return node


Loop.model_rebuild()
