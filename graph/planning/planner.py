"""From a checked workflow to a plan: names become numbers, conversions become steps, what is not needed is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from ..checking.checked import (
    AnyChecked,
    CheckedGraph,
    CheckedInput,
    CheckedLoop,
    CheckedNode,
    Constant,
    FromLoop,
    FromNode,
    FromParameter,
    Skip,
)
from ..checking.checked import Scope as CheckedScope
from ..checking.checked import Source as CheckedSource
from ..declare import NodeType, Output
from ..errors import Fault, InputError, WorkflowError
from ..types import TypeExpr
from .keys import type_prefix
from .plan import CallStep, GraphStep, LoopStep, OutputOf, ParameterOf, Plan, Scope, Source, Step
from .ports import NONE, Const, const_of

PrefixOf = Callable[[NodeType], bytes]


def make_plan(
    graph: CheckedGraph,
    skipped: Iterable[Skip],
    node_types: Mapping[str, NodeType],
    prefix_of: PrefixOf,
    file_digest: Callable[[Path], str],
) -> Plan:
    """Plan a checked workflow for the outputs it was checked for. Linear in its size.

    Raises WorkflowError when a file named in it cannot be read.
    """
    planner = _Planner(node_types, prefix_of, file_digest, graph.subgraphs)
    scope = planner.graph_scope(graph)
    parameters = [
        planner.constant(parameter.value, parameter.type, f"inputs.{name}", None, name)
        for name, parameter in graph.parameters.items()
    ]
    if planner.faults:
        raise WorkflowError(planner.faults)
    return Plan(scope, tuple(parameters), tuple((skip.where, skip.reason) for skip in skipped))


class _Builder:
    """A scope in the making. `loop` is the loop's id where it is a body; `parent` the scope that it may read."""

    def __init__(self, parameters: Iterable[str], parent: _Builder | None = None, loop: str | None = None) -> None:
        self.parameters = tuple(parameters)
        self.parent = parent
        self.loop = loop
        self.steps: list[Step] = []
        self.numbers: dict[str, int] = {}

    def add(self, step: Step) -> int:
        self.numbers[step.id] = len(self.steps)
        self.steps.append(step)
        return len(self.steps) - 1

    def find(self, source: CheckedSource) -> OutputOf | ParameterOf:
        """A source seen from this scope."""
        scope, depth = self, 0
        while True:
            match source:
                case FromNode(node, output) if node in scope.numbers:
                    number = scope.numbers[node]
                    return OutputOf(number, scope.steps[number].outputs.index(output), depth)
                case FromLoop(loop, name) if scope.loop == loop:
                    return ParameterOf(scope.parameters.index(name), depth)
                case FromParameter(name) if scope.parent is None:
                    return ParameterOf(scope.parameters.index(name), depth)
            assert scope.parent is not None, f"{source} is not in scope"
            scope, depth = scope.parent, depth + 1


