"""From errors to messages and exit codes: 1 a node failed, 2 bad workflow or arguments, 130 interrupted."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from typing import Any

from latentloom.graph import (
    Cancelled,
    EnvironmentFault,
    Fault,
    LatentloomError,
    RunError,
    WorkflowError,
)

DONE, FAILED, BAD, INTERRUPTED = 0, 1, 2, 130


def exit_code(work: Callable[[], int], *, as_json: bool = False) -> int:
    """Do the work; an error meant for the user becomes a message on standard error and a code.

    With `as_json` the error also stands on standard output, as `{"faults": [...]}` or `{"error": {...}}`.
    """
    try:
        return work()
    except KeyboardInterrupt:
        return INTERRUPTED
    except LatentloomError as error:
        print_error(error)
        if as_json:
            print(json.dumps(error_as_dict(error), indent=2, ensure_ascii=False))
        return code_of(error)


def code_of(error: LatentloomError) -> int:
    match error:
        case WorkflowError():
            return BAD
        case Cancelled():
            return INTERRUPTED
    return FAILED


def print_error(error: LatentloomError) -> None:
    match error:
        case WorkflowError():
            lines = fault_lines(error.faults)
        case Cancelled():
            lines = ["Cancelled. What was finished stays known where a --cache folder is given."]
        case RunError():
            lines = [f"{error.address}: {error}"]
            lines += [error.traceback.rstrip()] if error.traceback else []
        case _:
            lines = [str(error)]
    print("\n".join(lines), file=sys.stderr)


def fault_lines(faults: Sequence[Fault]) -> list[str]:
    """One line a fault, its mend indented under it."""
    lines: list[str] = []
    for fault in faults:
        lines.append(f"{fault.where}: {fault.what}")
        lines += [f"    {fault.mend}"] if fault.mend else []
    return lines


def error_as_dict(error: LatentloomError) -> dict[str, Any]:
    match error:
        case WorkflowError():
            return {"faults": [fault.as_dict() for fault in error.faults]}
        case RunError():
            return {
                "error": {
                    "kind": "run",
                    "message": str(error),
                    "node": error.node,
                    "address": error.address,
                    "traceback": error.traceback,
                }
            }
        case EnvironmentFault():
            return {"error": {"kind": "environment", "message": str(error)}}
        case Cancelled():
            return {"error": {"kind": "cancelled", "message": str(error)}}
    return {"error": {"kind": "other", "message": str(error)}}
