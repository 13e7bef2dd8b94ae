"""The catalogue for processes that must not import plugins: read from a cache, else made by a child process.

A cached one is named by a digest of the files of all plugins, so an
edited, added or removed file makes a new one. A catalogue with problems is not kept: what failed to import may be
mended by something other than the plugin's files, such as installing a library.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path

from ..errors import EnvironmentFault
from .discovery import find_plugins, is_place, plugin_files
from .specs import Catalogue

KEPT = 8
"""Catalogues in the cache folder: one for each set of plugins in use, and some edits of them."""


def read_catalogue(plugin_folders: Sequence[Path] = (), cache_folder: Path | None = None) -> Catalogue:
    """The catalogue of all plugins, without importing them.

    cache_folder: where catalogues are kept, the user's cache folder by default. One that cannot be written is no
        error; it only costs the child process each time. Raises EnvironmentFault when the child process fails.
    """
    folders = [Path(folder).absolute() for folder in plugin_folders]
    folder = cache_folder if cache_folder is not None else default_cache_folder()
    cached = folder / f"catalogue-{plugins_digest(folders)}.json"
    known = _read(cached)
    return known if known is not None else _make(folders, cached)


def default_cache_folder() -> Path:
    """`$XDG_CACHE_HOME/latentloom`, or `~/.cache/latentloom`."""
    base = os.environ.get("XDG_CACHE_HOME")
    return Path(base or os.path.expanduser("~/.cache")) / "latentloom"


def plugins_digest(plugin_folders: Sequence[Path] = ()) -> str:
    """Hex digest of everything that a catalogue depends on, without importing a plugin."""
    digest = blake2b(f"python {sys.version_info.major}.{sys.version_info.minor}".encode(), digest_size=16)
    here = Path(__file__).parent
    own = [here / f"{name}.py" for name in ("specs", "registry", "plugins", "../declare", "../types")]
    for name, files in [("", own), *((p.name, plugin_files(p)) for p in find_plugins(plugin_folders))]:
        digest.update(f"\0{name}\0{len(files)}".encode())
        for file in files:
            digest.update(file.name.encode() + b"\0")
            digest.update(_content(file))
    for folder in plugin_folders:
        digest.update(b"\1" if is_place(folder) else f"\0{folder}".encode())
    return digest.hexdigest()


def write_catalogue(catalogue: Catalogue, path: Path) -> None:
    """Write a catalogue; the file is whole or untouched."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        temporary.write_text(catalogue.model_dump_json(exclude_defaults=True), encoding="utf-8")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _content(file: Path) -> bytes:
    try:
        return blake2b(file.read_bytes(), digest_size=32).digest()
    except OSError:
        return b"unreadable"


def _read(path: Path) -> Catalogue | None:
    try:
        return Catalogue.model_validate_json(path.read_bytes())
    except (OSError, ValueError):
        return None  # absent, or damaged: it is made again


def _make(plugin_folders: Sequence[Path], cached: Path) -> Catalogue:
    """Let a child process import the plugins, keep what it wrote where that is possible."""
    import subprocess
    import tempfile

    with tempfile.TemporaryDirectory(prefix="latentloom-") as folder:
        out = Path(folder) / "catalogue.json"
        # Modules in the working directory are found by the child only where they are found here.
        safe = [] if {"", os.getcwd()} & set(sys.path) else ["-P"]
        program = "latentloom.graph.catalogue.cataloguer"
        command = [sys.executable, *safe, "-m", program, str(out), *map(str, plugin_folders)]
        # A plugin may print while it is imported: that must not mix with the caller's own output.
        child = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False
        )
        catalogue = _read(out)
    if catalogue is None:
        last = child.stderr.decode(errors="replace").strip()[-600:]
        raise EnvironmentFault(
            f"the plugins could not be read: a process that imports them ended with {child.returncode}. "
            f"Remove the plugin that it names, or mend it.\n{last}"
        )
    if not catalogue.problems:
        try:
            cached.parent.mkdir(parents=True, exist_ok=True)
            write_catalogue(catalogue, cached)
            _drop_old(cached.parent)
        except OSError:
            pass  # not kept: the next process makes it again
    return catalogue


def _drop_old(folder: Path) -> None:
    """Each edit of a plugin makes a catalogue: only the youngest are kept."""
    by_age = sorted(folder.glob("catalogue-*.json"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in by_age[KEPT:]:
        path.unlink(missing_ok=True)
