"""Models found under the model folders: folders in diffusers layout, known by their names.

Only their JSON configs and file sizes are read; digests of all files are computed in the background, one model at a
time, and remembered by path, size and time of change.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from latentloom.graph import InputError
from latentloom.graph.store.files import FileDigests

from ..api import ModelComponent, ModelEntry

DEMO = "demo"
INDEX = "model_index.json"
CONFIG_LIMIT_BYTES = 4 * 2**20
READ = (".json", ".txt", ".model", ".safetensors")


def demo_folder() -> Path:
    import latentloom.demo

    return Path(str(latentloom.demo.__file__)).parent


class Models:
    """The models there are. Call the methods that look at files in a thread."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = tuple(folders)
        self._file_digests = FileDigests()
        self._digests: dict[tuple[Any, ...], str] = {}
        self._background: asyncio.Task[None] | None = None

    def folders(self) -> dict[str, Path]:
        """Name -> folder; the first model folder with a name wins. Links that lead out of them are left out."""
        found = {DEMO: demo_folder()}
        for parent in self._folders:
            root = parent.resolve()
            for index in sorted(root.glob(f"*/{INDEX}")):
                if index.is_file() and index.resolve().is_relative_to(root):
                    found.setdefault(index.parent.name, index.parent.resolve())
        return found

    def entries(self) -> list[ModelEntry]:
        """All models, with the digests known so far."""
        return [
            _entry(name, folder, self._digests.get(_stamp(folder))) for name, folder in sorted(self.folders().items())
        ]

    def compute_digests(self) -> None:
        """In the background, unless that is under way. Call it from the event loop."""
        if self._background is None or self._background.done():
            self._background = asyncio.create_task(self._compute())

    def close(self) -> None:
        if self._background is not None:
            self._background.cancel()

    async def _compute(self) -> None:
        for folder in (await asyncio.to_thread(self.folders)).values():
            stamp = await asyncio.to_thread(_stamp, folder)
            if stamp in self._digests:
                continue
            digest = hashlib.sha256()
            try:
                # One file at a time, so that ending the server never waits for a whole model.
                for path in _files(folder):
                    part = await asyncio.to_thread(self._file_digests, path)
                    digest.update(f"{path.relative_to(folder)}\0{part}\n".encode())
            except (OSError, InputError):
                continue  # a file has gone meanwhile: the next look finds it
            self._digests[stamp] = digest.hexdigest()


def _entry(name: str, folder: Path, digest: str | None) -> ModelEntry:
    index = _read_json(folder / INDEX)
    components = [
        ModelComponent(name=part.name, type=_type_of(part, index), bytes=sum(map(_size, _readable(part))))
        for part in _parts(folder, index)
    ]
    size = sum(map(_size, _files(folder)))
    kind = index.get("_class_name")
    return ModelEntry(
        name=name, kind=kind if isinstance(kind, str) else "", digest=digest, bytes=size, components=components
    )


def _type_of(folder: Path, index: dict[str, Any]) -> str:
    named = index[folder.name]
    return str(named[1]) if len(named) == 2 and named[1] else ""


def _read_json(path: Path) -> dict[str, Any]:
    """A JSON object; empty where there is none, or it cannot be read: the node that loads the model says why."""
    try:
        if path.stat().st_size > CONFIG_LIMIT_BYTES:
            return {}
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _parts(folder: Path, index: dict[str, Any]) -> list[Path]:
    """The folders of the components that the index names."""
    return [part for part in sorted(folder.iterdir()) if part.is_dir() and isinstance(index.get(part.name), list)]


def _files(folder: Path) -> list[Path]:
    parts = _parts(folder, _read_json(folder / INDEX))
    return [path for place in (folder, *parts) for path in _readable(place)]


def _readable(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.iterdir()) if path.suffix in READ and path.is_file()]


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _stamp(folder: Path) -> tuple[Any, ...]:
    """Changes when a file of the model does."""
    stats = [(path, path.stat()) for path in _files(folder)]
    return tuple((str(path), stat.st_size, stat.st_mtime_ns) for path, stat in stats)
