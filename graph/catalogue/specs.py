"""The catalogue: node types, socket types and conversions as plain data, without any plugin's code.

The checker, the editor and the web process read this; only a worker imports plugins.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict


class Spec(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class InputSpec(Spec):
    name: str
    type: str
    required: bool = True
    default: Any = None
    doc: str = ""
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    unit: str = ""
    choices: tuple[str, ...] | None = None
    widget: str = ""
    optional: bool = False
    """The input may be None."""
    lazy: bool = False


class OutputSpec(Spec):
    name: str
    type: str
    doc: str = ""


class NodeSpec(Spec):
    type: str
    title: str
    category: str
    doc: str
    version: int = 1
    inputs: tuple[InputSpec, ...] = ()
    outputs: tuple[OutputSpec, ...] = ()
    variadic: InputSpec | None = None
    """Type of any further named inputs; None where there are none."""
    pure: bool = True
    conversion: bool = False
    plugin: str = ""
    module: str = ""
    """The plugin's module that declares it; empty for the plugin's own."""

    def input(self, name: str) -> InputSpec | None:
        """The declaration of an input by name, a variadic one included."""
        return next((spec for spec in self.inputs if spec.name == name), self.variadic)

    def output(self, name: str) -> OutputSpec | None:
        return next((spec for spec in self.outputs if spec.name == name), None)


class TypeSpec(Spec):
    name: str
    doc: str = ""
    content_keyed: bool = False
    colour: str = ""
    has_preview: bool = False


class ConversionSpec(Spec):
    """An implicit conversion: where `target` is wanted and `source` given, a call of `node` stands between."""

    source: str
    target: str
    node: str


class Problem(Spec):
    """A plugin that could not be loaded. The rest works."""

    plugin: str
    message: str


class Catalogue(Spec):
    nodes: dict[str, NodeSpec] = {}
    types: dict[str, TypeSpec] = {}
    conversions: tuple[ConversionSpec, ...] = ()
    problems: tuple[Problem, ...] = ()

    def conversion(self, source: str, target: str) -> ConversionSpec | None:
        return next((c for c in self.conversions if c.source == source and c.target == target), None)
