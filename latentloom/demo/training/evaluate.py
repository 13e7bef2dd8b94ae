"""Stage 7, evaluation: whether the model paints what the prompt says, by numbers.

Every prompt and seed is fixed: the names in `concepts.txt`, the pairs in `holdouts.json`, the constants below.

- **Recognised**: the nearest of the original drawings that the model was trained on is one of the concept asked for, by
  the distance of 32 x 32 pixels after both were cut out of their backgrounds; and the same among the drawings of all
  emoji, most of which it never saw. A drawing of another one that looks alike does not count, not even one that is the
  same to the pixel.
- **Held-out colours and backgrounds**: the dominant hue of what is painted, or the nearest plain colour to its border,
  has the name asked for. A held-out thing is also looked for among drawings of all concepts in that colour.
- **Autoencoder**: PSNR on drawings that no stage saw.
- **Variety**: the distance of two seeds' pictures of one prompt (root mean square, of 0 to 1).
"""

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy
import PIL.Image
import torch
from diffusers import DPMSolverMultistepScheduler, StableDiffusionPipeline
from rich.progress import track

from .artwork import STYLES, Artwork, load_artwork, scale
from .autoencoder import psnr
from .colours import Picture, background_colour, dominant_colour, dominant_hue, on_background, recolour
from .concepts import Concept, Lesson
from .export import load_pipeline
from .pictures import SIZE, load_pictures

STEPS = 20
GUIDANCES = (1.0, 3.0, 5.0, 7.5)
SEEDS = (1, 2)
PAIR_SEEDS = (1, 2, 3, 4)
PAIR_GUIDANCE = 5.0
COMPARED_PX = 32
DIFFERS = 0.2
"""How far a pixel's colour is from the border's where something is painted."""
BATCH = 32


@dataclass(frozen=True)
class Wish:
    """One picture to paint."""

    prompt: str
    seed: int
    guidance: float


@dataclass(frozen=True)
class Gallery:
    """Drawings to compare with, as rows of pixels, and whose each one is."""

    rows: Picture
    names: tuple[str, ...]

    @cached_property
    def squares(self) -> Picture:
        """Each row's squared length."""
        squares: Picture = numpy.square(self.rows).sum(axis=1)
        return squares

    def only(self, names: set[str]) -> "Gallery":
        """The drawings of these names alone."""
        kept = [number for number, name in enumerate(self.names) if name in names]
        return Gallery(self.rows[kept], tuple(self.names[number] for number in kept))

    def nearest(self, picture: Picture) -> str:
        """The name of the drawing nearest to a picture."""
        return self.names[int((self.squares - 2 * self.rows @ row(picture)).argmin())]


