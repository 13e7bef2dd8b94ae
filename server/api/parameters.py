"""What stands in addresses: the parts of a path in braces, and the query."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from .body import Body
from .files import DIGEST, Digest, Kind
from .jobs import JobState, ResultForm
from .workflows import WorkflowName

ID = r"^[A-Za-z0-9_-]{1,80}$"
CURSOR = r"^\d{1,18}$"
OUTPUT = r"^[A-Za-z_][A-Za-z0-9_-]{0,79}$"
INSTANCES = r"^[A-Za-z0-9_,-]*$"
ITERATION = r"^(\d{1,9}(,\d{1,9}){0,15})?$"
FORMS = {
    ID: "An id has letters, digits, '_' and '-', 80 at most.",
    CURSOR: "Give what the page before has as its `next`.",
    OUTPUT: "The name of an output begins with a letter and has letters, digits, '_' and '-'.",
    INSTANCES: "Give the ids of the nodes that are the subgraphs around it, with commas between.",
    ITERATION: "Give one number for each loop around the node, outermost first, with commas between: 12, or 3,12.",
    DIGEST: "A digest is 64 hexadecimal digits, in small letters.",
}
"""Pattern -> what to give, in words."""
Id = Annotated[str, Field(pattern=ID)]
Words = Annotated[str, Field(max_length=200)]
Limit = Annotated[int, Field(ge=1, le=500)]
Cursor = Annotated[str, Field(pattern=CURSOR)]


class NoParameters(Body):
    pass


class WorkflowSearch(Body):
    q: Words = ""


class WorkflowPlace(Body):
    name: WorkflowName


class VersionPlace(Body):
    name: WorkflowName
    revision: Annotated[int, Field(ge=1, le=2**53)]


class JobPlace(Body):
    id: Id


class JobSearch(Body):
    state: JobState | None = None
    q: Words = ""
    """Words that all stand in the title or in a prompt."""
    group: Id | None = None
    since: Annotated[float, Field(ge=0, le=1e11)] | None = None
    """Accepted at or after this time."""
    until: Annotated[float, Field(ge=0, le=1e11)] | None = None
    before: Cursor | None = None
    limit: Limit = 50


class ResultPlace(Body):
    id: Id
    node: Id
    output: Annotated[str, Field(pattern=OUTPUT)]
    path: Annotated[str, Field(pattern=INSTANCES, max_length=1000)] = ""
    """The ids of the nodes that are the subgraphs around it, outermost first, with commas between."""
    iteration: Annotated[str, Field(pattern=ITERATION)] = ""
    """One number for each loop around the node, outermost first; the last one known by default."""
    form: ResultForm = "image"
    index: Annotated[int, Field(ge=0, le=1_000_000)] = 0


class FileSearch(Body):
    kind: Kind | None = None
    digest: Digest | None = None
    q: Words = ""
    before: Annotated[int, Field(ge=0, le=2**53)] | None = None
    limit: Limit = 50


class FilePlace(Body):
    digest: Digest


class FileView(Body):
    digest: Digest
    thumbnail: Literal["128", "256", "512"] | None = None
    """Longest side in pixels of a small copy (WebP)."""
    download: Annotated[str, Field(max_length=120)] | None = None
    """Offer it for saving, under this name; under its own where this is empty."""


class UploadPlace(Body):
    name: Annotated[str, Field(max_length=200)] = "upload"


class EventsPlace(Body):
    since: Annotated[int, Field(ge=0, le=2**53)] | None = None
    """Go on behind this number, where what came after it is still known."""
