"""How much memory a value takes beside its tensors: encoded pictures, long texts and lists are not free either."""

from __future__ import annotations

import dataclasses
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
        return sum(ITEM_BYTES + plain_bytes(part) for part in value)
    if kind is dict:
        return sum(2 * ITEM_BYTES + plain_bytes(part) for part in value.values())
    if dataclasses.is_dataclass(value):
        return sum(plain_bytes(getattr(value, field.name)) for field in dataclasses.fields(value))
    return 0
