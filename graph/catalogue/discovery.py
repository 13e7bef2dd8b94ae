"""Where the plugins are: found without importing them.

A plugin is a module or a package: one that an entry point of the group `latentloom.nodes` names, a `.py` file or a
package in a plugin folder, or such a file or package itself. The built-in nodes are the first one.
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
    """All plugins, the built-in one first, without importing any. A folder may also be one plugin's file or package."""
    from importlib.metadata import entry_points

    named = {Plugin(entry.name, entry.module) for entry in entry_points(group=GROUP)}
    installed = sorted(named, key=lambda plugin: (plugin.module != BUILT_IN_MODULE, plugin.name, plugin.module))
    return (*installed, *(plugin for folder in folders for plugin in _at(Path(folder))))


def plugin_files(plugin: Plugin) -> list[Path]:
    """The plugin's source files, found without importing it (nor a package that it stands in)."""
    place = plugin.path or _locate(plugin.module)
    if place is None:
        return []
    return sorted(place.rglob("*.py")) if place.is_dir() else [place]


def is_place(path: Path) -> bool:
    """Whether plugins can be looked for there: a folder of them, or one itself."""
    return path.is_dir() or _is_plugin(path)


def _is_plugin(path: Path) -> bool:
    return (path.suffix == ".py" and path.is_file()) or (path / "__init__.py").is_file()


def _at(place: Path) -> Iterator[Plugin]:
    """The plugins of a folder; of a file or package that is a plugin itself, that one."""
    place = place.resolve()
    if _is_plugin(place):
        yield _plugin(place)
    elif place.is_dir():
        members = (path for path in sorted(place.iterdir()) if not path.name.startswith(("_", ".")))
        yield from (_plugin(path) for path in members if _is_plugin(path))


def _plugin(path: Path) -> Plugin:
    # The place is part of the name: plugins of the same name in two folders are two modules.
    place = blake2b(str(path.parent).encode(errors="surrogateescape"), digest_size=4).hexdigest()
    return Plugin(path.stem, f"latentloom_plugin_{place}_{path.stem}", path)


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
