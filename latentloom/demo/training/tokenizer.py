"""Stage 2, the tokenizer: byte-pair encoding in CLIP's form, learnt from the captions.

The files are those of CLIP's tokenizer: a word's last piece ends in `</w>`, text is in lower case, and the end-of-text
token pads.
"""

import json
from collections.abc import Iterable
from pathlib import Path

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers
from transformers import CLIPTokenizer

START, END = "<|startoftext|>", "<|endoftext|>"
ENTRIES = 4096
MAX_TOKENS = 32
WORDS = Regex(r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+")


def learn_merges(texts: Iterable[str]) -> list[tuple[str, str]]:
    """The pairs to join, most frequent first."""
    learner = Tokenizer(models.BPE(end_of_word_suffix="</w>"))
    learner.normalizer = normalizers.Lowercase()
    learner.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(WORDS, "removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    # All single letters are told beforehand: left to itself, the trainer numbers them in a random order, which decides
    # between pairs that are equally frequent.
    trainer = trainers.BpeTrainer(
        vocab_size=ENTRIES,
        min_frequency=2,
        end_of_word_suffix="</w>",
        show_progress=False,
        special_tokens=letters() + [f"{letter}</w>" for letter in letters()],
    )
    learner.train_from_iterator(texts, trainer)
    return [tuple(pair) for pair in json.loads(learner.to_str())["model"]["merges"]]


def letters() -> list[str]:
    """The 256 characters that stand for bytes, in a fixed order."""
    return sorted(pre_tokenizers.ByteLevel.alphabet())


def make_tokenizer(texts: Iterable[str], folder: Path) -> CLIPTokenizer:
    """Learns a tokenizer and writes it; it holds every byte, so that any text can be told in it."""
    merges = learn_merges(texts)[: ENTRIES - 514]
    pieces = letters() + [f"{letter}</w>" for letter in letters()] + ["".join(pair) for pair in merges]
    vocabulary = {piece: number for number, piece in enumerate(dict.fromkeys([*pieces, START, END]))}
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = CLIPTokenizer(
        vocab=vocabulary,
        merges=merges,
        bos_token=START,
        eos_token=END,
        unk_token=END,
        pad_token=END,
        model_max_length=MAX_TOKENS,
    )
    tokenizer.save_pretrained(folder)
    # The two files of older readers; tokenizer.json holds the same.
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")
    lines = ["#version: 0.2", *(f"{left} {right}" for left, right in merges)]
    (folder / "merges.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tokenizer
