"""The static check that needs plugins' code or model folders: done by the worker before the first call.

A node type may declare `facts=function`: what can be said of its outputs before it runs.

    def model_facts(name: str | None, context: Context) -> Mapping[str, Any]:
        return {"autoencoder": {"space": "4ch-f4-0.18215"}, ...}        # raises InputError: no such folder

    def decode_facts(autoencoder: Mapping | None, latent: Mapping | None) -> Mapping[str, Any]:
        ...                                                             # raises InputError: another latent space

The function is called with keyword arguments for the inputs that its own parameters name:

- a literal, from the document or from an input of the workflow: the value itself;
- a link: the facts of the linked output, a dict;
- None where nothing is known, as of a mapped literal list, of an `index`, or of text that a node makes.

A parameter called `context`, or annotated Context, gets the Context. It returns facts by output name; outputs may be
absent. An InputError that it raises becomes a fault at the node. A node without such a function hands on, for each
output, the facts of its inputs of the same type (in lists or not) where these agree.

Nodes are visited in topological order, those only that the outputs asked for need. A loop's body is visited once,
with the facts of the first values of what it carries; a subgraph once for each use.
"""

from __future__ import annotations

import inspect
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from ..catalogue.registry import Registry
from ..context import Context
from ..errors import EnvironmentFault, Fault, InputError
from ..types import TypeExpr
from .checked import (
    CheckedGraph,
    CheckedInput,
    CheckedLoop,
    CheckedNode,
    Constant,
    FromLoop,
    FromNode,
    FromParameter,
    Scope,
    Source,
)

Known: TypeAlias = Any
"""A literal value, the facts of an output (a dict), or None."""


@dataclass
class _Frame:
    """What is known in the workflow, or in one use of a subgraph."""

    parameters: Mapping[str, Known]
    outputs: dict[tuple[str, str], Known] = field(default_factory=dict)
    inside: dict[tuple[str, str], Known] = field(default_factory=dict)

    def known(self, source: Source) -> Known:
        match source:
            case Constant(value):
                return value
            case FromParameter(name):
                return self.parameters.get(name)
            case FromNode(node, output):
                return self.outputs.get((node, output))
            case FromLoop(loop, name):
                return self.inside.get((loop, name))

    def arriving(self, given: CheckedInput) -> Known:
        """What one call gets of an input."""
        known = self.known(given.source)
        if isinstance(known, Mapping):
            return None if given.conversion else known
        if given.mapped:
            return None
        if given.conversion and given.type == TypeExpr("float") and isinstance(known, int):
            return float(known)
        return None if given.conversion else known


@dataclass(frozen=True)
class Facts:
    """The answer of the static check."""

    faults: list[Fault] = field(default_factory=list)
    known: dict[str, dict[str, Mapping[str, Any]]] = field(default_factory=dict)
    """Node id -> output -> facts; of a node in a subgraph, those of the last use."""


