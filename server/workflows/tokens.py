"""Counting tokens without transformers: the same numbers as the node `tokenize`, in the light web process.

A CLIP tokenizer folder holds a vocabulary and merges (in `tokenizer.json`, or else in two files of their own); all
else about it is fixed and is built here: NFC, spaces joined, lower case, CLIP's pattern of words, byte-level pairs
that end in `</w>`. Special tokens (begin, end, padding, unknown) and added ones are cut out of the text first: SDXL's
second tokenizer pads with `!`, so there every `!` stands alone.
"""

from __future__ import annotations

import itertools
import json
import math
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from latentloom.graph import InputError

from ..api import TokensAnswer

if TYPE_CHECKING:
    from tokenizers import AddedToken, Tokenizer

KEPT = 8
"""Models whose tokenizers stay in memory, about 15 MB each."""
WORDS = r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
END = "<|endoftext|>"
SPECIAL = {"unk_token": END, "bos_token": "<|startoftext|>", "eos_token": END, "pad_token": END}
FILES = ("tokenizer.json", "vocab.json", "merges.txt", "tokenizer_config.json", "special_tokens_map.json")


@dataclass(frozen=True, slots=True)
class Cutter:
    """One tokenizer of a model and the length of its chunks, begin and end included."""

    tokenizer: Tokenizer
    length: int

    def cut(self, text: str) -> tuple[int, list[int]]:
        """The number of tokens, and the characters at which a new chunk begins."""
        offsets = self.tokenizer.encode(text, add_special_tokens=False).offsets
        room = self.length - 2
        return len(offsets), [offsets[i][0] for i in range(room, len(offsets), room)]


class TokenCounter:
    """The tokenizers of the models that were asked about last. Its method reads files: call it in a thread."""

    def __init__(self) -> None:
        self._cutters: OrderedDict[tuple[Any, ...], tuple[Cutter, ...]] = OrderedDict()

    def count(self, folder: Path, text: str) -> TokensAnswer:
        """Raises InputError where the model's tokenizers cannot be read."""
        cutters = self._of(folder)
        cuts = [cutter.cut(text) for cutter in cutters]
        borders = max((found for _, found in cuts), key=len)
        edges = [0, *borders, len(text)]
        return TokensAnswer(
            count=max(count for count, _ in cuts),
            limit=min(cutter.length for cutter in cutters) - 2,
            chunks=list(itertools.pairwise(edges)),
        )

    def _of(self, folder: Path) -> tuple[Cutter, ...]:
        try:
            stamp = _stamp(folder)
            cutters = self._cutters.get(stamp) or tuple(_open(*pair) for pair in _parts(folder))
        except (OSError, ValueError, KeyError, TypeError) as error:
            what = f"The tokenizer of the model {folder.name!r} cannot be read"
            raise InputError(f"{what} ({type(error).__name__}). Copy its folder again.") from error
        self._cutters[stamp] = cutters
        self._cutters.move_to_end(stamp)
        while len(self._cutters) > KEPT:
            self._cutters.popitem(last=False)
        return cutters


def _parts(folder: Path) -> list[tuple[Path, Path]]:
    """The folders of tokenizer and text encoder, one pair or two."""
    pairs = [(folder / f"tokenizer{end}", folder / f"text_encoder{end}") for end in ("", "_2")]
    found = [pair for pair in pairs if all(part.is_dir() for part in pair)]
    if not found:
        raise InputError(f"The model {folder.name!r} has no tokenizer. Choose another model.")
    return found


def _stamp(folder: Path) -> tuple[Any, ...]:
    """Changes when a file that is read here does."""
    paths = [part / name for part, _ in _parts(folder) for name in FILES]
    return str(folder), *((path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in paths if path.is_file())


def _open(folder: Path, encoder: Path) -> Cutter:
    config, positions = _read(folder / "tokenizer_config.json"), _read(encoder / "config.json")
    most = positions.get("max_position_embeddings") or 77
    length = int(min(config.get("model_max_length") or math.inf, most))
    if length < 3:
        raise ValueError(f"chunks of {length} tokens")
    return Cutter(_tokenizer(folder, config), length)


def _tokenizer(folder: Path, config: dict[str, Any]) -> Tokenizer:
    """As transformers' CLIPTokenizer builds it."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

    whole = _read(folder / "tokenizer.json")
    special = _special_tokens(folder, config, whole)
    vocabulary, merges = _vocabulary(folder, whole)
    unknown = special["unk_token"].content
    try:
        model = models.BPE(vocab=vocabulary, merges=merges, end_of_word_suffix="</w>", unk_token=unknown)
    except Exception as error:  # tokenizers has no class of errors of its own
        raise ValueError(str(error)) from error
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(WORDS), behavior="removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )
    tokenizer.add_tokens([token for _, token in sorted(_added_tokens(config, whole).items())])
    known = {token.content for token in tokenizer.get_added_tokens_decoder().values()}
    tokenizer.add_tokens([token for token in special.values() if token.content not in known])
    return tokenizer


def _vocabulary(folder: Path, whole: dict[str, Any]) -> tuple[dict[str, int], list[tuple[str, str]]]:
    model = whole.get("model")
    if model:
        pairs = [merge.split(" ") if isinstance(merge, str) else merge for merge in model["merges"]]
        return model["vocab"], [(first, second) for first, second in pairs]
    lines = (folder / "merges.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split(" ") for line in lines if line and not line.startswith("#version")]
    vocabulary: dict[str, int] = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))
    return vocabulary, [(first, second) for first, second in pairs]


def _added_tokens(config: dict[str, Any], whole: dict[str, Any]) -> dict[int, AddedToken]:
    """By their ids: those of the tokenizer's config or, where it names none, those of `tokenizer.json`."""
    if "added_tokens_decoder" in config:
        return {int(number): _token(given) for number, given in config["added_tokens_decoder"].items()}
    return {given["id"]: _token(given) for given in whole.get("added_tokens", [])}


def _special_tokens(folder: Path, config: dict[str, Any], whole: dict[str, Any]) -> dict[str, AddedToken]:
    named = {name: value for name, value in config.items() if name in SPECIAL and value}
    if "added_tokens_decoder" not in config:
        older = _read(folder / "special_tokens_map.json")
        named |= {name: value for name, value in older.items() if name in SPECIAL and value}
    added = {token.content: token for token in _added_tokens(config, whole).values()}
    tokens = {name: _token(value, special=True) for name, value in (SPECIAL | named).items()}
    return {name: added.get(token.content, token) for name, token in tokens.items()}


def _token(given: str | dict[str, Any], special: bool = False) -> AddedToken:
    from tokenizers import AddedToken

    if isinstance(given, str):
        return AddedToken(given, special=special, normalized=not special)
    flags = {name: bool(given[name]) for name in ("single_word", "lstrip", "rstrip", "normalized") if name in given}
    return AddedToken(given["content"], special=special or bool(given.get("special")), **flags)


def _read(path: Path) -> dict[str, Any]:
    """A JSON object; empty where there is no such file."""
    if not path.is_file():
        return {}
    content = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict):
        raise ValueError(f"{path.name} holds no object")
    return content
