"""The workflow library: files that a user may also copy, edit and keep under version control.

    workflows/NAME.json                 the newest revision, as `Workflow.dump` writes it
    workflows/.versions/NAME/000012     the last 20 revisions, the newest included

A save writes the revision first and then the file, each whole. A file that was changed or put there by other means is
taken as a new revision when it is next read. The versions of a deleted workflow stay until a clean-up, so that it can
be had back.
"""

from __future__ import annotations

import os
import threading
import time
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from latentloom.graph import Fault, Workflow, WorkflowError
from latentloom.graph.document.homes import homes

from ..api import Version, WorkflowEntry, WorkflowFile
from ..problems import Refusal, conflict, not_found
from ..storage.blobs import sync_folder
from ..storage.database import as_storage_full

KEPT_VERSIONS = 20
SUFFIX = ".json"
FORBIDDEN = frozenset('/\\:*?"<>|')
DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{i}" for port in ("com", "lpt") for i in range(10))})


def check_name(name: str) -> str:
    """A name that is a plain file name on any system. Raises Refusal."""
    name = unicodedata.normalize("NFC", name)
    wrong = (
        not name.isprintable()
        or FORBIDDEN.intersection(name)
        or name != name.strip(" .")
        or not name
        or len(name.encode(errors="surrogatepass")) > 200
        or name.partition(".")[0].rstrip().lower() in DEVICES
    )
    if wrong:
        told = "cannot be a workflow's name: letters, digits, spaces and - _ . ( ) are best."
        fault = Fault("name", told, "Choose another name.", code="bad-name")
        raise Refusal(400, "bad-name", f"{name[:100]!r} {told}", [fault])
    return name


def count_nodes(workflow: Workflow) -> int:
    """All nodes, with those in loops and subgraphs."""
    return sum(1 for _ in homes(workflow))


@dataclass(frozen=True, slots=True)
class _Stored:
    text: bytes
    revision: int
    modified: float


