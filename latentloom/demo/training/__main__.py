"""The stages at the command line: `python -m latentloom.demo.training --help`.

Each stage keeps its result under the work folder and begins where it was stopped. `make demo-model` runs them all.
"""

import json
import math
from pathlib import Path

import click

from .concepts import load_lesson
from .loop import Pace

WORK = click.option(
    "--work", type=click.Path(path_type=Path), default=Path(".demo-model"), help="Where files are kept."
)
SEED = click.option("--seed", type=int, default=0, help="What all random choices come from.")
MODEL = click.option(
    "--model", type=click.Path(path_type=Path), default=Path(__file__).parents[1], help="A model folder."
)
MINUTES = click.option("--minutes", type=float, default=math.inf, help="Ends sooner than the steps, by the clock.")


@click.group()
def stages() -> None:
    """Trains the embedded demo model from nothing, stage by stage."""


@stages.command()
@WORK
@SEED
def pictures(work: Path, seed: int) -> None:
    """1: fetch the drawings and make the pictures."""
    from .pictures import make_pictures

    make_pictures(work, load_lesson(), seed)


@stages.command()
@WORK
@SEED
def tokenizer(work: Path, seed: int) -> None:
    """2: learn the tokenizer from the captions."""
    from .text import train_tokenizer

    train_tokenizer(work, load_lesson(), seed)


@stages.command()
@WORK
@SEED
@MINUTES
@click.option("--steps", default=1500)
def autoencoder(work: Path, seed: int, minutes: float, steps: int) -> None:
    """3: train the autoencoder."""
    from .autoencoder import train_autoencoder

    train_autoencoder(work, seed, Pace(steps, minutes, flat=0.3))


@stages.command()
@WORK
@SEED
@MINUTES
@click.option("--steps", default=4000)
def denoiser(work: Path, seed: int, minutes: float, steps: int) -> None:
    """4: train the U-Net and the text encoder."""
    from .denoiser import train_denoiser

    train_denoiser(work, load_lesson(), seed, Pace(steps, minutes))


@stages.command()
@WORK
@SEED
@MINUTES
@click.option("--steps", default=5400)
def placing(work: Path, seed: int, minutes: float, steps: int) -> None:
    """5: train them further, on things of other sizes and in other places."""
    from .denoiser import train_placing

    train_placing(work, load_lesson(), seed, Pace(steps, minutes, flat=0.3, warm_up=50))


@stages.command()
@WORK
@MODEL
def export(work: Path, model: Path) -> None:
    """6: write the model folder."""
    from .export import export

    export(work, model)


@stages.command()
@WORK
@MODEL
def evaluate(work: Path, model: Path) -> None:
    """7: measure a model folder."""
    from .evaluate import evaluate

    click.echo(json.dumps(evaluate(work, load_lesson(), model), indent=2))


@stages.command()
@MODEL
def sheets(model: Path) -> None:
    """8: paint the contact sheets beside a model."""
    from .sheets import make_sheets

    make_sheets(model, model / "sheets")


if __name__ == "__main__":
    stages()
