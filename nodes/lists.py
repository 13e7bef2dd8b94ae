"""Lists: made, measured, cut and changed. Most other nodes run once for each element of a list they are given.

Nodes that only move elements around never look at them (`structural`): each element keeps the key it had.
"""

from __future__ import annotations

from typing import Annotated, TypeVar

from latentloom.graph import InputError, Range, Widget, node

T = TypeVar("T")

MAX_LENGTH = 100_000

Items = Annotated[list[T], "the list"]
Position = Annotated[int, "from 0; negative numbers count from the end, so -1 is the last"]
Count = Annotated[int, Range(0, MAX_LENGTH), "how many elements"]


@node(category="list", structural=True)
def make_list(**items: Annotated[T, "an element; elements are ordered by the names of their inputs"]) -> list[T]:
    """Make a list of what is linked, ordered by the inputs' names (item2 before item10)."""
    return list(items.values())


@node(category="list", type="range")
def integer_range(
    start: Annotated[int, "the first number"] = 0,
    stop: Annotated[int, "where to end; this number itself is left out"] = 10,
    step: Annotated[int, "distance from one number to the next; below 0 counts downwards"] = 1,
) -> list[int]:
    """Count from a start to before a stop: a list of whole numbers."""
    if step == 0:
        raise InputError("The step is 0, so the stop is never reached: give another step.")
    numbers = range(start, stop, step)
    _require_moderate(len(numbers))
    return list(numbers)


@node(category="list")
def linear_space(
    first: Annotated[float, "the first number"] = 0.0,
    last: Annotated[float, "the last number, included"] = 1.0,
    count: Annotated[int, Range(1, MAX_LENGTH), "how many numbers; 1 gives only the first"] = 5,
) -> list[float]:
    """Numbers at equal distances, from the first to the last, both included."""
    _require_moderate(count, least=1)
    if count == 1:
        return [first]
    # Weighing both ends keeps them exact.
    return [first * (1 - i / (count - 1)) + last * (i / (count - 1)) for i in range(count)]


@node(category="list", structural=True)
def repeat(value: Annotated[T, "what is repeated"], count: Count) -> list[T]:
    """Make a list that holds one value several times."""
    _require_moderate(count)
    return [value] * count


@node(category="list", structural=True)
def item(items: Items[T], index: Position = 0) -> T:
    """Take one element out of a list."""
    if not -len(items) <= index < len(items):
        raise InputError(
            f"There is no element {index} in a list of {len(items)}: "
            + (f"expected 0 to {len(items) - 1}, or -1 for the last." if items else "the list is empty.")
        )
    return items[index]


@node(category="list", structural=True)
def length(items: Items[T]) -> int:
    """Tell how many elements a list has."""
    return len(items)


@node(category="list", structural=True)
def concatenate_lists(
    first: Annotated[list[T], "comes first"], second: Annotated[list[T], "comes after it"]
) -> list[T]:
    """Put one list behind another."""
    return [*first, *second]


@node(category="list", structural=True)
def slice_list(
    items: Items[T],
    start: Position = 0,
    stop: Annotated[int | None, "where to end, not included; negative from the end; none: to the end"] = None,
) -> list[T]:
    """Take a part of a list: from one position to before another.

    Positions beyond the list's ends count as its ends.
    """
    return items[start:stop]


@node(category="list", structural=True)
def reverse_list(items: Items[T]) -> list[T]:
    """Turn a list round: the last element becomes the first."""
    return items[::-1]


@node(category="list", structural=True)
def replace_from(
    items: Items[T],
    start: Annotated[int, "the first element replaced; negative from the end: -5 replaces the last five"],
    value: Annotated[T, "what stands there instead"],
) -> list[T]:
    """Put one value in the place of all elements from a position on.

    Such as another guidance scale for the last five of 30 steps: `start` = -5, or 25.
    """
    if not -len(items) <= start <= len(items):
        raise InputError(f"There is no position {start} in a list of {len(items)}: expected up to {len(items)}, or "
                         f"from -{len(items)} on.")  # fmt: skip
    kept = items[:start]
    return [*kept, *[value] * (len(items) - len(kept))]


@node(category="list")
def split_lines(
    text: Annotated[str, Widget("multiline"), "one element a line; empty lines are left out"],
) -> list[str]:
    """Make a list of a text's lines, such as the prompts of a sweep. Spaces around a line are taken away."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def _require_moderate(count: int, least: int = 0) -> None:
    if not least <= count <= MAX_LENGTH:
        raise InputError(f"A list of {count} elements is not made: expected {least} to {MAX_LENGTH}.")
