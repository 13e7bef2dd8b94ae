"""Tiles of a large picture: where they lie, and how they are blended where they overlap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

Place = tuple[int, int, int, int]
"""Top, left, bottom, right."""


def tiles_of(height: int, width: int, tile: int, overlap: int) -> list[Place]:
    """Squares of side `tile` that cover an area, each at least `overlap` into its neighbours, row by row."""
    return [
        (top, left, min(top + tile, height), min(left + tile, width))
        for top in _starts(height, tile, overlap)
        for left in _starts(width, tile, overlap)
    ]


def _starts(length: int, tile: int, overlap: int) -> list[int]:
    """Where tiles begin along one side; the last one is moved back to end at the edge, so all are of equal size."""
    if length <= tile:
        return [0]
    return [*range(0, length - tile, tile - overlap), length - tile]


def blend(parts: Sequence[torch.Tensor], places: Sequence[Place], size: tuple[int, int], overlap: int) -> torch.Tensor:
    """Tiles [B, C, h, w] at their places as one [B, C, *size]: weighted means, with weights that fall to the edges."""
    import torch

    first = parts[0]
    total = torch.zeros((*first.shape[:2], *size), dtype=first.dtype, device=first.device)
    weights = torch.zeros((1, 1, *size), dtype=first.dtype, device=first.device)
    for part, (top, left, bottom, right) in zip(parts, places, strict=True):
        weight = _ramp(bottom - top, overlap, first)[:, None] * _ramp(right - left, overlap, first)[None, :]
        total[:, :, top:bottom, left:right] += part * weight
        weights[:, :, top:bottom, left:right] += weight
    return total / weights


def _ramp(length: int, overlap: int, like: torch.Tensor) -> torch.Tensor:
    """1 in the middle, falling linearly over `overlap` towards both ends, never 0."""
    import torch

    steps = torch.arange(1, length + 1, dtype=like.dtype, device=like.device)
    return (torch.minimum(steps, steps.flip(0)) / (overlap + 1)).clamp(max=1)
