"""Importing plugins into a registry. What fails to import is a `Problem`, never fatal.

Processes that must not import plugins read their catalogue: `read_catalogue`.
"""

from __future__ import annotations

import importlib
import importlib.machinery
import importlib.util
import pkgutil
import sys
import traceback
from collections.abc import Collection, Iterator, Sequence, Set
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from ..declare import NODE, NodeType
from ..types import SOCKET, SocketType
from .cache import read_catalogue
from .discovery import Plugin, find_plugins, is_place, plugin_files
from .specs import Problem

if TYPE_CHECKING:
    from .registry import Origin, Registry

__all__ = ["load_registry", "read_catalogue"]


def load_registry(plugin_folders: Sequence[Path] = (), *, to_check: Collection[Origin] | None = None) -> Registry:
    """Import all plugins. Files in plugin folders are read anew each time.

    to_check: import these modules alone, to check with: the registry has no digests of sources then.
    """
    from .registry import Origin, collect  # only workers need it, and it would cost the others time to import

    problems = [
        Problem(plugin=str(folder), message="is neither a folder of plugins nor a .py file")
        if Path(folder).exists()
        else Problem(plugin=str(folder), message="there is no such folder or file")
        for folder in plugin_folders
        if not is_place(Path(folder))
    ]
    nodes: list[tuple[Origin, NodeType]] = []
    types: list[tuple[str, SocketType]] = []
    for plugin in find_plugins(plugin_folders):
        wanted = None if to_check is None else {origin.module for origin in to_check if origin.plugin == plugin.name}
        if wanted == set():
            continue
        for name, module in _import_plugin(plugin, wanted, problems):
            declared, sockets = _declared_in(module)
            nodes.extend((Origin(plugin.name, name), node_type) for node_type in declared)
            types.extend((plugin.name, socket) for socket in sockets)
    return collect(nodes, types, problems, to_run=to_check is None)


def _import_plugin(
    plugin: Plugin, wanted: Set[str] | None, problems: list[Problem]
) -> Iterator[tuple[str, ModuleType]]:
    """The plugin's modules with their names within it: itself and what is wanted of it, or all of a package."""
    waiting = ["", *sorted((wanted or set()) - {""})]
    while waiting:
        inner = waiting.pop(0)
        name = f"{plugin.module}.{inner}" if inner else plugin.module
        try:
            with _without_byte_code(plugin.path is not None):
                if plugin.path is not None and name == plugin.module:
                    module = _import_path(name, plugin.path)
                else:
                    module = importlib.import_module(name)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a plugin may fail in any way; the rest works
            problems.append(Problem(plugin=plugin.name, message=_import_message(name, plugin, error)))
            continue
        yield inner, module
        if wanted is None and hasattr(module, "__path__"):
            found = sorted(info.name for info in pkgutil.iter_modules(module.__path__) if info.name != "__main__")
            waiting.extend(f"{inner}.{sub}" if inner else sub for sub in found)


@contextmanager
def _without_byte_code(off: bool) -> Iterator[None]:
    """Write no byte code beside plugin files: it is matched by whole seconds and would serve a quick edit stale."""
    before = sys.dont_write_bytecode
    sys.dont_write_bytecode = before or off
    try:
        yield
    finally:
        sys.dont_write_bytecode = before


class _TextLoader(importlib.machinery.SourceFileLoader):
    """Always compiles the text, whatever byte code others left."""

    def path_stats(self, path: str) -> dict[str, float]:
        raise OSError("byte code is not used for plugin files")


def _import_path(name: str, path: Path) -> ModuleType:
    """Import a file or package under a name of ours, forgetting what was imported under that name before."""
    for known in [m for m in sys.modules if m == name or m.startswith(name + ".")]:
        del sys.modules[known]
    importlib.invalidate_caches()  # a file may be younger than the listing of its folder
    file, folders = (path / "__init__.py", [str(path)]) if path.is_dir() else (path, None)
    spec = importlib.util.spec_from_file_location(
        name, file, loader=_TextLoader(name, str(file)), submodule_search_locations=folders
    )
    if spec is None or spec.loader is None:
        raise ImportError(f"{file.name} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _declared_in(module: ModuleType) -> tuple[list[NodeType], list[SocketType]]:
    """What this very module declares: what it only imports counts where it comes from."""
    nodes: list[NodeType] = []
    sockets: list[SocketType] = []
    for value in vars(module).values():
        if getattr(value, "__module__", None) != module.__name__:
            continue
        attributes = getattr(value, "__dict__", {})
        node_type, socket = attributes.get(NODE), attributes.get(SOCKET)
        if isinstance(node_type, NodeType) and node_type not in nodes:
            nodes.append(node_type)
        if isinstance(socket, SocketType) and socket not in sockets:
            sockets.append(socket)
    return nodes, sockets


def _import_message(module: str, plugin: Plugin, error: BaseException) -> str:
    """What went wrong, with the plugin's own file and line."""
    what = "could not be imported"
    shown = module if plugin.path is None else plugin.path.name + module.removeprefix(plugin.module)
    if isinstance(error, SyntaxError) and error.filename:
        return f"{shown} {what}: {error.msg} ({Path(error.filename).name}, line {error.lineno})"
    frames = traceback.extract_tb(error.__traceback__)
    own = {str(path) for path in plugin_files(plugin)}
    frame = next((f for f in reversed(frames) if f.filename in own), None)
    place = f" ({Path(frame.filename).name}, line {frame.lineno})" if frame else ""
    return f"{shown} {what}: {type(error).__name__}: {error}{place}"
