"""Checking what a request wants to run, before anything is accepted. For a thread: large documents take a while."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from latentloom.arguments import LARGEST_SWEEP
from latentloom.graph import Catalogue, Fault, Workflow, WorkflowError, check
from latentloom.outputs import check_writable_type

from .models import Models
from .values import foreign_values


@dataclass(frozen=True)
class Surroundings:
    """What a workflow is checked against."""

    catalogue: Catalogue
    path_of: Callable[[str], Path | None]
    models: Models


def faults_of(
    workflow: Workflow, inputs: Mapping[str, Any] | None, outputs: Sequence[str] | None, around: Surroundings
) -> list[Fault]:
    """All faults of a workflow with one set of inputs; with None the document alone is checked."""
    checked = check(workflow, around.catalogue, inputs=inputs, outputs=outputs)
    faults = list(checked.faults)
    if checked.graph:
        # An output asked for as `ID.OUTPUT` need not be a file: its result is looked at through its call.
        named = {name: read for name, read in checked.graph.outputs.items() if name in workflow.outputs}
        writable = (check_writable_type(name, read.type) for name, read in named.items())
        faults += [fault for fault in writable if fault]
    return faults + foreign_values(workflow, [inputs or {}], around.catalogue, around.path_of, around.models.folders())


def sweep_combinations(sweep: Mapping[str, Sequence[Any]], inputs: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One dictionary per job: the product of all values, the last name varying fastest. Raises WorkflowError.

    inputs: those that have one value for all jobs.
    """
    if twice := sweep.keys() & inputs.keys():
        mend = "Give each input once, in `inputs` or in `sweep`."
        raise WorkflowError(
            [Fault(f"sweep.{name}", "is given in `inputs` too.", mend, code="given-twice") for name in sorted(twice)]
        )
    if (count := math.prod(map(len, sweep.values()))) > LARGEST_SWEEP:
        what = f"makes {count:,} jobs; at most {LARGEST_SWEEP:,} are accepted together."
        raise WorkflowError([Fault("sweep", what, "Sweep fewer values at a time.", code="too-many-jobs")])
    return [dict(zip(sweep, chosen, strict=True)) for chosen in itertools.product(*sweep.values())]


def faults_of_sweep(
    workflow: Workflow,
    inputs: Mapping[str, Any],
    sweep: Mapping[str, Sequence[Any]],
    outputs: Sequence[str] | None,
    around: Surroundings,
) -> list[Fault]:
    """Faults of all jobs of a sweep. Inputs do not depend on each other, so each value is checked once."""
    faults: dict[Fault, None] = {}
    for given in _each_value_once(inputs, sweep):
        faults |= dict.fromkeys(faults_of(workflow, given, outputs, around))
    return list(faults)


def _each_value_once(inputs: Mapping[str, Any], sweep: Mapping[str, Sequence[Any]]) -> Iterator[dict[str, Any]]:
    first = {**inputs, **{name: values[0] for name, values in sweep.items()}}
    yield first
    for name, values in sweep.items():
        for value in values[1:]:
            yield first | {name: value}
