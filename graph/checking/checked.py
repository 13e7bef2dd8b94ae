"""What the checker hands to the planner: a workflow with every name resolved and every type known.

    Checked ── graph: CheckedGraph ── nodes: CheckedNode | CheckedLoop (its body holds nodes again), in an order
                    │                        in which each stands behind what it reads
                    └─ subgraphs: name -> CheckedGraph, each checked once, used by CheckedNodes of kind `subgraph`

Muted nodes and their dependants are left out (see `Checked.skipped`), and bypassed nodes too: what read one of their
outputs reads the source that is handed on. Absent inputs stand here as constants, from their defaults.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from ..errors import Fault, WorkflowError
from ..types import TypeExpr


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal, as JSON; an int for a float input is a float here, a Path stays text."""

    value: Any


@dataclass(frozen=True, slots=True)
class FromNode:
    """An output of a node of this scope or of an enclosing one."""

    node: str
    output: str


@dataclass(frozen=True, slots=True)
class FromParameter:
    """A named input of the workflow, or of the subgraph around."""

    name: str


@dataclass(frozen=True, slots=True)
class FromLoop:
    """Inside a loop's body: an `each` item, a `carry` or the `index` of this iteration of that loop."""

    loop: str
    name: str


Source: TypeAlias = Constant | FromNode | FromParameter | FromLoop


@dataclass(frozen=True, slots=True)
class Conversion:
    """A call of `node` (its first input, its first output) stands between a source and what reads it."""

    node: str
    depth: int = 0
    """Lists around each converted value, the one that is mapped over not counted."""


@dataclass(frozen=True, slots=True)
class CheckedInput:
    """What one input reads."""

    source: Source
    type: TypeExpr
    """What one call gets: after conversion, and one element where mapped."""
    conversion: Conversion | None = None
    mapped: bool = False
    """The source is a list of what one call gets: one call an element."""


@dataclass(frozen=True, slots=True)
class CheckedNode:
    """A call of a node type or a use of a subgraph. When mapped, its mapped inputs are walked together."""

    id: str
    kind: Literal["node", "subgraph"]
    type: str
    inputs: dict[str, CheckedInput]
    """In the order of the declaration, variadic ones behind. All of them: absent ones are constants."""
    outputs: dict[str, TypeExpr]
    """After mapping."""
    mapped: bool = False


@dataclass(frozen=True, slots=True)
class CheckedLoop:
    """A loop, its body checked once."""

    id: str
    each: tuple[str, ...]
    carry: tuple[str, ...]
    inputs: dict[str, CheckedInput]
    """The lists of `each` and the first values of `carry`, read in the scope around the loop."""
    body: Scope
    next: dict[str, CheckedInput]
    """For every carry its next value, read inside."""
    collect: dict[str, CheckedInput]
    """What is gathered, read inside."""
    outputs: dict[str, TypeExpr]
    """The final carries, and a list for each of `collect`."""
    outside: tuple[FromNode | FromParameter | FromLoop, ...]
    """What body, next and collect read from around the loop: it depends on these too."""


AnyChecked: TypeAlias = CheckedNode | CheckedLoop
Scope: TypeAlias = dict[str, AnyChecked]
"""Node id -> node, in topological order."""


@dataclass(frozen=True, slots=True)
class CheckedParameter:
    """A named input. `value` is what was given, else the default; None where there is neither."""

    type: TypeExpr
    value: Any = None
    required: bool = False


@dataclass(frozen=True, slots=True)
class CheckedGraph:
    """A workflow or a subgraph. A workflow's `outputs` are those asked for."""

    parameters: dict[str, CheckedParameter]
    nodes: Scope
    outputs: dict[str, CheckedInput]
    subgraphs: Mapping[str, CheckedGraph] = field(default_factory=dict)
    """The same mapping in the workflow and in each of its subgraphs."""


@dataclass(frozen=True, slots=True)
class Skip:
    """A node, or an output, that does not run because of a muted node."""

    where: str
    """A node's id, or `outputs.NAME`."""
    reason: str


@dataclass(frozen=True, slots=True)
class Checked:
    """The checker's answer: faults, or a graph that can run."""

    faults: tuple[Fault, ...]
    skipped: tuple[Skip, ...] = ()
    graph: CheckedGraph | None = None


def raise_faults(checked: Checked) -> CheckedGraph:
    """The checked graph. Raises WorkflowError with all faults where there are any."""
    if checked.faults or checked.graph is None:
        raise WorkflowError(checked.faults)
    return checked.graph
