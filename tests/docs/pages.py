"""The pages of the documentation, and what stands in them."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")])
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]\n]*\]\(([^)\s]+)\)")
CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")


@dataclass(frozen=True)
class Block:
    """A fenced block of code: `python`, `json` or `console`."""

    page: Path
    language: str
    number: int
    text: str

    def __str__(self) -> str:
        return f"{self.page.stem}-{self.number}"


def blocks(language: str) -> list[Block]:
    """All blocks of a language, in all pages."""
    found = []
    for page in PAGES:
        for number, match in enumerate(BLOCK.finditer(page.read_text(encoding="utf-8")), start=1):
            if match[1] == language:
                found.append(Block(page, language, number, match[2]))
    return found


def shell_lines() -> list[tuple[str, list[str]]]:
    """(page, words) of every line of the console blocks."""
    lines = ((block, line) for block in blocks("console") for line in block.text.replace("\\\n", " ").splitlines())
    return [(block.page.name, words) for block, line in lines if (words := shlex.split(line, comments=True))]


def commands() -> list[tuple[str, list[str]]]:
    """(page, arguments) of every `latentloom ...` in console blocks, and between backticks."""
    between = [
        (page.name, shlex.split(code))
        for page in PAGES
        for code in CODE.findall(BLOCK.sub("", page.read_text(encoding="utf-8")))
        if code.startswith("latentloom ")
    ]
    return [(page, words[1:]) for page, words in [*shell_lines(), *between] if words[0] == "latentloom"]


def links(page: Path) -> list[str]:
    """Where the links and pictures of a page lead."""
    return LINK.findall(CODE.sub("", BLOCK.sub("", page.read_text(encoding="utf-8"))))


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, made as GitHub makes them; a repeated heading's is the first one's."""
    headings = re.findall(r"^#+ (.+)$", BLOCK.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
