"""One walk through a value: how much memory it takes beside its tensors, and where these are.

Encoded pictures, long texts and lists are not free either.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any

SMALL = frozenset({int, float, bool, type(None)})
ITEM_BYTES = 40
"""An element of a list or tuple with a small object behind it."""


def measured(values: Iterable[Any]) -> tuple[int, list[Any]]:
    """Bytes of text, bytes and containers inside values; and their other parts, such as tensors, depth first."""
    others: list[Any] = []
    return _walk(values, others), others


def _walk(parts: Iterable[Any], others: list[Any]) -> int:
    # Of every input and output of every call: small parts, which are most, must not cost a call of their own.
    total = 0
    for part in parts:
        kind = type(part)
        if kind in SMALL:
            continue
        if kind is str or kind is bytes:
            total += len(part)
        elif kind is list or kind is tuple:
            total += ITEM_BYTES * len(part) + _walk(part, others)
        elif kind is dict:
            total += 2 * ITEM_BYTES * len(part) + _walk(part.values(), others)
        elif get := _GETTERS[kind]:
            total += _walk(get(part), others)
        else:
            others.append(part)
    return total


_NAMES: dict[type, tuple[str, ...]] = {}


def fields_of(kind: type) -> tuple[str, ...]:
    """The fields of a dataclass; none for any other type."""
    names = _NAMES.get(kind)
    if names is None:
        fields = dataclasses.fields(kind) if dataclasses.is_dataclass(kind) else ()
        names = _NAMES[kind] = tuple(field.name for field in fields)
    return names


class _Getters(dict[type, Callable[[Any], tuple[Any, ...]] | None]):
    """What takes the values of all fields of a dataclass at once; None for any other type, and for torch's own."""

    def __missing__(self, kind: type) -> Callable[[Any], tuple[Any, ...]] | None:
        is_torchs = any(base.__module__.partition(".")[0] == "torch" for base in kind.__mro__)
        match () if is_torchs else fields_of(kind):
            case ():
                self[kind] = None
            case (name,):
                self[kind] = lambda value: (getattr(value, name),)
            case names:
                self[kind] = attrgetter(*names)
        return self[kind]


_GETTERS = _Getters()
