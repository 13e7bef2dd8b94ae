"""The catalogue of node types, read without importing a plugin, and read again when a plugin's files change."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from latentloom.graph import Catalogue, EnvironmentFault, read_catalogue
from latentloom.graph.catalogue.cache import plugins_digest

LOG = logging.getLogger(__name__)
LOOK_SECONDS = 2.0
"""Plugin files are looked at this often at most, and only while somebody asks for the catalogue."""


@dataclass(frozen=True, slots=True)
class Known:
    """A catalogue, as it goes out."""

    catalogue: Catalogue
    text: bytes
    etag: str


class Catalogues:
    """Gives the catalogue; the first time it may take the seconds in which a child process imports the plugins."""

    def __init__(self, plugin_folders: Sequence[Path], on_change: Callable[[], None] = lambda: None) -> None:
        """on_change is called when a file of a plugin has changed, be it only inside a function."""
        self._folders = tuple(plugin_folders)
        self._on_change = on_change
        self._known: Known | None = None
        self._digest = ""
        """Of the plugins' files when they were last read."""
        self._looked = 0.0
        self._turn = asyncio.Lock()

    async def current(self) -> Known:
        """Raises EnvironmentFault where the plugins cannot be read and no catalogue is known."""
        if self._known and time.monotonic() - self._looked < LOOK_SECONDS:
            return self._known
        async with self._turn:
            if self._known and time.monotonic() - self._looked < LOOK_SECONDS:
                return self._known
            digest = await asyncio.to_thread(plugins_digest, self._folders)
            if self._known is None:
                self._known = await asyncio.to_thread(_read, self._folders)
            elif digest != self._digest:
                self._known = await self._read_again(self._known)
            self._digest, self._looked = digest, time.monotonic()
            return self._known

    async def _read_again(self, known: Known) -> Known:
        """The new catalogue; the old one where the plugins, as they are now, cannot be read."""
        try:
            read = await asyncio.to_thread(_read, self._folders)
        except EnvironmentFault as error:
            LOG.error("%s", error)
            return known
        self._on_change()
        return read


def _read(folders: Sequence[Path]) -> Known:
    catalogue = read_catalogue(folders)
    text = catalogue.model_dump_json().encode()
    return Known(catalogue, text, hashlib.sha256(text).hexdigest()[:32])
