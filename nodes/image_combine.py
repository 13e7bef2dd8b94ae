"""Nodes that put pictures together and take them apart: blend, composite, batch, split."""

from __future__ import annotations

from typing import Annotated

from latentloom.graph import InputError, Range, Slider, node

from .pixels import matched, require_range, size_of
from .values import Image, Mask


@node(category="image/combine")
def blend_images(
    first: Image,
    second: Image,
    amount: Annotated[float, Slider(0, 1, step=0.01), "0 is the first picture, 1 the second"] = 0.5,
) -> Image:
    """Fade from one picture to another: first + amount * (second - first).

    Both [B, 3, H, W] of one size; a single picture goes with each of a batch.
    """
    require_range("amount", amount, 0, 1)
    other = matched(first.pixels, second.pixels, ("first", "second"))
    return Image(first.pixels.lerp(other, amount))


@node(category="image/combine")
def composite_images(image: Image, over: Image, mask: Mask) -> Image:
    """Lay one picture over another where a mask is 1: image * (1 - mask) + over * mask.

    `image` and `over` [B, 3, H, W], `mask` [B, 1, H, W], of one size; a single one goes with each of a batch.
    With the picture that was inpainted as `image`, it brings back the untouched pixels outside the mask exactly.
    """
    top = matched(image.pixels, over.pixels, ("image", "over"))
    amount = matched(max(image.pixels, top, key=len), mask.values, ("image", "mask"))
    return Image(image.pixels * (1 - amount) + top * amount)


@node(category="image/combine")
def image_batch(images: list[Image]) -> Image:
    """Join pictures of one size to a batch, in the order of the list: [B, 3, H, W]."""
    import torch

    if not images:
        raise InputError("The list of images is empty: a batch needs at least one picture.")
    first = images[0].pixels
    for position, image in enumerate(images):
        if image.pixels.shape[-2:] != first.shape[-2:]:
            raise InputError(
                f"Image {position} is {size_of(image.pixels)} pixels and image 0 is {size_of(first)}: "
                "a batch holds pictures of one size. Resize them first."
            )
    return Image(torch.cat([image.pixels.to(first.device) for image in images]))


@node(category="image/combine", output="images")
def split_images(image: Image) -> list[Image]:
    """Take a batch of pictures apart: a list of pictures [1, 3, H, W]."""
    return [Image(picture.clone()) for picture in image.pixels.split(1)]


@node(category="image/combine")
def image_from_batch(image: Image, index: Annotated[int, Range(0, 4095), "from 0"] = 0) -> Image:
    """Take one picture out of a batch: [1, 3, H, W]."""
    if not 0 <= index < len(image.pixels):
        raise InputError(f"There is no picture {index}: the batch has {len(image.pixels)}, counted from 0.")
    return Image(image.pixels[index : index + 1].clone())
