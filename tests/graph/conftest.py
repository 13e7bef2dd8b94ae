"""Small node types for the checker's tests: numbers, text, and classes as large values are."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, NamedTuple, TypeVar

import pytest

from latentloom.graph import Catalogue, Lazy, Range, Registry, node, socket

sys.path.insert(0, str(Path(__file__).parent))  # for the helpers beside the tests: boxes, checks, documents

T = TypeVar("T")


@socket
@dataclass(frozen=True)
class Picture:
    """A picture."""

    size: int


@socket
@dataclass(frozen=True)
class Sketch:
    """A small picture."""

    size: int


class Pair(NamedTuple):
    sketch: Sketch
    score: float


@node(category="test")
def add(a: float, b: float = 1) -> float:
    """Add two numbers."""
    return a + b


@node(category="test")
def count(text: str) -> int:
    """Count letters."""
    return len(text)


@node(category="test", conversion=True)
def int_to_float(value: int) -> float:
    """A whole number as a number."""
    return float(value)


@node(category="test", conversion=True)
def int_to_text(value: int) -> str:
    """A whole number as text."""
    return str(value)


@node(category="test")
def paint(
    size: Annotated[int, Range(1, 64, unit="px")] = 8,
    style: Literal["plain", "dotted"] = "plain",
    gamma: Annotated[float, Range(0.1, 4)] = 1,
) -> Picture:
    """Paint a picture."""
    return Picture(size)


@node(category="test")
def shrink(picture: Picture, by: int = 2) -> Pair:
    """Shrink a picture."""
    return Pair(Sketch(picture.size // by), 0.5)


@node(category="test")
def enlarge(sketch: Sketch, strength: float = 1.0) -> Sketch:
    """Enlarge a sketch."""
    return sketch


@node(category="test")
def frame(picture: Picture, mat: Picture | None = None) -> Picture:
    """Frame a picture."""
    return picture


@node(category="test")
def read(file: Path) -> Picture:
    """Read a file."""
    return Picture(1)


@node(category="test")
def gather(**items: T) -> list[T]:
    """Gather a list."""
    return list(items.values())


@node(category="test")
def numbers(values: list[float]) -> list[float]:
    """A list of numbers."""
    return values


@node(category="test")
def grid(values: list[float]) -> list[list[float]]:
    """A list of lists."""
    return [values]


@node(category="test", select=True)
def switch(on: bool, yes: Annotated[T, Lazy()], no: Annotated[T, Lazy()]) -> T:  # type: ignore[empty-body]
    """Hand on one of two."""


@node(category="test")
def pick(items: list[T], index: int = 0) -> T:
    """An item of a list."""
    return items[index]


@node(category="test")
def fallback(first: T | None = None, second: T | None = None) -> T:
    """The first that is there."""
    assert first is not None
    return first


NODES = (
    add, count, int_to_float, int_to_text, paint, shrink, enlarge, frame, read, gather, numbers, grid, switch, pick,
    fallback,
)  # fmt: skip


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return Registry.of(*NODES).catalogue


@pytest.fixture(params=[None, 1], ids=["roomy", "tiny"])
def memory(request: pytest.FixtureRequest) -> int | None:
    """Of an engine: as much as it likes, or so little that all it does not need is dropped and made again."""
    given: int | None = request.param
    return given
