"""Latents as pictures: resize, crop, flip, paste, batch, split, and the blend that inpainting needs.

Sizes and places are in pixels of the picture that the latent stands for, in multiples of the latent's cell.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from latentloom.graph import Context, InputError, Range, node

from .latent_masks import at_latent_size
from .noise import check_alike, diffuse
from .schedulers import check_timestep, prepared
from .sizes import check_size, nearest
from .values import Latent, Mask, NoiseSchedule, Timestep

if TYPE_CHECKING:
    import torch

Width = Annotated[int, Range(8, 16384, unit="px"), "a multiple of the latent's cell"]
Height = Annotated[int, Range(8, 16384, unit="px"), "a multiple of the latent's cell"]
Left = Annotated[int, Range(-16384, 16384, unit="px"), "from the left edge, a multiple of the latent's cell"]
Top = Annotated[int, Range(-16384, 16384, unit="px"), "from the top edge, a multiple of the latent's cell"]


class Size(NamedTuple):
    width: Annotated[int, "in pixels"]
    height: Annotated[int, "in pixels"]


class Statistics(NamedTuple):
    mean: float
    deviation: float
    minimum: float
    maximum: float


@node(category="latent", output="latent")
def masked_blend(
    schedule: NoiseSchedule,
    latent: Annotated[Latent, "after the step at `timestep`"],
    original: Annotated[Latent, "the encoded picture"],
    noise: Annotated[Latent, "the noise that denoising began with"],
    mask: Annotated[Mask, "1 is painted anew"],
    timestep: Timestep,
    context: Context,
) -> Latent:
    """Keep the unmasked part of a picture while the rest is painted anew: inpainting with an ordinary U-Net.

    mask * latent + (1 - mask) * original, where the original is diffused to the timestep that comes next (after the
    last one it is taken clean). Use it after each step (Lugmayr et al. 2022, eq. 8, without resampling; diffusers
    pipeline_stable_diffusion_inpaint.py).
    """
    check_alike(latent, original)
    check_alike(latent, noise)
    ready = prepared(context, schedule)
    check_timestep(ready, timestep)
    kept, index = original.samples, timestep.index + 1
    if index < len(ready.ticks):
        kept = diffuse(schedule, kept, noise.samples, index, context)
    return _mixed(latent, kept, mask)


def _mixed(latent: Latent, kept: torch.Tensor, mask: Mask) -> Latent:
    paint = at_latent_size(mask, latent)
    if paint.shape[0] not in (1, latent.samples.shape[0]):
        raise InputError(f"There are {paint.shape[0]} masks for {latent.samples.shape[0]} latents. Give one, or equal.")
    return replace(latent, samples=(1 - paint) * kept + paint * latent.samples)


@node(category="latent", output="mask")
def latent_mask(mask: Mask, latent: Latent) -> Mask:
    """Bring a mask to a latent's size: cut at 0.5, then the nearest pixel of each cell, as diffusers does it."""
    return Mask(at_latent_size(mask, latent).float())


