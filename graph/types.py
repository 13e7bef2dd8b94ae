"""Socket types: Python classes as the types of inputs and outputs.

A type is named in documents and in the catalogue by a short expression: `Latent`, `float`, `list[Image]`,
`~T` (a type variable, the same wherever it stands in one node type). Classes are declared with `@socket`;
numbers, text, booleans and paths are built in.

*Content-keyed* types (numbers, text, small host-side values, model handles) have a digest of their value, and
keys downstream use it. All other values are known by the key of the call that made them.
"""

from __future__ import annotations

import pathlib
import types as python_types
import typing
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, overload

from .errors import DefinitionError

SOCKET = "__latentloom_socket__"


@dataclass(frozen=True, slots=True)
class TypeExpr:
    """A type as plain data: a name and, for lists, the element's type."""

    name: str
    element: TypeExpr | None = None

    def __str__(self) -> str:
        return f"list[{self.element}]" if self.element else self.name

    @property
    def is_list(self) -> bool:
        return self.element is not None

    @property
    def is_variable(self) -> bool:
        return self.name.startswith("~")

    @property
    def depth(self) -> int:
        """How many lists are around the innermost type."""
        return 0 if self.element is None else 1 + self.element.depth

    @property
    def innermost(self) -> TypeExpr:
        return self if self.element is None else self.element.innermost


def list_of(element: TypeExpr) -> TypeExpr:
    return TypeExpr("list", element)


def parse_type(text: str) -> TypeExpr:
    """Read a type expression such as `list[Image]`.

    Raises ValueError on anything that is not a name or nested `list[...]`.
    """
    text = text.strip()
    if text.startswith("list[") and text.endswith("]"):
        return list_of(parse_type(text[5:-1]))
    if not text.removeprefix("~").isidentifier():
        raise ValueError(f"{text!r} is not a type: expected a name such as 'Image' or 'list[Image]'")
    return TypeExpr(text)


@dataclass(frozen=True, slots=True)
class SocketType:
    """What the engine knows of a type."""

    name: str
    python: type
    doc: str
    content_keyed: bool
    colour: str = ""
    """Hint for the editor, `#rrggbb`."""
    preview: Callable[[Any], Any] | None = None


Class = TypeVar("Class", bound=type)


@overload
def socket(cls: Class) -> Class: ...
@overload
def socket(
    *,
    content_keyed: bool = False,
    colour: str = "",
    preview: Callable[[Any], Any] | None = None,
    name: str | None = None,
) -> Callable[[Class], Class]: ...
def socket(
    cls: type | None = None,
    *,
    content_keyed: bool = False,
    colour: str = "",
    preview: Callable[[Any], Any] | None = None,
    name: str | None = None,
) -> Any:
    """Declare a frozen dataclass as a socket type.

    `content_keyed`: its fields are small host-side values (numbers, text, tuples, other content-keyed types) and
    its digest is made of them; a class may give a method `content() -> Any` naming what counts (a model handle
    counts its digest, not its path). `preview`: value -> something the editor can show.
    """

    def declare(cls: type) -> type:
        doc = (cls.__doc__ or "").strip()
        declared = SocketType(name or cls.__name__, cls, doc, content_keyed, colour, preview)
        setattr(cls, SOCKET, declared)
        return cls

    return declare if cls is None else declare(cls)


BUILT_IN: dict[type, SocketType] = {
    int: SocketType("int", int, "A whole number.", True, "#5b8dd9"),
    float: SocketType("float", float, "A number.", True, "#59a8b8"),
    str: SocketType("str", str, "Text.", True, "#c9a227"),
    bool: SocketType("bool", bool, "True or false.", True, "#a06bb5"),
    pathlib.Path: SocketType("Path", pathlib.Path, "A file, keyed by its content.", True, "#8a8f98"),
}


def socket_type_of(python: type) -> SocketType:
    """The declaration of a class; raises DefinitionError with the mend where there is none."""
    declared = BUILT_IN.get(python) or python.__dict__.get(SOCKET)
    if declared is None:
        name = getattr(python, "__name__", python)
        if python in (list, tuple):
            mend = "say what is in it, such as list[float]"
        elif python.__module__ == "builtins":
            mend = (
                f"use {', '.join(t.name for t in BUILT_IN.values())}, a list of one, or a frozen dataclass with @socket"
            )
        else:
            mend = "decorate the class with @socket"
        raise DefinitionError(f"{name!r} is not a socket type: {mend}")
    return typing.cast(SocketType, declared)


@dataclass(frozen=True, slots=True)
class Annotation:
    """A parameter's or result's annotation, read."""

    type: TypeExpr
    sockets: tuple[SocketType, ...]
    optional: bool
    choices: tuple[str, ...] | None
    metadata: tuple[Any, ...]


def read_annotation(annotation: Any) -> Annotation:
    """Turn a Python annotation into a type expression.

    Understands socket classes, `list[X]`, `X | None`, `Literal["a", "b"]` (a `str` with choices), a TypeVar, and
    `Annotated[X, ...]` around them. Raises DefinitionError on anything else.
    """
    metadata: tuple[Any, ...] = ()
    if typing.get_origin(annotation) is typing.Annotated:
        metadata = annotation.__metadata__
        annotation = annotation.__origin__
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Union, python_types.UnionType):
        rest = [a for a in arguments if a is not type(None)]
        if len(rest) != 1 or len(rest) == len(arguments):
            raise DefinitionError(f"{annotation} is not supported: an input is one type, or one type or None")
        inner = read_annotation(rest[0])
        return Annotation(inner.type, inner.sockets, True, inner.choices, metadata + inner.metadata)
    if origin is Literal:
        if not all(isinstance(choice, str) for choice in arguments):
            raise DefinitionError(f"{annotation}: choices must be text")
        return Annotation(TypeExpr("str"), (BUILT_IN[str],), False, arguments, metadata)
    if origin is tuple and arguments[1:] != (Ellipsis,):
        raise DefinitionError(
            f"{annotation} is not supported: several outputs are a class that is a NamedTuple, with a field for each; "
            "equal things are a list, such as list[float]"
        )
    if origin in (list, tuple) and arguments:
        inner = read_annotation(arguments[0])
        return Annotation(list_of(inner.type), inner.sockets, False, None, metadata + inner.metadata)
    if isinstance(annotation, TypeVar):
        return Annotation(TypeExpr(f"~{annotation.__name__}"), (), False, None, metadata)
    if isinstance(annotation, type):
        declared = socket_type_of(annotation)
        return Annotation(TypeExpr(declared.name), (declared,), False, None, metadata)
    raise DefinitionError(f"{annotation!r} is not a socket type")
