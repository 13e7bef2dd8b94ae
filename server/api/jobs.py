"""Jobs: requests to run a workflow, and what became of them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from .body import Body, Given, Wanted
from .files import FileEntry

JobState = Literal["queued", "running", "done", "failed", "cancelled"]
CallState = Literal["started", "finished", "cached", "failed", "skipped"]
ResultForm = Literal["image", "text", "statistics"]
Priority = Annotated[int, Field(ge=-1000, le=1000)]


class JobRequest(Given):
    """Run a workflow: once, or once for each combination of the sweep's values."""

    workflow: dict[str, Any]
    """The document."""
    inputs: dict[str, Any] = {}
    sweep: dict[str, Annotated[list[Any], Field(min_length=1)]] = {}
    outputs: Wanted | None = None
    """Names of outputs, or `ID.OUTPUT` of any node; all outputs by default."""
    priority: Priority = 0
    """Higher runs earlier."""
    title: Annotated[str, Field(max_length=200)] = ""
    front: bool = False
    """Before the other queued jobs of its priority."""


class Progress(Body):
    """Iterations of its loops that were reached, of those known so far.

    Of a job that walks no loop: nodes. Both are 0 until there is something to count.
    """

    done: float = 0
    total: float = 0


class JobError(Body):
    message: str
    node: str | None = None
    address: str = ""
    """Where in the workflow, with iterations: `denoising.step[12]`."""
    traceback: str = ""
    """Of a node that raised, for its author."""


class Job(Body):
    id: str
    group: str
    """Common to the jobs of one request."""
    title: str
    state: JobState
    priority: int
    order: float
    """Among jobs of one priority the lowest runs first."""
    created: float
    started: float | None = None
    finished: float | None = None
    progress: Progress = Progress()
    inputs: dict[str, Any] = {}
    outputs: dict[str, list[FileEntry]] = {}
    error: JobError | None = None
    attempts: int = 0
    """How often the engine began with it."""


class NodeReport(Body):
    """What one node cost in a job. Its calls are counted over all iterations."""

    node: str
    type: str
    calls: int = 0
    computed: int = 0
    cached: int = 0
    joined: int = 0
    seconds: float = 0
    bytes: int = 0


class JobDetail(Job):
    workflow: dict[str, Any]
    wanted: list[str] | None = None
    """The outputs asked for."""
    errors: list[JobError] = []
    """Of all attempts, oldest first."""
    nodes: list[NodeReport] = []


class Accepted(Body):
    """Jobs that are on disk and will run."""

    group: str
    jobs: list[Job]


class JobList(Body):
    jobs: list[Job]
    next: str | None = None
    """Give it as `before` to read on; None at the end."""


class JobChange(Given):
    """Only queued jobs can be moved."""

    priority: Priority | None = None
    before: str | None = None
    """The id of the queued job to run in front of."""


class Queue(Body):
    paused: bool
    queued: int
    running: int


class QueueChange(Given):
    paused: bool


class ResultOutput(Body):
    name: str
    type: str


class Call(Body):
    """A call whose results can be asked for while a tier holds them."""

    node: str
    path: list[str] = []
    """The nodes that are the subgraphs around it, outermost first."""
    iterations: list[int] = []
    """Of the loops around it, outermost first."""
    type: str = ""
    outputs: list[ResultOutput] = []


class CallList(Body):
    calls: list[Call]


class Text(Body):
    text: str


class Statistics(Body):
    """Of a tensor, or of the one inside a value."""

    type: str
    shape: list[int] = []
    dtype: str = ""
    device: str = ""
    minimum: float | None = None
    maximum: float | None = None
    mean: float | None = None
    deviation: float | None = None
    not_finite: int = 0
    """How many numbers are infinite or not a number."""
    bytes: int = 0
    items: int = 1
    """How many values the output holds: `index` chooses one of a list."""