@node(category="latent", output="latent")
def resize_latent(
    latent: Latent, width: Width, height: Height, method: Literal["nearest", "bilinear", "bicubic"] = "bicubic"
) -> Latent:
    """Make a latent larger or smaller, as the second stage of a high-resolution image begins.

    [B, C, h, w] gives [B, C, height / factor, width / factor]. A latent is no picture: denoise it afterwards.
    """
    from torch.nn.functional import interpolate

    check_size(width, height, latent.factor)
    size = (height // latent.factor, width // latent.factor)
    corners = None if method == "nearest" else False
    return replace(latent, samples=interpolate(latent.samples, size=size, mode=method, align_corners=corners))


@node(category="latent", output="latent")
def crop_latent(latent: Latent, left: Left, top: Top, width: Width, height: Height) -> Latent:
    """Cut a rectangle out of a latent."""
    x, y = _cells(left, latent, "left"), _cells(top, latent, "top")
    check_size(width, height, latent.factor)
    w, h = width // latent.factor, height // latent.factor
    rows, columns = latent.samples.shape[2:]
    if x < 0 or y < 0 or x + w > columns or y + h > rows:
        raise InputError(
            f"The rectangle {width}x{height} at {left}, {top} reaches beyond the latent, which stands for "
            f"{columns * latent.factor}x{rows * latent.factor} px. Make it smaller, or move it."
        )
    return replace(latent, samples=latent.samples[:, :, y : y + h, x : x + w].clone())


@node(category="latent", output="latent")
def flip_latent(latent: Latent, axis: Literal["horizontal", "vertical"] = "horizontal") -> Latent:
    """Mirror a latent: left and right, or top and bottom."""
    return replace(latent, samples=latent.samples.flip(3 if axis == "horizontal" else 2))


@node(category="latent", output="latent")
def composite_latents(
    base: Latent,
    over: Latent,
    left: Left = 0,
    top: Top = 0,
    mask: Annotated[Mask | None, "where `over` shows; at its size"] = None,
) -> Latent:
    """Paste a latent over another one, at a place, through a mask. What reaches beyond the edge is cut off."""
    if base.space != over.space:
        raise InputError(f"A latent of space {base.space} meets one of {over.space}. Use one model for both.")
    x, y = _cells(left, base, "left"), _cells(top, base, "top")
    rows, columns = base.samples.shape[2:]
    h, w = over.samples.shape[2:]
    y0, x0, y1, x1 = max(y, 0), max(x, 0), min(y + h, rows), min(x + w, columns)
    if y0 >= y1 or x0 >= x1:
        return base
    batch = max(base.samples.shape[0], over.samples.shape[0])
    samples = base.samples.expand(batch, -1, -1, -1).clone()
    inner = (slice(None), slice(None), slice(y0 - y, y1 - y), slice(x0 - x, x1 - x))
    part, under = over.samples[inner], samples[:, :, y0:y1, x0:x1]
    shown = 1.0 if mask is None else at_latent_size(mask, over)[inner]
    samples[:, :, y0:y1, x0:x1] = part * shown + under * (1 - shown)
    return replace(base, samples=samples)


@node(category="latent", output="latent")
def latent_batch(latents: Annotated[list[Latent], "of one size and space"]) -> Latent:
    """Join latents along the batch axis, so that they are denoised together."""
    import torch

    if not latents:
        raise InputError("The list of latents is empty; at least one was expected.")
    first = latents[0]
    for other in latents[1:]:
        check_alike(replace(first, samples=first.samples[:1]), other)
    return replace(first, samples=torch.cat([latent.samples for latent in latents]))


@node(category="latent", output="latents")
def split_latents(latent: Latent) -> list[Latent]:
    """Take a batch of latents apart: a list of single ones."""
    return [replace(latent, samples=part.clone()) for part in latent.samples.split(1)]


@node(category="latent", output="latent")
def latent_from_batch(latent: Latent, index: Annotated[int, Range(0, 4095), "from 0"] = 0) -> Latent:
    """Take one latent out of a batch."""
    if not 0 <= index < latent.samples.shape[0]:
        raise InputError(f"The index {index} is out of range: the batch has {latent.samples.shape[0]} latents, from 0.")
    return replace(latent, samples=latent.samples[index : index + 1].clone())


@node(category="latent", output="latent")
def repeat_latent(latent: Latent, count: Annotated[int, Range(1, 256), "how many of each"] = 2) -> Latent:
    """Repeat each latent of a batch, one after the other."""
    return replace(latent, samples=latent.samples.repeat_interleave(count, dim=0))


@node(category="latent")
def latent_size(latent: Latent) -> Size:
    """The size in pixels of the picture that a latent stands for."""
    height, width = latent.samples.shape[2:]
    return Size(width * latent.factor, height * latent.factor)


@node(category="latent")
def latent_statistics(latent: Latent) -> Statistics:
    """Mean, standard deviation, minimum and maximum of a latent's numbers. A clean latent's deviation is about 1."""
    samples = latent.samples
    return Statistics(*(float(value) for value in (samples.mean(), samples.std(), samples.min(), samples.max())))


def _cells(offset_px: int, latent: Latent, name: str) -> int:
    if offset_px % latent.factor:
        below, above = nearest(offset_px, latent.factor)
        raise InputError(
            f"{name} is {offset_px} px; a multiple of {latent.factor} was expected. Use {below} or {above}."
        )
    return offset_px // latent.factor
