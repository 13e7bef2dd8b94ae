"""The disk tier: results as one file each, named by their key, so that they stay known between runs.

    FOLDER/ab/abcdef....safetensors

The folder may be shared by several processes: a file appears whole (written under another name, then renamed), its
time of change tells when it was last used, and a damaged or vanished file is a miss. Files are written by one thread
of this process, so that a denoising loop does not wait for the disk.
"""

from __future__ import annotations

import contextlib
import os
import queue
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ..errors import EnvironmentFault
from ..one_thread import keep_to_one_thread
from ..planning.keys import Key

WRITE_SECONDS = 300e-6
"""What writing the smallest file costs."""
WRITE_BYTES_PER_SECOND = 400e6
ABANDONED_SECONDS = 3600.0
SUFFIX = ".safetensors"


class DiskTier:
    """Results in a folder, at most `limit_bytes` (None: no limit); the least recently used leave first."""

    def __init__(self, folder: Path, limit_bytes: int | None, modules: Iterable[str]) -> None:
        self.folder = folder
        self._limit = limit_bytes
        self._modules = frozenset(modules)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            probe = folder / f".probe-{os.getpid()}"
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise EnvironmentFault(
                f"the cache folder {folder} cannot be written ({error.strerror}): choose another with --cache"
            ) from error
        self._bytes: int | None = None
        self._queue: queue.Queue[tuple[Key, tuple[Any, ...]] | None] = queue.Queue(maxsize=64)
        self._thread = threading.Thread(target=self._write_all, name="latentloom-disk", daemon=True)
        self._thread.start()

    def read(self, key: Key) -> tuple[tuple[Any, ...], tuple[bool, ...]] | None:
        """The outputs stored under a key with where their tensors lived, or None. Marks them as used."""
        path = self._path(key)
        try:
            raw = path.read_bytes()
        except OSError:
            return None
        from . import codec  # not before there is something to read: it imports torch

        try:
            result = codec.decode_result(raw, self._modules)
        except Exception:  # noqa: BLE001 - whatever damage looks like, it is a miss
            with contextlib.suppress(OSError):
                path.unlink()
            return None
        with contextlib.suppress(OSError):
            os.utime(path)
        return result

    @staticmethod
    def is_worth_writing(seconds: float, size_bytes: int) -> bool:
        """Whether a result costs more to compute than to write."""
        return seconds > WRITE_SECONDS + size_bytes / WRITE_BYTES_PER_SECOND

    def write(self, key: Key, outputs: tuple[Any, ...]) -> None:
        """Store outputs soon; waits only when the disk is far behind."""
        if not os.path.exists(self._path(key)):  # unlike Path's, it is False where it may not look
            self._queue.put((key, outputs))

    @property
    def limit_bytes(self) -> int | None:
        return self._limit

    def measure(self) -> tuple[int, int]:
        """How many results are on disk, and their bytes: looks at every file."""
        sizes = [size for _, size, _ in self._files()]
        return len(sizes), sum(sizes)

    def flush(self) -> None:
        """Wait until everything given to `write` is on disk."""
        self._queue.join()

    def close(self) -> None:
        if self._thread.is_alive():
            self.flush()
            self._queue.put(None)
            self._thread.join()

    def _path(self, key: Key) -> Path:
        name = key.hex()
        return self.folder / name[:2] / (name + SUFFIX)

    def _write_all(self) -> None:
        self._drop_abandoned()
        while (item := self._queue.get()) is not None:
            try:
                from . import codec  # not before there is something to write: it imports torch

                keep_to_one_thread()
                self._write(item[0], codec.encode_result(item[1]))
            except Exception:  # noqa: BLE001 - a full disk, or what no file holds: costs the cache, never the job
                pass
            finally:
                self._queue.task_done()
        self._queue.task_done()

    def _write(self, key: Key, raw: bytes) -> None:
        path = self._path(key)
        if self._limit is not None and len(raw) > self._limit:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            temporary.write_bytes(raw)
            temporary.replace(path)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
        if self._limit is not None:
            self._bytes = self._scan_bytes() if self._bytes is None else self._bytes + len(raw)
            if self._bytes > self._limit:
                self._bytes = self._shrink(self._limit)

    def _drop_abandoned(self) -> None:
        """Remove what processes that are gone left half-written. (Of one elsewhere it only costs a result.)"""
        for path in self.folder.glob("??/.*.part"):
            writer = path.name.split(".")[-2]
            if writer.isdecimal() and not _is_running(int(writer)):
                with contextlib.suppress(OSError):
                    path.unlink()

    def _scan_bytes(self) -> int:
        return sum(size for _, size, _ in self._files())

    def _files(self) -> list[tuple[float, int, Path]]:
        """(last use, bytes, path) of every result; what a killed process left half-written is removed."""
        found: list[tuple[float, int, Path]] = []
        for path in self.folder.glob("??/*"):
            try:
                stat = path.stat()
                if path.suffix == ".part":
                    if time.time() - stat.st_mtime > ABANDONED_SECONDS:
                        path.unlink(missing_ok=True)
                    continue
            except OSError:
                continue
            found.append((stat.st_mtime, stat.st_size, path))
        return found

    def _shrink(self, limit: int) -> int:
        """Remove the least recently used until a tenth of the limit is free; returns the bytes left."""
        files = sorted(self._files())
        total = sum(size for _, size, _ in files)
        for _, size, path in files:
            if total <= limit * 0.9:
                break
            path.unlink(missing_ok=True)
            total -= size
        return total


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return True
