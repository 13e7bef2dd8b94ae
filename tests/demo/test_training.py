"""The training programs, stage by stage, on a few tiny drawings made here: what each leaves out, keeps and repeats."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import numpy
import pytest

from latentloom.demo.training import autoencoder, denoiser
from latentloom.demo.training.artwork import KEYWORDS, NAMES, STYLES, folder_of, load_artwork, scale
from latentloom.demo.training.captions import Words, caption
from latentloom.demo.training.colours import (
    BACKGROUNDS,
    PAINTS,
    background_colour,
    dominant_colour,
    on_background,
    recolour,
)
from latentloom.demo.training.concepts import Lesson, load_lesson
from latentloom.demo.training.evaluate import make_gallery
from latentloom.demo.training.export import export, load_pipeline
from latentloom.demo.training.loop import Pace
from latentloom.demo.training.pictures import Shown, load_pictures, make_pictures, place
from latentloom.demo.training.text import train_tokenizer

BOX = 32
EMOJI = {"🔴": ("red circle", "1f534"), "🟥": ("red square", "1f7e5"), "🔺": ("red triangle", "1f53a")}
OTHERS = {chr(0x1F300 + number): (f"thing {number}", f"{0x1F300 + number:x}") for number in range(25)}


def shape(code: str, colour: str) -> str:
    bodies = {
        "1f534": f'<circle cx="16" cy="16" r="14" fill="{colour}"/>',
        "1f7e5": f'<path d="M3 3h26v26H3z" fill="{colour}"/>',
        "1f53a": f'<path d="M16 4L30 28H2z" fill="{colour}"/>',
    }
    return bodies.get(code, f'<circle cx="16" cy="16" r="9" fill="{colour}"/><path d="M0 14h32v4H0z" fill="#222"/>')


def package(work: Path, name: str, files: dict[str, Any]) -> None:
    folder = folder_of(name, work / "packages")
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(json.dumps(content), encoding="utf-8")


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    folder = tmp_path_factory.mktemp("lesson")
    folder.joinpath("concepts.txt").write_text(
        "# shapes\ncircle = red circle | ball\nsquare = red square\ntriangle = red triangle\n", encoding="utf-8"
    )
    pairs = {"colours": [["circle", "green"]], "backgrounds": [["square", "blue"]]}
    folder.joinpath("holdouts.json").write_text(json.dumps(pairs), encoding="utf-8")
    return load_lesson(folder)


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory, lesson: Lesson) -> Path:
    """A work folder whose packages have a handful of drawings, with pictures and tokenizer made."""
    work = tmp_path_factory.mktemp("work")
    emoji = EMOJI | OTHERS
    for number, style in enumerate(STYLES):
        colour = ("#e02020", "#f03030", "#d01010")[number]
        icons = {code: {"body": shape(code, colour)} for _, code in emoji.values()}
        tables = {"icons.json": {"icons": icons, "width": BOX, "height": BOX}}
        package(work, STYLES[style], tables | {"chars.json": {code: code for _, code in emoji.values()}})
    names = {letter: {"name": name, "group": "Symbols"} for letter, (name, _) in emoji.items()}
    package(work, NAMES, {"data-by-emoji.json": names})
    package(work, KEYWORDS, {"dist/emoji-en-US.json": {"🔴": ["round", "blue", "square"]}})
    make_pictures(work, lesson, seed=0)
    train_tokenizer(work, lesson, seed=0)
    return work


def test_a_drawing_gets_the_colour_and_the_background_that_are_named(work: Path) -> None:
    drawing = load_artwork(work / "packages").draw("red triangle", "noto")
    assert dominant_colour(drawing) == "red"
    for colour in PAINTS:
        for background in BACKGROUNDS:
            painted = recolour(drawing, colour)
            assert dominant_colour(painted) == colour
            assert background_colour(on_background(painted, background)) == background


def test_pairs_that_are_held_out_are_in_no_picture(work: Path) -> None:
    seen = set()
    for path in sorted((work / "pictures").glob("*.json")):
        pictures = load_pictures(path)
        for pixels, shown in zip(pictures.pixels, pictures.shown, strict=True):
            picture = pixels.astype(numpy.float32) / 255
            assert (shown.concept, shown.colour) != ("circle", "green")
            assert (shown.concept, shown.background) != ("square", "blue")
            assert background_colour(picture) == shown.background
            seen.add((shown.concept, shown.colour, shown.background))
    assert {("circle", "blue", "white"), ("square", "green", "white"), ("triangle", None, "blue")} <= seen


def test_placed_things_are_whole_smaller_and_elsewhere(work: Path) -> None:
    middles, sizes = [], []
    for pixels in load_pictures(work / "pictures" / "placed").pixels:
        thing = numpy.abs(pixels.astype(int) - pixels[0, 0]).max(axis=2) > 40
        assert not thing[[0, -1]].any()
        assert not thing[:, [0, -1]].any()
        rows, columns = numpy.nonzero(thing)
        middles.append((rows.mean(), columns.mean()))
        sizes.append(numpy.ptp(columns) + 1)
    assert (numpy.std(middles, axis=0) > 3).all()
    assert min(sizes) < 0.8 * max(sizes)


def test_a_drawing_is_recognised_wherever_it_stands(work: Path, lesson: Lesson) -> None:
    artwork, rng = load_artwork(work / "packages"), random.Random(0)
    drawings = [(each.emoji, artwork.draw(each.emoji, "flat")) for each in lesson.concepts]
    gallery = make_gallery((name, scale(drawing, 64)) for name, drawing in drawings)
    for name, drawing in drawings * 3:
        assert gallery.nearest(on_background(scale(place(drawing, rng), 64), "white")) == name


def test_unseen_drawings_are_in_no_group_that_is_trained_on(work: Path) -> None:
    groups = {path.stem: load_pictures(path).shown for path in (work / "pictures").glob("*.json")}
    unseen = {each.concept for each in groups.pop("unseen")}
    assert unseen
    assert all(unseen.isdisjoint(each.concept for each in shown) for shown in groups.values())


def test_captions_name_what_was_changed_and_are_empty_now_and_then() -> None:
    shown = Shown("circle", "flat", "blue", "pink", own="red")
    rng = random.Random(0)
    made = [caption(shown, Words(("circle", "ball"), ("round",)), rng) for _ in range(2000)]
    assert 0.07 < made.count("") / len(made) < 0.13
    assert all("blue" in text and "pink" in text for text in made if text)
    kinds = Counter(word for text in made for word in ("ball", "flat style", "round") if word in text)
    assert all(kinds[word] > 50 for word in ("ball", "flat style", "round"))


def test_the_tokenizer_reads_any_text_and_pads_with_the_end(work: Path) -> None:
    tokenizer = load_tokenizer(work)
    assert tokenizer.tokenize("a Red circle, flat style") == [
        "a</w>", "red</w>", "circle</w>", ",</w>", "flat</w>", "style</w>",
    ]  # fmt: skip
    (row,) = tokenizer(["Füchslein 狐"], padding="max_length").input_ids
    assert tokenizer.decode(row, skip_special_tokens=True).strip() == "füchslein 狐"
    assert row[-1] == tokenizer.eos_token_id
    assert len(row) == 32


def test_the_tokenizer_comes_out_the_same_each_time(work: Path, lesson: Lesson) -> None:
    merges = work / "model" / "tokenizer" / "merges.txt"
    first = merges.read_bytes()
    for _ in range(3):
        train_tokenizer(work, lesson, seed=0)
        assert merges.read_bytes() == first


def load_tokenizer(work: Path) -> Any:
    from transformers import CLIPTokenizer

    return CLIPTokenizer.from_pretrained(work / "model" / "tokenizer")


def test_every_concept_and_style_is_drawn_equally_often(work: Path) -> None:
    shown = load_pictures(work / "pictures" / "trained").shown
    totals: Counter[tuple[str, str]] = Counter()
    for each, weight in zip(shown, denoiser.weights_of(shown), strict=True):
        totals[each.concept, each.style] += weight  # type: ignore[assignment]
    assert len(totals) == 9
    assert set(numpy.round(list(totals.values()), 6)) == {1.0}


@pytest.fixture(scope="module")
def losses(work: Path, lesson: Lesson) -> dict[str, list[float]]:
    """Both networks trained for a few steps; the work folder then holds a whole model."""
    return {
        "autoencoder": autoencoder.train_autoencoder(work, seed=1, pace=Pace(16)),
        "denoiser": denoiser.train_denoiser(work, lesson, seed=1, pace=Pace(8)),
        "placing": denoiser.train_placing(work, lesson, seed=1, pace=Pace(4)),
    }


def test_losses_fall(losses: dict[str, list[float]]) -> None:
    assert numpy.mean(losses["autoencoder"][-5:]) < 0.8 * numpy.mean(losses["autoencoder"][:5])
    assert numpy.mean(losses["denoiser"][-3:]) < numpy.mean(losses["denoiser"][:3])
    assert numpy.mean(losses["placing"]) < numpy.mean(losses["denoiser"][:3])


def test_latents_have_the_noise_s_mean_and_spread(work: Path, losses: dict[str, list[float]]) -> None:
    pipeline = load_pipeline(work / "model")
    pixels = load_pictures(work / "pictures" / "trained").pixels
    latents = autoencoder.encode(pipeline.vae, pixels) * pipeline.vae.config.scaling_factor
    assert latents.mean(dim=(0, 2, 3)).abs().max() < 0.05
    assert (latents.std(dim=(0, 2, 3)) - 1).abs().max() < 0.05


def test_two_runs_from_one_seed_have_the_same_losses_also_when_one_was_stopped(
    work: Path, losses: dict[str, list[float]]
) -> None:
    checkpoint, weights = work / "autoencoder.ckpt", work / "model" / "vae" / "diffusion_pytorch_model.safetensors"
    kept = weights.read_bytes()
    checkpoint.unlink()
    whole = autoencoder.train_autoencoder(work, seed=1, pace=Pace(9, flat=0.9))
    trained = weights.read_bytes()
    checkpoint.unlink()
    begun = autoencoder.train_autoencoder(work, seed=1, pace=Pace(5, flat=0.9))
    assert begun == whole[:5]
    assert autoencoder.train_autoencoder(work, seed=1, pace=Pace(9, flat=0.9)) == whole
    assert weights.read_bytes() == trained
    weights.write_bytes(kept)


def test_the_model_folder_loads_and_names_no_path(work: Path, losses: dict[str, list[float]], tmp_path: Path) -> None:
    export(work, tmp_path / "model")
    pipeline = load_pipeline(tmp_path / "model")
    made = pipeline("a circle", num_inference_steps=2, height=64, width=64, output_type="np").images
    assert made.shape == (1, 64, 64, 3)
    assert not [path for path in (tmp_path / "model").rglob("*.json") if str(work) in path.read_text(encoding="utf-8")]
