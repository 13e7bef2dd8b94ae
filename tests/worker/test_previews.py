"""Previews of the demo model's denoising: what they show, how often they come, that they cost nothing unwatched."""

from __future__ import annotations

import io
import json
import threading
import time
from collections.abc import Callable, Hashable, Sequence
from pathlib import Path
from typing import Any

import numpy
import PIL.Image
import pytest

from latentloom.graph import Engine, Workflow, load_registry
from latentloom.graph.running.watching import KeyedCall, SeenCall
from latentloom.nodes.image_files import as_pictures
from latentloom.server.api import PreviewHeader
from latentloom.worker.latent_pictures import PreviewContext
from latentloom.worker.previews import Previews

TEXT_TO_IMAGE = Path(__file__).parents[2] / "workflows" / "text-to-image.json"


class Watching:
    """Runs the demo model under a watcher's eyes."""

    def __init__(self, rate: float, jobs: frozenset[str] | bool) -> None:
        self.sent: list[tuple[PreviewHeader, bytes]] = []
        self.arrived = threading.Event()
        context = PreviewContext("cpu", "float32", ())
        self.previews = Previews(context, self.take, rate, side_px=48)
        self.previews.watch(jobs)

    def take(self, header: PreviewHeader, picture: bytes) -> None:
        self.sent.append((header, picture))
        self.arrived.set()

    def keyed(self, call: KeyedCall) -> None:
        pass

    def seen(self, call: SeenCall) -> None:
        self.previews.seen("job", call)

    def run(self, outputs: Sequence[str] = ("decoded.image",), **inputs: Any) -> Any:
        workflow = Workflow.from_json(json.loads(TEXT_TO_IMAGE.read_text()))
        with Engine(load_registry()) as engine:
            return engine.submit(workflow, inputs, list(outputs), watcher=self).result(120).outputs


class Loading(PreviewContext):
    """Tells when something has been loaded."""

    def __init__(self, loaded: threading.Event) -> None:
        super().__init__("cpu", "float32", ())
        self._loaded = loaded

    def resource(self, key: Hashable, load: Callable[[], Any]) -> Any:
        found = super().resource(key, load)
        self._loaded.set()
        return found


def test_a_step_shows_what_the_picture_will_be() -> None:
    watching = Watching(rate=1000, jobs=True)
    outputs = watching.run(steps=12, seed=1, guidance=3.0)
    watching.arrived.wait(30)
    steps = [(header, picture) for header, picture in watching.sent if header.node == "step"]
    assert steps
    for header, picture in steps:
        shown = PIL.Image.open(io.BytesIO(picture))
        assert (shown.format, shown.size) == ("JPEG", (header.width, header.height)) == ("JPEG", (48, 48))
        assert (header.job, header.output, header.media_type) == ("job", "latent", "image/jpeg")
    (final,) = as_pictures(outputs["decoded.image"])
    last = numpy.asarray(PIL.Image.open(io.BytesIO(steps[-1][1])), dtype=float)
    expected = numpy.asarray(final.resize((48, 48)), dtype=float)
    assert steps[-1][0].iterations[0] >= 6
    assert abs(last - expected).mean() < 40  # of 255; noise alone is off by about 100


def test_what_the_first_picture_needs_is_loaded_when_the_model_is_opened() -> None:
    watching = Watching(rate=4, jobs=True)
    loaded = threading.Event()
    context = Loading(loaded)
    watching.previews = Previews(context, watching.take, 4, side_px=48)
    watching.previews.watch(True)
    watching.run(["noise.latent"], seed=3)
    assert loaded.wait(60)
    assert watching.sent == []


def test_no_more_than_the_rate_allows_and_the_newest() -> None:
    watching = Watching(rate=2, jobs=frozenset({"job"}))
    began = time.monotonic()
    watching.run(steps=20, seed=2)
    assert len(watching.sent) <= 2 * (time.monotonic() - began) + 2


@pytest.mark.parametrize(("rate", "jobs"), [(4, False), (4, frozenset({"another"})), (0, True)])
def test_nobody_watches_and_nothing_is_made(rate: float, jobs: frozenset[str] | bool) -> None:
    watching = Watching(rate=rate, jobs=jobs)
    watching.run(steps=1)
    time.sleep(0.2)
    assert len(watching.sent) == 0
