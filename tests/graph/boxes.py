"""Node types that several engine tests share: a small tensor in a box."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from latentloom.graph import node, socket


@socket
@dataclass(frozen=True)
class Box:
    """A tensor [B, 4]."""

    values: torch.Tensor


@node(category="test")
def make_box(seed: int, rows: int = 1) -> Box:
    """A box of a number."""
    return Box(torch.full((rows, 4), float(seed)))


@node(category="test")
def shift(box: Box, by: float = 1.0) -> Box:
    """Adds a number."""
    return Box(box.values + by)


@node(category="test", conversion=True)
def int_to_float(value: int) -> float:
    """A whole number as a number."""
    return float(value)
