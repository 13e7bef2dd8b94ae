"""Node types that the engine's tests share: a small tensor in a box, numbers, lists, a switch."""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar

import torch

from latentloom.graph import Context, Lazy, node, socket

T = TypeVar("T")


@socket
@dataclass(frozen=True)
class Box:
    """A tensor [B, 4]."""

    values: torch.Tensor


@node(category="test")
def make_box(seed: int, rows: int = 1) -> Box:
    """A box of a number."""
    return Box(torch.full((rows, 4), float(seed)))


@node(category="test")
def shift(box: Box, by: float = 1.0) -> Box:
    """Adds a number."""
    return Box(box.values + by)


@node(category="test", conversion=True)
def int_to_float(value: int) -> float:
    """A whole number as a number."""
    return float(value)


@node(category="test")
def rounded(value: float) -> int:
    """Many floats give one int."""
    return round(value)


@node(category="test", select=True)
def switch(condition: bool, yes: Annotated[T, Lazy()], no: Annotated[T, Lazy()]) -> T:
    """Hands on one of two inputs."""
    return "yes" if condition else "no"  # type: ignore[return-value]


@node(category="test")
def numbers(count: int) -> list[int]:
    """0, 1, 2, ..."""
    return list(range(count))


@node(category="test", structural=True)
def make_list(**items: T) -> list[T]:
    """A list of its inputs."""
    return list(items.values())


@node(category="test")
def total(boxes: list[Box]) -> float:
    """Sum of all."""
    return float(sum(box.values.sum() for box in boxes))


@node(category="test")
def read_file(path: Path) -> str:
    """Reads a file that is an input."""
    return path.read_text()


@node(category="test")
async def nap(seconds: float, name: str, context: Context) -> str:
    """Sleeps without blocking."""
    context.progress(0, 1)
    await asyncio.sleep(seconds)
    context.progress(1, 1)
    return name


@node(category="test")
def boxes(count: int) -> list[Box]:
    """A list of what is not content-keyed."""
    return [Box(torch.full((1, 4), float(i))) for i in range(count)]


@node(category="test", structural=True)
def append(items: list[T], item: T) -> list[T]:
    """A list with one more."""
    return [*items, item]


@node(category="test")
def sign(value: float) -> float:
    """Tells 0.0 from -0.0."""
    return math.copysign(1.0, value)


@node(category="test")
def give_up(box: Box, how: str) -> Box:
    """Raises what is no Exception."""
    raise {"exit": SystemExit(3), "interrupt": KeyboardInterrupt(), "stop": GeneratorExit()}[how]


def a_or_nothing(which: str) -> list[str]:
    """A hook that asks for one input, or for none."""
    return ["a"] if which == "a" else []


SHARED = (
    make_box, shift, int_to_float, rounded, switch, numbers, make_list, total, read_file, nap, boxes, append, sign,
    give_up,
)  # fmt: skip
