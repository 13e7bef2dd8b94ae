"""Colours, against Pillow and scipy."""

import io

import numpy
import PIL.Image
import PIL.ImageEnhance
import pytest
import scipy.ndimage
import torch

from latentloom.graph import InputError
from latentloom.nodes.image_colour import adjust_image, blur_image, invert_image, solid_colour
from latentloom.nodes.image_files import encoded
from latentloom.nodes.values import Image


def random_image(height=24, width=20, batch=1):
    return Image(torch.rand(batch, 3, height, width, generator=torch.Generator().manual_seed(1)))


def test_a_plain_colour():
    image = solid_colour(5, 3, "#0f8")
    assert image.pixels.shape == (1, 3, 3, 5)
    assert image.pixels[0, :, 2, 4].tolist() == pytest.approx([0, 1, 0x88 / 255])


@pytest.mark.parametrize("colour", ["", "#12345", "#12345g", "123456", "#1234567", "rgb(1,2,3)"])
def test_what_is_not_a_colour_is_refused(colour):
    with pytest.raises(InputError, match="is not a colour"):
        solid_colour(5, 3, colour)


def test_the_negative_of_the_negative_is_the_picture():
    image = random_image()
    assert torch.allclose(invert_image(invert_image(image)).pixels, image.pixels, atol=1e-6)
    assert invert_image(solid_colour(1, 1, "#ff0000")).pixels.flatten().tolist() == [0, 1, 1]


@pytest.mark.parametrize(
    ("name", "enhance"),
    [
        ("brightness", PIL.ImageEnhance.Brightness),
        ("contrast", PIL.ImageEnhance.Contrast),
        ("saturation", PIL.ImageEnhance.Color),
    ],
)
@pytest.mark.parametrize("factor", [0.0, 0.6, 1.0, 1.7])
def test_adjusts_as_pillow_does(name, enhance, factor):
    with PIL.Image.open(io.BytesIO(encoded(random_image()).files[0])) as picture:
        expected = numpy.asarray(enhance(picture).enhance(factor)) / 255
    adjusted = adjust_image(random_image(), **{name: factor}).pixels[0].permute(1, 2, 0).numpy()
    assert numpy.abs(adjusted - expected).max() < 2.5 / 255


def test_contrast_looks_at_each_picture_alone():
    dark, light = solid_colour(4, 4, "#202020").pixels, solid_colour(4, 4, "#e0e0e0").pixels
    both = Image(torch.cat([dark, light]))
    assert torch.allclose(adjust_image(both, contrast=0.1).pixels, both.pixels, atol=1e-6)


@pytest.mark.parametrize("radius", [0.5, 2.0, 9.0])
def test_blurs_as_scipy_does(radius):
    image = random_image(batch=2)
    blurred = blur_image(image, radius).pixels
    for picture, channel in [(0, 0), (1, 2)]:
        plane = image.pixels[picture, channel].double().numpy()
        expected = scipy.ndimage.gaussian_filter(plane, radius, mode="nearest", truncate=4.0)
        assert numpy.abs(blurred[picture, channel].numpy() - expected).max() < 1e-5


def test_a_picture_is_blurred_alike_alone_and_in_a_batch():
    image = random_image(batch=3)
    alone = torch.cat([blur_image(Image(picture), 2.0).pixels for picture in image.pixels.split(1)])
    assert torch.equal(blur_image(image, 2.0).pixels, alone)


@pytest.mark.parametrize("radius", [-1.0, 1e6, float("nan")])
def test_a_blur_without_sense_is_refused(radius):
    with pytest.raises(InputError, match=r"'radius' is .*: expected 0 to 256"):
        blur_image(random_image(), radius)


def test_no_blur_changes_nothing():
    image = random_image()
    assert torch.equal(blur_image(image, 0.0).pixels, image.pixels)
