"""`latentloom check`: every fault of a workflow, without running anything."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from latentloom.arguments import settings
from latentloom.files import map_inputs, map_paths
from latentloom.graph import WorkflowError, check, examine, read_catalogue
from latentloom.graph.document.homes import homes
from latentloom.running import path_finder, unwritable
from latentloom.sources import read_source

from .failures import BAD, DONE, fault_lines
from .problems import print_missing, print_problems


def check_file(
    path: Path, assignments: Sequence[str], models: Sequence[Path], plugins: Sequence[Path], *, as_json: bool
) -> int:
    """Check a workflow, or the one that a picture carries, with its inputs, models and files: as a run would."""
    source = read_source(path)
    given = settings(assignments, source.workflow)
    catalogue = read_catalogue(plugins)
    print_problems(catalogue)
    print_missing(models)
    paths = path_finder(source, given)
    workflow = map_paths(source.workflow, catalogue, paths)
    inputs = map_inputs(workflow, source.inputs, paths) | given
    checked = check(workflow, catalogue, inputs=inputs)
    faults = [*checked.faults, *unwritable(checked)]
    if not checked.faults:
        try:
            examine(checked, catalogue, plugins, models)
        except WorkflowError as error:
            faults += error.faults
    if as_json:
        print(json.dumps({"faults": [fault.as_dict() for fault in faults]}, indent=2, ensure_ascii=False))
        return BAD if faults else DONE
    if faults:
        print("\n".join(fault_lines(faults)), file=sys.stderr)
        print(f"{path}: {len(faults)} fault{'s' if len(faults) > 1 else ''}.", file=sys.stderr)
        return BAD
    print(f"{path}: no faults in {sum(1 for _ in homes(source.workflow))} nodes.")
    for skip in checked.skipped:
        print(f"{skip.where} is skipped: {skip.reason}")
    return DONE