class Library:
    """Reads and writes files: call it in a thread. One lock is held by whoever writes or takes up a change."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.versions_folder = folder / ".versions"
        self._lock = threading.Lock()
        self._entries: dict[str, tuple[tuple[int, int], WorkflowEntry]] = {}
        self.versions_folder.mkdir(parents=True, exist_ok=True)

    # --- reading

    def entries(self, words: str = "") -> list[WorkflowEntry]:
        """All workflows whose name, title or description hold the words, by name."""
        wanted = words.lower().split()
        found = (self._entry(name) for name in self._names())
        return [entry for entry in found if entry and all(word in _searched(entry) for word in wanted)]

    def read(self, name: str) -> WorkflowFile:
        """Raises Refusal; WorkflowError where the file was damaged by other means."""
        name = check_name(name)
        with self._lock:
            return self._as_file(name, self._stored(name))

    def versions(self, name: str) -> list[Version]:
        """Newest first, also of a deleted workflow. Raises Refusal."""
        name = check_name(name)
        with self._lock:
            if self._path(name).is_file():
                self._stored(name)
            found = [Version(revision=n, modified=p.stat().st_mtime) for n, p in self._versions(name)]
        if not found:
            raise _no_such(name)
        return found

    def version(self, name: str, revision: int) -> WorkflowFile:
        """Raises Refusal."""
        name = check_name(name)
        with self._lock:
            path = dict(self._versions(name)).get(revision)
            if path is None:
                raise not_found(f"Revision {revision} of the workflow {name!r} is not kept.")
            return self._as_file(name, _Stored(path.read_bytes(), revision, path.stat().st_mtime))

    def texts(self) -> Iterator[str]:
        """Every kept revision's text: what a clean-up looks through."""
        for path in (*self.folder.glob(f"*{SUFFIX}"), *self.versions_folder.glob("*/*")):
            if path.is_file():
                yield path.read_text(encoding="utf-8", errors="replace")

    # --- writing

    def create(self, name: str, workflow: Workflow) -> WorkflowFile:
        """Raises Refusal where the name is taken."""
        name = check_name(name)
        with self._lock:
            if self._path(name).exists():
                raise conflict(f"There is a workflow {name!r} already. Choose another name, or save over its revision.")
            return self._write(name, workflow, self._newest(name) + 1)

    def save(self, name: str, workflow: Workflow, revision: int) -> WorkflowFile:
        """Save what was made from a revision. Raises Refusal where another has been saved since."""
        name = check_name(name)
        with self._lock:
            present = self._stored(name).revision
            if present != revision:
                raise conflict(
                    f"The workflow {name!r} has been saved by someone else meanwhile: it is at revision {present}, "
                    f"and this change was made from {revision}. Read it again, or save under another name."
                )
            return self._write(name, workflow, present + 1)

    def rename(self, name: str, new: str) -> WorkflowFile:
        """Raises Refusal."""
        name, new = check_name(name), check_name(new)
        with self._lock:
            stored = self._stored(name)
            if new == name:
                return self._as_file(name, stored)
            if self._path(new).exists():
                raise conflict(f"There is a workflow {new!r} already. Choose another name.")
            with as_storage_full():
                if (self.versions_folder / new).exists():
                    # Of a deleted workflow of that name: its versions go on under the higher numbers.
                    return self._move_over(name, new, stored)
                (self.versions_folder / name).rename(self.versions_folder / new)
                self._path(name).rename(self._path(new))
                sync_folder(self.folder)
            return self._as_file(new, stored)

    def delete(self, name: str) -> int:
        """Returns the last revision; the kept ones stay. Raises Refusal."""
        name = check_name(name)
        with self._lock:
            stored = self._stored(name)
            self._path(name).unlink()
            sync_folder(self.folder)
        return stored.revision

    def drop_deleted(self, older_seconds: float) -> int:
        """Forget versions of workflows deleted that long ago; returns how many workflows."""
        dropped = 0
        with self._lock:
            for folder in self.versions_folder.iterdir():
                files = list(folder.iterdir())
                age = time.time() - max((p.stat().st_mtime for p in files), default=0)
                if not self._path(folder.name).exists() and age > older_seconds:
                    for path in files:
                        path.unlink()
                    folder.rmdir()
                    dropped += 1
        return dropped

    # --- inside; the lock is held

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}{SUFFIX}"

    def _names(self) -> list[str]:
        names = [path.name.removesuffix(SUFFIX) for path in self.folder.glob(f"*{SUFFIX}")]
        return sorted((name for name in names if _is_plain(self._path(name))), key=str.casefold)

    def _entry(self, name: str) -> WorkflowEntry | None:
        """What a list shows; None for a file that is no workflow, or is gone."""
        try:
            if check_name(name) != name:
                return None  # it could not be asked for
            stat = self._path(name).stat()
            stamp = (stat.st_mtime_ns, stat.st_size)
            known = self._entries.get(name)
            if known and known[0] == stamp:
                return known[1]
            with self._lock:
                stored = self._stored(name)
            workflow = Workflow.parse(stored.text)
        except (OSError, WorkflowError, Refusal):
            return None
        entry = WorkflowEntry(
            name=name,
            title=workflow.title,
            description=workflow.description,
            revision=stored.revision,
            modified=stored.modified,
            nodes=count_nodes(workflow),
        )
        self._entries[name] = (stamp, entry)
        return entry

    def _stored(self, name: str) -> _Stored:
        """The newest revision; a file that was changed by other means becomes one."""
        path = self._path(name)
        if not _is_plain(path):
            raise _no_such(name)
        text, newest = path.read_bytes(), self._newest(name)
        if newest == 0 or (self.versions_folder / name / f"{newest:06}").read_bytes() != text:
            newest += 1
            with as_storage_full():
                self._write_version(name, text, newest)
        return _Stored(text, newest, path.stat().st_mtime)

    def _newest(self, name: str) -> int:
        return max((number for number, _ in self._versions(name)), default=0)

    def _versions(self, name: str) -> list[tuple[int, Path]]:
        folder = self.versions_folder / name
        paths = [path for path in folder.glob("*") if path.name.isdecimal()] if folder.is_dir() else []
        return sorted(((int(path.name), path) for path in paths), reverse=True)

    def _write(self, name: str, workflow: Workflow, revision: int) -> WorkflowFile:
        text = workflow.dump().encode()
        with as_storage_full():
            self._write_version(name, text, revision)
            _write_whole(self._path(name), text)
        return self._as_file(name, _Stored(text, revision, self._path(name).stat().st_mtime))

    def _write_version(self, name: str, text: bytes, revision: int) -> None:
        folder = self.versions_folder / name
        folder.mkdir(exist_ok=True)
        _write_whole(folder / f"{revision:06}", text)
        for _, path in self._versions(name)[KEPT_VERSIONS:]:
            path.unlink()

    def _move_over(self, name: str, new: str, stored: _Stored) -> WorkflowFile:
        moved = self._write(new, Workflow.parse(stored.text, name=name), self._newest(new) + 1)
        self._path(name).unlink()
        return moved

    def _as_file(self, name: str, stored: _Stored) -> WorkflowFile:
        workflow = Workflow.parse(stored.text, name=f"{name}{SUFFIX}")
        return WorkflowFile(
            name=name, revision=stored.revision, modified=stored.modified, workflow=document_of(workflow)
        )


def document_of(workflow: Workflow) -> dict[str, Any]:
    """The document as JSON, as `Workflow.dump` writes it."""
    return {"latentloom": workflow.latentloom} | workflow.model_dump(mode="json", exclude_defaults=True)


def _is_plain(path: Path) -> bool:
    """A file that lies there itself: a link could lead out of the folder."""
    return path.is_file() and not path.is_symlink()


def _no_such(name: str) -> Refusal:
    return not_found(f"There is no workflow {name!r}.")


def _searched(entry: WorkflowEntry) -> str:
    return f"{entry.name} {entry.title} {entry.description}".lower()


def _write_whole(path: Path, content: bytes) -> None:
    """Write or replace a file, whole or not at all, and on disk when this returns."""
    temporary = path.with_name(f".{path.name[:100]}-{os.getpid()}.part")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        sync_folder(path.parent)
    finally:
        temporary.unlink(missing_ok=True)
