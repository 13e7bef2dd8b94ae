"""The job store: every accepted job, what became of it, and the order in which jobs run.

A job is accepted once it is on disk. Its states:

    queued ──▶ running ──▶ done | failed | cancelled      (each job ends exactly once)
      ▲           │                     │
      └───────────┴── engine or server  └── retry: queued again
                      ended meanwhile

Jobs run by priority (higher first), then by place (lower first), then as they were accepted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from latentloom.graph import LatentloomError

from .api import Job, JobError, JobState
from .database import Database

FILE = re.compile(r"sha256:([0-9a-f]{64})")
GAP = 1024.0
"""Between the places of neighbours in the line, so that jobs can be put in between."""


class UnknownJob(LatentloomError):
    """There is no job of that id (any more)."""

    def __init__(self, job: str) -> None:
        super().__init__(f"there is no job {job!r}.")


class WrongState(LatentloomError):
    """The job's state does not allow what was asked; the message says what would."""


@dataclass(frozen=True)
class NewJobs:
    """What a request asks for: one document, and the inputs of each job."""

    workflow: Mapping[str, Any]
    inputs: Sequence[Mapping[str, Any]]
    """Given ones only, one entry a job."""
    wanted: Sequence[str] | None = None
    priority: int = 0
    title: str = ""
    front: bool = False


@dataclass(frozen=True)
class Order:
    """What the engine needs of a job."""

    id: str
    title: str
    workflow: Mapping[str, Any]
    inputs: Mapping[str, Any]
    wanted: Sequence[str] | None
    crashes: int


@dataclass(frozen=True)
class Page:
    """Some jobs, and where to read on (None at the end)."""

    jobs: list[Job]
    next: str | None


@dataclass(frozen=True)
class Search:
    """Which jobs to list, newest first. `words` must all stand in the title or in a prompt."""

    words: str = ""
    states: Sequence[JobState] = ()
    group: str | None = None
    since: float | None = None
    """Created at or after this time, in seconds since 1970."""
    until: float | None = None
    before: str | None = None
    limit: int = 50


class JobStore:
    """Jobs in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # --- changes

    async def accept(self, new: NewJobs) -> list[Job]:
        """Store jobs as queued, all or none; they are on disk when this returns. Raises StorageFull."""
        raise NotImplementedError

    async def recover(self) -> int:
        """After a start: what was running is queued again, before all others of its priority. Returns how many."""
        raise NotImplementedError

    async def begin(self, job: str) -> Order | None:
        """A queued job is running now; None if it is not queued any more."""
        raise NotImplementedError

    async def requeue(self, job: str, *, crashed: bool = False) -> Job | None:
        """A running job goes back to the front of its priority."""
        raise NotImplementedError

    async def end(
        self,
        job: str,
        state: JobState,
        *,
        error: JobError | None = None,
        outputs: Mapping[str, Any] | None = None,
    ) -> Job | None:
        """End a job; None if it has ended already."""
        raise NotImplementedError

    async def retry(self, job: str) -> Job:
        """Queue a failed or cancelled job again. Raises UnknownJob, WrongState."""
        raise NotImplementedError

    async def move(self, job: str, priority: int | None = None, before: str | None = None) -> Job:
        """Give a queued job another priority, or put it in front of another one (taking its priority)."""
        raise NotImplementedError

    async def delete(self, job: str) -> None:
        """Forget an ended job; its files stay until a clean-up. Raises UnknownJob, WrongState."""
        raise NotImplementedError

    # --- questions

    async def get(self, job: str) -> Job:
        """Raises UnknownJob."""
        raise NotImplementedError

    async def search(self, search: Search) -> Page:
        raise NotImplementedError

    async def live(self) -> list[Job]:
        """Running and queued jobs, in the order in which they run."""
        raise NotImplementedError

    async def counts(self) -> dict[JobState, int]:
        """How many jobs are in each state."""
        raise NotImplementedError

    async def digests(self) -> set[str]:
        """Every file that some job reads or made."""
        raise NotImplementedError