@dataclass(frozen=True)
class _Walk:
    graph: CheckedGraph
    registry: Registry
    context: Context
    facts: Facts

    def scope(self, scope: Scope, frame: _Frame, path: str, wanted: Iterable[Source]) -> None:
        needed = _needed(scope, wanted)
        for id_, node in scope.items():
            if id_ not in needed:
                continue
            if isinstance(node, CheckedLoop):
                self.loop(node, frame, path)
            elif node.kind == "subgraph":
                self.subgraph(node, frame)
            else:
                given = {name: frame.arriving(i) for name, i in node.inputs.items()}
                facts = self.call(node, given, path)
                for name in node.outputs:
                    self.note(frame, id_, name, facts.get(name))

    def loop(self, loop: CheckedLoop, frame: _Frame, path: str) -> None:
        for name, given in loop.inputs.items():
            known = frame.known(given.source)
            is_literal_list = name in loop.each and not isinstance(known, Mapping)
            frame.inside[loop.id, name] = None if is_literal_list else known
        inner = [given.source for given in (*loop.next.values(), *loop.collect.values())]
        self.scope(loop.body, frame, f"{path}.{loop.id}.body", inner)
        for name, given in (*loop.next.items(), *loop.collect.items()):
            known = frame.arriving(given)
            self.note(frame, loop.id, name, known if isinstance(known, Mapping) else None)

    def subgraph(self, node: CheckedNode, frame: _Frame) -> None:
        graph = self.graph.subgraphs[node.type]
        inner = _Frame({name: frame.arriving(given) for name, given in node.inputs.items()})
        self.scope(graph.nodes, inner, f"subgraphs.{node.type}.nodes", [o.source for o in graph.outputs.values()])
        for name, given in graph.outputs.items():
            known = inner.known(given.source)
            self.note(frame, node.id, name, None if node.mapped and not isinstance(known, Mapping) else known)

    def note(self, frame: _Frame, node: str, output: str, known: Known) -> None:
        frame.outputs[node, output] = known
        if isinstance(known, Mapping):
            self.facts.known.setdefault(node, {})[output] = known

    def call(self, node: CheckedNode, given: Mapping[str, Known], path: str) -> Mapping[str, Any]:
        """The facts of a node's outputs; a fault where its function refuses what is known."""
        declared = self.registry.node_types[node.type]
        if declared.facts is None:
            return _handed_on(node, given)
        try:
            return declared.facts(**_arguments(declared.facts, given, self.context))
        except (InputError, EnvironmentFault) as error:
            what, mend, code = str(error), "", "refused"
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a plugin's own mistake must not end the check of the others
            frame = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{Path(frame.filename).name}, line {frame.lineno}"
            what = f"the check of the node type {node.type!r} failed: {type(error).__name__}: {error} ({place})."
            mend, code = "This is a mistake in the plugin.", "failed-check"
        fault = Fault(f"{path}.{node.id}", what, mend, node=node.id, code=code)
        if fault not in self.facts.faults:  # a subgraph used twice says it once
            self.facts.faults.append(fault)
        return {}


def check_facts(graph: CheckedGraph, registry: Registry, context: Context) -> Facts:
    """Ask the node types' `facts` functions what they know, and what they refuse."""
    facts = Facts()
    frame = _Frame({name: parameter.value for name, parameter in graph.parameters.items()})
    wanted = [output.source for output in graph.outputs.values()]
    _Walk(graph, registry, context, facts).scope(graph.nodes, frame, "nodes", wanted)
    return facts


def _needed(scope: Scope, wanted: Iterable[Source]) -> set[str]:
    """Nodes of a scope that the wanted sources depend on."""
    needed = {source.node for source in wanted if isinstance(source, FromNode)}
    for id_, node in reversed(scope.items()):
        if id_ not in needed:
            continue
        sources: list[Source] = [given.source for given in node.inputs.values()]
        if isinstance(node, CheckedLoop):
            sources.extend(node.outside)
        needed.update(source.node for source in sources if isinstance(source, FromNode))
    return needed


def _arguments(function: Callable[..., Any], given: Mapping[str, Known], context: Context) -> dict[str, Any]:
    arguments: dict[str, Any] = {}
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is inspect.Parameter.VAR_KEYWORD:
            arguments |= {name: known for name, known in given.items() if name not in arguments}
        elif parameter.name == "context" or parameter.annotation in (Context, "Context"):
            arguments[parameter.name] = context
        else:
            arguments[parameter.name] = given.get(parameter.name)
    return arguments


def _handed_on(node: CheckedNode, given: Mapping[str, Known]) -> dict[str, Any]:
    """For each output the facts of the inputs of its type, where these agree: a switch may hand on any of them."""
    facts: dict[str, Any] = {}
    for output, type_ in node.outputs.items():
        same = [
            given[name]
            for name, checked in node.inputs.items()
            if checked.type.innermost == type_.innermost and checked.source != Constant(None)
        ]
        if same and isinstance(same[0], Mapping) and all(known == same[0] for known in same):
            facts[output] = same[0]
    return facts
