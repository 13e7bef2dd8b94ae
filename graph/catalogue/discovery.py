"""Where the plugins are: found without importing them.

A plugin is a module or a package: one that an entry point of the group `latentloom.nodes` names, or a `.py` file or
a package in a plugin folder. The built-in nodes are the first one.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

GROUP = "latentloom.nodes"
BUILT_IN_MODULE = "latentloom.nodes"


@dataclass(frozen=True, slots=True)
class Plugin:
    """Something to import: a module by name, or the file or package folder at `path`."""

    name: str
    module: str
    path: Path | None = None


def find_plugins(folders: Sequence[Path] = ()) -> tuple[Plugin, ...]:
    """All plugins, the built-in one first, without importing any."""
    from importlib.metadata import entry_points

    named = {Plugin(entry.name, entry.module) for entry in entry_points(group=GROUP)}
    installed = sorted(named, key=lambda plugin: (plugin.module != BUILT_IN_MODULE, plugin.name, plugin.module))
    return (*installed, *(plugin for folder in folders for plugin in _in_folder(Path(folder))))


def plugin_files(plugin: Plugin) -> list[Path]:
    """The plugin's source files, found without importing it (nor a package that it stands in)."""
    place = plugin.path or _locate(plugin.module)
    if place is None:
        return []
    return sorted(place.rglob("*.py")) if place.is_dir() else [place]


def _in_folder(folder: Path) -> Iterator[Plugin]:
    if not folder.is_dir():
        return
    for path in sorted(folder.resolve().iterdir()):
        if path.name.startswith(("_", ".")):
            continue
        if path.suffix == ".py" or (path / "__init__.py").is_file():
            # The place is part of the name: plugins of the same name in two folders are two modules.
            place = blake2b(str(path.parent).encode(errors="surrogateescape"), digest_size=4).hexdigest()
            yield Plugin(path.stem, f"latentloom_plugin_{place}_{path.stem}", path)


def _locate(module: str) -> Path | None:
    """A module's file or package folder. Only the top-level name is looked up, so nothing is imported."""
    top, *rest = module.split(".")
    try:
        spec = importlib.util.find_spec(top)
    except (ImportError, ValueError):
        return None
    if spec is None:
        return None
    if not rest:
        folders = list(spec.submodule_search_locations or ())
        return Path(folders[0]) if folders else Path(spec.origin) if spec.origin else None
    for folder in spec.submodule_search_locations or ():
        place = Path(folder, *rest)
        if place.is_dir():
            return place
        if place.with_suffix(".py").is_file():
            return place.with_suffix(".py")
    return None
