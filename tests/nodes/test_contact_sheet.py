"""Where pictures and labels stand on a sheet."""

import pytest
import torch

from latentloom.graph import InputError
from latentloom.nodes.contact_sheet import contact_sheet
from latentloom.nodes.image_colour import solid_colour
from latentloom.nodes.values import Image


def random_images(count, height=6, width=10):
    generator = torch.Generator().manual_seed(1)
    return [Image(torch.rand(1, 3, height, width, generator=generator)) for _ in range(count)]


def test_pictures_stand_row_by_row_with_gaps():
    images = random_images(5)
    sheet = contact_sheet(images, columns=3, gap=2, background="#ff0000").pixels
    assert sheet.shape == (1, 3, 2 * (6 + 2) + 2, 3 * (10 + 2) + 2)
    for position, image in enumerate(images):
        y, x = 2 + position // 3 * 8, 2 + position % 3 * 12
        assert torch.equal(sheet[..., y : y + 6, x : x + 10], image.pixels)
        sheet[..., y : y + 6, x : x + 10] = torch.tensor([1.0, 0, 0]).view(1, 3, 1, 1)
    assert torch.equal(sheet, solid_colour(38, 18, "#ff0000").pixels)


@pytest.mark.parametrize(("count", "columns"), [(1, 1), (2, 2), (4, 2), (5, 3), (9, 3), (10, 4)])
def test_without_columns_the_sheet_is_about_square(count, columns):
    sheet = contact_sheet(random_images(count, 5, 5), gap=0).pixels
    assert sheet.shape[-1] == columns * 5
    assert sheet.shape[-2] == -(-count // columns) * 5


def test_more_columns_than_pictures_leave_no_empty_space():
    assert contact_sheet(random_images(2), columns=8, gap=0).pixels.shape[-1] == 20


def test_a_batch_is_several_pictures():
    batch = Image(torch.cat([image.pixels for image in random_images(4)]))
    assert torch.equal(contact_sheet([batch]).pixels, contact_sheet(random_images(4)).pixels)


def test_smaller_pictures_stand_in_the_middle_of_their_cell():
    sheet = contact_sheet([solid_colour(9, 9, "#000000"), solid_colour(3, 5, "#000000")], gap=0).pixels[0, 0]
    rows, columns = (sheet[:, 9:] == 0).nonzero(as_tuple=True)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (2, 6, 3, 5)


@pytest.mark.parametrize(("background", "ink_is_dark"), [("#ffffff", True), ("#202020", False)])
def test_labels_stand_under_their_pictures_and_show(background, ink_is_dark):
    images = [solid_colour(64, 16, background)] * 2
    sheet = contact_sheet(images, columns=2, gap=4, background=background, labels=["seed 1", ""]).pixels[0, 0]
    assert sheet.shape == (4 + 16 + 18 + 4, 4 + 64 + 4 + 64 + 4)
    level = sheet[0, 0]
    labelled = sheet[20:38, 4:68]
    assert (labelled.min() < level - 0.5) if ink_is_dark else (labelled.max() > level + 0.5)
    sheet[20:38, 4:68] = level
    assert sheet.min() == sheet.max()


def test_long_labels_are_cut_to_their_cell():
    images = [solid_colour(40, 8, "#ffffff")] * 2
    sheet = contact_sheet(images, columns=2, gap=6, labels=["a very long prompt, " * 500, "x"]).pixels[0, 0]
    assert sheet[:, 46:52].min() == 1
    assert sheet[14:32, 6:46].min() < 0.5
    for other, is_same in [("a very long prompt,\nand more", True), ("a", False), ("", False)]:
        assert torch.equal(sheet, contact_sheet(images, 2, 6, labels=[other, "x"]).pixels[0, 0]) is is_same


def test_labels_must_be_as_many_as_pictures():
    with pytest.raises(InputError, match="1 labels for 2 pictures"):
        contact_sheet(random_images(2), labels=["only one"])


def test_an_empty_sheet_and_one_too_large_are_refused():
    with pytest.raises(InputError, match="no pictures"):
        contact_sheet([])
    with pytest.raises(InputError, match="'gap' is -1: expected 0 to 1000"):
        contact_sheet(random_images(1), gap=-1)
    with pytest.raises(InputError, match="is not a size"):
        contact_sheet(random_images(1) * 30, columns=30, gap=1000)
