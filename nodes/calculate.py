"""A calculator: one formula over named numbers.

The formula is parsed, never executed: only the few kinds of syntax below are understood, and everything is computed
with floating-point numbers, so that no formula can reach anything outside, or take long.
"""

from __future__ import annotations

import ast
import math
import operator
import warnings
from collections.abc import Callable, Mapping
from typing import Annotated

from latentloom.graph import InputError, node

from .numbers import finite

MAX_LENGTH = 1000
CONSTANTS = {"pi": math.pi, "e": math.e}
OPERATORS: Mapping[type[ast.AST], Callable[..., float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: math.pow,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Not: operator.not_,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}


def _round(value: float, digits: float = 0) -> float:
    return round(value, int(digits))


FUNCTIONS: Mapping[str, tuple[Callable[..., float], int, int | None]] = {
    "min": (lambda *values: min(values), 1, None),
    "max": (lambda *values: max(values), 1, None),
    "round": (_round, 1, 2),
    "abs": (abs, 1, 1),
    "floor": (math.floor, 1, 1),
    "ceil": (math.ceil, 1, 1),
    "sqrt": (math.sqrt, 1, 1),
    "sin": (math.sin, 1, 1),
    "cos": (math.cos, 1, 1),
    "exp": (math.exp, 1, 1),
    "log": (math.log, 1, 1),
}
"""Name -> the function, and how many numbers it takes at least and at most."""


@node(category="math")
def calculate(
    expression: Annotated[str, "such as 'round(width * 1.5 / 8) * 8' or 'a if step < 10 else b'"],
    **variables: Annotated[float, "a number under the name that the formula uses"],
) -> float:
    """Compute a formula with the linked numbers by name.

    Understands + - * / // % **, comparisons (1 where true, 0 where not), `and`, `or`, `not`, `a if condition else b`,
    brackets, pi and e, and min, max, round, abs, floor, ceil, sqrt, sin, cos, exp, log (natural; angles in radians).
    """
    tree = _parse(expression)
    try:
        value = float(_value(tree, {**CONSTANTS, **variables}))
    except ZeroDivisionError as error:
        raise InputError(f"{expression!r} divides by 0 with {_listed(variables)}.") from error
    except RecursionError as error:
        raise InputError("The formula is nested too deeply: use several nodes.") from error
    except (OverflowError, ValueError) as error:
        # math.sqrt(-1), math.pow(-8, 1/3), math.exp(1000), floor of an infinite number.
        raise InputError(f"{expression!r} has no finite real value with {_listed(variables)}.") from error
    return finite(value, f"{expression!r} with {_listed(variables)}")


def _parse(expression: str) -> ast.expr:
    if len(expression) > MAX_LENGTH:
        raise InputError(f"The formula has {len(expression)} characters: at most {MAX_LENGTH}. Use several nodes.")
    try:
        with warnings.catch_warnings(action="ignore"):  # of what Python itself will not take one day, as `1if`
            return ast.parse(expression.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise InputError(f"{expression!r} is not a formula: expected one such as '(a + b) / 2'.") from error


def _value(tree: ast.expr, names: Mapping[str, float]) -> float:
    """Value of a syntax tree."""
    match tree:
        case ast.Constant(value=int() | float() as value):
            return float(value)
        case ast.Name(id=name):
            if name not in names:
                raise InputError(f"The formula uses {name!r}, which is not given: add an input of that name, "
                                 f"or use one of {_listed(names)}.")  # fmt: skip
            return float(names[name])
        case ast.UnaryOp(op=sign, operand=operand) if type(sign) in OPERATORS:
            return OPERATORS[type(sign)](_value(operand, names))
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in OPERATORS:
            return OPERATORS[type(sign)](_value(left, names), _value(right, names))
        case ast.Compare():
            return _compared(tree, names)
        case ast.BoolOp(op=ast.And()):
            return float(all(_value(part, names) for part in tree.values))
        case ast.BoolOp():
            return float(any(_value(part, names) for part in tree.values))
        case ast.IfExp(test=test, body=body, orelse=otherwise):
            return _value(body if _value(test, names) else otherwise, names)
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
            return _called(name, [_value(argument, names) for argument in arguments])
    raise InputError(
        f"{ast.unparse(tree)!r} is not understood: formulas hold numbers, input names, + - * / // % **, comparisons "
        f"and {', '.join(FUNCTIONS)}."
    )


def _compared(tree: ast.Compare, names: Mapping[str, float]) -> float:
    if not all(type(sign) in OPERATORS for sign in tree.ops):
        raise InputError(f"{ast.unparse(tree)!r} is not understood: compare with < <= == != >= >.")
    values = [_value(part, names) for part in (tree.left, *tree.comparators)]
    pairs = zip(tree.ops, values, values[1:], strict=False)
    return float(all(OPERATORS[type(sign)](left, right) for sign, left, right in pairs))


def _called(name: str, arguments: list[float]) -> float:
    if name not in FUNCTIONS:
        raise InputError(f"There is no function {name!r}: expected one of {', '.join(FUNCTIONS)}.")
    function, least, most = FUNCTIONS[name]
    if len(arguments) < least or (most is not None and len(arguments) > most):
        expected = f"{least} or more" if most is None else f"{least}" if least == most else f"{least} to {most}"
        raise InputError(f"{name} takes {expected} numbers, and got {len(arguments)}.")
    return float(function(*arguments))


def _listed(names: Mapping[str, float]) -> str:
    return ", ".join(f"{name} = {value:g}" for name, value in names.items()) or "no inputs"
