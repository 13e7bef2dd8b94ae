"""Sizes in pixels against the cells of a latent space."""

from __future__ import annotations

from latentloom.graph import InputError


def nearest(side_px: int, factor: int) -> tuple[int, int]:
    """The multiples of factor below and above."""
    below = max(side_px // factor, 1) * factor
    return below, below + factor


def check_size(width: int, height: int, factor: int) -> None:
    """Raises InputError, naming the nearest sizes, unless both sides are multiples of the latent cell."""
    for name, side in (("width", width), ("height", height)):
        if side < factor or side % factor:
            below, above = nearest(side, factor)
            raise InputError(
                f"The {name} is {side} px; this model needs a multiple of {factor}. Use {below} or {above}."
            )
