"""Every example workflow runs as it is, is stored as it would be saved, and makes what it says."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy
import PIL.Image
import pytest

from latentloom.graph import Workflow

EXAMPLES = Path(__file__).parents[2] / "workflows"
NAMES = sorted(path.stem for path in EXAMPLES.glob("*.json"))
INPUT_NAMES = {
    "prompt", "negative", "seed", "steps", "guidance", "width", "height", "scheduler", "strength", "image", "mask",
    "model",
}  # fmt: skip
SHAPES_OF_72_BY_64 = {"add-noise": (72, 4 + 76 * 2, 3), "autoencoder-round-trip": (72, 4 + 76 * 2, 3)}
"""Sheets of two pictures with gaps of 4 pixels."""


def pictures(result: Any) -> list[numpy.ndarray[Any, Any]]:
    files = result.outputs["image"].files
    return [numpy.asarray(PIL.Image.open(io.BytesIO(file)).convert("RGB"), dtype=float) / 255 for file in files]


def redness(pixels: numpy.ndarray[Any, Any]) -> float:
    """Mean of red above the other two, where the picture is not white."""
    painted = pixels[pixels.min(axis=2) < 0.8]
    return float((painted[:, 0] - painted[:, 1:].max(axis=1)).mean())


def blueness(pixels: numpy.ndarray[Any, Any]) -> float:
    return redness(pixels[:, :, ::-1])


def test_there_are_all_examples() -> None:
    assert set(NAMES) >= {
        "text-to-image", "image-to-image", "inpaint", "guidance-schedule", "prompt-switch", "branch-at-step",
        "prompt-interpolation", "seed-sweep", "hires-fix", "attention-map", "autoencoder-round-trip", "add-noise",
    }  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_an_example_is_saved_as_it_stands(name: str) -> None:
    path = EXAMPLES / f"{name}.json"
    workflow = Workflow.load(path)
    assert workflow.dump() == path.read_text(encoding="utf-8")
    assert workflow.title
    assert workflow.description
    assert "image" in workflow.outputs
    assert all(parameter.doc for parameter in workflow.inputs.values())


@pytest.mark.parametrize("name", NAMES)
def test_every_node_of_an_example_has_a_place(name: str) -> None:
    workflow = Workflow.load(EXAMPLES / f"{name}.json")

    def ids(nodes: Any) -> set[str]:
        inner = [ids(node.body) for node in nodes.values() if node.type == "loop"]
        return set(nodes).union(*inner)

    placed = ids(workflow.nodes).union(*(ids(graph.nodes) for graph in workflow.subgraphs.values()))
    assert placed == set(workflow.layout.nodes)


@pytest.mark.parametrize("name", NAMES)
def test_an_example_runs(examples: Any, name: str) -> None:
    steps = {"steps": 20} if name in ("add-noise", "guidance-schedule") else {"steps": 8}
    known = examples.load(name).inputs
    result, _ = examples.run(name, **{k: v for k, v in steps.items() if k in known})
    for pixels in pictures(result):
        assert pixels.shape[0] >= 64
        assert pixels.std() > 0.05


def test_text_to_image_makes_what_the_prompt_says(examples: Any) -> None:
    red = pictures(examples.run("text-to-image", prompt="a red heart")[0])[0]
    blue = pictures(examples.run("text-to-image", prompt="a blue circle")[0])[0]
    assert redness(red) > 0.4
    assert blueness(blue) > 0.3
    assert red.shape == (256, 256, 3)
    assert red[:16, :16].min() > 0.9  # on white
    assert redness(red[96:128, 96:160]) > 0.4  # in the middle


def test_image_to_image_changes_the_colour_and_keeps_the_place(examples: Any) -> None:
    original = pictures(examples.run("autoencoder-round-trip", enlarge=4)[0])[0]
    changed = pictures(examples.run("image-to-image", strength=0.9)[0])[0]
    assert redness(original) > 0.4
    assert redness(changed) < 0.2
    assert changed[:16, :16].min() > 0.85


def test_inpainting_replaces_only_the_mask(examples: Any) -> None:
    painted = pictures(examples.run("inpaint", enlarge=1)[0])[0]
    original = numpy.asarray(PIL.Image.open(EXAMPLES / "red-heart.png").convert("RGB"), dtype=float) / 255
    assert numpy.abs(painted[:32] - original[:32]).max() < 1 / 255 + 1e-6
    assert blueness(painted[34:]) > 0.2


@pytest.mark.parametrize("name", ["add-noise", "autoencoder-round-trip", "image-to-image", "inpaint"])
def test_a_picture_of_any_size_is_fitted(examples: Any, name: str, tmp_path: Path) -> None:
    PIL.Image.open(EXAMPLES / "red-heart.png").resize((205, 131)).save(tmp_path / "photo.png")
    given = {"image": str(tmp_path / "photo.png"), "mask": str(tmp_path / "photo.png"), "width": 72, "enlarge": 1}
    given |= {"positions": [1, 0]} if name == "add-noise" else {"steps": 2}
    known = examples.load(name).inputs
    made, _ = examples.run(name, **{key: value for key, value in given.items() if key in known})
    assert pictures(made)[0].shape == SHAPES_OF_72_BY_64.get(name, (64, 72, 3))


def test_a_prompt_switch_ends_elsewhere_and_shares_its_beginning(examples: Any) -> None:
    _, plain = examples.run("prompt-switch", steps=20, switch_at=20, seed=77)
    assert plain.forwards == 20
    result, switched = examples.run("prompt-switch", steps=20, switch_at=12, seed=77)
    assert switched.forwards == 8
    assert numpy.abs(pictures(result)[0]).std() > 0.05


def test_the_attention_map_looks_at_the_thing(examples: Any) -> None:
    document = examples.load("attention-map")
    result, _ = examples.run(document, ["heat.image", "decoded.image"])
    heat, image = (result.outputs[name].pixels[0] for name in ("heat.image", "decoded.image"))
    assert image.shape == heat.shape
    glow = (heat - image).mean(0)  # the picture is darker where the model does not look
    inside = glow[24:40, 24:40].mean()
    border = (glow[:4].mean() + glow[-4:].mean()) / 2
    assert inside > border + 0.1


def test_a_round_trip_keeps_the_picture(examples: Any) -> None:
    result, _ = examples.run("autoencoder-round-trip", ["fitted.image", "decoded.image"])
    before, after = result.outputs["fitted.image"].pixels, result.outputs["decoded.image"].pixels
    error = float(((before - after) ** 2).mean())
    assert error < 10 ** (-28 / 10)  # 28 dB


def test_noise_grows_along_the_strip(examples: Any) -> None:
    result, _ = examples.run("add-noise", ["encoded.latent", "noised.latent"])
    clean = result.outputs["encoded.latent"].samples
    distances = [float((latent.samples - clean).abs().mean()) for latent in result.outputs["noised.latent"]]
    assert distances == sorted(distances)
    assert distances[0] < distances[-1] / 4
