"""The embedded model through the public door: example workflows run by one engine, judged by what is in the picture."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy
import PIL.Image
import pytest
from numpy.typing import NDArray

from latentloom import Engine, Workflow, load_registry

WORKFLOWS = Path(__file__).parents[2] / "workflows"

Pixels = NDArray[numpy.float32]


class Painter:
    """Runs example workflows and gives their pictures, `[64, 64, 3]` of 0 to 1."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def __call__(self, name: str, **inputs: Any) -> list[Pixels]:
        """The pictures of an example workflow."""
        workflow = Workflow.load(WORKFLOWS / f"{name}.json")
        files = {
            key: str(WORKFLOWS / given.default)
            for key, given in workflow.inputs.items()
            if given.type == "Path" and given.default
        }
        job = self.engine.submit(workflow, files | {"enlarge": 1.0} | inputs)
        return [read(file) for file in job.result(300).outputs["image"].files]

    def several(self, prompts: list[str], **inputs: Any) -> list[Pixels]:
        """One picture a prompt, painted together."""
        workflow = Workflow.load(WORKFLOWS / "text-to-image.json")
        jobs = [self.engine.submit(workflow, {"enlarge": 1.0, "prompt": prompt} | inputs) for prompt in prompts]
        return [read(job.result(300).outputs["image"].files[0]) for job in jobs]


def read(file: bytes) -> Pixels:
    """An encoded picture's pixels."""
    return numpy.asarray(PIL.Image.open(io.BytesIO(file)).convert("RGB")).astype(numpy.float32) / numpy.float32(255)


@pytest.fixture(scope="module")
def paint() -> Iterator[Painter]:
    with Engine(load_registry()) as engine:
        yield Painter(engine)
