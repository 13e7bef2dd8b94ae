"""What arrives against what is wanted: conversions, mapping and type variables, as the table in `matching` says."""

from __future__ import annotations

import pytest

from latentloom.graph import TypeExpr, parse_type
from latentloom.graph.checking.checked import Conversion
from latentloom.graph.checking.matching import Match, bind, match, substitute

CONVERSIONS = {("int", "float"): "to_float", ("list[Image]", "Sheet"): "to_sheet"}


@pytest.mark.parametrize(
    ("arriving", "wanted", "expected"),
    [
        ("Image", "Image", Match()),
        ("int", "float", Match(Conversion("to_float"))),
        ("float", "int", None),
        ("list[int]", "list[float]", Match(Conversion("to_float", 1))),
        ("list[list[int]]", "list[list[float]]", Match(Conversion("to_float", 2))),
        ("list[Image]", "Image", Match(mapped=True)),
        ("list[int]", "float", Match(Conversion("to_float"), mapped=True)),
        ("list[list[int]]", "list[float]", Match(Conversion("to_float", 1), mapped=True)),
        ("list[Image]", "Sheet", Match(Conversion("to_sheet"))),
        ("list[list[Image]]", "Sheet", Match(Conversion("to_sheet"), mapped=True)),
        ("list[list[Image]]", "Image", None),
        ("Image", "list[Image]", None),
        ("Image", "Mask", None),
    ],
)
def test_match(arriving: str, wanted: str, expected: Match | None) -> None:
    assert match(parse_type(arriving), parse_type(wanted), CONVERSIONS) == expected


def pairs(*texts: str) -> list[tuple[TypeExpr, TypeExpr]]:
    return [(parse_type(wanted), parse_type(arriving)) for wanted, arriving in (text.split() for text in texts)]


@pytest.mark.parametrize(
    ("links", "literals", "bound"),
    [
        (["~T Image"], [], "Image"),
        (["list[~T] list[Image]"], [], "Image"),
        (["~T list[Image]"], [], "list[Image]"),
        (["~T list[Image]", "~T Image"], [], "Image"),
        (["~T Image", "~T list[Image]"], [], "Image"),
        (["~T int", "~T float"], [], "float"),
        (["~T float", "~T int"], [], "float"),
        (["~T list[int]", "~T list[float]"], [], "list[float]"),
        (["~T list[float]", "~T int"], [], "float"),
        (["~T Image", "~T Mask"], [], "Image"),
        ([], ["~T int"], "int"),
        ([], ["~T list[int]", "~T int"], "int"),
        (["~T int"], ["~T float"], "float"),
        (["~T list[float]"], ["~T int"], "list[float]"),
        (["~T Image"], ["~T str"], "Image"),
        (["list[~T] Image"], [], None),
    ],
)
def test_bind(links: list[str], literals: list[str], bound: str | None) -> None:
    found = bind(pairs(*links), pairs(*literals))
    assert found == ({"~T": parse_type(bound)} if bound else {})


def test_substitute() -> None:
    assert substitute(parse_type("list[~T]"), {"~T": parse_type("list[int]")}) == parse_type("list[list[int]]")
    assert substitute(parse_type("list[~T]"), {}) is None
    assert substitute(parse_type("Image"), {}) == parse_type("Image")