class _Planner:
    def __init__(
        self,
        node_types: Mapping[str, NodeType],
        prefix_of: PrefixOf,
        file_digest: Callable[[Path], str],
        subgraphs: Mapping[str, CheckedGraph],
    ) -> None:
        self.faults: list[Fault] = []
        self._node_types = node_types
        self._prefix_of = prefix_of
        self._file_digest = file_digest
        self._subgraphs = subgraphs
        self._planned: dict[str, Scope] = {}
        self._constants: dict[tuple[str, str] | None, Const] = {}

    def graph_scope(self, graph: CheckedGraph) -> Scope:
        builder = _Builder(graph.parameters)
        self._add_nodes(builder, graph.nodes, _sources(graph.outputs))
        results = [self._source(builder, checked, "outputs", name) for name, checked in graph.outputs.items()]
        return Scope(tuple(builder.steps), builder.parameters, tuple(results), tuple(graph.outputs))

    def constant(self, value: Any, type_: TypeExpr, where: str, node: str | None, input_: str) -> Const:
        """A constant port; a file that cannot be read is a fault."""
        simple = isinstance(value, int | float | str | bool | None) and type_.innermost.name != "Path"
        name = (repr(value), str(type_)) if simple else None  # a repr tells 0.0 from -0.0, and True from 1
        if name in self._constants:
            return self._constants[name]
        try:
            const = const_of(_as_python(value, type_), self._file_digest)
        except InputError as error:
            self.faults.append(Fault(where, str(error), node=node, input=input_, code="unreadable-file"))
            return NONE
        except TypeError as error:
            what = f"{error}, by which results would be known: it cannot be given from outside."
            self.faults.append(Fault(where, what, "Link a node that makes it.", node, input_, "not-a-literal"))
            return NONE
        if name is not None:
            self._constants[name] = const
        return const

    def _add_nodes(self, builder: _Builder, nodes: CheckedScope, wanted: Iterable[CheckedSource]) -> None:
        needed = _needed(nodes, wanted)
        for id_, node in nodes.items():
            if id_ in needed:
                builder.add(self._loop(builder, node) if isinstance(node, CheckedLoop) else self._call(builder, node))

    def _call(self, builder: _Builder, node: CheckedNode) -> Step:
        sources = tuple(self._source(builder, checked, node.id, name) for name, checked in node.inputs.items())
        names, outputs = tuple(node.inputs), tuple(node.outputs)
        mapped = tuple(checked.mapped for checked in node.inputs.values()) if node.mapped else None
        if node.kind == "subgraph":
            return GraphStep(node.id, names, sources, outputs, self._subgraph(node.type), mapped=mapped)
        return self._call_step(node.id, names, sources, self._node_types[node.type], mapped)

    def _call_step(
        self,
        id_: str,
        names: tuple[str, ...],
        sources: tuple[Source, ...],
        declared: NodeType,
        mapped: tuple[bool, ...] | None,
        levels: int = 1,
    ) -> CallStep:
        prefix = self._prefix_of(declared)
        if declared.variadic is not None:  # the function sees the names that the document chose
            prefix = type_prefix(prefix, *names)
        return CallStep(
            id_,
            names,
            sources,
            tuple(output.name for output in declared.outputs),
            declared,
            prefix,
            tuple(is_transparent(output) for output in declared.outputs),
            mapped=mapped,
            levels=levels,
        )

    def _subgraph(self, name: str) -> Scope:
        if name not in self._planned:
            self._planned[name] = self.graph_scope(self._subgraphs[name])
        return self._planned[name]

    def _loop(self, builder: _Builder, loop: CheckedLoop) -> LoopStep:
        names = (*loop.each, *loop.carry)
        sources = tuple(self._source(builder, loop.inputs[name], loop.id, name) for name in names)
        body = _Builder((*names, "index"), builder, loop.id)
        self._add_nodes(body, loop.body, [*_sources(loop.next), *_sources(loop.collect)])
        next_ = tuple(self._source(body, loop.next[name], loop.id, name) for name in loop.carry)
        collect = tuple(self._source(body, checked, loop.id, name) for name, checked in loop.collect.items())
        return LoopStep(
            loop.id,
            names,
            sources,
            (*loop.carry, *loop.collect),
            len(loop.each),
            Scope(tuple(body.steps), body.parameters, (), ()),
            next_,
            collect,
        )

    def _source(self, builder: _Builder, checked: CheckedInput, node: str, name: str) -> Source:
        """The source of an input, with a step for its conversion where it has one."""
        if isinstance(checked.source, Constant):
            type_ = _list_of(checked.type, 1 if checked.mapped else 0)
            return self.constant(checked.source.value, type_, f"nodes.{node}.values.{name}", node, name)
        found = builder.find(checked.source)
        if checked.conversion is None:
            return found
        declared = self._node_types[checked.conversion.node]
        levels = checked.conversion.depth + (1 if checked.mapped else 0)
        defaults = [self.constant(i.default, i.type, node, node, name) for i in declared.inputs[1:]]
        step = self._call_step(
            f"{node}.{name}",
            tuple(i.name for i in declared.inputs),
            (found, *defaults),
            declared,
            (True, *(False for _ in defaults)) if levels else None,
            levels or 1,
        )
        return OutputOf(builder.add(step), 0)


def is_transparent(output: Output) -> bool:
    """Whether an output's key needs its value: content-keyed types, and lists, whose key is their elements' keys."""
    return output.type.is_list or (bool(output.sockets) and output.sockets[0].content_keyed)


def _sources(inputs: Mapping[str, CheckedInput]) -> list[CheckedSource]:
    return [checked.source for checked in inputs.values()]


def _needed(nodes: CheckedScope, wanted: Iterable[CheckedSource]) -> set[str]:
    """The nodes of a scope that the wanted sources need: one walk against the topological order."""
    needed = {source.node for source in wanted if isinstance(source, FromNode)}
    for id_ in reversed(nodes):
        if id_ in needed:
            needed.update(source.node for source in _reads(nodes[id_]) if isinstance(source, FromNode))
    return needed


def _reads(node: AnyChecked) -> list[CheckedSource]:
    return _sources(node.inputs) + (list(node.outside) if isinstance(node, CheckedLoop) else [])


def _list_of(type_: TypeExpr, levels: int) -> TypeExpr:
    return type_ if not levels else _list_of(TypeExpr("list", type_), levels - 1)


def _as_python(value: Any, type_: TypeExpr) -> Any:
    """A literal as the node gets it: text becomes a path where a path is wanted."""
    if type_.element is not None and isinstance(value, list):
        return [_as_python(part, type_.element) for part in value]
    return Path(value) if type_.name == "Path" and isinstance(value, str) else value
