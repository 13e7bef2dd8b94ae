"""Stage 1, the pictures: every drawing as it is, recoloured and on plain backgrounds.

Three groups, each one array of pictures and a list of what they show:

- `trained`: the concepts, which all stages learn;
- `variety`: other emoji, which only the autoencoder sees, as it needs many drawings;
- `unseen`: every 20th of the other emoji, which no stage sees; they tell how well the autoencoder keeps what is new.
"""

import json
import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy
from numpy.typing import NDArray
from rich.progress import track

from .artwork import STYLES, Artwork, load_artwork, scale
from .colours import BACKGROUNDS, PAINTS, Picture, dominant_colour, dominant_hue, on_background, recolour
from .concepts import Holdouts, Lesson

SIZE = 64
OTHER_SIZES = (56, 80, 96)

Pixels = NDArray[numpy.uint8]


@dataclass(frozen=True)
class Shown:
    """What a picture shows. `colour` is None where the drawing has its own colours; `own` is then the dominant one."""

    concept: str
    style: str
    colour: str | None
    background: str
    own: str | None


@dataclass(frozen=True)
class Pictures:
    """Pictures `[N, size, size, 3]` of one size, and what each one shows."""

    pixels: Pixels
    shown: tuple[Shown, ...]

    def save(self, path: Path) -> None:
        """Writes an array and a list beside each other; the list is the last thing written."""
        path.parent.mkdir(parents=True, exist_ok=True)
        numpy.save(path.with_suffix(".npy"), self.pixels)
        path.with_suffix(".json").write_text(json.dumps([asdict(each) for each in self.shown]))


def load_pictures(path: Path) -> Pictures:
    """What `Pictures.save` wrote; the pixels are mapped from the file."""
    shown = tuple(Shown(**each) for each in json.loads(path.with_suffix(".json").read_text()))
    return Pictures(numpy.load(path.with_suffix(".npy"), mmap_mode="r"), shown)


def variants(
    drawing: Picture, concept: str, style: str, holdouts: Holdouts, rng: random.Random
) -> Iterator[tuple[Shown, Picture]]:
    """A drawing as it is and on every background, and in every other colour, on white and on two other backgrounds."""
    own = dominant_colour(drawing)
    coloured: dict[str | None, Picture] = {None: drawing}
    if dominant_hue(drawing) is not None:
        coloured |= {colour: recolour(drawing, colour) for colour in PAINTS if colour != own}
    for colour, painted in coloured.items():
        others = [name for name in BACKGROUNDS if name not in ("white", colour or own)]
        behind = others if colour is None else rng.sample(others, 2)
        for background in ("white", *behind):
            if not holdouts.hold(concept, colour or own, background):
                yield Shown(concept, style, colour, background, own), on_background(painted, background)


def to_pixels(picture: Picture) -> Pixels:
    """A picture of 0 to 1 as bytes."""
    return (picture.clip(0, 1) * 255 + 0.5).astype(numpy.uint8)


def trained(artwork: Artwork, lesson: Lesson, size: int, share: float = 1.0) -> Pictures:
    """The variants of all concepts in all styles at one size; `share` of them, chosen by lot, where that is less."""
    pixels, shown = [], []
    for concept in track(lesson.concepts, f"{size} x {size}"):
        for style in STYLES:
            rng = random.Random(f"{concept.name} {style} {size}")
            drawing = scale(artwork.draw(concept.emoji, style), size)
            for what, picture in variants(drawing, concept.name, style, lesson.holdouts, rng):
                if rng.random() < share:
                    pixels.append(to_pixels(picture))
                    shown.append(what)
    return Pictures(numpy.stack(pixels), tuple(shown))


def originals(artwork: Artwork, names: list[str], seed: int, extra: int) -> Pictures:
    """Drawings in all styles on white, and `extra` of each on other backgrounds and in other colours."""
    pixels, shown = [], []
    for name in track(names, "other drawings"):
        for style in STYLES:
            drawing = scale(artwork.draw(name, style), SIZE)
            made = list(
                variants(drawing, name, style, Holdouts(frozenset(), frozenset()), random.Random(f"{seed} {name}"))
            )
            for what, picture in [made[0], *random.Random(f"{seed} {name} {style}").sample(made[1:], extra)]:
                pixels.append(to_pixels(picture))
                shown.append(what)
    return Pictures(numpy.stack(pixels), tuple(shown))


def make_pictures(work: Path, lesson: Lesson, seed: int) -> None:
    """Writes all groups under `work/pictures`, unless they are there."""
    folder = work / "pictures"
    if (folder / "done").exists():
        return
    artwork = load_artwork(work / "packages")
    trained(artwork, lesson, SIZE).save(folder / "trained")
    for size in OTHER_SIZES:
        trained(artwork, lesson, size, share=0.25).save(folder / f"trained-{size}")
    learnt = {concept.emoji for concept in lesson.concepts}
    others = sorted(name for name in artwork.emoji if name not in learnt)
    unseen = others[::20]
    variety = [name for name in others if name not in unseen and not lesson.holdouts.touches(name)]
    originals(artwork, variety, seed, extra=1).save(folder / "variety")
    originals(artwork, unseen, seed, extra=0).save(folder / "unseen")
    (folder / "done").touch()
