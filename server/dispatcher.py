"""The dispatcher: what clients do to jobs, and the line of jobs towards the engine.

The door for the HTTP side: everything that changes a job goes through here, is on disk when the call returns, and is
told to the hub. Reading lists of jobs needs only the `JobStore`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from .api import CallList, Device, EngineStatus, FileEntry, Job, JobDetail, Kind, Queue, ResultForm, Tier
from .hub import Hub
from .jobs import JobStore, NewJobs
from .protocol import Content
from .supervisor import Supervisor


class Files(Protocol):
    """What the dispatcher needs of the file store."""

    async def put_bytes(self, content: bytes, *, name: str, media_type: str, kind: Kind, job: str | None) -> FileEntry:
        """Store a file; it is on disk under its final name when this returns. Raises OSError (full disk)."""

    def path_of(self, digest: str) -> Path | None:
        """Where a file lies, None if it is not there."""

    async def name_of(self, digest: str) -> str | None:
        """The name that a file was given."""


class Dispatcher:
    """Runs the jobs of a store in an engine, a few at a time, by priority."""

    def __init__(self, store: JobStore, hub: Hub, supervisor: Supervisor, files: Files, concurrent: int = 1) -> None:
        """concurrent: how many jobs run at once; equal calls of them run as one."""
        raise NotImplementedError

    async def start(self) -> None:
        """Take up what an earlier life left, start the engine, run what is queued. Returns at once."""
        raise NotImplementedError

    async def stop(self) -> None:
        """Let calls under way finish, keep their jobs for the next start, end the engine."""
        raise NotImplementedError

    # --- what clients do

    async def submit(self, new: NewJobs) -> list[Job]:
        """Raises StorageFull."""
        raise NotImplementedError

    async def cancel(self, job: str) -> Job:
        """Of a running job the answer may still say `running`: it stops between two calls. Ended ones stay as they are.

        Raises UnknownJob.
        """
        raise NotImplementedError

    async def retry(self, job: str) -> Job:
        """Raises UnknownJob, WrongState."""
        raise NotImplementedError

    async def move(self, job: str, priority: int | None = None, before: str | None = None) -> Job:
        """Raises UnknownJob, WrongState."""
        raise NotImplementedError

    async def delete(self, job: str) -> None:
        """Raises UnknownJob, WrongState."""
        raise NotImplementedError

    async def pause(self, paused: bool) -> Queue:
        """Whether queued jobs wait; remembered over a restart. Running ones go on."""
        raise NotImplementedError

    # --- what clients ask

    async def queue(self) -> Queue:
        raise NotImplementedError

    async def detail(self, job: str) -> JobDetail:
        """Raises UnknownJob."""
        raise NotImplementedError

    async def calls(self, job: str) -> CallList:
        """Raises UnknownJob."""
        raise NotImplementedError

    async def result(
        self,
        job: str,
        node: str,
        output: str,
        *,
        path: Sequence[str] = (),
        iterations: Sequence[int] | None = None,
        form: ResultForm = "image",
        index: int = 0,
    ) -> Content | None:
        """An output of a call: picture, text or statistics; None when no tier holds it.

        iterations: None asks for the last one that is known. Raises UnknownJob, NotThisForm, EngineAway.
        """
        raise NotImplementedError

    @property
    def engine(self) -> EngineStatus:
        raise NotImplementedError

    async def machine(self) -> tuple[list[Device], list[Tier]]:
        """Devices and tiers as the engine sees them now; as last seen while there is none."""
        raise NotImplementedError
