"""Masks at the size of a latent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .values import Latent, Mask

if TYPE_CHECKING:
    import torch


def at_latent_size(mask: Mask, latent: Latent) -> torch.Tensor:
    """The mask [B, 1, h, w] of zeros and ones at the latent's size, made as diffusers' inpainting makes it.

    First cut at 0.5, then the nearest pixel of each cell.
    """
    from torch.nn.functional import interpolate

    values = (mask.values >= 0.5).to(latent.samples.dtype)
    size = latent.samples.shape[2:]
    return values if values.shape[2:] == size else interpolate(values, size=size)
