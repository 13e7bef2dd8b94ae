"""What the image and mask nodes share: resampling, blur, luminance, colours. Holds no nodes.

Pixels are [B, C, H, W] float32 in 0..1. Every function returns a tensor that shares no memory with its input, so a
kept result never holds a larger picture alive, and inputs stay untouched.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Annotated, Literal

from latentloom.graph import InputError

if TYPE_CHECKING:
    import torch

Method = Literal["nearest", "bilinear", "bicubic", "lanczos", "area"]
Fit = Literal["crop", "pad"]
FitInput = Annotated[Fit, "what stands over is cut off on both sides, or a black border is added"]

MAX_SIDE_PX = 16384
MAX_BLUR_PX = 256
SHORT_COLOUR = re.compile(r"#[0-9a-fA-F]{3}")
LONG_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def parse_colour(text: str) -> tuple[float, float, float]:
    """Red, green and blue in 0..1 of `#rrggbb` or `#rgb`."""
    text = text.strip()
    if SHORT_COLOUR.fullmatch(text):
        text = "#" + "".join(digit * 2 for digit in text[1:])
    if not LONG_COLOUR.fullmatch(text):
        raise InputError(f"{text!r} is not a colour: expected '#rrggbb' such as '#ff8000', or '#rgb'.")
    red, green, blue = (int(text[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def colour_pixels(colour: str, like: torch.Tensor) -> torch.Tensor:
    """A colour as [1, 3, 1, 1], on the device and in the dtype of `like`."""
    import torch

    return torch.tensor(parse_colour(colour), dtype=like.dtype, device=like.device).view(1, 3, 1, 1)


def luminance(pixels: torch.Tensor) -> torch.Tensor:
    """Brightness as seen, [B, 1, H, W] (ITU-R BT.601, the weights that Pillow's mode L uses)."""
    red, green, blue = pixels.split(1, dim=1)
    return 0.299 * red + 0.587 * green + 0.114 * blue


def require_size(width: int, height: int) -> None:
    """Raise InputError unless both sides are 1..16384 pixels (they may come from a calculation)."""
    if not (1 <= width <= MAX_SIDE_PX and 1 <= height <= MAX_SIDE_PX):
        raise InputError(f"{width} x {height} pixels is not a size: expected 1 to {MAX_SIDE_PX} for width and height.")


def require_range(name: str, value: float, minimum: float, maximum: float) -> None:
    """Raise InputError unless the value is in the range: one that comes by a link is not checked before."""
    if not minimum <= value <= maximum:
        raise InputError(f"{name!r} is {value:g}: expected {minimum:g} to {maximum:g}.")


def size_of(pixels: torch.Tensor) -> str:
    """`512 x 768`, width first, for messages."""
    return f"{pixels.shape[-1]} x {pixels.shape[-2]}"


def matched(first: torch.Tensor, second: torch.Tensor, names: tuple[str, str]) -> torch.Tensor:
    """`second` on the device of `first`, once both are known to be of one size with batches that go together.

    Batches go together when they are equal or one of them is 1. Raises InputError otherwise.
    """
    if first.shape[-2:] != second.shape[-2:]:
        raise InputError(
            f"{names[0]!r} is {size_of(first)} pixels and {names[1]!r} is {size_of(second)}: "
            "both must be of one size. Resize or crop one of them first."
        )
    if len(first) != len(second) and 1 not in (len(first), len(second)):
        raise InputError(
            f"{names[0]!r} has {len(first)} pictures and {names[1]!r} has {len(second)}: "
            "give equally many, or a single one to use it for all."
        )
    return second.to(first.device)


def resample(values: torch.Tensor, height: int, width: int, method: Method) -> torch.Tensor:
    """Resize to [B, C, height, width] without aliasing, as Pillow's filters of these names do.

    `area` averages the whole pixels under each new one. Bicubic and Lanczos overshoot at edges: clipped to 0..1.
    """
    import torch.nn.functional as F  # noqa: N812 - torch's own abbreviation

    require_size(width, height)
    size = (height, width)
    if tuple(values.shape[-2:]) == size:
        return values.clone()
    if method == "nearest":
        return _nearest(_nearest(values, width, dim=-1), height, dim=-2)
    if method == "area":
        return F.interpolate(values, size=size, mode="area")
    if method == "lanczos":
        return _lanczos(_lanczos(values, width, dim=-1), height, dim=-2).clamp(0, 1)
    return F.interpolate(values, size=size, mode=method, antialias=True).clamp(0, 1)


def fit(values: torch.Tensor, height: int, width: int, how: Fit, method: Method) -> torch.Tensor:
    """Resize to [B, C, height, width], proportions kept: what stands over is cut off, or a border of 0 added."""
    import torch.nn.functional as F  # noqa: N812

    require_size(width, height)
    old_height, old_width = values.shape[-2:]
    if how == "crop":
        part_height = min(old_height, max(1, round(old_width * height / width)))
        part_width = min(old_width, max(1, round(old_height * width / height)))
        top, left = (old_height - part_height) // 2, (old_width - part_width) // 2
        return resample(values[..., top : top + part_height, left : left + part_width], height, width, method)
    scale = min(width / old_width, height / old_height)
    new_height, new_width = max(1, round(old_height * scale)), max(1, round(old_width * scale))
    top, left = (height - new_height) // 2, (width - new_width) // 2
    resized = resample(values, new_height, new_width, method)
    return F.pad(resized, (left, width - new_width - left, top, height - new_height - top))


def _nearest(values: torch.Tensor, size: int, dim: int) -> torch.Tensor:
    """Resize one axis by taking the pixel under each new one's centre, in whole numbers: exact on every device."""
    import torch

    index = (2 * torch.arange(size, device=values.device) + 1) * values.shape[dim] // (2 * size)
    return values.index_select(dim, index)


def _lanczos(values: torch.Tensor, size: int, dim: int) -> torch.Tensor:
    """Resize one axis with the Lanczos kernel of three lobes, widened when shrinking (as Pillow's LANCZOS)."""
    import torch

    length = values.shape[dim]
    scale = max(length / size, 1.0)
    centre = (torch.arange(size, dtype=torch.float64) + 0.5) * (length / size)
    first = torch.floor(centre - 3 * scale).long()
    taps = first[:, None] + torch.arange(math.ceil(6 * scale) + 2)
    distance = (taps + 0.5 - centre[:, None]) / scale
    inside = (distance.abs() < 3) & (taps >= 0) & (taps < length)
    weights = torch.sinc(distance) * torch.sinc(distance / 3) * inside
    return _weighted(values, taps, weights / weights.sum(dim=1, keepdim=True), dim)


def gaussian_blur(values: torch.Tensor, sigma_px: float) -> torch.Tensor:
    """Convolve each channel with a Gaussian of standard deviation `sigma_px`, edges repeated outwards.

    Separable; the kernel reaches four deviations to each side, as scipy.ndimage.gaussian_filter's does.
    """
    import torch

    require_range("radius", sigma_px, 0, MAX_BLUR_PX)
    radius = int(4 * sigma_px + 0.5)
    if radius < 1:
        return values.clone()
    offsets = torch.arange(-radius, radius + 1)
    kernel = torch.exp(-0.5 * (offsets.double() / sigma_px) ** 2)
    kernel = kernel / kernel.sum()
    for dim in (-1, -2):
        taps = torch.arange(values.shape[dim])[:, None] + offsets
        values = _weighted(values, taps, kernel.expand_as(taps), dim)
    return values


def _weighted(values: torch.Tensor, taps: torch.Tensor, weights: torch.Tensor, dim: int) -> torch.Tensor:
    """Replace one axis by weighted sums along it: [new length, K] positions, beyond the ends the outermost counts.

    `embedding_bag` is exactly this sum over rows. Lanczos from 1024 to 2048 pixels takes 0.2 s on one core so (5 s by
    gathering along the last axis), and unlike a product of matrices its rounding does not depend on the batch.
    """
    import torch.nn.functional as F  # noqa: N812

    rows = values.movedim(dim, 0).contiguous()  # its fast path wants whole rows
    taps = taps.clamp(0, len(rows) - 1).to(values.device)
    sums = F.embedding_bag(taps, rows.view(len(rows), -1), per_sample_weights=weights.to(values), mode="sum")
    return sums.view(-1, *rows.shape[1:]).movedim(0, dim).contiguous()
