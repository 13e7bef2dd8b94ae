"""Comparing and choosing: tests that give true or false, and the switch that computes only what it hands on."""

from __future__ import annotations

import operator as operators
from typing import Annotated, Literal, TypeVar, cast

from latentloom.graph import Lazy, Widget, node

T = TypeVar("T")

COMPARISONS = {
    "<": operators.lt,
    "<=": operators.le,
    "==": operators.eq,
    "!=": operators.ne,
    ">=": operators.ge,
    ">": operators.gt,
}


@node(category="logic")
def compare(
    a: Annotated[float, "left of the operator"],
    operator: Annotated[Literal["<", "<=", "==", "!=", ">=", ">"], "how the numbers are compared, exactly"] = "<",
    b: Annotated[float, "right of the operator"] = 0.0,
) -> bool:
    """Compare two numbers: true when `a operator b` holds."""
    return bool(COMPARISONS[operator](a, b))


@node(category="logic")
def compare_text(
    text: Annotated[str, "the text that is looked at"],
    operator: Annotated[
        Literal["equals", "differs from", "contains", "starts with", "ends with"], "what is asked of the text"
    ] = "contains",
    other: Annotated[str, "what it is compared with"] = "",
    ignore_case: Annotated[bool, "take capital and small letters as equal"] = False,
) -> bool:
    """Compare two texts: true when `text operator other` holds."""
    if ignore_case:
        text, other = text.casefold(), other.casefold()
    if operator == "equals":
        return text == other
    if operator == "differs from":
        return text != other
    if operator == "contains":
        return other in text
    return text.startswith(other) if operator == "starts with" else text.endswith(other)


@node(category="logic", type="and", title="And")
def both(a: Annotated[bool, "one condition"], b: Annotated[bool, "the other condition"]) -> bool:
    """True when both conditions are."""
    return a and b


@node(category="logic", type="or", title="Or")
def either(a: Annotated[bool, "one condition"], b: Annotated[bool, "the other condition"]) -> bool:
    """True when at least one of two conditions is."""
    return a or b


@node(category="logic", type="not", title="Not")
def opposite(a: Annotated[bool, "the condition"]) -> bool:
    """True when the condition is false, and the other way round."""
    return not a


@node(category="logic", select=True)
def switch(
    condition: Annotated[bool, "which of the two is handed on"],
    yes: Annotated[T, Lazy(), "handed on when the condition is true"],
    no: Annotated[T, Lazy(), "handed on when the condition is false"],
) -> T:
    """Hand on one of two inputs; the other one is not even computed.

    The result counts as the chosen input itself: what follows is not run again when only the other one changes.
    """
    return cast(T, "yes" if condition else "no")


@node(category="logic", select=True)
def note(
    value: Annotated[T, Lazy(), "handed on as it is"],
    text: Annotated[str, Widget("multiline"), "what you want to remember at this place"] = "",
) -> T:
    """Keep a remark in the graph and hand its input on.

    Changing the remark makes nothing run again: the result counts as the input itself.
    """
    return cast(T, "value")
