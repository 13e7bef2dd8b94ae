"""One server for all tests of this folder, with a plugin whose nodes run in milliseconds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .serving import Server, serving

PLUGIN = '''
import time
from pathlib import Path
from typing import Annotated

from latentloom import Context, InputError, Range, Widget, node
from latentloom.nodes.values import Image


@node(category="test")
def stripes(seed: int, strength: Annotated[float, Range(0, 1)] = 1.0, prompt: str = "") -> Image:
    """Coloured stripes."""
    import torch

    return Image(torch.rand(1, 3, 8, 8, generator=torch.Generator().manual_seed(seed)) * strength)


@node(category="test")
def darker(image: Image, step: int = 0) -> Image:
    """A little darker."""
    return Image(image.pixels * 0.9)


@node(category="test")
def broken(image: Image) -> Image:
    """Has a bug."""
    return image.no_such_thing


@node(category="test")
def waiting(image: Image, seconds: float, context: Context) -> Image:
    """Waits, and can be cancelled."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        context.check_cancelled()
        context.progress(1 - (end - time.monotonic()) / seconds, 1)
        time.sleep(0.005)
    return image


@node(category="test")
def read_file(path: Path) -> str:
    """Reads a text file."""
    return path.read_text()
'''


@pytest.fixture(scope="session")
def plugins(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plugin folder."""
    folder = tmp_path_factory.mktemp("plugins")
    (folder / "quick.py").write_text(PLUGIN)
    return folder


@pytest.fixture(scope="session")
def server(plugins: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that all tests share: they see each other's jobs and files."""
    with serving(tmp_path_factory.mktemp("server") / "data", "--plugins", str(plugins)) as running:
        yield running


def stripes(seed: int = 1, **more: Any) -> dict[str, Any]:
    """A workflow that paints a picture in milliseconds; `more` are further nodes, the last one is what is painted."""
    nodes: dict[str, Any] = {
        "stripes": {"type": "stripes", "links": {"seed": ["$", "seed"], "prompt": ["$", "prompt"]}}
    }
    return {
        "latentloom": 1,
        "title": "Stripes",
        "inputs": {"seed": {"type": "int", "default": seed}, "prompt": {"type": "str", "default": "stripes"}},
        "outputs": {"image": [[*nodes, *more][-1], "image"]},
        "nodes": nodes | more,
    }


def node(type_: str, image: str = "stripes", **values: Any) -> dict[str, Any]:
    return {"type": type_, "values": values, "links": {"image": [image, "image"]}}
