"""Results in the form that is asked for: pictures, texts, statistics."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import Any

import PIL.Image
import pytest
import torch

from latentloom.graph import Registry, load_registry, socket
from latentloom.nodes.values import EncodedImage, Image, Latent, Mask, Prediction, Tokens
from latentloom.server.api import ResultForm
from latentloom.server.engine.protocol import NotThisForm
from latentloom.worker.latent_pictures import LatentPictures, PreviewContext, fit
from latentloom.worker.results import rendered


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry()


@socket
@dataclass(frozen=True)
class Odd:
    """Of a plugin."""

    number: int


def ask(registry: Registry, value: Any, form: ResultForm, index: int = 0) -> tuple[str, bytes]:
    return rendered(value, form, index, registry, LatentPictures(PreviewContext("cpu", "float32", ())))


def told(registry: Registry, value: Any, form: ResultForm, index: int = 0) -> Any:
    media_type, content = ask(registry, value, form, index)
    assert media_type == "application/json"
    return json.loads(content)


def opened(answer: tuple[str, bytes]) -> PIL.Image.Image:
    picture = PIL.Image.open(io.BytesIO(answer[1]))
    assert answer[0] == f"image/{(picture.format or '').lower()}"
    return picture


def test_a_picture_of_each_member_of_a_batch(registry: Registry) -> None:
    pixels = torch.zeros(2, 3, 4, 6)
    pixels[1, 0] = 1
    second = opened(ask(registry, Image(pixels), "image", 1)).convert("RGB")
    assert second.size == (6, 4)
    assert second.getpixel((0, 0)) == (255, 0, 0)
    with pytest.raises(NotThisForm, match="from 0 to 1"):
        ask(registry, Image(pixels), "image", 2)
    with pytest.raises(NotThisForm):
        ask(registry, [], "image")


def test_encoded_files_go_out_as_they_are(registry: Registry) -> None:
    encoded = EncodedImage((b"first", b"second"), "image/webp")
    assert ask(registry, encoded, "image", 1) == ("image/webp", b"second")
    assert ask(registry, [encoded, encoded], "image", 2) == ("image/webp", b"first")


@pytest.mark.parametrize(
    "value",
    [
        Mask(torch.rand(1, 1, 8, 8)),
        Latent(torch.randn(1, 4, 8, 8), "4ch-f8-0.18215", 8),
        Latent(torch.randn(1, 4, 8, 8), "4ch-f8-0.13025", 8),
        Latent(torch.randn(1, 16, 8, 8), "some other space", 8),
        Latent(torch.randn(1, 2, 8, 8), "a narrow space", 8),
        Prediction(torch.randn(2, 4, 8, 8), "epsilon"),
    ],
    ids=str,
)
def test_what_is_no_picture_yet_is_shown_too(registry: Registry, value: Any) -> None:
    assert opened(ask(registry, value, "image")).size == (8, 8)


@pytest.mark.parametrize("value", [5, "text", Odd(1), Tokens(((1, 2),), ((0,),), 2), None])
def test_what_has_no_picture_says_what_would_do(registry: Registry, value: Any) -> None:
    with pytest.raises(NotThisForm, match="ask for text or statistics"):
        ask(registry, value, "image")


def test_texts_are_read_by_people(registry: Registry) -> None:
    assert told(registry, "a fox", "text") == {"text": "a fox"}
    assert told(registry, ["a", "b"], "text", 1) == {"text": "b"}
    latent = Latent(torch.zeros(1, 4, 8, 8), "space", 8)
    text = json.loads(told(registry, latent, "text")["text"])
    assert text == {"Latent": {"samples": "[1, 4, 8, 8] float32", "space": "space", "factor": 8}}
    assert json.loads(told(registry, Odd(2), "text")["text"]) == {"Odd": {"number": 2}}
    assert told(registry, float("nan"), "text")["text"] == '"nan"'


def test_statistics_leave_out_what_is_not_finite(registry: Registry) -> None:
    samples = torch.tensor([[[[1.0, 3.0, float("nan"), float("inf")]]]])
    found = told(registry, Latent(samples, "space", 8), "statistics")
    assert found == {
        "type": "Latent", "shape": [1, 1, 1, 4], "dtype": "float32", "device": "cpu", "minimum": 1.0, "maximum": 3.0,
        "mean": 2.0, "deviation": 1.0, "not_finite": 2, "bytes": 16, "items": 1,
    }  # fmt: skip
    assert told(registry, [1, 2, 3], "statistics", 2)["mean"] == 3
    assert told(registry, torch.empty(0, 3), "statistics")["minimum"] is None
    assert told(registry, "text", "statistics")["shape"] == []


def test_colours_are_fitted_to_a_latent_and_its_picture() -> None:
    """A picture made by known colours, without the autoencoder's nonlinearity."""
    generator = torch.Generator().manual_seed(0)
    samples = torch.randn(1, 4, 16, 16, generator=generator)
    weights, centre = 0.2 * torch.randn(4, 3, generator=generator), torch.tensor([0.1, -0.2, 0.3])
    cells = (samples.movedim(1, -1) @ weights + centre).movedim(-1, 1) / 2 + 0.5
    found_weights, found_centre = fit(samples, torch.nn.functional.interpolate(cells, scale_factor=8))
    assert torch.allclose(found_weights, weights, atol=2e-3)
    assert torch.allclose(found_centre, centre, atol=2e-3)
