"""Size, place and direction: against Pillow where it does the same, by counting pixels elsewhere."""

import numpy
import PIL.Image
import pytest
import torch

from latentloom.graph import InputError
from latentloom.nodes.image_geometry import (
    crop_image,
    enlarge_image,
    fit_image,
    flip_image,
    image_size,
    pad_image,
    resize_image,
    rotate_image,
)
from latentloom.nodes.values import Image

FILTERS = {
    "nearest": PIL.Image.Resampling.NEAREST,
    "bilinear": PIL.Image.Resampling.BILINEAR,
    "bicubic": PIL.Image.Resampling.BICUBIC,
    "lanczos": PIL.Image.Resampling.LANCZOS,
    "area": PIL.Image.Resampling.BOX,
}


def random_image(height=24, width=20, batch=1):
    return Image(torch.rand(batch, 3, height, width, generator=torch.Generator().manual_seed(1)))


def numbered(height=3, width=4):
    """A picture whose pixels all differ: 0, 0.01, 0.02, ... row by row."""
    return Image((torch.arange(height * width) / 100).view(1, 1, height, width).repeat(1, 3, 1, 1))


WHOLE = [(40, 48), (10, 12), (20, 24), (1, 1)]
"""Sizes that divide 20 x 24, or that it divides: torch's `area` averages whole pixels only, Pillow's BOX parts too."""


@pytest.mark.parametrize(
    ("method", "size"), [(m, size) for m in FILTERS for size in (WHOLE if m == "area" else [*WHOLE, (7, 5), (32, 16)])]
)
def test_resizes_as_pillow_does(method, size):
    # No size here puts a new pixel's centre on the border of two old ones in a way that Pillow's sums round down.
    width, height = size
    image = random_image()
    resized = resize_image(image, width, height, method)
    plane = PIL.Image.fromarray(image.pixels[0, 1].numpy())
    expected = torch.from_numpy(numpy.asarray(plane.resize(size, FILTERS[method])).copy()).clamp(0, 1)
    assert resized.pixels.shape == (1, 3, height, width)
    assert torch.allclose(resized.pixels[0, 1], expected, atol=2e-5)


def test_sharp_filters_stay_in_range():
    hard = Image((random_image().pixels > 0.5).float())
    for method in ("bicubic", "lanczos"):
        pixels = resize_image(hard, 57, 61, method).pixels
        assert pixels.min() == 0
        assert pixels.max() == 1


def test_resizing_batches_resizes_each_picture():
    image = random_image(batch=3)
    together = resize_image(image, 11, 13, "lanczos").pixels
    alone = torch.cat([resize_image(Image(p), 11, 13, "lanczos").pixels for p in image.pixels.split(1)])
    assert torch.allclose(together, alone, atol=1e-6)


@pytest.mark.parametrize("size", [(0, 8), (8, -1), (8, 16385)])
def test_impossible_sizes_are_refused(size):
    with pytest.raises(InputError, match="is not a size"):
        resize_image(random_image(), *size)


def test_enlarging_shows_each_pixel_as_a_block():
    enlarged = enlarge_image(numbered(), 3).pixels
    assert enlarged.shape == (1, 3, 9, 12)
    blocks = enlarged[0, 0].unfold(0, 3, 3).unfold(1, 3, 3).reshape(3, 4, 9)
    assert torch.equal(blocks, numbered().pixels[0, 0, :, :, None].expand(3, 4, 9))


def test_enlarging_by_a_fraction_shrinks_and_never_to_nothing():
    assert image_size(enlarge_image(random_image(24, 20), 0.5, "area")) == (10, 12)
    with pytest.raises(InputError, match="0 x 0 pixels"):
        enlarge_image(random_image(24, 20), 0.01)


def test_image_size_is_width_then_height():
    size = image_size(random_image(24, 20))
    assert (size.width, size.height) == (20, 24)


def test_cropping_takes_the_rectangle_and_holds_no_more_memory():
    image = numbered()
    cropped = crop_image(image, 1, 1, 2, 2).pixels
    assert torch.equal(cropped[0, 0], torch.tensor([[0.05, 0.06], [0.09, 0.10]]))
    assert cropped.untyped_storage().nbytes() == cropped.nbytes


