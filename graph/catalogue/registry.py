"""The registry: declared node types and socket types with their functions, held by a process that runs them.

It is made by importing plugins (`plugins.load_registry`) or from functions at hand (`Registry.of`), never changed
afterwards, and passed to who needs it. `Registry.catalogue` is the same as plain data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath
from typing import Any

from ..declare import Input, NodeType, node_type_of
from ..errors import DefinitionError
from ..literals import is_literal
from ..types import BUILT_IN, SocketType
from .sources import SourceReader
from .specs import Catalogue, ConversionSpec, InputSpec, NodeSpec, OutputSpec, Problem, TypeSpec


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a node type is declared: the plugin's name, and the module within it (empty for the plugin's own)."""

    plugin: str = ""
    module: str = ""


@dataclass(frozen=True)
class Registry:
    node_types: Mapping[str, NodeType]
    socket_types: Mapping[str, SocketType]
    source_digests: Mapping[str, bytes]
    """Node type -> blake2b of the source that declares it and of what that reaches by imports in its package."""
    libraries: Mapping[str, tuple[str, ...]]
    """Node type -> which of torch, diffusers, ... that source imports."""
    origins: Mapping[str, Origin]
    """Node type -> where it is declared."""
    problems: tuple[Problem, ...] = ()

    @classmethod
    def of(cls, *functions: Callable[..., Any], types: Iterable[SocketType] = ()) -> Registry:
        """A registry of functions decorated with `@node`, conversions among them.

        Raises DefinitionError when two of them declare the same node type or differing socket types.
        """
        registry = collect([(Origin(), node_type_of(function)) for function in functions], [("", t) for t in types])
        if registry.problems:
            raise DefinitionError("\n".join(problem.message for problem in registry.problems))
        return registry

    @cached_property
    def catalogue(self) -> Catalogue:
        """Everything declared, as plain data."""
        nodes = {name: node_spec(declared, self.origins[name]) for name, declared in self.node_types.items()}
        types = {
            name: TypeSpec(
                name=name, doc=t.doc, content_keyed=t.content_keyed, colour=t.colour, has_preview=t.preview is not None
            )
            for name, t in self.socket_types.items()
        }
        conversions = tuple(
            ConversionSpec(source=str(t.inputs[0].type), target=str(t.outputs[0].type), node=name)
            for name, t in self.node_types.items()
            if t.conversion
        )
        return Catalogue(nodes=nodes, types=types, conversions=conversions, problems=self.problems)


def collect(
    declared: Iterable[tuple[Origin, NodeType]],
    types: Iterable[tuple[str, SocketType]] = (),
    problems: Iterable[Problem] = (),
    *,
    to_run: bool = True,
) -> Registry:
    """A registry from declarations, each with its origin or plugin. Of two with the same name the first stays.

    to_run: sources are read too, which keys are made of.
    """
    found = list(problems)
    node_types: dict[str, NodeType] = {}
    socket_types = {t.name: t for t in BUILT_IN.values()}
    origins: dict[str, Origin] = {}
    for plugin, socket in types:
        _add_socket(socket, plugin, socket_types, found)
    for origin, candidate in declared:
        if fault := _unusable(candidate):
            found.append(Problem(plugin=origin.plugin, message=fault))
        elif candidate.type in node_types:
            if node_types[candidate.type] is not candidate:
                first = origins[candidate.type].plugin or "another function"
                message = f"the node type {candidate.type!r} is declared by {first!r} already; that one is used. "
                message += "Give this one another name with @node(type=...)"
                found.append(Problem(plugin=origin.plugin, message=message))
        else:
            node_types[candidate.type] = candidate
            origins[candidate.type] = origin
            for socket in _sockets(candidate):
                _add_socket(socket, origin.plugin, socket_types, found)
    reader = SourceReader()
    sources = {name: reader.source_of(declared.function) for name, declared in node_types.items() if to_run}
    return Registry(
        node_types=node_types,
        socket_types=socket_types,
        source_digests={name: source.digest for name, source in sources.items()},
        libraries={name: source.libraries for name, source in sources.items()},
        origins=origins,
        problems=tuple(found),
    )


def node_spec(declared: NodeType, origin: Origin) -> NodeSpec:
    """A node type as the catalogue has it."""
    return NodeSpec(
        type=declared.type,
        title=declared.title,
        category=declared.category,
        doc=declared.doc,
        version=declared.version,
        inputs=tuple(_input_spec(i) for i in declared.inputs),
        outputs=tuple(OutputSpec(name=o.name, type=str(o.type), doc=o.doc) for o in declared.outputs),
        variadic=_input_spec(declared.variadic) if declared.variadic else None,
        pure=declared.pure,
        conversion=declared.conversion,
        plugin=origin.plugin,
        module=origin.module,
    )


def _input_spec(i: Input) -> InputSpec:
    span = i.range
    return InputSpec(
        name=i.name, type=str(i.type), required=i.required, default=_as_json(i.default), doc=i.doc,
        minimum=span.minimum if span else None, maximum=span.maximum if span else None,
        step=span.step if span else None, unit=span.unit if span else "", choices=i.choices, widget=i.widget,
        optional=i.optional, lazy=i.lazy,
    )  # fmt: skip


def _as_json(value: Any) -> Any:
    """A default as a document would hold it. Raises TypeError where it cannot."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, PurePath):
        return value.as_posix()
    if isinstance(value, list | tuple):
        return [_as_json(item) for item in value]
    raise TypeError(f"{value!r} cannot stand in a document")


def _unusable(declared: NodeType) -> str:
    """Why a declaration cannot go into a catalogue; empty where it can."""
    where = f"node {declared.type!r}"
    if declared.type == "loop" or not declared.type:
        return f"{where}: this name belongs to the document; choose another"
    for i in declared.inputs:
        if i.default is not None and not is_literal(i.type):
            return f"{where}, input {i.name!r}: a default of type {i.type} cannot stand in a document; use None"
        try:
            _as_json(i.default)
        except TypeError as error:
            return f"{where}, input {i.name!r}: the default {error}; use None, a number, text or a list of them"
    if declared.conversion and (not declared.inputs or any(i.required for i in declared.inputs[1:])):
        return f"{where}: a conversion takes one input; give the others defaults"
    return ""


def _sockets(declared: NodeType) -> Iterable[SocketType]:
    for i in declared.inputs:
        yield from i.sockets
    if declared.variadic:
        yield from declared.variadic.sockets
    for o in declared.outputs:
        yield from o.sockets


def _add_socket(socket: SocketType, plugin: str, known: dict[str, SocketType], problems: list[Problem]) -> None:
    first = known.setdefault(socket.name, socket)
    if first.python is not socket.python:
        message = (
            f"the type {socket.name!r} is declared by {first.python.__module__!r} already; that one is used. "
            f"Give the class {socket.python.__qualname__!r} another name with @socket(name=...)"
        )
        problem = Problem(plugin=plugin, message=message)
        if problem not in problems:
            problems.append(problem)
