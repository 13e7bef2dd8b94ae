"""Literals: what fits a type, what the type of a literal is, what is outside the limits."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latentloom.graph import parse_type, socket
from latentloom.graph.literals import Limits, Misfit, fit, infer, shown


@socket
@dataclass(frozen=True)
class Coloured:
    """Something coloured."""

    hue: float


@pytest.mark.parametrize(
    ("value", "type_", "fitted"),
    [
        (3, "float", 3.0),
        (3, "int", 3),
        (True, "bool", True),
        ("x", "str", "x"),
        ("a/b.png", "Path", "a/b.png"),
        (Path("a/b.png"), "Path", str(Path("a/b.png"))),
        ((1, 2.5), "list[float]", [1.0, 2.5]),
        ([[1], []], "list[list[float]]", [[1.0], []]),
        (Coloured(1), "Coloured", Coloured(1)),  # given from Python
        ([Coloured(1)], "list[Coloured]", [Coloured(1)]),
    ],
)
def test_what_fits(value: Any, type_: str, fitted: Any) -> None:
    result = fit(value, parse_type(type_))
    assert result == fitted
    assert type(result) is type(fitted)


@pytest.mark.parametrize(
    ("value", "type_"),
    [(True, "int"), (False, "float"), (1, "bool"), (1, "str"), (Coloured(1), "Image"), ({}, "Coloured"), (1, "Path")],
)
def test_what_does_not_fit(value: Any, type_: str) -> None:
    with pytest.raises(Misfit):
        fit(value, parse_type(type_))


@pytest.mark.parametrize(
    ("value", "limits", "inside"),
    [
        (1, Limits(1, 3), True),
        (3.0, Limits(1, 3), True),
        (3.1, Limits(1, 3), False),
        (0, Limits(minimum=1), False),
        (10**400, Limits(maximum=5), False),
        ([1, 2], Limits(1, 3), True),
        ([1, 4], Limits(1, 3), False),
        ("a", Limits(choices=("a", "b")), True),
        (["a", "c"], Limits(choices=("a", "b")), False),
        ("c", Limits(1, 3), True),
        (True, Limits(2, 3), True),
    ],
)
def test_limits(value: Any, limits: Limits, inside: bool) -> None:
    kind = infer(value)
    assert kind is not None
    if inside:
        assert fit(value, kind, [limits]) == value
    else:
        with pytest.raises(Misfit):
            fit(value, kind, [limits])


@pytest.mark.parametrize(
    ("value", "type_"),
    [
        (True, "bool"),
        (1, "int"),
        (1.5, "float"),
        ("", "str"),
        ([1, 2], "list[int]"),
        ([1, 2.5], "list[float]"),
        ([["a"]], "list[list[str]]"),
        (None, None),
        ({}, None),
        ([], None),
        ([1, "a"], None),
        ([True, 1], None),
        ([[], [1]], None),
    ],
)
def test_the_type_of_a_literal(value: Any, type_: str | None) -> None:
    assert infer(value) == (parse_type(type_) if type_ else None)


def test_a_literal_of_many_levels_has_no_type() -> None:
    value: Any = 1
    for _ in range(900):
        value = [value]
    assert infer(value) is None


def test_values_are_shown_short() -> None:
    assert shown("x" * 100) == "'" + "x" * 56 + "..."
    assert shown(10**5000) == "this number"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON)
def test_a_literal_fits_the_type_that_it_has(value: Any) -> None:
    type_ = infer(value)
    if type_ is None:
        return
    with contextlib.suppress(Misfit):  # NaN, infinity, half a surrogate pair
        assert infer(fit(value, type_)) == type_


@given(JSON, st.sampled_from(["int", "float", "str", "bool", "Path", "Image", "list[float]", "list[list[str]]"]))
def test_fitting_never_fails_otherwise(value: Any, type_: str) -> None:
    with contextlib.suppress(Misfit):
        fit(value, parse_type(type_), [Limits(0, 1), Limits(choices=("a",))])
