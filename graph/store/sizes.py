"""How much memory a value takes beside its tensors: encoded pictures, long texts and lists are not free either."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

SMALL = frozenset({int, float, bool, type(None)})
ITEM_BYTES = 40
"""An element of a list or tuple with a small object behind it."""


def plain_bytes(value: Any) -> int:
    """Bytes of text, bytes and containers inside a value; tensors and modules count nothing here."""
    kind = type(value)
    if kind in SMALL:
        return 0
    if kind is str or kind is bytes:
        return len(value)
    if kind is list or kind is tuple:
        return ITEM_BYTES * len(value) + _sum(value)
    if kind is dict:
        return 2 * ITEM_BYTES * len(value) + _sum(value.values())
    return _sum([getattr(value, name) for name in fields_of(kind)])


def _sum(parts: Iterable[Any]) -> int:
    # Small ones, which are most, must not cost a call of their own.
    total = 0
    for part in parts:
        if type(part) not in SMALL:
            total += plain_bytes(part)
    return total


_FIELDS: dict[type, tuple[str, ...]] = {}


def fields_of(kind: type) -> tuple[str, ...]:
    """The fields of a dataclass; none for any other type."""
    names = _FIELDS.get(kind)
    if names is None:
        fields = dataclasses.fields(kind) if dataclasses.is_dataclass(kind) else ()
        names = _FIELDS[kind] = tuple(field.name for field in fields)
    return names
