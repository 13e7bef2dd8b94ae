"""Nodes that change the colours of pictures: invert, brightness, contrast, saturation, blur, plain colours."""

from __future__ import annotations

from typing import Annotated

from latentloom.graph import Range, Slider, Widget, node

from .pixels import MAX_BLUR_PX, MAX_SIDE_PX, gaussian_blur, luminance, parse_colour, require_size
from .values import Image


@node(category="image/colour")
def solid_colour(
    width: Annotated[int, Range(1, MAX_SIDE_PX, unit="px"), "pixels from left to right"] = 512,
    height: Annotated[int, Range(1, MAX_SIDE_PX, unit="px"), "pixels from top to bottom"] = 512,
    colour: Annotated[str, Widget("colour"), "as #rrggbb"] = "#808080",
) -> Image:
    """Make a picture of one colour, [1, 3, height, width]."""
    import torch

    require_size(width, height)
    return Image(torch.tensor(parse_colour(colour)).view(1, 3, 1, 1).repeat(1, 1, height, width))


@node(category="image/colour")
def invert_image(image: Image) -> Image:
    """Turn pictures into their negative: 1 - value, in each channel."""
    return Image(1 - image.pixels)


@node(category="image/colour")
def adjust_image(
    image: Image,
    brightness: Annotated[float, Slider(0, 3, step=0.05), "factor on all values; 1 changes nothing, 0 is black"] = 1.0,
    contrast: Annotated[
        float, Slider(0, 3, step=0.05), "distance from the picture's mean grey; 1 changes nothing, 0 is grey"
    ] = 1.0,
    saturation: Annotated[
        float, Slider(0, 3, step=0.05), "distance of colours from grey; 1 changes nothing, 0 is black and white"
    ] = 1.0,
) -> Image:
    """Change brightness, contrast and saturation of pictures, in this order.

    [B, 3, H, W], each picture on its own; clipped to 0..1 after each step (as Pillow's ImageEnhance).
    """
    pixels = (image.pixels * brightness).clamp(0, 1)
    mean = luminance(pixels).mean(dim=(-2, -1), keepdim=True)
    pixels = (mean + (pixels - mean) * contrast).clamp(0, 1)
    grey = luminance(pixels)
    return Image((grey + (pixels - grey) * saturation).clamp(0, 1))


@node(category="image/colour")
def blur_image(
    image: Image,
    radius: Annotated[float, Slider(0, MAX_BLUR_PX, step=0.5, unit="px"), "standard deviation of the Gaussian"] = 4.0,
) -> Image:
    """Blur pictures with a Gaussian; edges are repeated outwards. The shape [B, 3, H, W] stays."""
    return Image(gaussian_blur(image.pixels, radius))
