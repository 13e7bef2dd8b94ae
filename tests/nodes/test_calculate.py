"""The calculator gives Python's numbers for arithmetic, and nothing but errors for anything else."""

import contextlib
import math
import warnings

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from latentloom.graph import InputError
from latentloom.nodes.calculate import calculate


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1 + 2 * 3 - 4 / 8", 6.5),
        ("7 // 2 + 7 % 4 + -2 ** 2", 2),
        ("(width * 1.5 // 8) * 8", 768),
        ("min(3, width, 1) + max(2, 4)", 5),
        ("round(2.567, 1) + round(2.4)", 4.6),
        ("abs(-2) + floor(2.7) + ceil(2.1) + sqrt(9)", 10),
        ("sin(pi / 2) + cos(0) + exp(0) + log(e)", 4),
        ("1 < 2 <= 2", 1),
        ("1 < 2 > 3", 0),
        ("width == 512 and not width != 512 or 0", 1),
        ("3 if width > 600 else 4", 4),
        ("  +width ", 512),
        ("True + 1", 2),
        ("1 / 0 if width < 0 else 2", 2),
    ],
)
def test_formulas(expression, value):
    result = calculate(expression, width=512.0)
    assert result == pytest.approx(value)
    assert isinstance(result, float)


def test_nothing_is_printed_of_what_python_warns_of():
    with warnings.catch_warnings(action="error"):
        assert calculate("3if 1else 2") == 3


def test_inputs_go_before_constants():
    assert calculate("e * 2", e=3.0) == 6


NUMBERS = st.floats(-1e6, 1e6).map(abs).map(repr) | st.integers(0, 1000).map(str) | st.sampled_from(["a", "b"])
FORMULAS = st.recursive(
    NUMBERS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "//", "%", "<", ">="]), inner).map(
            lambda parts: "({} {} {})".format(*parts)
        ),
        st.tuples(st.sampled_from(["abs", "floor", "sqrt", "-", "+"]), inner).map("{0[0]}({0[1]})".format),
        st.tuples(st.sampled_from(["min", "max"]), inner, inner).map("{0[0]}({0[1]}, {0[2]})".format),
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(FORMULAS, st.floats(-100, 100), st.floats(-100, 100))
def test_agrees_with_python(formula, a, b):
    names = {"a": a, "b": b, "abs": abs, "min": min, "max": max, "floor": math.floor, "sqrt": math.sqrt}
    try:
        expected = float(eval(formula, {"__builtins__": {}}, names))
    except (ArithmeticError, ValueError):
        expected = math.inf
    if math.isfinite(expected):
        assert calculate(formula, a=a, b=b) == pytest.approx(expected, rel=1e-9, abs=1e-9)
    else:
        with pytest.raises(InputError):
            calculate(formula, a=a, b=b)


@pytest.mark.parametrize(
    "expression",
    [
        "__import__('os').system('true')",
        "().__class__.__bases__",
        "a.real",
        "[1, 2][0]",
        "'text'",
        "1j",
        "...",
        "None",
        "lambda: 1",
        "[x for x in (1, 2)]",
        "(x := 3)",
        "f'{a}'",
        "a if a is a else 0",
        "1 in (1, 2)",
        "a @ a",
        "a << 3",
        "~a",
        "eval('1')",
        "min(*(1, 2))",
        "round(2, ndigits=1)",
        "abs",
        "print(1)",
        "(abs)(1)(2)",
        "1; 2",
        "a = 1",
        "",
        "1 +",
        "\x00",
        "sqrt()",
        "sqrt(1, 2)",
        "min()",
    ],
)
def test_anything_else_is_refused(expression):
    with pytest.raises(InputError):
        calculate(expression, a=1.0)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab01.+-*/%()<>=!, []{}_:'\"abs min sqrt if else and not lambda", max_size=40))
@example("9" * 900)
@example("9**" * 300 + "9")
@example("-" * 900 + "1")
@example("(" * 450 + "1" + ")" * 450)
@example("a and " * 160 + "a")
@example("1" + "0" * 400)
@example("round(1e300, 1e300)")
@example("floor(1e308 * 10)")
@example("(-8) ** (1 / 3)")
def test_every_text_gives_a_finite_number_or_a_clear_error(expression):
    with contextlib.suppress(InputError):
        assert math.isfinite(calculate(expression, a=2.0, b=-3.0))


def test_messages_name_what_is_wrong_and_what_there_is():
    with pytest.raises(InputError, match=r"uses 'hight', which is not given.*height = 2"):
        calculate("hight * 2", height=2.0)
    with pytest.raises(InputError, match=r"no function 'squrt'.*sqrt"):
        calculate("squrt(2)")
    with pytest.raises(InputError, match=r"divides by 0 with a = 0"):
        calculate("1 / a", a=0.0)
    with pytest.raises(InputError, match="no finite real value"):
        calculate("(-8) ** 0.5")
    with pytest.raises(InputError, match="1001 characters"):
        calculate("1" * 1001)
