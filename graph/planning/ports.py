"""Ports: what a link resolves to while a job runs. Each has a key (None until it is known) and leads to a value.

    Const    a value from the document or an input of the job
    Port     an output of a call
    Item     an element of a call's list output
    Gather   a list made of ports (collected iterations, mapped calls, `make_list`)
    Alias    an output of something that unfolds (a loop, a mapped call, a switch): leads on once unfolded

A waiter (a cell) asks `need_key` or `need_value`; what is not at hand yet counts up its `missing`, and the cell that
brings it counts down. Needing a value pins its result until `release`.
"""

from __future__ import annotations

from typing import Any, Protocol

from .keys import FileDigest, Key, content_key, element_key, list_key

Keys = tuple[Any, ...]
"""Keys of a list's elements, nested as the lists are."""


class Waiter(Protocol):
    """One who waits for keys or values: a cell."""

    missing: int
    """How many things it waits for."""

    def arrived(self) -> None:
        """Something that it waited for is there."""


class Keyed(Protocol):
    """What stands behind a port: a cell that has a key one day."""

    def await_key(self, waiter: Waiter) -> None: ...


class Producer(Keyed, Protocol):
    """A cell that has values one day."""

    def await_value(self, waiter: Waiter) -> None: ...

    def outputs(self) -> tuple[Any, ...]: ...

    def release(self) -> None: ...

    def debt(self) -> float: ...


class Port:
    """An output of a call."""

    __slots__ = ("cell", "index", "items", "key")

    def __init__(self, cell: Producer, index: int) -> None:
        self.cell = cell
        self.index = index
        self.key: Key | None = None
        self.items: Keys | None = None
        """Of a list: the elements' keys."""

    def set_keys(self, keys: Key | Keys) -> None:
        """What the value is keyed by is known: one key, or those of a list's elements."""
        if isinstance(keys, tuple):
            self.items = keys
            self.key = flat_key(keys)
        else:
            self.key = keys

    def need_key(self, waiter: Waiter) -> Key | None:
        if self.key is None:
            self.cell.await_key(waiter)
        return self.key

    def need_value(self, waiter: Waiter) -> None:
        self.cell.await_value(waiter)

    def value(self) -> Any:
        return self.cell.outputs()[self.index]

    def release(self) -> None:
        self.cell.release()

    def debt(self) -> float:
        return self.cell.debt()

    def elements(self, waiter: Waiter) -> list[AnyPort] | None:
        """The elements of a list port, or None while they are not known (the waiter waits)."""
        if self.need_key(waiter) is None:
            return None
        assert self.items is not None, "a list's elements were asked of something that is no list"
        return [Item(self.cell, self.index, (i,), keys) for i, keys in enumerate(self.items)]


class Item(Port):
    """An element of a call's list output, at a path of positions."""

    __slots__ = ("path",)

    def __init__(self, cell: Producer, index: int, path: tuple[int, ...], keys: Key | Keys) -> None:
        super().__init__(cell, index)
        self.path = path
        self.set_keys(keys)

    def value(self) -> Any:
        found = self.cell.outputs()[self.index]
        for position in self.path:
            found = found[position]
        return found

    def elements(self, waiter: Waiter) -> list[AnyPort] | None:
        assert self.items is not None
        return [Item(self.cell, self.index, (*self.path, i), keys) for i, keys in enumerate(self.items)]


class Const:
    """A value that is known from the start. Shared by jobs; never changes."""

    __slots__ = ("_value", "key", "parts")

    def __init__(self, value: Any, key: Key, parts: list[AnyPort] | None = None) -> None:
        self._value = value
        self.key: Key = key
        self.parts = parts
        """Of a list: its elements."""

    def need_key(self, waiter: Waiter) -> Key | None:
        return self.key

    def need_value(self, waiter: Waiter) -> None:
        pass

    def value(self) -> Any:
        return self._value

    def release(self) -> None:
        pass

    def debt(self) -> float:
        return 0.0

    def elements(self, waiter: Waiter) -> list[AnyPort] | None:
        assert self.parts is not None, "a list's elements were asked of something that is no list"
        return self.parts


class Gather:
    """A list of ports, known element by element."""

    __slots__ = ("key", "parts")

    def __init__(self, parts: list[AnyPort]) -> None:
        self.parts = parts
        self.key: Key | None = None

    def need_key(self, waiter: Waiter) -> Key | None:
        if self.key is None:
            keys = [part.key or part.need_key(waiter) for part in self.parts]
            known = [key for key in keys if key is not None]
            if len(known) == len(keys):
                self.key = list_key(known)
        return self.key

    def need_value(self, waiter: Waiter) -> None:
        for part in self.parts:
            part.need_value(waiter)

    def value(self) -> Any:
        return [part.value() for part in self.parts]

    def release(self) -> None:
        for part in self.parts:
            part.release()

    def debt(self) -> float:
        return sum(part.debt() for part in self.parts)

    def elements(self, waiter: Waiter) -> list[AnyPort] | None:
        return self.parts


class Alias:
    """An output of a cell that unfolds; `target` is set when it has."""

    __slots__ = ("cell", "key", "target")

    def __init__(self, cell: Keyed) -> None:
        self.cell = cell
        self.key: Key | None = None
        self.target: AnyPort | None = None

    def need_key(self, waiter: Waiter) -> Key | None:
        if self.target is None:
            self.cell.await_key(waiter)
        elif self.key is None:
            target = self._last()
            self.key = target.key or target.need_key(waiter)
        return self.key

    def _last(self) -> AnyPort:
        """Where a chain of aliases leads so far, which becomes the target (chains may be as long as the graph)."""
        target = self.target
        assert target is not None, "a value was asked of something not unfolded: ask the key first"
        while type(target) is Alias and target.target is not None:
            target = target.target
        self.target = target
        return target

    def need_value(self, waiter: Waiter) -> None:
        self._last().need_value(waiter)

    def value(self) -> Any:
        return self._last().value()

    def release(self) -> None:
        self._last().release()

    def debt(self) -> float:
        return self._last().debt() if self.target is not None else 0.0

    def elements(self, waiter: Waiter) -> list[AnyPort] | None:
        if self.target is None:
            self.cell.await_key(waiter)
            return None
        return self._last().elements(waiter)


AnyPort = Port | Const | Gather | Alias


def flat_key(keys: Key | Keys) -> Key:
    """One key for a value whose elements' keys are known."""
    if isinstance(keys, tuple):
        return list_key(flat_key(part) for part in keys)
    return keys


def opaque_element_keys(owner: Key, value: Any) -> Key | Keys:
    """Keys of the elements of a list that a call made, of a type that is not content-keyed."""
    if isinstance(value, list | tuple):
        return tuple(opaque_element_keys(element_key(owner, i), part) for i, part in enumerate(value))
    return owner


def const_of(value: Any, file_digest: FileDigest) -> Const:
    """A constant port; a list's elements are constants too."""
    if isinstance(value, list | tuple) and not hasattr(value, "_fields"):
        parts: list[AnyPort] = [const_of(part, file_digest) for part in value]
        return Const(value, list_key(part.key or b"" for part in parts), parts)
    return Const(value, content_key(value, file_digest))


def _no_files(path: Any) -> str:
    raise TypeError(f"{path} cannot be read here")


NONE = const_of(None, _no_files)
"""The port of an absent optional input."""
