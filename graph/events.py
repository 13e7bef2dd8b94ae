"""Events: everything that happens in a job, as small frozen values. Bars, badges, reports and traces are made of them.

Every event is a delta: what one costs does not grow with the graph. Listeners are called in the engine's thread and
must be quick.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Address:
    """Where in a job: node ids are unique in a document, so `path` only tells subgraph instances apart."""

    node: str
    path: tuple[str, ...] = ()
    """Ids of the subgraph instances (and expanding nodes) around the node, outermost first."""
    iterations: tuple[int, ...] = ()
    """Iteration numbers of the loops and mapped lists around the node, outermost first."""

    def __str__(self) -> str:
        place = "/".join((*self.path, self.node))
        return f"{place}[{','.join(map(str, self.iterations))}]" if self.iterations else place


@dataclass(frozen=True, slots=True)
class JobStarted:
    job: str
    time: float
    """Seconds since the epoch."""


@dataclass(frozen=True, slots=True)
class JobFinished:
    job: str
    state: str
    """`done`, `failed` or `cancelled`."""
    seconds: float
    peak_bytes: dict[str, int]
    """Highest accounted bytes of results and weights during the job, by device."""


@dataclass(frozen=True, slots=True)
class LoopStarted:
    """A loop is unrolled; its iterations may all turn out to be known."""

    job: str
    address: Address
    iterations: int


@dataclass(frozen=True, slots=True)
class CallStarted:
    job: str
    address: Address
    type: str
    time: float
    """time.perf_counter seconds."""


@dataclass(frozen=True, slots=True)
class CallFinished:
    job: str
    address: Address
    type: str
    key: bytes
    time: float
    """time.perf_counter seconds at the end."""
    seconds: float
    """Wall time of the call; of a joined call its share."""
    bytes: int
    """Size of the results, storages counted once."""
    joined: int
    """How many calls ran as one; 1 when it ran alone."""


@dataclass(frozen=True, slots=True)
class CallCached:
    """A wanted result was known. Calls behind it are not even looked at."""

    job: str
    address: Address
    type: str
    key: bytes
    tier: str
    """`memory` or `disk`."""


@dataclass(frozen=True, slots=True)
class CallFailed:
    job: str
    address: Address
    type: str
    message: str


@dataclass(frozen=True, slots=True)
class Progress:
    job: str
    address: Address
    done: float
    total: float


@dataclass(frozen=True, slots=True)
class Counted:
    """A node reported a counter, such as `denoiser_forwards`. Of a joined call only the first member reports."""

    job: str
    address: Address
    name: str
    amount: int


@dataclass(frozen=True, slots=True)
class Skipped:
    """An output or node that does not run because of a muted node."""

    job: str
    node: str
    reason: str


Event = (
    JobStarted | JobFinished | LoopStarted | CallStarted | CallFinished | CallCached | CallFailed | Progress | Counted
    | Skipped
)  # fmt: skip
Listener = Callable[[Event], None]
