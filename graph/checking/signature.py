"""What the checker needs to know of a node type or a subgraph, read once: inputs, outputs, limits, as types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ..catalogue.specs import InputSpec, NodeSpec
from ..document.workflow import Graph, Parameter
from ..literals import Limits
from ..types import TypeExpr, parse_type

TYPE_LENGTH_LIMIT = 200


@dataclass(frozen=True, slots=True)
class InputSignature:
    name: str
    type: TypeExpr | None
    """None where the declaration itself is at fault: anything goes then."""
    required: bool
    default: Any
    optional: bool
    limits: tuple[Limits, ...]

    @property
    def has_variable(self) -> bool:
        return self.type is not None and self.type.innermost.is_variable


@dataclass(frozen=True, slots=True)
class Signature:
    kind: Literal["node", "subgraph"]
    type: str
    version: int | None
    inputs: dict[str, InputSignature]
    outputs: dict[str, TypeExpr | None]
    variadic: InputSignature | None = None
    muted: Mapping[str, str] = field(default_factory=dict)
    """Outputs of a subgraph that depend on a muted node inside, and its id."""

    def input(self, name: str) -> InputSignature | None:
        return self.inputs.get(name) or self.variadic


def node_signature(spec: NodeSpec) -> Signature:
    """The signature of a node type in the catalogue."""
    return Signature(
        kind="node",
        type=spec.type,
        version=spec.version,
        inputs={i.name: _input(i) for i in spec.inputs},
        outputs={o.name: parse_type(o.type) for o in spec.outputs},
        variadic=_input(spec.variadic) if spec.variadic else None,
    )


def subgraph_signature(
    name: str,
    graph: Graph,
    types: Mapping[str, TypeExpr | None],
    outputs: Mapping[str, TypeExpr | None],
    inner_limits: Mapping[str, tuple[Limits, ...]],
    muted: Mapping[str, str],
) -> Signature:
    """The signature of a checked subgraph.

    types: of its inputs; outputs: types of its outputs; inner_limits: of the inputs inside that read each input.
    """
    inputs = {
        key: InputSignature(
            name=key, type=types.get(key), required=parameter.default is None, default=parameter.default,
            optional=False, limits=(*parameter_limits(parameter), *inner_limits.get(key, ())),
        )
        for key, parameter in graph.inputs.items()
    }  # fmt: skip
    return Signature("subgraph", name, None, inputs, dict(outputs), muted=muted)


def parameter_limits(parameter: Parameter) -> tuple[Limits, ...]:
    choices = None if parameter.choices is None else tuple(parameter.choices)
    limits = Limits(parameter.minimum, parameter.maximum, choices)
    return () if limits.is_open or limits.is_empty else (limits,)


def read_type(text: str) -> TypeExpr | None:
    """A type expression of a document; None where it is none."""
    if len(text) > TYPE_LENGTH_LIMIT:
        return None
    try:
        return parse_type(text)
    except ValueError:
        return None


def _input(spec: InputSpec) -> InputSignature:
    limits = Limits(spec.minimum, spec.maximum, spec.choices, spec.unit)
    return InputSignature(
        name=spec.name, type=parse_type(spec.type), required=spec.required, default=spec.default,
        optional=spec.optional, limits=() if limits.is_open else (limits,),
    )  # fmt: skip
