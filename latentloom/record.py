"""What a picture carries: everything needed to make it again, and nothing of the machine that made it.

No absolute path and no time stamp goes in, so that the same workflow with the same inputs gives the same bytes. Files
that went in are named and told by the digest of their content.
"""

from __future__ import annotations

import json
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from latentloom.graph import Fault, WorkflowError
from latentloom.graph.wording import told

from .metadata import extract, format_of


class UsedFile(BaseModel):
    """A file that went into a picture."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    sha256: str


class Record(BaseModel):
    """How a picture was made."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    record: Literal[1] = 1
    name: str
    """Name of the workflow, from which output files are named."""
    workflow: dict[str, Any]
    """The document, with its layout."""
    inputs: dict[str, Any] = {}
    """All named inputs as they were used, defaults included."""
    files: dict[str, UsedFile] = {}
    """Place in the document (`inputs.image`, `nodes.load.values.path`) -> the file that was read there."""
    output: str
    """Which output this picture is."""
    index: int = 0
    """Its place among that output's pictures."""
    device: str
    """Kind of device: `cpu`, `cuda`, `mps`."""
    dtype: str
    versions: dict[str, str] = {}
    models: dict[str, str] = {}
    """Component of a model -> digest of its files."""

    def text(self) -> str:
        """The record as JSON, always the same for the same content; the document keeps its order."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, separators=(",", ":"))


def read_record(picture: bytes, name: str) -> Record:
    """What a picture carries. Raises WorkflowError naming the file when it is nothing, or damaged."""
    try:
        text = extract(picture)
        if text is None:
            kind = (format_of(picture) or "").upper()
            what = f"is a {kind} picture that carries no workflow." if kind else "is not a PNG, JPEG or WebP picture."
            mend = "Programs that edit or share pictures often strip such data: use the file as it was written."
            raise WorkflowError([Fault(name, what, mend, code="no-record")])
        return Record.model_validate(json.loads(text))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        what = f"carries a record that this release cannot read ({place}: {told(first).removesuffix('.')})."
        raise WorkflowError([Fault(name, what, "Update latentloom.", code="bad-record")]) from error
    except (ValueError, RecursionError) as error:
        raise WorkflowError([Fault(name, f"cannot be read: {error}.", code="bad-record")]) from error
