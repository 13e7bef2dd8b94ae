"""Many pictures on one sheet, for comparing seeds, steps or settings."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated

from latentloom.graph import InputError, Range, Widget, node

from .pixels import colour_pixels, luminance, require_range, require_size
from .values import Image

if TYPE_CHECKING:
    import torch


@node(category="image/combine")
def contact_sheet(
    images: list[Image],
    columns: Annotated[int, Range(0, 1000), "pictures in a row; 0 makes the sheet about square"] = 0,
    gap: Annotated[int, Range(0, 1000, unit="px"), "space between pictures and around them"] = 8,
    background: Annotated[str, Widget("colour"), "as #rrggbb; labels are black or white, whichever shows"] = "#ffffff",
    labels: Annotated[list[str] | None, "one line under each picture, cut where it is too long"] = None,
    label_size: Annotated[int, Range(6, 200, unit="px"), "height of the labels' letters"] = 12,
) -> Image:
    """Lay pictures out on one sheet, row by row, with labels if wanted.

    Takes any number of batches [B, 3, H, W], also of different sizes: cells are as large as the largest picture, and
    smaller ones stand in the middle. One picture [1, 3, rows*(cell+gap)+gap, columns*(cell+gap)+gap] comes out;
    pictures are copied pixel for pixel.
    """
    pictures = [picture for image in images for picture in image.pixels.split(1)]
    if not pictures:
        raise InputError("There are no pictures for the sheet: link at least one.")
    if labels is not None and len(labels) != len(pictures):
        raise InputError(
            f"There are {len(labels)} labels for {len(pictures)} pictures: give one label a picture, or none at all."
        )
    require_range("columns", columns, 0, 1000)
    require_range("gap", gap, 0, 1000)
    require_range("label_size", label_size, 6, 200)
    columns = min(columns or math.ceil(math.sqrt(len(pictures))), len(pictures))
    rows = math.ceil(len(pictures) / columns)
    cell_width = max(picture.shape[-1] for picture in pictures)
    cell_height = max(picture.shape[-2] for picture in pictures)
    label_height = _line_height(label_size) if labels is not None else 0
    pitch_x, pitch_y = cell_width + gap, cell_height + label_height + gap
    require_size(columns * pitch_x + gap, rows * pitch_y + gap)

    colour = colour_pixels(background, like=pictures[0])
    ink = 0.0 if float(luminance(colour)) > 0.5 else 1.0
    sheet = colour.repeat(1, 1, rows * pitch_y + gap, columns * pitch_x + gap)
    for position, picture in enumerate(pictures):
        x, y = gap + position % columns * pitch_x, gap + position // columns * pitch_y
        _paste(sheet, picture, x + (cell_width - picture.shape[-1]) // 2, y + (cell_height - picture.shape[-2]) // 2)
        if labels is not None:
            letters = _letters(labels[position], cell_width, label_size).to(sheet)
            _paste(sheet, colour + (ink - colour) * letters, x, y + cell_height)
    return Image(sheet)


def _paste(sheet: torch.Tensor, picture: torch.Tensor, x: int, y: int) -> None:
    """Copy a picture into the sheet, which is this call's own."""
    height, width = picture.shape[-2:]
    sheet[..., y : y + height, x : x + width] = picture.to(sheet)


def _line_height(size_px: int) -> int:
    """A line with room for descenders and a little air above."""
    return math.ceil(size_px * 1.5)


def _letters(text: str, width_px: int, size_px: int) -> torch.Tensor:
    """A line of text as coverage [1, 1, line height, width] in 0..1, centred, shortened with an ellipsis to fit.

    The font comes with Pillow, so that sheets look the same on every machine.
    """
    import numpy
    import PIL.Image
    import PIL.ImageDraw
    import PIL.ImageFont
    import torch

    font = PIL.ImageFont.load_default(size_px)
    line = " ".join(text.split())[:width_px]  # a letter is at least a pixel wide
    shown = line
    while line and font.getlength(shown) > width_px:
        line = line[:-1]
        shown = line + "…" if line else ""
    strip = PIL.Image.new("L", (width_px, _line_height(size_px)))
    left = (width_px - font.getlength(shown)) / 2
    PIL.ImageDraw.Draw(strip).text((left, size_px * 0.2), shown, fill=255, font=font)
    return torch.from_numpy(numpy.asarray(strip).copy())[None, None].float() / 255
