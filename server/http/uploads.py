"""What an uploaded file is, told by its content and never by its name or by what the sender says. For a thread."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from latentloom.files import PATH, Place, map_inputs, map_paths
from latentloom.graph import Catalogue, Workflow, WorkflowError
from latentloom.metadata import extract
from latentloom.picture_files import BadPicture
from latentloom.record import Record, read_record

from ..api import UploadRecord
from ..problems import Refusal
from ..storage.blobs import VALUE_PREFIX
from ..storage.pictures import inspect, looks_like_picture
from ..workflows.library import document_of
from .bodies import JSON_LIMIT_BYTES, parse_json

CARRIERS = ("image/png", "image/jpeg", "image/webp")
REFUSED = (
    "Only pictures (PNG, JPEG, WebP, BMP, GIF, TIFF) and workflows (JSON) can be uploaded. "
    "Models are put into a model folder on the server's machine."
)


@dataclass(frozen=True)
class Found:
    media_type: str
    record: UploadRecord | None = None


def examine(path: Path, name: str, catalogue: Catalogue) -> Found:
    """Raises Refusal for anything but a picture or a workflow, WorkflowError for a faulty workflow."""
    with path.open("rb") as file:
        start = file.read(64)
    if looks_like_picture(start):
        try:
            looks = inspect(path)
        except BadPicture as error:
            raise Refusal(415, "bad-picture", f"The picture {error}") from None
        return Found(looks.media_type, _carried(path, catalogue) if looks.media_type in CARRIERS else None)
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and path.stat().st_size <= JSON_LIMIT_BYTES:
        content = parse_json(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
        if isinstance(content, dict) and "latentloom" in content:
            workflow = Workflow.from_json(content, name=name)
            return Found("application/json", UploadRecord(workflow=document_of(workflow), inputs={}))
    raise Refusal(415, "not-uploadable", REFUSED)


def _carried(path: Path, catalogue: Catalogue) -> UploadRecord | None:
    """How the picture was made; None where it does not say, or says it in a way that cannot be read."""
    content = path.read_bytes()
    try:
        if extract(content) is None:
            return None
        record = read_record(content, path.name)
        return _by_digest(record, Workflow.from_json(record.workflow), catalogue)
    except (ValueError, WorkflowError):
        return None  # an ordinary picture to us; what it carries is not needed to use it


def _by_digest(record: Record, workflow: Workflow, catalogue: Catalogue) -> UploadRecord:
    """The record with its files named as uploads are: `sha256:...`."""

    def change(place: Place, value: str) -> str:
        used = record.files.get(place.where)
        return VALUE_PREFIX + used.sha256 if used and place.kind == PATH else value

    inputs: dict[str, Any] = map_inputs(workflow, record.inputs, change)
    return UploadRecord(workflow=document_of(map_paths(workflow, catalogue, change)), inputs=inputs)
