"""The command line's own small languages: `name=value`, sweeps, sizes in bytes.

A value is JSON where it parses as JSON of the input's type, else text; the checker then says what does not fit.
"""

from __future__ import annotations

import itertools
import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from latentloom.graph import Fault, Parameter, TypeExpr, Workflow, WorkflowError, parse_type

UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12, "ki": 2**10, "mi": 2**20, "gi": 2**30, "ti": 2**40}
LARGEST_SWEEP = 10_000


def settings(texts: Iterable[str], workflow: Workflow) -> dict[str, Any]:
    """Values of `--set name=value`. Raises WorkflowError with all faults."""
    faults: list[Fault] = []
    values: dict[str, Any] = {}
    for text in texts:
        try:
            name, written = _split(text, "--set")
            if name in values:
                faults.append(_given_twice("--set", name))
            values[name] = _value(written, _type_of(name, workflow), f"--set {name}")
        except WorkflowError as error:
            faults.extend(error.faults)
    if faults:
        raise WorkflowError(faults)
    return values


def combinations(
    sweeps: Iterable[str], seeds: str | None, workflow: Workflow, given: Iterable[str] = ()
) -> list[dict[str, Any]]:
    """One dictionary of values per job: the product of all sweeps, the last one varying fastest.

    given: names of the inputs that have one value for all jobs. Raises WorkflowError.
    """
    axes = [_axis(*_split(text, "--sweep"), workflow) for text in sweeps]
    if seeds is not None:
        axes.append(_axis("seed", seeds, workflow))
    times = Counter([*given, *(name for name, _ in axes)])
    if twice := [name for name, count in times.items() if count > 1]:
        raise WorkflowError([_given_twice("--sweep", name) for name in twice])
    if (count := math.prod(len(values) for _, values in axes)) > LARGEST_SWEEP:
        what = f"makes {count:,} jobs; at most {LARGEST_SWEEP:,} run together."
        raise WorkflowError([Fault("--sweep", what, "Sweep fewer values at a time.", code="bad-argument")])
    names = [name for name, _ in axes]
    return [dict(zip(names, chosen, strict=True)) for chosen in itertools.product(*(values for _, values in axes))]


def bytes_of(text: str) -> int:
    """A size such as `500000000`, `500MB` or `2GiB`. Raises ValueError."""
    number = text.strip().rstrip("BbIiKkMmGgTt ")
    unit = text.strip()[len(number) :].strip().lower().removesuffix("b")
    if unit not in UNITS:
        raise ValueError(f"{text!r} is not a size: give bytes, or a number with MB, GB, MiB or GiB")
    try:
        size = int(float(number) * UNITS[unit])
    except (ValueError, OverflowError):
        raise ValueError(f"{text!r} is not a size: give bytes, or a number with MB, GB, MiB or GiB") from None
    if size < 0:
        raise ValueError(f"{text!r} is not a size: it is below 0")
    return size


def _given_twice(option: str, name: str) -> Fault:
    return Fault(f"{option} {name}", f"{name!r} is given twice.", "Give each input once.", code="bad-argument")


def _split(text: str, option: str) -> tuple[str, str]:
    name, equals, written = text.partition("=")
    if not equals or not name:
        raise WorkflowError([Fault(option, f"{text!r} is not name=value.", code="bad-argument")])
    return name, written


def _type_of(name: str, workflow: Workflow) -> TypeExpr | None:
    """The type of a workflow's input; None where there is no such input or type, which the checker reports."""
    parameter: Parameter | None = workflow.inputs.get(name)
    try:
        return parse_type(parameter.type) if parameter else None
    except ValueError:
        return None


def _value(written: str, type_: TypeExpr | None, where: str) -> Any:
    if written.startswith("@"):
        path = Path(written[1:])
        if type_ == TypeExpr("Path"):
            return str(path.absolute())
        written = _content(path, where)
    return read_value(written, type_)


def _content(path: Path, where: str) -> str:
    try:
        return path.read_text(encoding="utf-8").removesuffix("\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        what = f"the file {str(path)!r} cannot be read: {reason}."
        mend = f"Give the path of a text file, or quote a text that begins with @: '{where.split()[-1]}=\"@...\"'."
        raise WorkflowError([Fault(where, what, mend, code="bad-argument")]) from error


def read_value(written: str, type_: TypeExpr | None) -> Any:
    """JSON where it parses as JSON of the type, else the text itself; a path becomes absolute."""
    try:
        value = json.loads(written, parse_constant=_refuse)
    except (ValueError, RecursionError):
        value = written
    if type_ is not None and not _fits(value, type_):
        value = written
    return _absolute(value) if type_ is not None and type_.innermost.name == "Path" else value


def _axis(name: str, written: str, workflow: Workflow) -> tuple[str, list[Any]]:
    """The values of one sweep: a JSON list of them, or texts between commas, each as for `--set`."""
    type_, where = _type_of(name, workflow), f"--sweep {name}"
    whole = read_value(written, TypeExpr("list", type_)) if type_ else written
    values = whole if isinstance(whole, list) else [_value(part.strip(), type_, where) for part in written.split(",")]
    if not values or values == [""]:
        raise WorkflowError([Fault(where, "has no values.", "Give some: name=a,b,c.", code="bad-argument")])
    return name, values


def _fits(value: Any, type_: TypeExpr) -> bool:
    if type_.element:
        return isinstance(value, list) and all(_fits(item, type_.element) for item in value)
    match type_.name:
        case "int":
            return isinstance(value, int) and not isinstance(value, bool)
        case "float":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "bool":
            return isinstance(value, bool)
        case "str" | "Path":
            return isinstance(value, str)
    return False


def _absolute(value: Any) -> Any:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_absolute(item) for item in value]
    return str(Path(value).absolute()) if isinstance(value, str) else value


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is not a number in JSON")
