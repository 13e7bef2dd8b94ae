"""Masks: shapes, from pictures, grown, feathered, combined. 1 is the part that is painted anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from latentloom.graph import Range, Slider, node

from .pixels import (
    MAX_BLUR_PX,
    MAX_SIDE_PX,
    FitInput,
    Method,
    fit,
    gaussian_blur,
    luminance,
    matched,
    require_range,
    require_size,
    resample,
)
from .values import Image, Mask

if TYPE_CHECKING:
    import torch

MAX_GROWTH_PX = 512

Side = Annotated[int, Range(1, MAX_SIDE_PX, unit="px"), "size of the whole mask along this side"]
Place = Annotated[
    float, Range(-MAX_SIDE_PX, MAX_SIDE_PX, unit="px"), "edge of the shape, from the mask's left or upper edge"
]
Extent = Annotated[float, Range(0, 2 * MAX_SIDE_PX, unit="px"), "size of the shape along this side"]


@node(category="image/mask")
def rectangle_mask(width: Side, height: Side, left: Place, top: Place, box_width: Extent, box_height: Extent) -> Mask:
    """Make a mask that is 1 inside a rectangle.

    [1, 1, height, width]; `left` and `top` are the rectangle's upper left corner, and it may reach beyond the mask. A
    pixel belongs to it when its centre does.
    """
    across, down = _centres(width, height)
    inside_x = (across >= left) & (across < left + box_width)
    inside_y = (down >= top) & (down < top + box_height)
    return Mask((inside_y & inside_x).float())


@node(category="image/mask")
def ellipse_mask(width: Side, height: Side, left: Place, top: Place, box_width: Extent, box_height: Extent) -> Mask:
    """Make a mask that is 1 inside an ellipse.

    [1, 1, height, width]; `left`, `top`, `box_width` and `box_height` are the rectangle around the ellipse. A pixel
    belongs to it when its centre does.
    """
    across, down = _centres(width, height)
    radius_x, radius_y = box_width / 2, box_height / 2
    distance = ((across - left - radius_x) / radius_x) ** 2 + ((down - top - radius_y) / radius_y) ** 2
    return Mask((distance <= 1).float())


@node(category="image/mask")
def mask_from_image(
    image: Image,
    channel: Annotated[Literal["luminance", "red", "green", "blue"], "what of the picture counts"] = "luminance",
) -> Mask:
    """Make a mask of pictures: bright is 1, dark is 0. [B, 3, H, W] to [B, 1, H, W]."""
    if channel == "luminance":
        return Mask(luminance(image.pixels))
    index = ("red", "green", "blue").index(channel)
    return Mask(image.pixels[:, index : index + 1].clone())


@node(category="image/mask", conversion=True)
def mask_to_image(mask: Mask) -> Image:
    """Show masks as grey pictures: 1 is white. [B, 1, H, W] to [B, 3, H, W]."""
    return Image(mask.values.repeat(1, 3, 1, 1))


@node(category="image/mask")
def invert_mask(mask: Mask) -> Mask:
    """Swap what is painted and what is kept: 1 - mask."""
    return Mask(1 - mask.values)


@node(category="image/mask")
def grow_mask(
    mask: Mask,
    amount: Annotated[
        int, Range(-MAX_GROWTH_PX, MAX_GROWTH_PX, unit="px"), "how far edges move outwards; below 0 they move inwards"
    ] = 8,
) -> Mask:
    """Grow masks by some pixels in every direction, or shrink them.

    The largest (smallest) value of the square of 2*amount+1 pixels around each pixel (grey-scale morphology).
    Beyond the border nothing is assumed, so a mask that touches the border goes on touching it.
    """
    require_range("amount", amount, -MAX_GROWTH_PX, MAX_GROWTH_PX)
    values = mask.values if amount >= 0 else -mask.values
    grown = _largest_around(_largest_around(values, abs(amount), dim=-1), abs(amount), dim=-2)
    return Mask(grown if amount >= 0 else -grown)


@node(category="image/mask")
def feather_mask(
    mask: Mask,
    radius: Annotated[float, Slider(0, MAX_BLUR_PX, step=0.5, unit="px"), "standard deviation of the Gaussian"] = 8.0,
) -> Mask:
    """Soften the edges of masks with a Gaussian, half inwards and half outwards."""
    return Mask(gaussian_blur(mask.values, radius).clamp(0, 1))


@node(category="image/mask")
def combine_masks(
    first: Mask,
    second: Mask,
    operation: Annotated[
        Literal["union", "intersect", "subtract"], "in either, in both, or in the first but not in the second"
    ] = "union",
) -> Mask:
    """Join two masks: the larger value, the smaller value, or the first without the second.

    Both [B, 1, H, W] of one size; a single mask goes with each of a batch.
    """
    other = matched(first.values, second.values, ("first", "second"))
    if operation == "union":
        return Mask(first.values.maximum(other))
    return Mask(first.values.minimum(other if operation == "intersect" else 1 - other))


@node(category="image/mask")
def threshold_mask(
    mask: Mask, threshold: Annotated[float, Slider(0, 1, step=0.01), "values from here on become 1"] = 0.5
) -> Mask:
    """Make masks hard: 1 where the value is at least the threshold, else 0."""
    return Mask((mask.values >= threshold).to(mask.values.dtype))


@node(category="image/mask")
def resize_mask(
    mask: Mask,
    width: Side,
    height: Side,
    method: Annotated[Method, "filter between pixels; nearest keeps a hard mask hard"] = "bilinear",
) -> Mask:
    """Resize masks to a width and a height. [B, 1, H, W] to [B, 1, height, width]."""
    return Mask(resample(mask.values, height, width, method))


@node(category="image/mask")
def fit_mask(
    mask: Mask,
    width: Side,
    height: Side,
    how: FitInput = "crop",
    method: Annotated[Method, "filter between pixels; nearest keeps a hard mask hard"] = "bilinear",
) -> Mask:
    """Make masks of any size fit a width and a height, as `fit_image` does their pictures. [B, 1, height, width]."""
    return Mask(fit(mask.values, height, width, how, method))


def _centres(width: int, height: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The pixels' centres, [1, 1, 1, width] across and [1, 1, height, 1] down."""
    import torch

    require_size(width, height)
    return (torch.arange(width) + 0.5).view(1, 1, 1, -1), (torch.arange(height) + 0.5).view(1, 1, -1, 1)


def _largest_around(values: torch.Tensor, reach: int, dim: int) -> torch.Tensor:
    """Largest value within `reach` pixels along an axis, with windows that double: work grows with log(reach)."""
    import torch.nn.functional as F  # noqa: N812

    borders = (reach, reach) if dim == -1 else (0, 0, reach, reach)
    largest = F.pad(values, borders, value=float("-inf"))
    window = 1
    while window < 2 * reach + 1:
        step = min(window, 2 * reach + 1 - window)
        count = largest.shape[dim] - step
        largest = largest.narrow(dim, 0, count).maximum(largest.narrow(dim, step, count))
        window += step
    return largest
