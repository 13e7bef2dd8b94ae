"""What type arrives against what type is wanted: conversions, lists that are mapped over, type variables.

    arrives        wanted         gives
    Image          Image          as it is
    int            float          a conversion, where one is declared
    list[int]      list[float]    the same for each element
    list[Image]    Image          the node is mapped: one call an element
    list[int]      float          mapped, and a conversion in each call

One level is mapped; a list of lists that meets a single value is a fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..types import TypeExpr, list_of
from .checked import Conversion

Conversions = Mapping[tuple[str, str], str]
"""(given type, wanted type) -> node type that converts."""
INT, FLOAT = TypeExpr("int"), TypeExpr("float")


@dataclass(frozen=True, slots=True)
class Match:
    conversion: Conversion | None = None
    mapped: bool = False


DIRECT = Match()


def match(arriving: TypeExpr, wanted: TypeExpr, conversions: Conversions) -> Match | None:
    """How an arriving type serves a wanted one; None where it cannot."""
    if arriving == wanted:
        return DIRECT
    converted = _convert(arriving, wanted, conversions)
    if converted is not None:
        return Match(converted)
    if arriving.element is None:
        return None
    if arriving.element == wanted:
        return Match(mapped=True)
    converted = _convert(arriving.element, wanted, conversions)
    return Match(converted, mapped=True) if converted else None


def _convert(arriving: TypeExpr, wanted: TypeExpr, conversions: Conversions) -> Conversion | None:
    depth = 0
    while True:
        node = conversions.get((str(arriving), str(wanted)))
        if node is not None:
            return Conversion(node, depth)
        if arriving.element is None or wanted.element is None:
            return None
        arriving, wanted, depth = arriving.element, wanted.element, depth + 1


def bind(
    links: Iterable[tuple[TypeExpr, TypeExpr]], literals: Iterable[tuple[TypeExpr, TypeExpr]]
) -> dict[str, TypeExpr]:
    """Type variables of one node, from (wanted, arriving) pairs of its links, and of its literals.

    A variable is the first type that a link brings; literals count where no link does. Of lists and single values
    it is the single value, so that the lists are mapped; of int and float it is float.
    """
    bound: dict[str, TypeExpr] = {}
    linked: set[str] = set()
    for is_link, (wanted, arriving) in [*((True, pair) for pair in links), *((False, pair) for pair in literals)]:
        name = wanted.innermost.name
        candidate = _strip(arriving, wanted.depth)
        if not wanted.innermost.is_variable or candidate is None:
            continue
        known = bound.get(name)
        if known is None:
            bound[name] = candidate
        elif candidate.depth < known.depth and (is_link or name not in linked):
            bound[name] = _widened(candidate, known)
        else:
            bound[name] = _widened(known, candidate)
        if is_link:
            linked.add(name)
    return bound


def substitute(type_: TypeExpr, bound: Mapping[str, TypeExpr]) -> TypeExpr | None:
    """A type with its variable replaced; None where that is not known."""
    if type_.element is not None:
        element = substitute(type_.element, bound)
        return list_of(element) if element else None
    return bound.get(type_.name) if type_.is_variable else type_


def _strip(type_: TypeExpr, depth: int) -> TypeExpr | None:
    """The type inside `depth` lists."""
    inner: TypeExpr | None = type_
    for _ in range(depth):
        inner = inner.element if inner else None
    return inner


def _widened(type_: TypeExpr, other: TypeExpr) -> TypeExpr:
    if type_.innermost == INT and other.innermost == FLOAT:
        widened = FLOAT
        for _ in range(type_.depth):
            widened = list_of(widened)
        return widened
    return type_