@pytest.mark.parametrize("box", [(3, 0, 2, 1), (0, 2, 1, 2), (-1, 0, 2, 2), (0, 0, 5, 1)])
def test_cropping_outside_the_picture_is_refused(box):
    with pytest.raises(InputError, match="reaches beyond the picture of 4 x 3 pixels"):
        crop_image(numbered(), *box)


def test_padding_with_a_colour_marks_the_border():
    padded, mask = pad_image(numbered(), left=1, top=2, right=3, bottom=0, colour="#ff8000")
    assert padded.pixels.shape == (1, 3, 5, 8)
    assert torch.equal(padded.pixels[..., 2:, 1:5], numbered().pixels)
    assert padded.pixels[0, :, 0, 0].tolist() == pytest.approx([1, 128 / 255, 0])
    assert mask.values.sum() == 5 * 8 - 3 * 4
    assert mask.values[0, 0, 2:, 1:5].max() == 0


def test_padding_with_the_edge_repeats_it():
    padded = pad_image(numbered(), left=2, bottom=1, fill="edge").image.pixels[0, 0]
    assert padded[0].tolist() == pytest.approx([0, 0, 0, 0.01, 0.02, 0.03])
    assert torch.equal(padded[3], padded[2])


def test_negative_borders_and_wrong_colours_are_refused():
    with pytest.raises(InputError, match="crop to take away"):
        pad_image(numbered(), left=-1)
    with pytest.raises(InputError, match="'red' is not a colour: expected '#rrggbb'"):
        pad_image(numbered(), left=1, colour="red")


@pytest.mark.parametrize(
    ("direction", "transpose"),
    [("horizontal", PIL.Image.Transpose.FLIP_LEFT_RIGHT), ("vertical", PIL.Image.Transpose.FLIP_TOP_BOTTOM)],
)
def test_flips_as_pillow_does(direction, transpose):
    expected = numpy.asarray(PIL.Image.fromarray(numbered().pixels[0, 0].numpy()).transpose(transpose))
    assert numpy.array_equal(flip_image(numbered(), direction).pixels[0, 2].numpy(), expected)


@pytest.mark.parametrize("angle", ["90", "180", "270"])
def test_turns_clockwise(angle):
    plane = PIL.Image.fromarray(numbered().pixels[0, 0].numpy())
    expected = numpy.asarray(plane.rotate(-int(angle), expand=True))
    assert numpy.array_equal(rotate_image(numbered(), angle).pixels[0, 0].numpy(), expected)


@pytest.mark.parametrize(("width", "height"), [(10, 10), (30, 12), (7, 24)])
@pytest.mark.parametrize("batch", [1, 2])
def test_a_picture_is_fitted_with_its_proportions(width, height, batch):
    image = random_image(24, 20, batch)
    cut = fit_image(image, width, height, "crop", "area").pixels
    framed = fit_image(image, width, height, "pad", "area").pixels
    assert cut.shape == framed.shape == (batch, 3, height, width)
    scale = min(width / 20, height / 24)
    inside = framed.abs().sum(dim=(0, 1)) > 0
    assert int(inside.any(dim=0).sum()) == round(20 * scale)
    assert int(inside.any(dim=1).sum()) == round(24 * scale)


def test_what_stands_over_is_cut_off_equally_and_a_border_is_black():
    wide = numbered(2, 6)
    assert torch.equal(fit_image(wide, 2, 2).pixels, wide.pixels[..., 2:4])
    framed = fit_image(wide, 6, 6, "pad").pixels
    assert torch.equal(framed[..., 2:4, :], wide.pixels)
    assert framed[..., :2, :].abs().sum() == framed[..., 4:, :].abs().sum() == 0


def test_a_picture_that_fits_stays_as_it_is():
    image = random_image()
    for how in ("crop", "pad"):
        assert torch.equal(fit_image(image, 20, 24, how).pixels, image.pixels)
