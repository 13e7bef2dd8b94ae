"""What the server and its engine process say to each other, over a socket pair of their own.

A frame is two lengths (big endian: four bytes for the message, eight for the payload), the message as JSON, and the
payload as raw bytes, often empty. Nothing is ever unpickled. The server sends `Request`s, the first of them
`Configure`; the engine process sends `Report`s, the first of them `Ready`. Of one job they come in this order:
`Loops`, `Calls`, `Advanced` and `Progressed` any number of times, then `Made` once for each file, then `Ended`.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from ..api import CallEvent, Device, JobError, PreviewHeader, ResultForm, ResultOutput, Tier

LENGTHS = struct.Struct(">IQ")
LIMIT_BYTES = 4 * 2**30
"""No frame is longer: what says so is not a frame."""


class Message(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class EngineOptions(Message):
    """Where and with what the engine runs."""

    device: str = "cpu"
    dtype: str = "float32"
    memory_bytes: int | None = None
    cache: Path | None = None
    """Folder of the disk tier."""
    cache_bytes: int | None = None
    models: tuple[Path, ...] = ()
    plugins: tuple[Path, ...] = ()
    files: Path | None = None
    """Uploads and outputs: with the models all that a workflow may read; None lets it read any file."""
    preview_rate: float = 4.0
    """Previews a second and job at most; 0 makes none."""
    preview_side: int = 512
    """Longest side of a preview in pixels."""


# --- from the server


class Configure(Message):
    type: Literal["configure"] = "configure"
    options: EngineOptions


class Submit(Message):
    """Run a job. Its outputs that can be files come back as `Made`."""

    type: Literal["submit"] = "submit"
    job: str
    title: str
    """From which files are named."""
    workflow: dict[str, Any]
    inputs: dict[str, Any]
    wanted: list[str] | None
    files: dict[str, Path] = {}
    """What stands in the workflow or inputs for a file (`sha256:...`) -> where the file lies."""
    names: dict[str, str] = {}
    """The same -> the name that the file was given, for the record in pictures."""


class Cancel(Message):
    type: Literal["cancel"] = "cancel"
    job: str


class Source(Message):
    """An output of a call, or an element of it where it is a list."""

    key: str
    """Hexadecimal."""
    node_type: str
    output: str
    index: int | None = None


class StepSources(Message):
    """What a denoising step is given besides a prediction."""

    schedule: Source
    timestep: Source
    latent: Source


class Read(Message):
    """Ask for an output of a call by the call's key."""

    type: Literal["read"] = "read"
    request: int
    key: str
    """Hexadecimal."""
    node_type: str
    output: str
    form: ResultForm
    index: int
    step: StepSources | None = None
    """Of a prediction, where it is known: with it, it can be shown what it says of the final picture."""


class Inspect(Message):
    """Ask what the engine holds."""

    type: Literal["inspect"] = "inspect"
    request: int


class WatchPreviews(Message):
    """Previews are wanted of these jobs; True: of all, False: of none."""

    type: Literal["watch"] = "watch"
    jobs: frozenset[str] | bool


class Shutdown(Message):
    """Stop between two calls, write what is worth keeping, end. Jobs are not told `Ended`."""

    type: Literal["shutdown"] = "shutdown"


Request = Configure | Submit | Cancel | Read | Inspect | WatchPreviews | Shutdown


# --- from the engine process


class Ready(Message):
    type: Literal["ready"] = "ready"
    versions: dict[str, str]
    problems: list[str] = []
    """Plugins that could not be loaded."""
    outputs: dict[str, list[ResultOutput]] = {}
    """Node type -> its outputs."""


class Refused(Message):
    """The engine cannot be made as it is configured; starting again would not help."""

    type: Literal["refused"] = "refused"
    message: str


class LoopTold(Message):
    node: str
    path: list[str]
    iterations: list[int]
    total: int


class Loops(Message):
    type: Literal["loops"] = "loops"
    job: str
    loops: list[LoopTold]


class Keyed(Message):
    """A call's key, once it is known: it may have run, be about to run, or never need to."""

    node: str
    path: list[str]
    iterations: list[int]
    type: str
    key: str


class Calls(Message):
    """What happened to calls since the last message, the newest state of each."""

    type: Literal["calls"] = "calls"
    job: str
    calls: list[CallEvent]
    keyed: list[Keyed] = []


class Advanced(Message):
    """How far a job has come, in iterations of its loops, or in nodes."""

    type: Literal["advanced"] = "advanced"
    job: str
    done: float
    total: float


class Progressed(Message):
    """How far one call has come."""

    type: Literal["progressed"] = "progressed"
    job: str
    node: str
    path: list[str]
    iterations: list[int]
    done: float
    total: float


class Made(Message):
    """A file of a finished job: the payload."""

    type: Literal["made"] = "made"
    job: str
    output: str
    name: str
    media_type: str


class Ended(Message):
    type: Literal["ended"] = "ended"
    job: str
    state: Literal["done", "failed", "cancelled"]
    error: JobError | None = None


class Preview(Message):
    """The payload is a picture."""

    type: Literal["preview"] = "preview"
    header: PreviewHeader


class Found(Message):
    """Answer to `Read`: the payload is the result in the form asked for."""

    type: Literal["found"] = "found"
    request: int
    media_type: str


class NotFound(Message):
    """Answer to `Read`: no tier holds it, or (with a message) it has no such form."""

    type: Literal["not_found"] = "not_found"
    request: int
    message: str = ""


class Inspected(Message):
    type: Literal["inspected"] = "inspected"
    request: int
    devices: list[Device]
    tiers: list[Tier]


Report = (
    Ready | Refused | Loops | Calls | Advanced | Progressed | Made | Ended | Preview | Found | NotFound | Inspected
)  # fmt: skip

REQUESTS: TypeAdapter[Request] = TypeAdapter(Annotated[Request, Field(discriminator="type")])
REPORTS: TypeAdapter[Report] = TypeAdapter(Annotated[Report, Field(discriminator="type")])


def framed(message: Message, payload: bytes = b"") -> list[bytes]:
    """A frame, in parts so that a large payload is not copied."""
    head = message.model_dump_json().encode()
    return [LENGTHS.pack(len(head), len(payload)) + head, *([payload] if payload else [])]


def lengths(raw: bytes) -> tuple[int, int]:
    """The lengths of a frame's message and payload. Raises ValueError where this is no frame."""
    head, payload = LENGTHS.unpack(raw)
    if head > LIMIT_BYTES or payload > LIMIT_BYTES:
        raise ValueError("the connection between server and engine is out of step")
    return head, payload


@dataclass(frozen=True)
class Content:
    """A result in the form asked for: a picture's bytes, or JSON (`application/json`) of `Text` or `Statistics`."""

    media_type: str
    content: bytes


class NotThisForm(ValueError):
    """A value has no picture, text or statistics, or the index is beyond it; the message says what would do."""
