"""The words of all concepts, and the tokenizer that is learnt from captions made of them."""

import random
from pathlib import Path

from .artwork import load_artwork
from .captions import Words, caption, words_of
from .colours import BACKGROUNDS, PAINTS
from .concepts import Lesson
from .pictures import load_pictures
from .tokenizer import make_tokenizer

CAPTIONS_EACH = 4


def load_words(work: Path, lesson: Lesson) -> dict[str, Words]:
    """Each concept's words, with keywords from the packages."""
    artwork = load_artwork(work / "packages")
    names = {name for each in lesson.concepts for name in (each.name, *each.aliases)}
    taken = frozenset(names | PAINTS.keys() | BACKGROUNDS.keys())
    return {each.name: words_of(each, artwork.emoji[each.emoji].keywords, taken) for each in lesson.concepts}


def train_tokenizer(work: Path, lesson: Lesson, seed: int) -> None:
    """Learns the tokenizer from captions of all pictures, and from the names and keywords of all emoji, so that words
    that the model was not taught are whole words too; writes `work/model/tokenizer`."""
    rng = random.Random(seed)
    words = load_words(work, lesson)
    shown = load_pictures(work / "pictures" / "trained").shown
    texts = [caption(each, words[each.concept], rng) for each in shown for _ in range(CAPTIONS_EACH)]
    emoji = load_artwork(work / "packages").emoji.values()
    texts += [text for each in emoji for text in (each.name, *each.keywords) for _ in range(2)]
    make_tokenizer(texts, work / "model" / "tokenizer")
