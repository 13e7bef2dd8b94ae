"""A plan: a checked workflow as flat data, ready to be unfolded into calls.

A scope (the workflow, a loop's body, a subgraph) is a tuple of steps in topological order. A step's inputs are
sources: a constant, another step's output, or a parameter of the scope; `depth` counts scopes outwards (a loop's body
may read what stands around the loop). Made once per workflow by `planner`; unfolding looks nothing up by name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from ..declare import NodeType

if TYPE_CHECKING:
    from .ports import Const


@dataclass(frozen=True, slots=True)
class OutputOf:
    """An output of a step, `depth` scopes out."""

    step: int
    output: int
    depth: int = 0


@dataclass(frozen=True, slots=True)
class ParameterOf:
    """A parameter of a scope: an input of the graph, or an `each`, `carry` or `index` of a loop."""

    index: int
    depth: int = 0


Source: TypeAlias = "Const | OutputOf | ParameterOf"


@dataclass(frozen=True, slots=True)
class Step:
    """What all steps have: the node's id, its inputs by name, and which of them are mapped over."""

    id: str
    names: tuple[str, ...]
    sources: tuple[Source, ...]
    outputs: tuple[str, ...]
    mapped: tuple[bool, ...] | None = field(default=None, kw_only=True)
    """None where nothing is mapped."""
    levels: int = field(default=1, kw_only=True)
    """How many lists deep the mapped inputs are walked."""


@dataclass(frozen=True, slots=True)
class CallStep(Step):
    """A call of a node type."""

    declared: NodeType
    prefix: bytes
    """The node type's part of the key."""
    transparent: tuple[bool, ...]
    """For each output: whether its key needs the value (content-keyed types and lists)."""


@dataclass(frozen=True, slots=True)
class LoopStep(Step):
    """A loop. Inputs: first the `each`, then the `carry`. Outputs: the carries, then what is collected."""

    each: int
    """How many of the inputs are sequences."""
    body: Scope
    next: tuple[Source, ...]
    """Per carry, in the body's scope."""
    collect: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class GraphStep(Step):
    """A subgraph used as a node."""

    scope: Scope


@dataclass(frozen=True, slots=True)
class Scope:
    steps: tuple[Step, ...]
    parameters: tuple[str, ...]
    results: tuple[Source, ...]
    """Sources of the graph's outputs (empty for a loop's body, which has `next` and `collect`)."""
    result_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A workflow planned for some outputs. `parameters` are the values of its inputs, in the scope's order."""

    scope: Scope
    parameters: tuple[Const, ...]
    skipped: tuple[tuple[str, str], ...]
    """(node or output, reason) of what does not run because of a muted node."""
