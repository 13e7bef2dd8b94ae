"""Masks: 1 is painted anew."""

import numpy
import PIL.Image
import PIL.ImageFilter
import pytest
import scipy.ndimage
import torch

from latentloom.graph import InputError
from latentloom.nodes.image_colour import solid_colour
from latentloom.nodes.image_geometry import fit_image
from latentloom.nodes.mask import (
    combine_masks,
    ellipse_mask,
    feather_mask,
    fit_mask,
    grow_mask,
    invert_mask,
    mask_from_image,
    mask_to_image,
    rectangle_mask,
    resize_mask,
    threshold_mask,
)
from latentloom.nodes.values import Image, Mask


def soft_mask(height=20, width=24):
    return Mask(torch.rand(1, 1, height, width, generator=torch.Generator().manual_seed(1)))


def test_a_rectangle():
    mask = rectangle_mask(6, 4, left=1, top=2, box_width=3, box_height=10).values
    assert mask.shape == (1, 1, 4, 6)
    expected = torch.zeros(4, 6)
    expected[2:, 1:4] = 1
    assert torch.equal(mask[0, 0], expected)


def test_rectangles_side_by_side_share_no_pixel_and_leave_none():
    left, right = rectangle_mask(9, 2, 0, 0, 4.5, 2), rectangle_mask(9, 2, 4.5, 0, 4.5, 2)
    assert torch.equal(left.values + right.values, torch.ones(1, 1, 2, 9))


def test_an_ellipse_has_its_area_and_its_box():
    mask = ellipse_mask(200, 100, left=20, top=10, box_width=120, box_height=60).values[0, 0]
    assert mask.sum().item() == pytest.approx(numpy.pi * 60 * 30, rel=0.01)
    rows, columns = mask.nonzero(as_tuple=True)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (10, 69, 20, 139)


def test_a_shape_without_extent_is_empty():
    assert ellipse_mask(8, 8, 2, 2, 0, 4).values.sum() == 0
    assert rectangle_mask(8, 8, 2, 2, 4, 0).values.sum() == 0


def test_growing_and_shrinking_are_grey_morphology():
    mask = soft_mask()
    plane = PIL.Image.fromarray((mask.values[0, 0] * 255).round().byte().numpy())
    mask = Mask(torch.from_numpy(numpy.asarray(plane).copy())[None, None].float() / 255)
    for amount, rank in [
        (2, PIL.ImageFilter.MaxFilter(5)),
        (3, PIL.ImageFilter.MaxFilter(7)),
        (-1, PIL.ImageFilter.MinFilter(3)),
    ]:
        inner = numpy.asarray(plane.filter(rank))[3:-3, 3:-3] / 255
        assert numpy.allclose(grow_mask(mask, amount).values[0, 0, 3:-3, 3:-3].numpy(), inner, atol=1e-6)
    assert torch.equal(grow_mask(mask, 0).values, mask.values)
    assert grow_mask(mask, 500).values.min() == mask.values.max()


def test_a_mask_at_the_border_stays_there_when_shrunk():
    shrunk = grow_mask(rectangle_mask(10, 10, 0, 0, 5, 10), -2).values[0, 0]
    assert torch.equal(shrunk, rectangle_mask(10, 10, 0, 0, 3, 10).values[0, 0])


def test_feathering_softens_around_the_edge():
    values = feather_mask(rectangle_mask(40, 9, 0, 0, 20, 9), 3.0).values[0, 0, 4]
    assert values[0] > 0.999
    assert values[19] + values[20] == pytest.approx(1, abs=1e-5)
    assert (values[1:] <= values[:-1] + 1e-6).all()
    mask = soft_mask()
    expected = scipy.ndimage.gaussian_filter(mask.values[0, 0].numpy(), 3.0, mode="nearest")
    assert numpy.allclose(feather_mask(mask, 3.0).values[0, 0].numpy(), expected, atol=1e-5)


@pytest.mark.parametrize(
    ("operation", "expected"), [("union", [0, 1, 1, 1]), ("intersect", [0, 0, 0, 1]), ("subtract", [0, 0, 1, 0])]
)
def test_combining(operation, expected):
    first, second = torch.tensor([0.0, 0, 1, 1]), torch.tensor([0.0, 1, 0, 1])
    combined = combine_masks(Mask(first.view(1, 1, 1, 4)), Mask(second.view(1, 1, 1, 4)), operation)
    assert combined.values.flatten().tolist() == expected


def test_masks_of_two_sizes_do_not_combine():
    with pytest.raises(InputError, match="'first' is 24 x 20 pixels and 'second' is 4 x 4"):
        combine_masks(soft_mask(), soft_mask(4, 4))


def test_threshold_takes_the_value_itself():
    mask = Mask(torch.tensor([0.0, 0.49, 0.5, 1.0]).view(1, 1, 1, 4))
    assert threshold_mask(mask, 0.5).values.flatten().tolist() == [0, 0, 1, 1]


def test_inverting():
    assert torch.equal(invert_mask(soft_mask()).values, 1 - soft_mask().values)


def test_a_mask_shown_as_a_picture_reads_back():
    mask = soft_mask()
    for channel in ("luminance", "red", "green", "blue"):
        assert torch.allclose(mask_from_image(mask_to_image(mask), channel).values, mask.values, atol=1e-6)
    assert mask_from_image(solid_colour(2, 2, "#00ff00"), "red").values.max() == 0


def test_resizing_keeps_a_hard_mask_hard_with_nearest():
    small = resize_mask(rectangle_mask(32, 16, 8, 0, 8, 16), 8, 4, "nearest").values
    assert torch.equal(small, rectangle_mask(8, 4, 2, 0, 2, 4).values)
    assert resize_mask(soft_mask(), 3, 5).values.shape == (1, 1, 5, 3)


def test_a_mask_is_fitted_as_its_picture_is():
    mask = soft_mask()
    picture = Image(mask.values.repeat(1, 3, 1, 1))
    for how in ("crop", "pad"):
        fitted = fit_mask(mask, 10, 30, how, "area").values
        assert torch.equal(fitted.repeat(1, 3, 1, 1), fit_image(picture, 10, 30, how, "area").pixels)
