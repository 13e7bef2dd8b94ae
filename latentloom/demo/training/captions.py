"""Captions, made anew each time a picture is drawn for training, from what it shows.

A colour is named wherever a drawing was recoloured and a background wherever it is not white, so that the words are the
only thing that explains the pixels; otherwise they are named now and then. Short and long captions both occur, because
prompts are both.
"""

import random
from dataclasses import dataclass

from .concepts import Concept
from .pictures import Shown

EMPTY_SHARE = 0.1
"""How often a caption is left out: the unconditional prediction that guidance needs is learnt from these."""


@dataclass(frozen=True)
class Words:
    """What a concept may be called, and keywords that may follow."""

    names: tuple[str, ...]
    keywords: tuple[str, ...]


def words_of(concept: Concept, keywords: tuple[str, ...], taken: frozenset[str]) -> Words:
    """A concept's words; a keyword that names another concept, or a colour, is left out."""
    fit = tuple(word for word in keywords if word.lower() not in taken and not any(c.isdigit() for c in word))
    return Words((concept.name, *concept.aliases), fit[:5])


def caption(shown: Shown, words: Words, rng: random.Random) -> str:
    """One caption of a picture; empty now and then."""
    if rng.random() < EMPTY_SHARE:
        return ""
    name = words.names[0] if len(words.names) == 1 or rng.random() < 0.75 else rng.choice(words.names[1:])
    colour = shown.colour or (shown.own if rng.random() < 0.25 else None)
    thing = f"{colour} {name}" if colour else name
    if rng.random() < 0.45:
        thing = ("an " if thing.startswith(("a", "e", "i", "o", "um")) else "a ") + thing
    if words.keywords and rng.random() < 0.1:
        thing += f", {rng.choice(words.keywords)}"
    if shown.background != "white" or rng.random() < 0.1:
        thing += rng.choice(BACKGROUND_PHRASES).format(shown.background)
    if rng.random() < 0.5:
        thing += f", {shown.style} style"
    return thing


BACKGROUND_PHRASES = (", {} background", " on a {} background", " on {}")
