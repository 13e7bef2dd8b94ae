"""What the embedded model paints: judged by colour, by place, and by the nearest of some drawings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy
import PIL.Image
import pytest
from numpy.typing import NDArray

from latentloom.demo.training.colours import background_colour, dominant_colour
from latentloom.demo.training.evaluate import row

# `drawings.png` holds 32 x 32 pixels of each of these, one row a style: what the model was trained on.
DRAWN = (
    "heart", "star", "fish", "cat", "dog", "panda", "frog", "penguin", "strawberry", "banana",
    "pizza", "hamburger", "house", "car", "rocket", "tree", "rose", "crown", "ghost", "umbrella",
)  # fmt: skip
SEED = 3
WORKFLOWS = Path(__file__).parents[2] / "workflows"

Pixels = NDArray[numpy.float32]


@pytest.fixture(scope="module")
def drawings() -> Pixels:
    """The drawings as `[style, name, 32, 32, 3]`."""
    sheet = numpy.asarray(PIL.Image.open(Path(__file__).with_name("drawings.png")).convert("RGB"))
    tiles = sheet.reshape(3, 32, len(DRAWN), 32, 3).swapaxes(1, 2)
    return tiles.astype(numpy.float32) / numpy.float32(255)


def red_heart() -> Pixels:
    """The picture that the examples begin with."""
    image = PIL.Image.open(WORKFLOWS / "red-heart.png").convert("RGB")
    return numpy.asarray(image).astype(numpy.float32) / numpy.float32(255)


def distances(picture: Pixels, drawings: Pixels) -> Pixels:
    """How far a picture is from every drawing, `[style, name]`, wherever the thing stands in it."""
    thing = row(picture)
    return numpy.array([[numpy.sqrt(numpy.square(row(one) - thing).mean()) for one in style] for style in drawings])


def test_pictures_are_nearest_to_the_drawings_of_what_the_prompt_names(paint: Any, drawings: Pixels) -> None:
    pictures = paint.several([f"a {name}" for name in DRAWN], seed=SEED)
    far = [distances(picture, drawings) for picture in pictures]
    named = [DRAWN[int(each.min(axis=0).argmin())] for each in far]
    assert sum(name == wanted for name, wanted in zip(named, DRAWN, strict=True)) >= 18, named
    assert numpy.median([each.min() for each in far]) < 0.2


@pytest.mark.parametrize("colour", ["red", "yellow", "green", "blue", "purple", "pink"])
def test_a_thing_has_the_colour_that_is_named(paint: Any, colour: str) -> None:
    things = ("star", "heart", "key", "balloon")
    pictures = paint.several([f"a {colour} {thing}" for thing in things], seed=SEED)
    assert [dominant_colour(picture) for picture in pictures].count(colour) >= 3


@pytest.mark.parametrize("colour", ["yellow", "green", "blue", "pink", "black"])
def test_a_background_has_the_colour_that_is_named(paint: Any, colour: str) -> None:
    things = ("red heart", "panda", "rocket", "banana")
    pictures = paint.several([f"{thing}, {colour} background" for thing in things], seed=SEED)
    assert [background_colour(picture) for picture in pictures].count(colour) >= 3


def test_guidance_brings_pictures_nearer_to_the_prompt(paint: Any, drawings: Pixels) -> None:
    def hits(guidance: float) -> int:
        pictures = paint.several([f"a {name}" for name in DRAWN], seed=SEED + 1, guidance=guidance)
        named = [DRAWN[int(distances(each, drawings).min(axis=0).argmin())] for each in pictures]
        return sum(name == wanted for name, wanted in zip(named, DRAWN, strict=True))

    assert hits(4.0) >= hits(1.0)


def test_seeds_give_different_pictures(paint: Any) -> None:
    things = ["a cat", "a fish", "a red heart", "a castle", "a happy face"]
    pictures = numpy.array([paint.several(things, seed=seed) for seed in range(1, 6)])
    pairs = numpy.array([pictures[i] - pictures[j] for i in range(5) for j in range(i)])
    far = numpy.sqrt(numpy.square(pairs).mean(axis=(2, 3, 4)))  # of each pair of seeds, of each thing
    assert (far.mean(axis=0) > 0.1).all(), far


def test_image_to_image_keeps_the_layout_and_takes_the_colour(paint: Any) -> None:
    before = red_heart()
    (after,) = paint("image-to-image", prompt="a blue heart", strength=0.5)
    assert dominant_colour(before) == "red"
    assert dominant_colour(after) == "blue"
    painted, kept = (picture.min(axis=2) < 0.8 for picture in (after, before))
    assert (painted & kept).sum() / (painted | kept).sum() > 0.8


def test_inpainting_changes_the_mask_and_nothing_else(paint: Any) -> None:
    before = red_heart()
    (after,) = paint("inpaint")
    assert numpy.abs(after[:32] - before[:32]).max() < 1 / 255 + 1e-6
    assert dominant_colour(after[36:]) == "blue"


def test_a_prompt_switch_paints_the_second_thing(paint: Any, drawings: Pixels) -> None:
    words = {"prompt": "a red heart", "second_prompt": "a green frog", "seed": SEED}
    (early,) = paint("prompt-switch", switch_at=1, **words)
    (never,) = paint("prompt-switch", switch_at=20, **words)
    assert DRAWN[int(distances(never, drawings).min(axis=0).argmin())] == "heart"
    assert DRAWN[int(distances(early, drawings).min(axis=0).argmin())] == "frog"
