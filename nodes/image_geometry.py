"""Nodes that change a picture's size, place or direction: resize, enlarge, crop, pad, flip, rotate."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

from latentloom.graph import InputError, Range, Widget, node

from .pixels import MAX_SIDE_PX, FitInput, Method, colour_pixels, fit, require_size, resample, size_of
from .values import Image, Mask

Side = Annotated[int, Range(1, MAX_SIDE_PX, unit="px"), "size along this side"]
Offset = Annotated[int, Range(0, MAX_SIDE_PX, unit="px"), "distance from the left or upper edge"]
Border = Annotated[int, Range(0, MAX_SIDE_PX, unit="px"), "how much to add on this side"]
MethodInput = Annotated[Method, "filter between pixels; nearest keeps hard pixel edges, lanczos is the sharpest"]


class Padded(NamedTuple):
    image: Image
    mask: Annotated[Mask, "1 in the added border: what outpainting is to fill"]


class ImageSize(NamedTuple):
    width: Annotated[int, "pixels from left to right"]
    height: Annotated[int, "pixels from top to bottom"]


@node(category="image/size")
def resize_image(image: Image, width: Side, height: Side, method: MethodInput = "lanczos") -> Image:
    """Resize pictures to a width and a height; the proportions are not kept.

    [B, 3, H, W] to [B, 3, height, width]. Shrinking averages (no aliasing); nearest picks single pixels.
    """
    return Image(resample(image.pixels, height, width, method))


@node(category="image/size")
def fit_image(
    image: Image, width: Side, height: Side, how: FitInput = "crop", method: MethodInput = "lanczos"
) -> Image:
    """Make pictures of any size fit a width and a height, keeping their proportions.

    [B, 3, H, W] to [B, 3, height, width]. Pictures of that size stay as they are. A mask of a picture is fitted alike
    by `fit_mask`.
    """
    return Image(fit(image.pixels, height, width, how, method))


@node(category="image/size")
def enlarge_image(
    image: Image,
    factor: Annotated[float, Range(0.01, 64), "how many times as wide and high; below 1 shrinks"] = 4.0,
    method: MethodInput = "nearest",
) -> Image:
    """Enlarge pictures by a factor, keeping their proportions.

    [B, 3, H, W] to [B, 3, factor*H, factor*W], rounded. Nearest, the default, shows small pictures as they are.
    """
    height, width = (round(side * factor) for side in image.pixels.shape[-2:])
    return Image(resample(image.pixels, height, width, method))


@node(category="image/size")
def image_size(image: Image) -> ImageSize:
    """Tell the width and height of pictures, in pixels."""
    height, width = image.pixels.shape[-2:]
    return ImageSize(width, height)


@node(category="image/size")
def crop_image(image: Image, left: Offset, top: Offset, width: Side, height: Side) -> Image:
    """Cut a rectangle out of pictures.

    [B, 3, H, W] to [B, 3, height, width]; `left` and `top` are its upper left corner. It must lie inside the picture.
    """
    require_size(width, height)
    if min(left, top) < 0 or left + width > image.pixels.shape[-1] or top + height > image.pixels.shape[-2]:
        raise InputError(
            f"The rectangle {width} x {height} at ({left}, {top}) reaches beyond the picture of "
            f"{size_of(image.pixels)} pixels: move it, make it smaller, or pad the picture first."
        )
    return Image(image.pixels[..., top : top + height, left : left + width].clone())


@node(category="image/size")
def pad_image(
    image: Image, left: Border = 0, top: Border = 0, right: Border = 0, bottom: Border = 0,
    fill: Annotated[Literal["colour", "edge"], "a plain colour, or the outermost pixels repeated"] = "colour",
    colour: Annotated[str, Widget("colour"), "of the border, as #rrggbb, where fill is colour"] = "#000000",
) -> Padded:  # fmt: skip
    """Add a border around pictures, with a mask of what is new.

    [B, 3, H, W] to [B, 3, top+H+bottom, left+W+right]; the mask [1, 1, ...] is 1 in the border, for outpainting.
    """
    import torch.nn.functional as F  # noqa: N812

    if min(left, top, right, bottom) < 0:
        raise InputError(f"The borders {left}, {top}, {right}, {bottom} must be 0 or more: crop to take away.")
    borders = (left, right, top, bottom)
    pixels = image.pixels
    require_size(pixels.shape[-1] + left + right, pixels.shape[-2] + top + bottom)
    mask = F.pad(pixels.new_zeros(1, 1, *pixels.shape[-2:]), borders, value=1.0)
    if fill == "edge":
        return Padded(Image(F.pad(pixels, borders, mode="replicate")), Mask(mask))
    return Padded(Image(F.pad(pixels, borders) + mask * colour_pixels(colour, pixels)), Mask(mask))


@node(category="image/size")
def flip_image(
    image: Image,
    axis: Annotated[Literal["horizontal", "vertical"], "horizontal swaps left and right"] = "horizontal",
) -> Image:
    """Mirror pictures. The shape [B, 3, H, W] stays."""
    return Image(image.pixels.flip(-1 if axis == "horizontal" else -2))


@node(category="image/size")
def rotate_image(image: Image, angle: Annotated[Literal["90", "180", "270"], "degrees, clockwise"] = "90") -> Image:
    """Turn pictures clockwise by a quarter, a half or three quarters.

    [B, 3, H, W] to [B, 3, W, H] for 90 and 270 degrees. Pixels are moved, not resampled.
    """
    import torch

    return Image(torch.rot90(image.pixels, -int(angle) // 90, dims=(-2, -1)).clone())
