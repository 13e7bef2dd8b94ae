"""Clean-up of a data folder: what nothing refers to any more. It may run while a server works on the same folder.

Kept: every file that a job reads or made, or that a workflow of the library (any kept revision) names, and everything
younger than an age. A file and its row go in one transaction, so that the server cannot take up one that is leaving.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from .jobs.store import FILE, JobStore
from .settings import Settings
from .storage.blobs import DIGEST, BlobStore
from .storage.database import Database, open_database
from .workflows.library import Library

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
    now = time.time()
    database = await open_database(settings.database)
    try:
        blobs, library, jobs = BlobStore(database, settings.data), Library(settings.workflows), JobStore(database)
        forgotten = await _old_jobs(database, now - ages.jobs) if ages.jobs is not None else []
        sizes = await _unused(database, blobs, library, forgotten, now - ages.files)
        workflows = 0
        if not pretend:
            for job in forgotten:
                await jobs.delete(job)
            for digest in sizes:
                await blobs.delete(digest)
            workflows = await asyncio.to_thread(library.drop_deleted, ages.files)
    finally:
        await database.close()
    return Cleaned(len(sizes), sum(sizes.values()), len(forgotten), workflows)


async def _old_jobs(database: Database, before: float) -> list[str]:
    rows = await database.all("SELECT id FROM jobs WHERE state NOT IN ('queued', 'running') AND finished < ?", [before])
    return [row["id"] for row in rows]


async def _unused(
    database: Database, blobs: BlobStore, library: Library, forgotten: Collection[str], before: float
) -> dict[str, int]:
    """Digest -> bytes of every old file that no other job and no workflow names."""
    leaving = frozenset(forgotten)
    named = await database.all("SELECT id, digest FROM job_files JOIN jobs ON jobs.number = job_files.job")
    used = {row["digest"] for row in named if row["id"] not in leaving}
    texts = await asyncio.to_thread(lambda: list(library.texts()))
    used |= {digest for text in texts for digest in FILE.findall(text)}
    rows = await database.all("SELECT digest, max(bytes) AS bytes, max(created) AS created FROM files GROUP BY digest")
    known = {row["digest"] for row in rows}
    unused = {row["digest"]: row["bytes"] for row in rows if row["created"] < before and row["digest"] not in used}
    orphans = await asyncio.to_thread(lambda: list(_contents(blobs.files, time.time() - ORPHAN_SECONDS)))
    return unused | {path.name: path.stat().st_size for path in orphans if path.name not in known | used}


def _contents(files: Path, before: float) -> Iterator[Path]:
    """Files by digest that have lain there for a while."""
    for path in files.glob("*/*"):
        if DIGEST.fullmatch(path.name) and path.is_file() and path.stat().st_mtime < before:
            yield path
