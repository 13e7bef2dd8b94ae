"""Reading what a command is given: a workflow file, or a picture that carries one."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from latentloom.graph import Fault, Workflow, WorkflowError
from latentloom.graph.errors import did_you_mean

from .metadata import format_of
from .record import Record, read_record

LIMIT_BYTES = 256 * 2**20
"""Larger files are not read: no workflow and no picture that we write is near it."""


@dataclass(frozen=True)
class Source:
    """A workflow and where it came from."""

    name: str
    """Names the output files."""
    folder: Path
    """Files that the workflow names are looked up from here."""
    workflow: Workflow
    inputs: dict[str, Any] = field(default_factory=dict)
    """The inputs that a picture was made with."""
    record: Record | None = None


def read_source(path: Path) -> Source:
    """Read a workflow, or the one in a picture. Raises WorkflowError with all faults."""
    content = read_bytes(path)
    if format_of(content) is None:
        return Source(file_name(path.stem), path.absolute().parent, Workflow.parse(content, name=path.name))
    record = read_record(content, path.name)
    workflow = Workflow.from_json(record.workflow, name=path.name)
    return Source(file_name(record.name), path.absolute().parent, workflow, dict(record.inputs), record)


def read_bytes(path: Path) -> bytes:
    """A file's content. Raises WorkflowError naming the file, what is wrong and the files it may be mistaken for."""
    try:
        if path.stat().st_size > LIMIT_BYTES:
            what = f"has {path.stat().st_size:,} bytes; a workflow or picture has at most {LIMIT_BYTES:,}."
            raise WorkflowError([Fault(str(path), what, code="too-large")])
        return path.read_bytes()
    except FileNotFoundError as error:
        mend = did_you_mean(path.name, _beside(path)) or "Check the path."
        raise WorkflowError([Fault(str(path), "there is no such file.", mend, code="no-file")]) from error
    except OSError as error:
        what = f"cannot be read: {error.strerror or error}."
        raise WorkflowError([Fault(str(path), what, "Give a workflow file.", code="no-file")]) from error


def _beside(path: Path) -> list[str]:
    try:
        return [entry.name for entry in path.parent.iterdir()]
    except OSError:
        return []


def file_name(text: str) -> str:
    """A text as part of a file name on any system."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", text).strip("-")[:80] or "workflow"
