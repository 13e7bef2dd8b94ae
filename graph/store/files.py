"""Digests of files, remembered by path, size and time of change, in memory and (for large ones) between runs."""

from __future__ import annotations

import json
import os
import time
from hashlib import blake2b
from pathlib import Path

from ..errors import InputError

LARGE_BYTES = 4_000_000
"""Above this, reading again costs more than remembering on disk."""
SETTLED_SECONDS = 2.0
"""A file changed less long ago could change again within the same tick of its clock."""


def cache_folder() -> Path:
    """Where this user's caches belong: `$XDG_CACHE_HOME/latentloom`, by default `~/.cache/latentloom`."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "latentloom"


class FileDigests:
    """Looks up digests; an unwritable folder only costs time."""

    def __init__(self, folder: Path | None = None) -> None:
        self._file = (folder or cache_folder()) / "digests.json"
        self._known: dict[str, tuple[int, int, str]] | None = None

    def __call__(self, path: Path) -> str:
        """Hex digest (blake2b, 16 bytes) of a file's content. Raises InputError where it cannot be read."""
        try:
            stat = path.stat()
            known = self._remembered().get(str(path.absolute()))
            if known is not None and known[:2] == (stat.st_size, stat.st_mtime_ns):
                return known[2]
            digest = _digest(path)
        except OSError as error:
            raise _unreadable(path, error) from error
        if time.time() - stat.st_mtime > SETTLED_SECONDS:
            self._remembered()[str(path.absolute())] = (stat.st_size, stat.st_mtime_ns, digest)
            if stat.st_size > LARGE_BYTES:
                self._save()
        return digest

    def _remembered(self) -> dict[str, tuple[int, int, str]]:
        if self._known is None:
            try:
                content = json.loads(self._file.read_text(encoding="utf-8"))
                self._known = {path: (int(size), int(mtime), str(d)) for path, (size, mtime, d) in content.items()}
            except (OSError, ValueError, AttributeError, TypeError):
                self._known = {}
        return self._known

    def _save(self) -> None:
        large = {path: known for path, known in dict(self._remembered()).items() if known[0] > LARGE_BYTES}
        temporary = self._file.with_name(f"{self._file.name}.{os.getpid()}.part")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_text(json.dumps(large), encoding="utf-8")
            temporary.replace(self._file)
        except OSError:
            temporary.unlink(missing_ok=True)


def mark_of(path: Path) -> str:
    """What stands for a file's content where nothing runs: it is opened, but not read. Raises InputError."""
    try:
        with path.open("rb"):
            stat = path.stat()
    except OSError as error:
        raise _unreadable(path, error) from error
    return f"{path.absolute()} {stat.st_size} {stat.st_mtime_ns}"


def _unreadable(path: Path, error: OSError) -> InputError:
    return InputError(f"the file {path} cannot be read: {error.strerror}. Check the path.")


def _digest(path: Path) -> str:
    digest = blake2b(digest_size=16)
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
