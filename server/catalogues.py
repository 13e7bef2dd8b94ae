"""The catalogue of node types, read without importing a plugin, and read again when a plugin's files change."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from latentloom.graph import Catalogue, read_catalogue
from latentloom.graph.catalogue.cache import plugins_digest

LOOK_SECONDS = 2.0
"""Plugin files are looked at this often at most, and only while somebody asks for the catalogue."""


@dataclass(frozen=True, slots=True)
class Known:
    """A catalogue, as it goes out."""

    catalogue: Catalogue
    text: bytes
    etag: str
    digest: str
    """Of the plugins' files."""


class Catalogues:
    """Gives the catalogue; the first time it may take the seconds in which a child process imports the plugins."""

    def __init__(self, plugin_folders: Sequence[Path], on_change: Callable[[], None] = lambda: None) -> None:
        """on_change is called when another catalogue has been read than before."""
        self._folders = tuple(plugin_folders)
        self._on_change = on_change
        self._known: Known | None = None
        self._looked = 0.0
        self._turn = asyncio.Lock()

    async def current(self) -> Known:
        """Raises EnvironmentFault where the plugins cannot be read and no catalogue is known."""
        if self._known and time.monotonic() - self._looked < LOOK_SECONDS:
            return self._known
        async with self._turn:
            known = self._known
            if known and time.monotonic() - self._looked < LOOK_SECONDS:
                return known
            digest = await asyncio.to_thread(plugins_digest, self._folders)
            if known is None or digest != known.digest:
                read = await asyncio.to_thread(_read, self._folders, digest)
                self._known = read
                if known and known.etag != read.etag:
                    self._on_change()
                known = read
            self._looked = time.monotonic()
            return known


def _read(folders: Sequence[Path], digest: str) -> Known:
    catalogue = read_catalogue(folders)
    text = catalogue.model_dump_json().encode()
    return Known(catalogue, text, hashlib.sha256(text).hexdigest()[:32], digest)
