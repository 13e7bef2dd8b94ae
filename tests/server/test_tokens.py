"""Token counts of the server, against what the node `tokenize` makes of the same text."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latentloom.nodes.model import load_model
from latentloom.nodes.text import tokenize
from latentloom.server.workflows.tokens import TokenCounter

from ..nodes.conftest import PlainContext
from ..nodes.tiny_models import DEMO, write_model
from .serving import Server, serving

TEXTS = [
    "",
    "   ",
    "a red heart",
    "A RED\n\n heart!!! (best quality:1.2), <|endoftext|> wow",
    "it's 2024, they'll eat 1000 crêpes — naïve café 日本語 🦊🦊",
    "a red heart, a blue circle and a green star, " * 20,
    "!" * 70,
    "x" * 400,
    "<token> <TOKEN> a<token>b",
]
FAMILIES = ("demo", "sd1", "sd2", "sdxl", "files-only", "long", "added")


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The demo model and folders as they are found in the wild: two tokenizers, no tokenizer.json, 77 tokens."""
    root = tmp_path_factory.mktemp("models")
    made = {"demo": DEMO} | {family: write_model(root / family, family) for family in ("sd1", "sd2", "sdxl")}
    for name in ("files-only", "long", "added"):
        made[name] = shutil.copytree(made["sd1"], root / name)
    (made["files-only"] / "tokenizer" / "tokenizer.json").unlink()
    config = made["long"] / "tokenizer" / "tokenizer_config.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | {"model_max_length": 77}))
    encoder = made["long"] / "text_encoder" / "config.json"
    encoder.write_text(json.dumps(json.loads(encoder.read_text()) | {"max_position_embeddings": 77}))
    _add_token(made["added"] / "tokenizer" / "tokenizer_config.json")
    return made


def _add_token(path: Path) -> None:
    """As a folder of older transformers has it: the flags of special tokens, and a token that was learnt later."""
    flags = {"lstrip": False, "rstrip": False, "single_word": False}
    added = {
        "4302": {"content": "<|startoftext|>", "normalized": True, "special": True, **flags},
        "4303": {"content": "<|endoftext|>", "normalized": False, "special": True, **flags},
        "4304": {"content": "<token>", "normalized": False, "special": False, **flags},
    }
    path.write_text(json.dumps(json.loads(path.read_text()) | {"added_tokens_decoder": added}))


@pytest.fixture(scope="module")
def context() -> PlainContext:
    return PlainContext()


def agree(folder: Path, text: str, context: PlainContext) -> None:
    tokenizer = context.resource(folder, lambda: load_model(str(folder), context=context).tokenizer)
    expected = tokenize(tokenizer, text, context)
    counter: TokenCounter = context.resource("counter", TokenCounter)
    found = counter.count(folder, text)
    assert found.count == expected.count
    assert [start for start, _ in found.chunks[1:]] == expected.borders
    assert found.chunks[0][0] == 0
    assert found.chunks[-1][1] == len(text)
    assert found.limit == min(tokenizer.lengths) - 2


@pytest.mark.parametrize("family", FAMILIES)
def test_counts_and_borders_are_those_of_the_node(family: str, folders: dict[str, Path], context: PlainContext) -> None:
    for text in TEXTS:
        agree(folders[family], text, context)


@given(st.text(max_size=120))
def test_any_text_is_counted_as_the_node_counts_it(folders: dict[str, Path], context: PlainContext, text: str) -> None:
    for family in ("demo", "added", "sdxl"):
        agree(folders[family], text, context)


@pytest.fixture(scope="module")
def shelf(folders: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that has these models."""
    damaged = shutil.copytree(folders["sd1"], folders["sd1"].parent / "damaged")
    (damaged / "tokenizer" / "tokenizer.json").write_text("{")
    misfit = shutil.copytree(folders["files-only"], damaged.parent / "misfit")
    (misfit / "tokenizer" / "merges.txt").write_text("#version: 0.2\nqq zz\n")
    with serving(tmp_path_factory.mktemp("tokens") / "data", "--models", str(damaged.parent)) as server:
        yield server


def test_a_prompt_is_counted_while_it_is_typed(shelf: Server) -> None:
    answer = shelf.post("/tokens", {"model": "demo", "text": "a red heart"})
    assert answer.status_code == 200
    assert answer.json() == {"count": 3, "limit": 30, "chunks": [[0, 11]]}
    assert shelf.post("/tokens", {"model": "long", "text": "heart " * 80}).json()["chunks"] == [[0, 450], [450, 480]]


def test_an_unknown_and_a_damaged_model_are_told(shelf: Server) -> None:
    unknown = shelf.post("/tokens", {"model": "dem", "text": "a"})
    assert (unknown.status_code, "'demo'" in unknown.json()["error"]) == (404, True)
    for name in ("damaged", "misfit"):
        answer = shelf.post("/tokens", {"model": name, "text": "a"})
        assert (answer.status_code, "Copy its folder again" in answer.json()["error"]) == (400, True)
    outside = shelf.post("/tokens", {"model": "../sd1", "text": "a"})
    assert outside.status_code == 404
