"""`@node`: a typed function becomes a node type. Everything known of it comes from signature and docstring.

    @node(category="denoise")
    def guide(cond: Prediction, uncond: Prediction, scale: Annotated[float, Slider(1, 30)] = 7.5) -> Prediction:
        '''Classifier-free guidance: uncond + scale * (cond - uncond). ...'''

A function annotated `-> Image | Graph` may return a graph instead of a value: it is checked, run in the call's place
(its inputs `["$", name]` are the call's inputs, its outputs bear the names of the node's outputs), and its results are
stored under the call's key.

The function itself is returned unchanged, with its `NodeType` attached, so it can be called and tested plainly.
"""

from __future__ import annotations

import functools
import inspect
import operator
import re
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import UnionType
from typing import Any, TypeVar

from .context import Context
from .document.workflow import Graph
from .errors import DefinitionError
from .types import Annotation, SocketType, TypeExpr, read_annotation

NODE = "__latentloom_node__"


@dataclass(frozen=True, slots=True)
class Range:
    """Allowed values of a number, both ends included, with the editor's step and the unit shown."""

    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Slider(Range):
    """A range shown as a slider."""


@dataclass(frozen=True, slots=True)
class Widget:
    """How the editor shows an input: `seed`, `multiline`, `model`, `image`, `mask`, `colour`, `curve`."""

    kind: str


@dataclass(frozen=True, slots=True)
class Lazy:
    """Marks an input that is computed only when the node asks for it (see `lazy` and `select` of @node)."""


@dataclass(frozen=True, slots=True)
class Input:
    name: str
    type: TypeExpr
    required: bool
    default: Any
    doc: str
    range: Range | None
    choices: tuple[str, ...] | None
    widget: str
    optional: bool
    lazy: bool
    sockets: tuple[SocketType, ...]


@dataclass(frozen=True, slots=True)
class Output:
    name: str
    type: TypeExpr
    doc: str
    sockets: tuple[SocketType, ...]


@dataclass(frozen=True)
class NodeType:
    """A declared node type. `inputs` are in the signature's order; `variadic` types any further named inputs."""

    type: str
    function: Callable[..., Any]
    category: str
    title: str
    doc: str
    version: int
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    variadic: Input | None
    context: str | None
    """Name of the parameter that takes the Context."""
    batch: tuple[str, ...]
    pure: bool
    is_async: bool
    lazy: Callable[..., Sequence[str]] | None
    select: bool
    fingerprint: Callable[..., Any] | None
    facts: Callable[..., Mapping[str, Any]] | None
    structural: bool
    conversion: bool
    several_outputs: bool
    """The function returns a NamedTuple rather than one value."""

    @functools.cached_property
    def is_plain(self) -> bool:
        """Whether a call's key is made of its inputs' keys alone: nothing is looked at, chosen or drawn before."""
        return self.pure and not (self.select or self.structural or self.lazy or self.fingerprint)

    def input(self, name: str) -> Input:
        """The declaration of an input, a variadic one included."""
        found = next((spec for spec in self.inputs if spec.name == name), self.variadic)
        if found is None:
            raise KeyError(name)
        return found


Function = TypeVar("Function", bound=Callable[..., Any])


def node(
    misplaced: None = None,
    /,
    *,
    category: str = "",
    type: str | None = None,  # noqa: A002 - the document's own word
    title: str | None = None,
    version: int = 1,
    output: str | None = None,
    batch: Sequence[str] = (),
    pure: bool = True,
    lazy: Callable[..., Sequence[str]] | None = None,
    select: bool = False,
    structural: bool = False,
    fingerprint: Callable[..., Any] | None = None,
    facts: Callable[..., Mapping[str, Any]] | None = None,
    conversion: bool = False,
) -> Callable[[Function], Function]:
    """Declare a node type.

    category: where the palette lists it, such as `denoise` or `image/mask`. Required.
    type: its name in documents; the function's name by default.
    version: raise it when the same inputs shall give another result.
    output: the name of a single output; by default its type in snake case, `value` for numbers, text, variables.
    batch: inputs that may be joined along the batch axis with those of equal calls. Their types are dataclasses
        of tensors with the batch first; the other inputs must be equal for calls to be joined.
    pure: False makes it run in every job, never cached.
    lazy: given the values of the inputs that are not `Lazy`, returns the names of the lazy inputs to compute; the
        others arrive as None. Its parameters name the inputs it looks at.
    select: the function gets the inputs that are not `Lazy` (None for those that are) and returns the *name* of the
        lazy input that is handed on; key and value of the output are those of the chosen input.
    structural: it only moves its inputs of variable type (`T`, `list[T]`) around, never looking at them (a list made
        of inputs, an item of a list, two lists joined). It is given placeholders for them, so that each element keeps
        the key it had, and a new element makes only itself.
    fingerprint: given inputs (and a Context where it has such a parameter), returns something that changes when
        what the node reads outside the graph changes. Its parameters name the inputs it looks at.
    facts: a static check before anything runs; see `graph.facts`.
    conversion: also used implicitly where the output's type is wanted and the first input's type is given.

    Raises DefinitionError, with the mend, when signature or docstring cannot be used.
    """

    if misplaced is not None or not category:
        name = getattr(misplaced, "__name__", "the function")
        raise DefinitionError(f'@node needs a category: write @node(category="image") above {name}')

    def declare(function: Function) -> Function:
        declared = _read(
            function, type or function.__name__, category, title, version, output, tuple(batch), pure,
            lazy, select, structural, fingerprint, facts, conversion,
        )  # fmt: skip
        function.__dict__[NODE] = declared
        return function

    return declare


