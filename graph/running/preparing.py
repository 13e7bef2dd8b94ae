"""From a checked workflow to a plan: the check that needs plugins' code, models and files stands between the two.

`prepare` serves the engine; `examine` asks the same for who only checks, with no engine, reading no file whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from ..catalogue.plugins import load_registry
from ..catalogue.registry import Origin, Registry
from ..catalogue.specs import Catalogue
from ..checking.checked import Checked, CheckedGraph, CheckedInput, CheckedLoop, Scope, raise_faults
from ..checking.facts import Facts, check_facts
from ..context import Context
from ..errors import Fault, WorkflowError
from ..events import Address
from ..planning.plan import Plan
from ..planning.planner import PrefixOf, make_plan
from ..store.files import mark_of
from .calling import CallContext, Settings


def prepare(
    checked: Checked,
    registry: Registry,
    context: Context,
    prefix_of: PrefixOf,
    path_digest: Callable[[Path], str],
) -> tuple[Plan, Facts]:
    """The plan of a checked workflow, and what is known of its values. Raises WorkflowError with all faults."""
    graph = raise_faults(checked)
    facts = check_facts(graph, registry, context)
    faults: list[Fault] = list(facts.faults)
    try:
        plan = make_plan(graph, checked.skipped, registry.node_types, prefix_of, path_digest)
    except WorkflowError as error:
        faults += error.faults
    if faults:
        raise WorkflowError(faults)
    return plan, facts


def examine(
    checked: Checked, catalogue: Catalogue, plugin_folders: Sequence[Path] = (), model_folders: Sequence[Path] = ()
) -> None:
    """Ask of a checked workflow what a run asks before its first call: are models and files there, and do they fit?

    Imports only the modules whose nodes stand in the workflow. Raises WorkflowError with all faults.
    """
    graph = raise_faults(checked)
    specs = [catalogue.nodes[type_] for type_ in _node_types(graph)]
    registry = load_registry(plugin_folders, to_check={Origin(spec.plugin, spec.module) for spec in specs})
    context = CallContext(Settings("cpu", "float32", tuple(model_folders), mark_of), None, None, Address(""))
    prepare(checked, registry, context, lambda _: b"", mark_of)


def _node_types(graph: CheckedGraph) -> set[str]:
    """The node types of a workflow with its subgraphs, those of conversions among them."""
    scopes = (graph.nodes, *(subgraph.nodes for subgraph in graph.subgraphs.values()))
    return set(chain.from_iterable(map(_in_scope, scopes)))


def _in_scope(scope: Scope) -> Iterator[str]:
    for node in scope.values():
        yield from _conversions(node.inputs.values())
        if isinstance(node, CheckedLoop):
            yield from _conversions((*node.next.values(), *node.collect.values()))
            yield from _in_scope(node.body)
        elif node.kind == "node":
            yield node.type


def _conversions(inputs: Iterable[CheckedInput]) -> Iterator[str]:
    return (given.conversion.node for given in inputs if given.conversion is not None)