def row(picture: Picture) -> Picture:
    """What a picture shows, cut out and scaled to 32 x 32 pixels: its size and place do not count."""
    border = numpy.concatenate([picture[[0, -1]].reshape(-1, 3), picture[:, [0, -1]].reshape(-1, 3)])
    plain = numpy.median(border, axis=0)
    differs = numpy.abs(picture - plain).max(axis=2) > DIFFERS
    rows, columns = (numpy.flatnonzero(differs.sum(axis=axis) > 1) for axis in (1, 0))
    if not len(rows) or not len(columns):
        rows, columns = (numpy.arange(side) for side in picture.shape[:2])
    thing = picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    side = max(thing.shape[:2])
    square = numpy.empty((side, side, 3), numpy.float32)
    square[:] = plain
    top, left = ((side - length) // 2 for length in thing.shape[:2])
    square[top : top + thing.shape[0], left : left + thing.shape[1]] = thing
    image = PIL.Image.fromarray((square.clip(0, 1) * 255 + 0.5).astype(numpy.uint8))
    small = image.resize((COMPARED_PX, COMPARED_PX), PIL.Image.Resampling.BICUBIC)
    return numpy.asarray(small).astype(numpy.float32).ravel() / numpy.float32(255)


def make_gallery(drawings: Iterable[tuple[str, Picture]]) -> Gallery:
    """A gallery of drawings with alpha, on white."""
    named = [(name, row(on_background(drawing, "white"))) for name, drawing in drawings]
    return Gallery(numpy.stack([pixels for _, pixels in named]), tuple(name for name, _ in named))


def all_drawings(artwork: Artwork, work: Path) -> Gallery:
    """The gallery of all emoji in all styles, which is kept in the work folder."""
    path = work / "gallery.npz"
    if not path.exists():
        names = track(sorted(artwork.emoji), "drawings to compare with")
        made = make_gallery((name, scale(artwork.draw(name, style), SIZE)) for name in names for style in STYLES)
        numpy.savez(path, rows=made.rows, names=numpy.array(made.names))
    kept = numpy.load(path)
    return Gallery(kept["rows"], tuple(kept["names"].tolist()))


def coloured_drawings(artwork: Artwork, concepts: tuple[Concept, ...], colours: Iterable[str]) -> dict[str, Gallery]:
    """For each colour the gallery of all concepts that can have it, in that colour."""
    drawings = [
        (concept.name, scale(artwork.draw(concept.emoji, style), SIZE)) for concept in concepts for style in STYLES
    ]
    able = [(name, drawing) for name, drawing in drawings if dominant_hue(drawing) is not None]
    return {colour: make_gallery((name, recolour(one, colour)) for name, one in able) for colour in colours}


def paint(pipeline: StableDiffusionPipeline, wishes: list[Wish]) -> list[Picture]:
    """Paints every wish, in batches of equal guidance; in bfloat16, as in training, which takes half the time."""
    pictures: dict[Wish, Picture] = {}
    batches = [
        alike[start : start + BATCH]
        for guidance in sorted({wish.guidance for wish in wishes})
        for alike in [[wish for wish in dict.fromkeys(wishes) if wish.guidance == guidance]]
        for start in range(0, len(alike), BATCH)
    ]
    for batch in track(batches, "painting"):
        with torch.autocast("cpu", torch.bfloat16):
            made = pipeline(
                [wish.prompt for wish in batch],
                guidance_scale=batch[0].guidance,
                generator=[torch.Generator().manual_seed(wish.seed) for wish in batch],
                num_inference_steps=STEPS,
                height=SIZE,
                width=SIZE,
                output_type="np",
            )
        pictures.update(zip(batch, made.images, strict=True))
    return [pictures[wish] for wish in wishes]


def load_painter(model: Path) -> StableDiffusionPipeline:
    """A model's pipeline with the solver that evaluation and sheets use."""
    pipeline = load_pipeline(model)
    pipeline.scheduler = DPMSolverMultistepScheduler.from_config(pipeline.scheduler.config)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def recognised(pipeline: StableDiffusionPipeline, concepts: tuple[Concept, ...], gallery: Gallery) -> dict[str, Any]:
    """How many pictures of the concepts' names are recognised at each guidance, and how far two seeds are apart."""
    return {f"{guidance:g}": recognised_at(guidance, pipeline, concepts, gallery) for guidance in GUIDANCES}


def recognised_at(
    guidance: float, pipeline: StableDiffusionPipeline, concepts: tuple[Concept, ...], gallery: Gallery
) -> dict[str, Any]:
    """The shares at one guidance, and the concepts that no seed painted so that they were recognised."""
    pictures = paint(pipeline, [Wish(each.name, seed, guidance) for each in concepts for seed in SEEDS])
    expected = [each.emoji for each in concepts for _ in SEEDS]
    learnt = gallery.only({each.emoji for each in concepts})
    right = [learnt.nearest(one) == name for one, name in zip(pictures, expected, strict=True)]
    among_all = [gallery.nearest(one) == name for one, name in zip(pictures, expected, strict=True)]
    starts = range(0, len(pictures), len(SEEDS))
    pairs = [distance(*pair) for start in starts for pair in combinations(pictures[start : start + len(SEEDS)], 2)]
    return {
        "top_1": round(float(numpy.mean(right)), 3),
        "top_1_of_all_emoji": round(float(numpy.mean(among_all)), 3),
        "variety": round(float(numpy.mean(pairs)), 3),
        "never": [
            each.name
            for each, start in zip(concepts, starts, strict=True)
            if not any(right[start : start + len(SEEDS)])
        ],
    }


def distance(first: Picture, second: Picture) -> float:
    """The root mean square difference of two pictures."""
    return float(numpy.sqrt(numpy.square(first - second).mean()))


def held_out(pipeline: StableDiffusionPipeline, artwork: Artwork, lesson: Lesson) -> dict[str, Any]:
    """How many pictures of held-out pairs have the colour and the thing, or the background, that was asked for."""
    colours, backgrounds = sorted(lesson.holdouts.colours), sorted(lesson.holdouts.backgrounds)
    asked = [(f"a {colour} {name}", name, colour) for name, colour in colours for _ in PAIR_SEEDS]
    pictures = paint(pipeline, wishes_of(f"a {colour} {name}" for name, colour in colours))
    galleries = coloured_drawings(artwork, lesson.concepts, {colour for _, colour in colours})
    hue = [dominant_colour(one) == colour for one, (_, _, colour) in zip(pictures, asked, strict=True)]
    thing = [galleries[colour].nearest(one) == name for one, (_, name, colour) in zip(pictures, asked, strict=True)]
    behind = paint(pipeline, wishes_of(f"{name}, {colour} background" for name, colour in backgrounds))
    wanted = [colour for _, colour in backgrounds for _ in PAIR_SEEDS]
    border = [background_colour(one) == colour for one, colour in zip(behind, wanted, strict=True)]
    return {
        "colour": share(hue, colours),
        "thing": share(thing, colours),
        "background": share(border, backgrounds),
    }


def wishes_of(prompts: Iterable[str]) -> list[Wish]:
    """Every prompt with every seed of the pairs."""
    return [Wish(prompt, seed, PAIR_GUIDANCE) for prompt in prompts for seed in PAIR_SEEDS]


def share(right: list[bool], pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """The share of right pictures, and the pairs that were wrong more than once."""
    per_pair = numpy.array(right).reshape(len(pairs), -1).sum(axis=1)
    wrong = [
        f"{colour} {name}" for (name, colour), hits in zip(pairs, per_pair, strict=True) if hits < len(PAIR_SEEDS) - 1
    ]
    return {"share": round(float(numpy.mean(right)), 3), "weak": wrong}


def seconds_each(pipeline: StableDiffusionPipeline, runs: int = 5) -> float:
    """The median time of one picture at guidance 5, alone and in float32, as it is used."""
    taken = []
    for seed in range(runs):
        started = time.perf_counter()
        generator = torch.Generator().manual_seed(seed)
        pipeline(
            "a red heart", guidance_scale=5.0, num_inference_steps=STEPS, height=SIZE, width=SIZE, generator=generator
        )
        taken.append(time.perf_counter() - started)
    return round(sorted(taken)[runs // 2], 2)


def evaluate(work: Path, lesson: Lesson, model: Path) -> dict[str, Any]:
    """All numbers of a model folder."""
    artwork = load_artwork(work / "packages")
    pipeline = load_painter(model)
    numbers = {
        "psnr_unseen_db": round(psnr(pipeline.vae, load_pictures(work / "pictures" / "unseen").pixels), 2),
        "concepts": len(lesson.concepts),
        "recognised": recognised(pipeline, lesson.concepts, all_drawings(artwork, work)),
        "held_out": held_out(pipeline, artwork, lesson),
        "seconds": seconds_each(pipeline),
    }
    (work / "numbers.json").write_text(json.dumps(numbers, indent=2) + "\n", encoding="utf-8")
    return numbers