def node_type_of(function: Callable[..., Any]) -> NodeType:
    """The declaration that `@node` attached to a function."""
    declared = getattr(function, NODE, None)
    if not isinstance(declared, NodeType):
        raise DefinitionError(f"{getattr(function, '__name__', function)!r} is not declared with @node")
    return declared


def _read(
    function: Callable[..., Any], name: str, category: str, title: str | None, version: int, output: str | None,
    batch: tuple[str, ...], pure: bool, lazy: Callable[..., Sequence[str]] | None, select: bool,
    structural: bool, fingerprint: Callable[..., Any] | None, facts: Callable[..., Mapping[str, Any]] | None,
    conversion: bool,
) -> NodeType:  # fmt: skip
    doc = inspect.getdoc(function)
    if not doc:
        raise DefinitionError(f"node {name!r} has no docstring: its first line is what users see")
    try:
        hints = typing.get_type_hints(function, include_extras=True)
    except NameError as error:
        raise DefinitionError(f"node {name!r}: an annotation cannot be resolved: {error}") from error
    inputs, variadic, context = _read_inputs(function, name, hints)
    if "return" not in hints:
        raise DefinitionError(f"node {name!r} has no return annotation: add '-> Type'")
    outputs, several = _read_outputs(name, _without_graph(hints["return"]), output)
    names = {i.name for i in inputs}
    if unknown := set(batch) - names:
        raise DefinitionError(f"node {name!r}: batch names {sorted(unknown)}, which are not inputs")
    has_lazy = any(i.lazy for i in inputs)
    if has_lazy != (lazy is not None or select):
        raise DefinitionError(f"node {name!r}: Lazy inputs and lazy= or select=True go together")
    return NodeType(
        type=name, function=function, category=category, title=title or name.replace("_", " ").capitalize(),
        doc=doc, version=version, inputs=inputs, outputs=outputs, variadic=variadic, context=context,
        batch=batch, pure=pure, is_async=inspect.iscoroutinefunction(function), lazy=lazy, select=select,
        structural=structural, fingerprint=fingerprint, facts=facts, conversion=conversion, several_outputs=several,
    )  # fmt: skip


def _read_inputs(
    function: Callable[..., Any], node_name: str, hints: dict[str, Any]
) -> tuple[tuple[Input, ...], Input | None, str | None]:
    inputs: list[Input] = []
    variadic: Input | None = None
    context: str | None = None
    for parameter in inspect.signature(function).parameters.values():
        where = f"node {node_name!r}, input {parameter.name!r}"
        if parameter.name not in hints:
            raise DefinitionError(f"{where}: missing type hint, such as '{parameter.name}: float'")
        if hints[parameter.name] is Context:
            context = parameter.name
            continue
        if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
            raise DefinitionError(f"{where}: *args have no names; use '**{parameter.name}'")
        try:
            annotation = read_annotation(hints[parameter.name])
        except DefinitionError as error:
            raise DefinitionError(f"{where}: {error}") from error
        if parameter.kind is inspect.Parameter.VAR_KEYWORD:
            variadic = _input(parameter.name, annotation, required=False, default=None)
            continue
        required = parameter.default is inspect.Parameter.empty
        inputs.append(_input(parameter.name, annotation, required, None if required else parameter.default))
    return tuple(inputs), variadic, context


def _input(name: str, annotation: Annotation, required: bool, default: Any) -> Input:
    metadata = annotation.metadata
    span = next((m for m in metadata if isinstance(m, Range)), None)
    widget = next((m.kind for m in metadata if isinstance(m, Widget)), "")
    doc = next((m for m in metadata if isinstance(m, str)), "")
    if not widget and isinstance(span, Slider):
        widget = "slider"
    return Input(
        name=name, type=annotation.type, required=required, default=default, doc=doc, range=span,
        choices=annotation.choices, widget=widget, optional=annotation.optional,
        lazy=any(isinstance(m, Lazy) for m in metadata), sockets=annotation.sockets,
    )  # fmt: skip


def _read_outputs(node_name: str, result: Any, name: str | None) -> tuple[tuple[Output, ...], bool]:
    if isinstance(result, type) and issubclass(result, tuple) and hasattr(result, "_fields"):
        fields = typing.get_type_hints(result, include_extras=True)
        return tuple(_output(node_name, field, fields[field]) for field in result._fields), True
    output = _output(node_name, name or "", result)
    if not output.name:
        output = Output(_default_name(output.type), output.type, output.doc, output.sockets)
    return (output,), False


def _without_graph(result: Any) -> Any:
    """`Image | Graph` says that the node may return a graph to run in its place; its type is `Image`."""
    if typing.get_origin(result) in (typing.Union, UnionType):
        rest = [part for part in typing.get_args(result) if part is not Graph]
        return functools.reduce(operator.or_, rest)
    return result


def _output(node_name: str, name: str, hint: Any) -> Output:
    try:
        annotation = read_annotation(hint)
    except DefinitionError as error:
        raise DefinitionError(f"node {node_name!r}, output {name!r}: {error}") from error
    doc = next((m for m in annotation.metadata if isinstance(m, str)), "")
    return Output(name, annotation.type, doc, annotation.sockets)


def _default_name(type_: TypeExpr) -> str:
    if type_.is_list:
        return "list"
    if type_.is_variable or type_.name in ("int", "float", "str", "bool"):
        return "value"
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", type_.name).lower()
