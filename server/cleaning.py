"""Clean-up of a data folder: what nothing refers to any more. It may run while a server works on the same folder.

Kept: every file that a job reads or made, or that a workflow of the library (any kept revision) names, and everything
younger than an age. A file and its row go in one transaction, so that the server cannot take up one that is leaving.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .blobs import DIGEST, BlobStore
from .database import open_database
from .jobs import FILE, JobStore
from .library import Library
from .settings import Settings

ORPHAN_SECONDS = 3600.0
"""A file without a row may be on its way; no longer than this."""


@dataclass(frozen=True)
class Ages:
    """In seconds."""

    files: float
    """Unused files, and versions of deleted workflows, are kept for so long."""
    jobs: float | None = None
    """Ended jobs are kept for so long; None keeps all."""


@dataclass(frozen=True)
class Cleaned:
    """What was removed, or would be."""

    files: int
    bytes: int
    jobs: int
    workflows: int


async def clean(settings: Settings, ages: Ages, *, pretend: bool = False) -> Cleaned:
    """Raises EnvironmentFault where the data folder cannot be opened."""
    database = await open_database(settings.database)
    try:
        blobs, library = BlobStore(database, settings.data), Library(settings.workflows)
        now = time.time()
        old_jobs = []
        if ages.jobs is not None:
            rows = await database.all(
                "SELECT id FROM jobs WHERE state NOT IN ('queued', 'running') AND finished < ?", [now - ages.jobs]
            )
            old_jobs = [row["id"] for row in rows]
            if not pretend:
                jobs = JobStore(database)
                for job in old_jobs:
                    await jobs.delete(job)
        used = await JobStore(database).digests()
        used |= {
            digest for text in await asyncio.to_thread(lambda: list(library.texts())) for digest in FILE.findall(text)
        }
        sizes = {
            row["digest"]: row["bytes"]
            for row in await database.all(
                "SELECT digest, bytes FROM files GROUP BY digest HAVING max(created) < ?", [now - ages.files]
            )
            if row["digest"] not in used
        }
        known = {row["digest"] for row in await database.all("SELECT digest FROM files")}
        sizes |= {p.name: p.stat().st_size for p in _contents(blobs.files, now) if p.name not in known | used}
        if not pretend:
            for digest in sizes:
                await blobs.delete(digest)
        workflows = 0 if pretend else await asyncio.to_thread(library.drop_deleted, ages.files)
    finally:
        await database.close()
    return Cleaned(len(sizes), sum(sizes.values()), len(old_jobs), workflows)


def _contents(files: Path, now: float) -> Iterator[Path]:
    """Files by digest that have lain there for a while."""
    for path in files.glob("*/*"):
        if DIGEST.fullmatch(path.name) and path.is_file() and path.stat().st_mtime < now - ORPHAN_SECONDS:
            yield path
