"""What a node's code depends on, read from source text without running it.

A node type's digest covers the file that declares it and the files that this one reaches by imports inside its own
package, through any number of steps, imports inside functions included. Only contents and file names count, so the
same code has the same digest on every machine.
"""

from __future__ import annotations

import ast
import inspect
import os
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any

LIBRARIES = ("torch", "diffusers", "transformers", "numpy", "PIL", "scipy", "safetensors", "peft")
"""Libraries whose version can change a result."""


@dataclass(frozen=True, slots=True)
class Source:
    """What code depends on: a digest of its own text, and the libraries it imports."""

    digest: bytes
    libraries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _File:
    digest: bytes
    libraries: frozenset[str]
    reached: tuple[Path, ...]


@dataclass
class SourceReader:
    """Reads each file once. One is made for one registry, so that a later one sees edited files."""

    files: dict[tuple[Path, str], _File | None] = field(default_factory=dict)
    sources: dict[tuple[Path, str], Source | None] = field(default_factory=dict)

    def source_of(self, function: Callable[..., Any]) -> Source:
        """The source of a function: its files, or its code where there is no readable file.

        A function made inside another one adds its own code, since one text may make several of them.
        """
        function = inspect.unwrap(function)
        code: types.CodeType | None = getattr(function, "__code__", None)
        package = (getattr(function, "__module__", None) or "").rpartition(".")[0]
        source = self.source_at(Path(code.co_filename), package) if code else None
        if code and (source is None or code.co_flags & inspect.CO_NESTED):
            libraries = set(source.libraries if source else ()) | set(LIBRARIES).intersection(_names(code))
            digest = blake2b(source.digest if source else b"", digest_size=32)
            digest.update(repr(_content(code)).encode())
            return Source(digest.digest(), tuple(sorted(libraries)))
        return source or Source(blake2b(repr(function).encode(), digest_size=32).digest(), LIBRARIES)

    def source_at(self, path: Path, package: str) -> Source | None:
        """The source of a module file; `package` is the dotted name of the package it stands in."""
        known = (path, package)
        if known not in self.sources:
            self.sources[known] = self._read_source(path, package)
        return self.sources[known]

    def _read_source(self, path: Path, package: str) -> Source | None:
        if self._file(path, package) is None:
            return None
        top = _top_folder(path)
        reached: dict[Path, _File] = {}
        waiting = [path]
        while waiting:
            current = waiting.pop()
            inner = package if current.parent == path.parent else ""
            file = self._file(current, inner)
            if current in reached or file is None:
                continue
            reached[current] = file
            waiting.extend(p for p in file.reached if p.is_relative_to(top))
        digest = blake2b(digest_size=32)
        for name, content in sorted((_place(p, path.parent), file.digest) for p, file in reached.items()):
            digest.update(name.encode() + b"\0" + content)
        libraries = frozenset[str]().union(*(file.libraries for file in reached.values()))
        return Source(digest.digest(), tuple(sorted(libraries)))

    def _file(self, path: Path, package: str) -> _File | None:
        known = (path, package)
        if known not in self.files:
            self.files[known] = _read_file(path, package)
        return self.files[known]


def _read_file(path: Path, package: str) -> _File | None:
    try:
        content = path.read_bytes()
        tree = ast.parse(content)
    except (OSError, SyntaxError, ValueError):
        return None
    imported: set[str] = set()
    reached: list[Path] = []
    for statement in ast.walk(tree):
        if isinstance(statement, ast.Import):
            for alias in statement.names:
                imported.add(alias.name.partition(".")[0])
                reached.extend(_absolute(path.parent, package, alias.name, ()))
        elif isinstance(statement, ast.ImportFrom):
            names = tuple(alias.name for alias in statement.names)
            module = statement.module or ""
            if statement.level:
                start = path.parent
                for _ in range(statement.level - 1):
                    start = start.parent
                reached.extend(_modules(start, module, names))
            else:
                imported.add(module.partition(".")[0])
                reached.extend(_absolute(path.parent, package, module, names))
    return _File(blake2b(content, digest_size=32).digest(), frozenset(imported.intersection(LIBRARIES)), tuple(reached))


def _absolute(folder: Path, package: str, module: str, names: tuple[str, ...]) -> Iterator[Path]:
    """Files of an import that names the file's own package in full."""
    if package and (module == package or module.startswith(package + ".")):
        yield from _modules(folder, module[len(package) + 1 :], names)


def _modules(start: Path, module: str, names: tuple[str, ...]) -> Iterator[Path]:
    """Files that `from <start>.<module> import <names>` runs: packages on the way, the module, named submodules."""
    place = start
    for part in filter(None, module.split(".")):
        place = place / part
        yield from _existing(place)
    if module and not place.is_dir():
        return
    if not module:
        yield from _existing(place)
    for name in names:
        yield from _existing(place / name)


def _existing(place: Path) -> Iterator[Path]:
    for path in (place.with_name(place.name + ".py"), place / "__init__.py"):
        if path.is_file():
            yield path


def _top_folder(path: Path) -> Path:
    """The outermost package folder around a file."""
    folder = path.parent
    while (folder.parent / "__init__.py").is_file() and folder.parent != folder:
        folder = folder.parent
    return folder


def _place(path: Path, folder: Path) -> str:
    return Path(os.path.relpath(path, folder)).as_posix()


def _names(code: types.CodeType) -> Iterator[str]:
    """Every name that a function's code uses, inner functions included."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _names(constant)


def _content(value: Any) -> Any:
    """Code as plain values, the same in every process: no addresses, no file names, no order of sets."""
    if isinstance(value, types.CodeType):
        constants = tuple(_content(constant) for constant in value.co_consts)
        return ("code", value.co_code, value.co_names, value.co_varnames, value.co_freevars, constants)
    if isinstance(value, frozenset):
        return ("set", tuple(sorted(repr(item) for item in value)))
    if isinstance(value, tuple):
        return tuple(_content(item) for item in value)
    return value
