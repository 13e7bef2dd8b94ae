"""Files: uploads and outputs, each known by the digest of its content."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from .body import Body

Kind = Literal["output", "upload"]
DIGEST = r"^[0-9a-f]{64}$"
Digest = Annotated[str, Field(pattern=DIGEST)]


class FileEntry(Body):
    """One stored file. The same content may stand once as an upload and once as an output."""

    digest: Digest
    name: str
    media_type: str
    bytes: int
    width: int | None = None
    height: int | None = None
    kind: Kind
    created: float
    job: str | None = None
    """The job that made it last; None for uploads."""


class FileList(Body):
    files: list[FileEntry]
    next: str | None = None
    """Give it as `before` to read on; None at the end."""


class UploadRecord(Body):
    """How a picture was made, as it carries it. Its files name the uploads of the same content where there are any."""

    workflow: dict[str, Any]
    inputs: dict[str, Any]


class Upload(Body):
    digest: Digest
    value: str
    """What stands in a workflow for this file: `sha256:` and the digest."""
    name: str
    media_type: str
    bytes: int
    width: int | None = None
    height: int | None = None
    record: UploadRecord | None = None
