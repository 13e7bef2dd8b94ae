"""`@node` and `@socket`: what is read from signature and docstring, and what an author is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, TypeVar

import pytest

from latentloom.graph import (
    Context,
    DefinitionError,
    Lazy,
    Slider,
    Widget,
    node,
    node_type_of,
    parse_type,
    socket,
)

T = TypeVar("T")


@socket(content_keyed=True, colour="#123456")
@dataclass(frozen=True)
class FaintSketch:
    """A sketch."""

    size: int


class Both(NamedTuple):
    sketch: Annotated[FaintSketch, "the sketch"]
    scores: list[float]


@node(category="test/deep", version=3, batch=("sketch",))
def work(
    sketch: FaintSketch,
    size: Annotated[int, Slider(1, 8, step=2, unit="px"), "how large"] = 4,
    text: Annotated[str, Widget("multiline")] = "",
    style: Literal["plain", "dotted"] = "plain",
    files: list[Path] | None = None,
    *,
    context: Context,
    **more: float,
) -> Both:
    """Work on a sketch.

    At length.
    """
    return Both(sketch, [])


def test_everything_is_read_from_the_signature() -> None:
    declared = node_type_of(work)
    assert (declared.type, declared.title, declared.category, declared.version) == ("work", "Work", "test/deep", 3)
    assert declared.doc.splitlines() == ["Work on a sketch.", "", "At length."]
    assert [i.name for i in declared.inputs] == ["sketch", "size", "text", "style", "files"]
    sketch, size, text, style, files = declared.inputs
    assert (sketch.required, sketch.type) == (True, parse_type("FaintSketch"))
    assert (size.default, size.doc, size.widget) == (4, "how large", "slider")
    assert size.range == Slider(1, 8, step=2, unit="px")
    assert text.widget == "multiline"
    assert style.choices == ("plain", "dotted")
    assert (str(files.type), files.optional, files.required) == ("list[Path]", True, False)
    assert declared.context == "context"
    assert declared.variadic is not None
    assert str(declared.variadic.type) == "float"
    assert [(o.name, str(o.type), o.doc) for o in declared.outputs] == [
        ("sketch", "FaintSketch", "the sketch"),
        ("scores", "list[float]", ""),
    ]
    assert declared.several_outputs
    assert not declared.is_async


def test_the_function_stays_a_function() -> None:
    assert work(FaintSketch(1), context=None) == Both(FaintSketch(1), [])  # type: ignore[arg-type]


def test_names_of_single_outputs() -> None:
    @node(category="test")
    def one() -> FaintSketch:
        """One."""
        return FaintSketch(1)

    @node(category="test", output="many", type="other", title="Other name")
    async def two() -> list[FaintSketch]:
        """Two."""
        return []

    @node(category="test", select=True)
    def three(on: bool, yes: Annotated[T, Lazy()]) -> T:  # type: ignore[empty-body]
        """Three."""

    assert [o.name for o in node_type_of(one).outputs] == ["faint_sketch"]
    assert [o.name for o in node_type_of(two).outputs] == ["many"]
    assert (node_type_of(two).type, node_type_of(two).title, node_type_of(two).is_async) == (
        "other",
        "Other name",
        True,
    )
    assert [(o.name, str(o.type)) for o in node_type_of(three).outputs] == [("value", "~T")]
    assert node_type_of(three).inputs[1].lazy


class Plain:
    """Not declared."""


def no_doc(a: int) -> int:
    return a


def no_hint(a) -> int:  # type: ignore[no-untyped-def]
    """No hint."""
    return 1


def no_return(a: int):  # type: ignore[no-untyped-def]
    """No return."""


def no_socket(a: Plain) -> int:
    """No socket."""
    return 1


def no_socket_out(a: int) -> Plain:
    """No socket."""
    return Plain()


def an_object(a: dict) -> int:  # type: ignore[type-arg]
    """An object."""
    return 1


def bare_list(a: list) -> int:  # type: ignore[type-arg]
    """A list of who knows what."""
    return 1


def two_outputs(a: float) -> tuple[float, float]:
    """Two."""
    return a, a


def positional(*a: int) -> int:
    """Positional."""
    return 1


def union(a: int | str) -> int:
    """Union."""
    return 1


def lazy_alone(a: Annotated[int, Lazy()]) -> int:
    """Lazy."""
    return a


def unresolved(a: Absent) -> int:  # type: ignore[name-defined]  # noqa: F821
    """Unresolved."""
    return 1


@pytest.mark.parametrize(
    ("function", "options", "message"),
    [
        (no_doc, {}, "'no_doc' has no docstring"),
        (no_hint, {}, r"input 'a': missing type hint, such as 'a: float'"),
        (no_return, {}, "add '-> Type'"),
        (no_socket, {}, "input 'a': 'Plain' is not a socket type: decorate the class with @socket"),
        (no_socket_out, {}, "'Plain' is not a socket type"),
        (an_object, {}, "'dict' is not a socket type: use int, float, str, bool, Path, a list"),
        (bare_list, {}, r"'list' is not a socket type: say what is in it, such as list\[float\]"),
        (two_outputs, {}, "several outputs are a class that is a NamedTuple"),
        (positional, {}, r"use '\*\*a'"),
        (union, {}, "one type, or one type or None"),
        (lazy_alone, {}, "go together"),
        (unresolved, {}, "cannot be resolved"),
        (work, {"batch": ("skatch",)}, "batch names"),
    ],
)
def test_what_an_author_is_told(function: Callable[..., Any], options: dict[str, Any], message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        node(category="test", **options)(function)


def test_the_decorator_without_a_category() -> None:
    for declare in (node, lambda function: node()(function)):
        with pytest.raises(DefinitionError, match=r'@node needs a category: write @node\(category="image"\)'):
            declare(no_doc)  # type: ignore[arg-type]


def test_an_undeclared_function() -> None:
    with pytest.raises(DefinitionError, match="@node"):
        node_type_of(no_doc)


@pytest.mark.parametrize("text", ["int", "list[list[Image]]", "~T"])
def test_types_are_read_and_written(text: str) -> None:
    assert str(parse_type(text)) == text


@pytest.mark.parametrize("text", ["", "list[]", "list[int", "a b", "dict[str, int]"])
def test_what_is_no_type(text: str) -> None:
    with pytest.raises(ValueError, match="is not a type"):
        parse_type(text)
