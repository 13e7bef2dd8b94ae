"""Stage 8, contact sheets, to be looked at: one seed's pictures of fixed prompts at three guidance scales, and what
nine seeds make of one prompt.
"""

import textwrap
from pathlib import Path

import numpy
import PIL.Image
import PIL.ImageDraw

from .colours import Picture
from .evaluate import Wish, load_painter, paint
from .pictures import to_pixels

GUIDANCES = (1.0, 3.0, 7.0)
SEED = 7
COLUMNS = 9
TILE_PX, LABEL_PX = 104, 24
SEEDS_OF = ("a cat", "a fish", "a red heart", "a castle", "a rocket", "a blue star on a pink background")
SEEDS_GUIDANCE = 3.0
HERE = Path(__file__).parent


def prompts(path: Path = HERE / "prompts.txt") -> list[str]:
    """The prompts of the sheets, one a line."""
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]


def sheet(pictures: list[Picture], labels: list[str]) -> PIL.Image.Image:
    """Pictures side by side, enlarged, with their prompts below."""
    rows = -(-len(pictures) // COLUMNS)
    page = PIL.Image.new("RGB", (COLUMNS * TILE_PX, rows * (TILE_PX + LABEL_PX)), "white")
    draw = PIL.ImageDraw.Draw(page)
    for number, (picture, label) in enumerate(zip(pictures, labels, strict=True)):
        left, top = number % COLUMNS * TILE_PX, number // COLUMNS * (TILE_PX + LABEL_PX)
        image = PIL.Image.fromarray(to_pixels(numpy.asarray(picture)))
        page.paste(image.resize((TILE_PX - 4, TILE_PX - 4), PIL.Image.Resampling.LANCZOS), (left + 2, top + 2))
        text = "\n".join(textwrap.wrap(label, 20))
        draw.text((left + TILE_PX / 2, top + TILE_PX - 1), text, fill="black", anchor="ma", align="center", font_size=9)
    return page


def make_sheets(model: Path, target: Path) -> None:
    """Writes `guidance-1.webp` and so on to a folder."""
    pipeline, texts = load_painter(model), prompts()
    target.mkdir(parents=True, exist_ok=True)
    for guidance in GUIDANCES:
        pictures = paint(pipeline, [Wish(text, SEED, guidance) for text in texts])
        sheet(pictures, texts).save(target / f"guidance-{guidance:g}.webp", quality=82, method=6)
    wishes = [Wish(text, seed, SEEDS_GUIDANCE) for text in SEEDS_OF for seed in range(1, COLUMNS + 1)]
    labels = [f"{wish.prompt}, {wish.seed}" for wish in wishes]
    sheet(paint(pipeline, wishes), labels).save(target / "seeds.webp", quality=82, method=6)
