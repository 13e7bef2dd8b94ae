"""A plugin and workflows of it that run in milliseconds, as files, the way a user has them."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

PLUGIN = '''
import time
from pathlib import Path
from typing import Annotated

from latentloom import Context, InputError, Range, node
from latentloom.nodes.values import Image


@node(category="test")
def stripes(seed: int, strength: Annotated[float, Range(0, 1)] = 0.5, text: str = "") -> Image:
    """Coloured stripes."""
    import torch

    pixels = torch.rand(1, 3, 8, 8, generator=torch.Generator().manual_seed(seed))
    return Image(pixels * strength)


@node(category="test")
def broken(image: Image) -> Image:
    """Has a bug."""
    return image.no_such_thing


@node(category="test")
def refuse(image: Image) -> Image:
    """Never likes what it gets."""
    raise InputError("the picture is too nice: give an uglier one.")


@node(category="test")
def chatter(image: Image, context: Context) -> Image:
    """Prints, and tells how far it is."""
    print("what a plugin says")
    for number in range(9):
        context.progress(number, 8)
    return image


@node(category="test")
def dislike_ones(image: Image, number: int) -> Image:
    """Fails for 1."""
    if number == 1:
        raise InputError("1 is too little: give more.")
    return image


@node(category="test")
def read_text(path: Path) -> str:
    """Reads a text file."""
    return path.read_text()


@node(category="test")
def wait(seconds: float, image: Image, context: Context) -> Image:
    """Waits, and can be cancelled."""
    Path("waiting").touch()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        context.check_cancelled()
        time.sleep(0.01)
    return image
'''
STRIPES: dict[str, Any] = {
    "latentloom": 1,
    "inputs": {
        "seed": {"type": "int", "default": 1},
        "strength": {"type": "float", "default": 1.0, "minimum": 0.0, "maximum": 1.0},
        "prompt": {"type": "str", "default": "stripes"},
    },
    "outputs": {"image": ["encode", "encoded_image"]},
    "nodes": {
        "stripes": {
            "type": "stripes",
            "links": {"seed": ["$", "seed"], "strength": ["$", "strength"], "text": ["$", "prompt"]},
        },
        "encode": {"type": "encode_image", "links": {"image": ["stripes", "image"]}},
    },
    "layout": {"nodes": {"stripes": {"x": 1.0, "y": 2.0}}},
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with `plugins/` and `stripes.json`; the plugins folder is known from the environment."""
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "testing_nodes.py").write_text(PLUGIN)
    save(tmp_path / "stripes.json", STRIPES)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LATENTLOOM_PLUGINS", str(tmp_path / "plugins"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache-home"))
    return tmp_path


def save(path: Path, document: dict[str, Any]) -> None:
    path.write_text(json.dumps(document))


def with_node(type_: str, **values: Any) -> dict[str, Any]:
    """The stripes workflow with a node of a type between the picture and the encoder."""
    document = copy.deepcopy(STRIPES)
    document["nodes"]["between"] = {"type": type_, "values": values, "links": {"image": ["stripes", "image"]}}
    document["nodes"]["encode"]["links"]["image"] = ["between", "image"]
    return document
