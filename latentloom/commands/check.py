"""`latentloom check`: every fault of a workflow, without running anything."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from latentloom.arguments import settings
from latentloom.graph import Loop, Node, check, read_catalogue
from latentloom.sources import read_source

from .failures import BAD, DONE, fault_lines
from .problems import print_problems


def check_file(path: Path, assignments: Sequence[str], plugins: Sequence[Path], *, as_json: bool) -> int:
    """Check a workflow, or the one that a picture carries."""
    source = read_source(path)
    catalogue = read_catalogue(plugins)
    print_problems(catalogue)
    given = source.inputs | settings(assignments, source.workflow)
    # Inputs without a default are no fault of the document: they are given when it runs.
    checked = check(source.workflow, catalogue, inputs=given or None)
    if as_json:
        print(json.dumps({"faults": [fault.as_dict() for fault in checked.faults]}, indent=2, ensure_ascii=False))
        return BAD if checked.faults else DONE
    if checked.faults:
        print("\n".join(fault_lines(checked.faults)), file=sys.stderr)
        count = len(checked.faults)
        print(f"{path}: {count} fault{'s' if count > 1 else ''}.", file=sys.stderr)
        return BAD
    print(f"{path}: no faults in {_count(source.workflow.nodes)} nodes.")
    for skip in checked.skipped:
        print(f"{skip.where} is skipped: {skip.reason}")
    return DONE


def _count(nodes: Mapping[str, Node | Loop]) -> int:
    return sum(1 + (_count(member.body) if isinstance(member, Loop) else 0) for member in nodes.values())
