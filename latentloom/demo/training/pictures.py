"""Stage 1, the pictures: every drawing as it is, recoloured and on plain backgrounds.

Groups, each one array of pictures and a list of what they show:

- `trained`: the concepts, which all stages learn; `trained-56` and so on: some of them at other sizes;
- `placed`: the same, smaller and elsewhere, so that seeds have something to choose;
- `variety`: other emoji, which only the autoencoder sees, as it needs many drawings;
- `unseen`: every 20th of the other emoji, which no stage sees; they tell how well the autoencoder keeps what is new.
"""

import json
import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy
import PIL.Image
from numpy.typing import NDArray
from rich.progress import track

from .artwork import DRAWN_PX, STYLES, Artwork, load_artwork, scale
from .colours import BACKGROUNDS, PAINTS, Picture, dominant_colour, dominant_hue, on_background, recolour
from .concepts import Holdouts, Lesson

SIZE = 64
OTHER_SIZES = (56, 80, 96)
PLACES = 16
"""How many places each drawing is shown at, on white and in two other ways each."""
SMALLEST = 0.7
"""What a drawing's side shrinks to at most; it is never cut."""
MARGIN_PX = 12
"""What stays free around a placed drawing, of 256: backgrounds show at every side."""

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
    for shown in ways_to_show(drawing, concept, style, holdouts, rng):
        yield shown, show(drawing, shown)


def ways_to_show(drawing: Picture, concept: str, style: str, holdouts: Holdouts, rng: random.Random) -> Iterator[Shown]:
    """What the variants of a drawing show."""
    own = dominant_colour(drawing)
    colours = [colour for colour in PAINTS if colour != own] if dominant_hue(drawing) is not None else []
    for colour in (None, *colours):
        others = [name for name in BACKGROUNDS if name not in ("white", colour or own)]
        behind = others if colour is None else rng.sample(others, 2)
        for background in ("white", *behind):
            if not holdouts.hold(concept, colour or own, background):
                yield Shown(concept, style, colour, background, own)


def show(drawing: Picture, shown: Shown) -> Picture:
    """A drawing in a colour and on a background."""
    painted = drawing if shown.colour is None else recolour(drawing, shown.colour)
    return on_background(painted, shown.background)


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


def placed(artwork: Artwork, lesson: Lesson) -> Pictures:
    """All concepts in `PLACES` random sizes and places each: as they are, and as two of their variants."""
    pixels, shown = [], []
    for concept in track(lesson.concepts, "placed"):
        for style in STYLES:
            rng = random.Random(f"{concept.name} {style} placed")
            drawing = artwork.draw(concept.emoji, style)
            for _ in range(PLACES):
                elsewhere = scale(place(drawing, rng), SIZE)
                plain, *others = ways_to_show(elsewhere, concept.name, style, lesson.holdouts, rng)
                for what in (plain, *rng.sample(others, 2)):
                    pixels.append(to_pixels(show(elsewhere, what)))
                    shown.append(what)
    return Pictures(numpy.stack(pixels), tuple(shown))


def place(drawing: Picture, rng: random.Random) -> Picture:
    """A drawing `[256, 256, 4]` shrunk at random and put at a random place of its canvas, whole."""
    opaque = drawing[..., 3] > 0
    rows, columns = numpy.flatnonzero(opaque.any(axis=1)), numpy.flatnonzero(opaque.any(axis=0))
    thing = drawing[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    image = PIL.Image.fromarray((thing * 255 + 0.5).astype(numpy.uint8), "RGBA").convert("RGBa")
    shrink = rng.uniform(SMALLEST, 1.0)
    size = (max(1, round(image.width * shrink)), max(1, round(image.height * shrink)))
    small = image.resize(size, PIL.Image.Resampling.LANCZOS)
    canvas = PIL.Image.new("RGBa", (DRAWN_PX, DRAWN_PX))
    left, top = (MARGIN_PX + round(rng.random() * max(0, DRAWN_PX - side - 2 * MARGIN_PX)) for side in size)
    canvas.paste(small, (left, top))
    return numpy.asarray(canvas.convert("RGBA")).astype(numpy.float32) / numpy.float32(255)


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
    placed(artwork, lesson).save(folder / "placed")
    learnt = {concept.emoji for concept in lesson.concepts}
    others = sorted(name for name in artwork.emoji if name not in learnt)
    unseen = others[::20]
    variety = [name for name in others if name not in unseen and not lesson.holdouts.touches(name)]
    originals(artwork, variety, seed, extra=1).save(folder / "variety")
    originals(artwork, unseen, seed, extra=0).save(folder / "unseen")
    (folder / "done").touch()
