"""What is learnt and what is held out: the concepts, their captions' words, and the pairs that no stage may see."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Concept:
    """Something to paint: its name in prompts, the emoji that is drawn, and other names."""

    name: str
    emoji: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Holdouts:
    """Pairs of a concept and a colour, or a background, that are in no picture that anything is trained on."""

    colours: frozenset[tuple[str, str]]
    backgrounds: frozenset[tuple[str, str]]

    def hold(self, concept: str, colour: str | None, background: str) -> bool:
        """Whether a picture of a concept, of this colour and on this background, is held out."""
        return (concept, colour) in self.colours or (concept, background) in self.backgrounds

    def touches(self, emoji: str) -> bool:
        """Whether an emoji's name has a word of a held-out concept's, so that its drawing may show a held-out pair."""
        held = {word for concept, _ in self.colours | self.backgrounds for word in concept.split()}
        return not held.isdisjoint(re.split(r"[^a-z]+", emoji.lower()))


@dataclass(frozen=True)
class Lesson:
    """What a model is to learn, and what it is to find out by itself."""

    concepts: tuple[Concept, ...]
    holdouts: Holdouts


def load_lesson(folder: Path = HERE) -> Lesson:
    """The lesson of `concepts.txt`, lines `name = emoji | alias, alias`, and `holdouts.json` in a folder."""
    lines = (folder / "concepts.txt").read_text(encoding="utf-8").splitlines()
    told = (line.partition("#")[0].strip() for line in lines)
    pairs = json.loads((folder / "holdouts.json").read_text(encoding="utf-8"))
    colours, backgrounds = (
        frozenset((name, colour) for name, colour in pairs[key]) for key in ("colours", "backgrounds")
    )
    return Lesson(tuple(concept(line) for line in told if line), Holdouts(colours, backgrounds))


def concept(line: str) -> Concept:
    """One line's concept."""
    names, _, aliases = line.partition("|")
    name, _, emoji = (part.strip() for part in names.partition("="))
    return Concept(name, emoji or name, tuple(alias.strip() for alias in aliases.split(",") if alias.strip()))
