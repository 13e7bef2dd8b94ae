"""Pictures put together and taken apart."""

import pytest
import torch

from latentloom.graph import InputError
from latentloom.nodes.image_colour import solid_colour
from latentloom.nodes.image_combine import blend_images, composite_images, image_batch, image_from_batch, split_images
from latentloom.nodes.mask import rectangle_mask
from latentloom.nodes.values import Image, Mask

BLACK, WHITE = solid_colour(4, 3, "#000000"), solid_colour(4, 3, "#ffffff")


def grey(*levels):
    """A batch of plain pictures."""
    return image_batch([Image(torch.full((1, 3, 3, 4), level)) for level in levels])


def levels_of(image):
    return image.pixels[:, 0, 0, 0].tolist()


def test_blending_fades_from_the_first_to_the_second():
    assert levels_of(blend_images(BLACK, WHITE, 0.25)) == [0.25]
    assert levels_of(blend_images(BLACK, WHITE, 0.0)) == [0]


def test_a_single_picture_goes_with_each_of_a_batch():
    assert levels_of(blend_images(grey(0.0, 0.5), WHITE, 0.5)) == [0.5, 0.75]
    assert levels_of(blend_images(WHITE, grey(0.0, 0.5), 0.5)) == [0.5, 0.75]


def test_pictures_that_do_not_fit_together_are_named():
    with pytest.raises(InputError, match="'first' is 4 x 3 pixels and 'second' is 5 x 3"):
        blend_images(WHITE, solid_colour(5, 3, "#000000"))
    with pytest.raises(InputError, match="'first' has 2 pictures and 'second' has 3"):
        blend_images(grey(0, 1.0), grey(0, 0, 0.0))


def test_compositing_changes_only_where_the_mask_is():
    picture = Image(torch.rand(2, 3, 3, 4, generator=torch.Generator().manual_seed(1)))
    mask = rectangle_mask(4, 3, 0, 0, 2, 3)
    result = composite_images(picture, WHITE, mask).pixels
    assert torch.equal(result[..., 2:], picture.pixels[..., 2:])
    assert result[..., :2].min() == 1


def test_a_soft_mask_mixes():
    assert levels_of(composite_images(BLACK, WHITE, Mask(torch.full((1, 1, 3, 4), 0.3)))) == pytest.approx([0.3])


def test_a_mask_for_each_picture():
    masks = Mask(torch.stack([torch.zeros(1, 3, 4), torch.ones(1, 3, 4)]))
    assert levels_of(composite_images(BLACK, WHITE, masks)) == [0, 1]
    with pytest.raises(InputError, match="'image' has 3 pictures and 'mask' has 2"):
        composite_images(BLACK, grey(1, 1, 1.0), masks)


def test_batch_and_split_undo_each_other():
    pictures = [BLACK, grey(0.2, 0.4), WHITE]
    batch = image_batch(pictures)
    assert levels_of(batch) == pytest.approx([0, 0.2, 0.4, 1])
    parts = split_images(batch)
    assert [levels_of(part)[0] for part in parts] == pytest.approx([0, 0.2, 0.4, 1])
    assert torch.equal(image_batch(parts).pixels, batch.pixels)
    assert parts[0].pixels.untyped_storage().nbytes() == BLACK.pixels.nbytes


def test_one_picture_of_a_batch():
    assert levels_of(image_from_batch(grey(0.25, 0.5), 1)) == [0.5]
    for index in (2, -1):
        with pytest.raises(InputError, match=f"no picture {index}: the batch has 2"):
            image_from_batch(grey(0.25, 0.5), index)


def test_a_batch_needs_pictures_of_one_size():
    with pytest.raises(InputError, match="Image 1 is 5 x 3 pixels and image 0 is 4 x 3"):
        image_batch([WHITE, solid_colour(5, 3)])
    with pytest.raises(InputError, match="empty"):
        image_batch([])
