"""Numbers as nodes: constants, sums and products, rounding, and turning values into text."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal, NamedTuple

from latentloom.graph import InputError, Range, Widget, node

Left = Annotated[float, "left of the sign"]
Right = Annotated[float, "right of the sign"]
LeftInteger = Annotated[int, "left of the sign"]
RightInteger = Annotated[int, "right of the sign"]

MAX_SEED = 2**53 - 1
"""Every program that reads JSON keeps whole numbers up to here exactly."""
ROUNDINGS: Mapping[str, Callable[[float], int]] = {"nearest": lambda x: round(x), "down": math.floor, "up": math.ceil}


class Division(NamedTuple):
    quotient: Annotated[int, "rounded down"]
    remainder: Annotated[int, "what is left; it has the divisor's sign"]


def known_value(value: Any) -> Mapping[str, Any]:
    """A constant is known before anything runs, so that what cannot take it is told then."""
    return {"value": value}


@node(category="value", facts=known_value)
def number(value: Annotated[float, "the number"] = 0.0) -> float:
    """A number, to be used in several places."""
    return value


@node(category="value", facts=known_value)
def integer(value: Annotated[int, "the whole number"] = 0) -> int:
    """A whole number, to be used in several places."""
    return value


@node(category="value", facts=known_value)
def boolean(value: Annotated[bool, "true or false"] = False) -> bool:
    """True or false, to be used in several places."""
    return value


@node(category="value", facts=known_value)
def seed(value: Annotated[int, Range(0, MAX_SEED), Widget("seed"), "the same seed gives the same noise"] = 0) -> int:
    """A seed for random numbers, to be used in several places."""
    return value


@node(category="math")
def add(a: Left, b: Right) -> float:
    """Add two numbers: a + b."""
    return finite(a + b, f"{a} + {b}")


@node(category="math")
def subtract(a: Left, b: Right) -> float:
    """Subtract one number from another: a - b."""
    return finite(a - b, f"{a} - {b}")


@node(category="math")
def multiply(a: Left, b: Right) -> float:
    """Multiply two numbers: a * b."""
    return finite(a * b, f"{a} * {b}")


@node(category="math")
def divide(a: Left, b: Right) -> float:
    """Divide one number by another: a / b."""
    if b == 0:
        raise InputError(f"{a} cannot be divided by 0: give another divisor.")
    return finite(a / b, f"{a} / {b}")


@node(category="math")
def add_integers(a: LeftInteger, b: RightInteger) -> int:
    """Add two whole numbers: a + b."""
    return _bounded(a + b)


@node(category="math")
def subtract_integers(a: LeftInteger, b: RightInteger) -> int:
    """Subtract one whole number from another: a - b."""
    return _bounded(a - b)


@node(category="math")
def multiply_integers(a: LeftInteger, b: RightInteger) -> int:
    """Multiply two whole numbers: a * b."""
    return _bounded(a * b)


@node(category="math")
def divide_integers(a: LeftInteger, b: RightInteger) -> Division:
    """Divide whole numbers, with a remainder: a = quotient * b + remainder."""
    if b == 0:
        raise InputError(f"{a} cannot be divided by 0: give another divisor.")
    return Division(*divmod(a, b))


@node(category="math")
def round_number(
    value: Annotated[float, "the number to round"],
    mode: Annotated[Literal["nearest", "down", "up"], "nearest takes the even one of two equally near"] = "nearest",
    multiple: Annotated[int, Range(1), "round to multiples of this: 8 suits picture sizes"] = 1,
) -> int:
    """Round a number to a whole number, or to a multiple of one."""
    if multiple < 1:
        raise InputError(f"A number cannot be rounded to multiples of {multiple}: expected 1 or more.")
    return ROUNDINGS[mode](finite(value, str(value)) / multiple) * multiple


@node(category="math", conversion=True)
def int_to_float(value: Annotated[int, "the whole number"]) -> float:
    """Turn a whole number into a number that may have a fraction."""
    try:
        return float(value)
    except OverflowError as error:
        raise InputError("The whole number has more than 308 digits: no number with a fraction holds it.") from error


@node(category="text", conversion=True)
def int_to_text(
    value: Annotated[int, "the whole number"],
    digits: Annotated[int, Range(0, 100), "at least so many digits, filled up with zeros: 007"] = 0,
) -> str:
    """Write a whole number as text."""
    sign = "-" if value < 0 else ""
    return sign + str(abs(value)).zfill(digits)


@node(category="text", conversion=True)
def float_to_text(
    value: Annotated[float, "the number"],
    decimals: Annotated[int | None, Range(0, 17), "digits after the point; none given: as many as needed"] = None,
) -> str:
    """Write a number as text: 7.5, or 7 without a needless fraction."""
    return repr(float(value)).removesuffix(".0") if decimals is None else f"{value:.{decimals}f}"


@node(category="text", conversion=True)
def bool_to_text(value: Annotated[bool, "true or false"]) -> str:
    """Write a condition as the text `true` or `false`."""
    return "true" if value else "false"


@node(category="text")
def text_to_number(text: Annotated[str, "a number, such as 7.5 or -3"]) -> float:
    """Read a number from text, such as a line of a list."""
    try:
        value = float(text)
    except ValueError as error:
        raise InputError(f"{text!r} is not a number: expected something like 7.5 or -3.") from error
    return finite(value, text)


def _bounded(value: int) -> int:
    """The value, unless it needs more than 64 bits: a chain of products would otherwise fill the memory."""
    if not -(2**63) <= value < 2**63:
        raise InputError("The result has more than 18 digits: use smaller numbers, or numbers with a fraction.")
    return value


def finite(value: float, what: str) -> float:
    """The value, unless it is infinite or not a number."""
    if not math.isfinite(value):
        raise InputError(f"{what} is not a finite number: use smaller numbers.")
    return value
