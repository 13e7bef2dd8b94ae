"""Sums, rounding and numbers as text."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latentloom.graph import InputError, node_type_of
from latentloom.nodes.numbers import (
    add,
    add_integers,
    bool_to_text,
    boolean,
    divide,
    divide_integers,
    float_to_text,
    int_to_float,
    int_to_text,
    integer,
    multiply,
    multiply_integers,
    number,
    round_number,
    seed,
    subtract,
    subtract_integers,
    text_to_number,
)


def test_constants_are_what_they_are():
    assert (number(1.5), integer(3), boolean(True), seed(42)) == (1.5, 3, True, 42)


def test_arithmetic():
    assert (add(1.5, 2.0), subtract(1.5, 2.0), multiply(1.5, 2.0), divide(3.0, 2.0)) == (3.5, -0.5, 3.0, 1.5)
    assert (add_integers(2, 3), subtract_integers(2, 3), multiply_integers(2, 3)) == (5, -1, 6)


@given(st.integers(-(2**62), 2**62), st.integers(-1000, 1000).filter(bool))
def test_whole_division_comes_out_even_with_its_remainder(a, b):
    division = divide_integers(a, b)
    assert division.quotient * b + division.remainder == a
    assert abs(division.remainder) < abs(b)


def test_what_has_no_result_is_refused():
    for division in (divide, divide_integers):
        with pytest.raises(InputError, match="cannot be divided by 0"):
            division(1, 0)
    for function in (add, multiply):
        with pytest.raises(InputError, match="not a finite number"):
            function(1.7e308, 1.7e308)
    with pytest.raises(InputError, match="18 digits"):
        multiply_integers(2**62, 2)


@pytest.mark.parametrize(
    ("value", "mode", "multiple", "rounded"),
    [
        (2.4, "nearest", 1, 2),
        (2.5, "nearest", 1, 2),
        (3.5, "nearest", 1, 4),
        (-2.1, "down", 1, -3),
        (2.1, "up", 1, 3),
        (770.0, "nearest", 64, 768),
        (770.0, "up", 64, 832),
    ],
)
def test_rounding(value, mode, multiple, rounded):
    result = round_number(value, mode, multiple)
    assert result == rounded
    assert isinstance(result, int)


def test_rounding_refuses_what_it_cannot_round():
    with pytest.raises(InputError, match="not a finite number"):
        round_number(math.inf)
    with pytest.raises(InputError, match="multiples of 0"):
        round_number(1.0, "nearest", 0)


def test_numbers_as_text():
    assert [int_to_text(7), int_to_text(7, 3), int_to_text(-7, 3)] == ["7", "007", "-007"]
    assert [float_to_text(v) for v in (7.0, 7.5, 0.1, 1e-7, 1e22)] == ["7", "7.5", "0.1", "1e-07", "1e+22"]
    assert [float_to_text(7.0, 2), float_to_text(0.126, 2)] == ["7.00", "0.13"]
    assert [bool_to_text(True), bool_to_text(False)] == ["true", "false"]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_survives_as_text(value):
    assert text_to_number(float_to_text(value)) == value


@pytest.mark.parametrize("text", ["", "seven", "1,5", "nan", "inf", "1e999"])
def test_text_that_is_no_number(text):
    with pytest.raises(InputError, match="number"):
        text_to_number(text)


def test_a_huge_whole_number_is_refused_as_fraction():
    assert int_to_float(3) == 3.0
    with pytest.raises(InputError, match="digits"):
        int_to_float(10**400)


def test_conversions_are_used_implicitly():
    for function in (int_to_float, int_to_text, float_to_text, bool_to_text):
        assert node_type_of(function).conversion
