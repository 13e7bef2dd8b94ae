"""Uploads and outputs, each content stored once under its digest.

    files/ab/abcdef...             the content; the name is its SHA-256
    temporary/NAME.part            content on its way there, emptied when the server starts
    thumbnails/ab/abcdef...-256    made when asked for, disposable

A file is written to `temporary`, synced, and renamed, so that what stands under a digest is whole. Its row in the
database is written after that: a crash between the two leaves a file without a row, which `latentloom gc` removes.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from ..api import FileEntry, Kind
from .database import Database, StorageFull, as_storage_full
from .pictures import PICTURES, size_of, write_thumbnail

DIGEST = re.compile(r"[0-9a-f]{64}")
VALUE_PREFIX = "sha256:"
DECODED_AT_ONCE = 2
"""Pictures whose pixels are in memory at once: the largest takes a quarter of a gibibyte."""


def blob_path(files: Path, digest: str) -> Path:
    """Where a content lies, or would."""
    return files / digest[:2] / digest


def digest_in(value: str) -> str | None:
    """The digest in a workflow's value `sha256:...`; None where it is something else."""
    digest = value.removeprefix(VALUE_PREFIX)
    return digest if value.startswith(VALUE_PREFIX) and DIGEST.fullmatch(digest) else None


class BlobStore:
    """The files of one data folder."""

    def __init__(self, database: Database, data: Path, quota_bytes: int | None = None) -> None:
        self.files = data / "files"
        self.temporary = data / "temporary"
        self.thumbnails = data / "thumbnails"
        self.quota_bytes = quota_bytes
        self._database = database
        self._decoding = asyncio.Semaphore(DECODED_AT_ONCE)
        for folder in (self.files, self.temporary, self.thumbnails):
            folder.mkdir(parents=True, exist_ok=True)

    def empty_temporary(self) -> None:
        """Remove what an earlier life of the server left half-written."""
        for path in self.temporary.iterdir():
            with suppress(OSError):
                path.unlink()

    def new_temporary(self) -> Path:
        """A name for a file that `put_file` is to take."""
        return self.temporary / f"{os.getpid()}-{os.urandom(8).hex()}.part"

    def path_of(self, digest: str) -> Path | None:
        """The file with this content; None where there is none."""
        if not DIGEST.fullmatch(digest):
            return None
        path = blob_path(self.files, digest)
        return path if path.is_file() else None

    async def put_bytes(
        self, content: bytes, *, name: str, media_type: str, kind: Kind, job: str | None = None
    ) -> FileEntry:
        """Store a content. Raises StorageFull."""
        temporary = self.new_temporary()
        try:
            with as_storage_full():
                await asyncio.to_thread(temporary.write_bytes, content)
            return await self.put_file(temporary, name=name, media_type=media_type, kind=kind, job=job)
        finally:
            temporary.unlink(missing_ok=True)

    async def put_file(
        self, temporary: Path, *, name: str, media_type: str, kind: Kind, job: str | None = None
    ) -> FileEntry:
        """Take over a file from the temporary folder. Raises StorageFull."""
        await self.check_room(temporary.stat().st_size)
        picture = media_type in PICTURES
        width, height = await asyncio.to_thread(size_of, temporary) if picture else (None, None)
        with as_storage_full():
            digest, size = await asyncio.to_thread(_settle, temporary)
        entry = FileEntry(
            digest=digest,
            name=plain_name(name),
            media_type=media_type,
            bytes=size,
            width=width,
            height=height,
            kind=kind,
            created=time.time(),
            job=job,
        )
        values = entry.model_dump()
        async with self._database.transaction() as transaction:
            # In here, so that a clean-up by another process cannot come between the file and its row.
            await asyncio.to_thread(self._adopt, temporary, digest)
            # Replaced, so that what was made or uploaded again is the newest.
            await transaction.run(
                f"INSERT OR REPLACE INTO files ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})",
                list(values.values()),
            )
        return entry

    async def check_room(self, size_bytes: int) -> None:
        """Raises StorageFull when a file of this size would go over the quota."""
        if self.quota_bytes is not None and await self.used_bytes() + size_bytes > self.quota_bytes:
            raise StorageFull(
                f"there is no room for {size_bytes:,} bytes: the files fill their quota of {self.quota_bytes:,} bytes. "
                "Delete some, run `latentloom gc`, or raise --quota."
            )

    async def used_bytes(self) -> int:
        row = await self._database.one("SELECT coalesce(sum(bytes), 0) FROM (SELECT DISTINCT digest, bytes FROM files)")
        return int(row[0]) if row else 0

    async def entry(self, digest: str) -> FileEntry | None:
        """What is known of a content; its newest entry where it is an upload and an output."""
        row = await self._database.one("SELECT * FROM files WHERE digest = ? ORDER BY number DESC LIMIT 1", [digest])
        return _entry(row) if row else None

    async def name_of(self, digest: str) -> str | None:
        """The name that a content was given last."""
        entry = await self.entry(digest)
        return entry.name if entry else None

    async def find(
        self,
        kind: Kind | None = None,
        words: str = "",
        digest: str | None = None,
        before: int | None = None,
        limit: int = 50,
    ) -> tuple[list[FileEntry], int | None]:
        """Newest first; the second value is where to read on."""
        rows = await self._database.all(
            "SELECT * FROM files WHERE (? IS NULL OR kind = ?) AND instr(lower(name), lower(?)) > 0 "
            "AND (? IS NULL OR digest = ?) AND (? IS NULL OR number < ?) ORDER BY number DESC LIMIT ?",
            [kind, kind, words, digest, digest, before, before, limit + 1],
        )
        more = rows[limit - 1]["number"] if len(rows) > limit else None
        return [_entry(row) for row in rows[:limit]], more

    async def is_awaited(self, digest: str) -> bool:
        """Whether a queued or running job reads it, or has made it."""
        row = await self._database.one(
            "SELECT 1 FROM job_files JOIN jobs ON jobs.number = job_files.job "
            "WHERE digest = ? AND state IN ('queued', 'running') LIMIT 1",
            [digest],
        )
        return row is not None

    async def delete(self, digest: str) -> bool:
        """Remove a content and its thumbnails; False where there is none."""
        async with self._database.transaction() as transaction:
            rows = await transaction.run("DELETE FROM files WHERE digest = ?", [digest])
            await asyncio.to_thread(self._remove, digest)
        return rows > 0

    async def thumbnail(self, digest: str, side_px: int) -> Path | None:
        """A small WebP picture; None for what is no picture. Raises StorageFull."""
        source = self.path_of(digest)
        if source is None:
            return None
        path = self.thumbnails / digest[:2] / f"{digest}-{side_px}"
        if path.is_file():
            return path
        async with self._decoding:
            if path.is_file():
                return path
            with as_storage_full():
                made = await asyncio.to_thread(write_thumbnail, source, path, self.new_temporary(), side_px)
        return path if made else None

    def _adopt(self, temporary: Path, digest: str) -> None:
        path = blob_path(self.files, digest)
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.replace(path)
        sync_folder(path.parent)

    def _remove(self, digest: str) -> None:
        blob_path(self.files, digest).unlink(missing_ok=True)
        for path in (self.thumbnails / digest[:2]).glob(f"{digest}-*"):
            path.unlink(missing_ok=True)


def _settle(path: Path) -> tuple[str, int]:
    """Digest and size of a file that is on disk when this returns."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
        return digest, os.fstat(file.fileno()).st_size


def sync_folder(folder: Path) -> None:
    """Make a rename in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def plain_name(name: str) -> str:
    """The last part of a name, without control characters; never empty."""
    last = re.split(r"[/\\]", name)[-1]
    return "".join(c for c in last if c.isprintable()).strip(" .")[:120] or "file"


def _entry(row: Any) -> FileEntry:
    return FileEntry(**{name: row[name] for name in FileEntry.model_fields})
