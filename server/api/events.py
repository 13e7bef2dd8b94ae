"""What goes over the WebSocket: numbered messages, droppable previews, and what a client may send."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, RootModel

from .body import Body, Given
from .jobs import CallState, Job, Queue
from .system import EngineStatus


class SnapshotEvent(Body):
    """First message of a connection, unless it goes on from a number that is still known."""

    type: Literal["snapshot"] = "snapshot"
    seq: int
    jobs: list[Job]
    """Running and queued ones, in the order in which they run: the first 1,000. `queue` counts them all."""
    queue: Queue
    engine: EngineStatus


class JobEvent(Body):
    type: Literal["job"] = "job"
    seq: int
    job: Job


class JobRemovedEvent(Body):
    type: Literal["job_removed"] = "job_removed"
    seq: int
    id: str


class QueueEvent(Body):
    type: Literal["queue"] = "queue"
    seq: int
    queue: Queue


class EngineEvent(Body):
    type: Literal["engine"] = "engine"
    seq: int
    engine: EngineStatus


class CallEvent(Body):
    """One call's newest state."""

    node: str
    path: list[str] = []
    iterations: list[int] = []
    type: str = ""
    state: CallState
    seconds: float = 0
    bytes: int = 0
    joined: int = 1
    """How many calls ran together with it, itself included."""
    tier: str = ""
    message: str = ""


class CallsEvent(Body):
    type: Literal["calls"] = "calls"
    seq: int
    job: str
    calls: list[CallEvent]


class ProgressEvent(Body):
    """How far one call has come."""

    type: Literal["progress"] = "progress"
    seq: int
    job: str
    node: str
    path: list[str] = []
    iterations: list[int] = []
    done: float
    total: float


class LoopEvent(Body):
    """How often a loop will run, as soon as that is known."""

    type: Literal["loop"] = "loop"
    seq: int
    job: str
    node: str
    path: list[str] = []
    iterations_total: int


class WorkflowEvent(Body):
    """The library has changed."""

    type: Literal["workflow"] = "workflow"
    seq: int
    name: str
    revision: int
    action: Literal["saved", "renamed", "deleted"]
    new_name: str | None = None


AnyEvent = (
    SnapshotEvent
    | JobEvent
    | JobRemovedEvent
    | QueueEvent
    | EngineEvent
    | CallsEvent
    | ProgressEvent
    | LoopEvent
    | WorkflowEvent
)


class EventBody(RootModel[Annotated[AnyEvent, Field(discriminator="type")]]):
    """Any text message of the server."""


class PreviewHeader(Body):
    """In front of a preview's picture, in a binary message: its length as four bytes (big endian), then this."""

    job: str
    node: str
    path: list[str] = []
    iterations: list[int] = []
    output: str
    media_type: str
    width: int
    height: int


class Watch(Given):
    """A client asks for previews, of some jobs or of all."""

    type: Literal["watch"] = "watch"
    previews: bool
    jobs: list[str] | None = None
