"""Literal values against declared types: what may stand in a document's `values`, defaults and given inputs."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from .errors import did_you_mean
from .types import BUILT_IN, SOCKET, TypeExpr, list_of

LITERALS = tuple(socket.name for socket in BUILT_IN.values())
"""Types whose values a document can hold."""

EXAMPLES = {"int": "[1, 2]", "float": "[0.5, 1]", "str": '["a", "b"]', "bool": "[true, false]", "Path": '["a.png"]'}
"""A list of each type as a document has it."""

DEPTH_LIMIT = 8
"""Lists inside lists that a literal may have."""


class Misfit(Exception):
    """A value does not fit. The checker adds where."""

    def __init__(self, what: str, mend: str, code: str) -> None:
        super().__init__(what)
        self.what, self.mend, self.code = what, mend, code


@dataclass(frozen=True, slots=True)
class Limits:
    """Allowed values of a number (both ends included) or of a text."""

    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] | None = None
    unit: str = ""

    @property
    def is_open(self) -> bool:
        return self.minimum is None and self.maximum is None and self.choices is None

    @property
    def is_empty(self) -> bool:
        """No number is inside."""
        return self.minimum is not None and self.maximum is not None and self.minimum > self.maximum


def is_literal(type_: TypeExpr) -> bool:
    """Whether a document can hold values of a type: text, numbers and such, lists of them, what a variable may be."""
    return type_.innermost.is_variable or type_.innermost.name in LITERALS


def fit(value: Any, type_: TypeExpr, limits: Iterable[Limits] = ()) -> Any:
    """The value as the type has it: an int for a float becomes a float, a path text. Raises Misfit."""
    fitted = _fit(value, type_)
    for limit in limits:
        check_limits(fitted, limit)
    return fitted


def check_limits(value: Any, limits: Limits) -> None:
    """Raise Misfit when a number, a text or any element of a list is outside the limits."""
    if limits.is_open:
        return
    if isinstance(value, list):
        for item in value:
            check_limits(item, limits)
    elif isinstance(value, str) and limits.choices is not None and value not in limits.choices:
        listed = ", ".join(repr(choice) for choice in limits.choices)
        mend = f"{did_you_mean(value, limits.choices)} Choose one of {listed}.".strip()
        raise Misfit(f"{shown(value)} is not among the choices.", mend, "not-a-choice")
    elif isinstance(value, int | float) and not isinstance(value, bool):
        low, high = limits.minimum, limits.maximum
        if (low is not None and value < low) or (high is not None and value > high):
            unit = f" {limits.unit}" if limits.unit else ""
            if high is None:
                span = f"at least {written(low)}"
            else:
                span = f"at most {written(high)}" if low is None else f"from {written(low)} to {written(high)}"
            raise Misfit(f"{shown(value)}{unit} is out of range.", f"Choose a value {span}{unit}.", "out-of-range")


def infer(value: Any, depth: int = 0) -> TypeExpr | None:
    """The type of a literal where none is declared; None where it has none (null, an object, a mixed list).

    Whole numbers among numbers in a list are taken as numbers; an empty list has no type.
    """
    if isinstance(value, bool):
        return TypeExpr("bool")
    for python in (int, float, str):
        if isinstance(value, python):
            return TypeExpr(python.__name__)
    if not isinstance(value, list | tuple) or depth >= DEPTH_LIMIT:
        return None
    elements = {infer(item, depth + 1) for item in value}
    if elements == {TypeExpr("int"), TypeExpr("float")}:
        return list_of(TypeExpr("float"))
    element = elements.pop() if len(elements) == 1 else None
    return list_of(element) if element else None


def written(number: float | None) -> str:
    """A limit in a message: whole numbers in full, since `9.0072e+15` is not the number that one has to keep to."""
    return str(int(number)) if number is not None and float(number).is_integer() else f"{number:g}"


def shown(value: Any) -> str:
    """A value in a message: short, and never failing."""
    try:
        text = repr(value)
    except ValueError:  # Python refuses to write very long whole numbers
        return "this number"
    return text if len(text) <= 60 else f"{text[:57]}..."


def _fit(value: Any, type_: TypeExpr) -> Any:
    if type_.element is not None:
        if not isinstance(value, list | tuple):
            raise _no_list(value, type_)
        return [_fit(item, type_.element) for item in value]
    match type_.name:
        case "int" if isinstance(value, int) and not isinstance(value, bool):
            return value
        case "float" if isinstance(value, int | float) and not isinstance(value, bool):
            return _finite(value)
        case "bool" if isinstance(value, bool):
            return value
        case "str" if isinstance(value, str):
            return _unicode(value)
        case "Path" if isinstance(value, str | PurePath):
            return _unicode(str(value))
        case "int" | "float" | "bool" | "str" | "Path":
            raise _misread(value, type_) or _wrong(value, type_, _hint(value, type_))
    declared = type(value).__dict__.get(SOCKET)
    if declared is not None and declared.name == type_.name:
        return value
    what = f"{shown(value)} stands where a {type_} is expected, which a document cannot hold."
    raise Misfit(what, f"Link a node that gives {with_article(type_)}.", "not-a-literal")


def _no_list(value: Any, type_: TypeExpr) -> Misfit:
    """A single value where a list is expected, or the text of a list, as of a command line."""
    assert type_.element is not None
    parts = _list_in(value) if isinstance(value, str) and type_.innermost.name not in ("str", "Path") else None
    try:
        if parts is not None:
            _fit(parts, type_)
            return _wrong(value, type_, f"Write it as a list: {json.dumps(parts)}.")
        _fit(value, type_.element)
        return _wrong(value, type_, f"Put it into a list: {json.dumps([value], default=str)}.")
    except Misfit as misfit:
        if parts is not None:
            return misfit
        example = EXAMPLES.get(type_.element.name)
        return _wrong(value, type_, f"Give a list, such as {example}." if example else "")


def _list_in(text: str) -> list[Any] | None:
    """The list that a text is, with its brackets or without."""
    for form in (text, f"[{text}]"):
        with suppress(ValueError, RecursionError):
            parts = json.loads(form)
            if isinstance(parts, list):
                return parts
    return None


def _finite(value: float) -> float:
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise Misfit(f"{shown(value)} is not a finite number.", "Write an ordinary number.", "not-finite")
    return number


def _unicode(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        what = f"{shown(text)} holds half of a surrogate pair, which is no character."
        raise Misfit(what, "Write the text anew.", "wrong-type") from None
    return text


def with_article(word: object) -> str:
    """`a Latent`, `an Image`."""
    return f"{'an' if str(word)[:1].lower() in tuple('aeiou') else 'a'} {word}"


def _wrong(value: Any, type_: TypeExpr, mend: str) -> Misfit:
    kinds = {bool: "true or false", int: "a whole number", float: "a number", str: "text", list: "a list"}
    kinds |= {tuple: "a list", dict: "an object", type(None): "null"}
    kind = kinds.get(type(value), f"a {type(value).__name__}")
    if value is None:
        return Misfit(
            f"null stands where {_expected(type_)} is expected.", "Give a value, or link a node.", "wrong-type"
        )
    return Misfit(f"{shown(value)} is {kind}, but {_expected(type_)} is expected.", mend, "wrong-type")


def _expected(type_: TypeExpr) -> str:
    names = {"int": "a whole number (int)", "float": "a number (float)", "str": "text (str)"}
    names |= {"bool": "true or false (bool)", "Path": "the path of a file (Path)"}
    return f"a list ({type_})" if type_.is_list else names.get(type_.name, with_article(type_))


def _misread(value: Any, type_: TypeExpr) -> Misfit | None:
    """Text that reads as a number of another kind than the one that is expected."""
    number = _number(value) if isinstance(value, str) and type_.name in ("int", "float") else None
    if number is None:
        return None
    if not math.isfinite(number):
        return Misfit(f"{value} is not a finite number.", "Write an ordinary number.", "not-finite")
    if type_.name == "int" and not number.is_integer():
        return _wrong(number, type_, _hint(number, type_))
    return None


def _hint(value: Any, type_: TypeExpr) -> str:
    if isinstance(value, list | tuple):
        return "Give one value; to run the node once for each, link a node that gives a list."
    if type_.name == "int" and isinstance(value, float) and value.is_integer():
        return f"Write {int(value)}."
    if type_.name == "int" and isinstance(value, float) and math.isfinite(value):
        return f"Write {math.floor(value)} or {math.ceil(value)}."
    number = _number(value) if type_.name in ("int", "float") and isinstance(value, str) else None
    if number is not None:
        return f"Write {written(number)}, without quotes."
    if type_.name == "bool" and isinstance(value, int | str):
        return "Write true or false."
    if type_.name in ("str", "Path") and isinstance(value, int | float):
        return f'Put it into quotes: "{shown(value)}".'
    return f"Give {_expected(type_)}."


def _number(text: str) -> float | None:
    """The number that a text is, in quotes of its own too, as a shell may hand them on."""
    try:
        return float(text.strip("\"'"))
    except ValueError:
        return None
