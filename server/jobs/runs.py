"""A job that the engine has: what is noted of it, and what clients are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from ..api import CallsEvent, FileEntry, Job, JobEvent, Kind, LoopEvent, Progress, ProgressEvent, ResultOutput
from ..engine.protocol import Advanced, Calls, Loops, Made, Progressed
from ..hub import Hub
from .reports import Report
from .store import JobStore


class Files(Protocol):
    """What the dispatcher needs of the file store."""

    async def put_bytes(
        self, content: bytes, *, name: str, media_type: str, kind: Kind, job: str | None = None
    ) -> FileEntry:
        """Store a file; it is on disk under its final name when this returns. Raises StorageFull."""

    def path_of(self, digest: str) -> Path | None:
        """Where a file lies, None if it is not there."""

    async def name_of(self, digest: str) -> str | None:
        """The name that a file was given."""


@dataclass
class Run:
    """A job that the engine has."""

    job: Job
    crashes: int
    report: Report = field(default_factory=Report)
    outputs: dict[str, list[FileEntry]] = field(default_factory=dict)
    waiting: list[tuple[Made, bytes]] = field(default_factory=list)
    """Files for which there was no room yet."""
    is_cancelled: bool = False
    is_stuck: bool = False
    """It was cancelled, but the call that runs does not end."""
    has_ended: bool = False
    """The engine is done with it; its end is being stored."""

    def tell(
        self,
        report: Calls | Loops | Progressed | Advanced,
        hub: Hub,
        store: JobStore,
        outputs: Mapping[str, list[ResultOutput]],
    ) -> None:
        """Note what the engine reports, and tell the clients. `outputs`: those of all node types."""
        job = self.job.id
        match report:
            case Calls():
                self.report.take(report, outputs)
                if report.calls:
                    hub.publish(CallsEvent, job=job, calls=report.calls)
            case Loops(loops=loops):
                for loop in loops:
                    hub.publish(LoopEvent, job=job, node=loop.node, path=loop.path, iterations_total=loop.total)
            case Progressed():
                hub.publish(ProgressEvent, **report.model_dump(exclude={"type"}))
            case Advanced(done=done, total=total):
                progress = Progress(done=done, total=total)
                self.job = self.job.model_copy(update={"progress": progress})
                store.note_progress(job, progress)
                hub.publish(JobEvent, job=self.job)

    async def store_file(self, files: Files, made: Made, content: bytes) -> None:
        """Store one of its files. Raises StorageFull."""
        entry = await files.put_bytes(
            content, name=made.name, media_type=made.media_type, kind="output", job=self.job.id
        )
        self.outputs.setdefault(made.output, []).append(entry)
