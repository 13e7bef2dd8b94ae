"""Lists."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latentloom.graph import InputError
from latentloom.nodes.lists import (
    concatenate_lists,
    integer_range,
    item,
    length,
    linear_space,
    make_list,
    repeat,
    replace_from,
    reverse_list,
    slice_list,
    split_lines,
)


def test_a_list_of_what_is_linked_in_the_given_order():
    assert make_list(item1="a", item2="b", item10="c") == ["a", "b", "c"]
    assert make_list() == []


def test_counting():
    assert integer_range(10, 31, 10) == [10, 20, 30]
    assert integer_range(3, 0, -1) == [3, 2, 1]
    assert integer_range(3, 0) == []
    with pytest.raises(InputError, match="step is 0"):
        integer_range(0, 5, 0)
    with pytest.raises(InputError, match="A list of 1000000000 elements"):
        integer_range(0, 10**9)


def test_equal_distances():
    assert linear_space(1.0, 3.0, 5) == [1, 1.5, 2, 2.5, 3]
    assert linear_space(3.0, 1.0, 2) == [3, 1]
    assert linear_space(3.0, 1.0, 1) == [3]
    for count in (0, 10**9):
        with pytest.raises(InputError, match="expected 1 to"):
            linear_space(0.0, 1.0, count)


@given(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9), st.integers(2, 100))
def test_both_ends_are_exact(first, last, count):
    numbers = linear_space(first, last, count)
    assert (len(numbers), numbers[0], numbers[-1]) == (count, first, last)


def test_guidance_changed_for_the_last_five_of_thirty_steps():
    scales = replace_from(repeat(7.5, 30), -5, 4.0)
    assert scales == [7.5] * 25 + [4.0] * 5
    assert replace_from(repeat(7.5, 30), 25, 4.0) == scales


def test_replacing_all_nothing_and_too_much():
    assert replace_from([1, 2], 0, 9) == replace_from([1, 2], -2, 9) == [9, 9]
    assert replace_from([1, 2], 2, 9) == [1, 2]
    for start in (3, -3):
        with pytest.raises(InputError, match=f"no position {start} in a list of 2"):
            replace_from([1, 2], start, 9)


def test_items():
    assert [item(["a", "b", "c"], index) for index in (0, 2, -1, -3)] == ["a", "c", "c", "a"]
    for index in (3, -4):
        with pytest.raises(InputError, match=rf"no element {index} in a list of 3: expected 0 to 2"):
            item(["a", "b", "c"], index)
    with pytest.raises(InputError, match="the list is empty"):
        item([])


def test_parts():
    letters = list("abcde")
    assert slice_list(letters, 1, 3) == ["b", "c"]
    assert slice_list(letters, -2) == ["d", "e"]
    assert slice_list(letters, 0, -1) == ["a", "b", "c", "d"]
    assert slice_list(letters, 3, 99) == ["d", "e"]


@given(st.lists(st.integers()), st.lists(st.integers()))
def test_joining_and_turning_round(first, second):
    joined = concatenate_lists(first, second)
    assert length(joined) == length(first) + length(second)
    assert reverse_list(joined) == concatenate_lists(reverse_list(second), reverse_list(first))
    assert slice_list(joined, len(first)) == second


def test_repeating_none_and_too_often():
    assert repeat("a", 0) == []
    for count in (-1, 10**6):
        with pytest.raises(InputError, match="expected 0 to"):
            repeat("a", count)


def test_lines():
    assert split_lines("a fox\n\n  a bear \r\na crow\n") == ["a fox", "a bear", "a crow"]
    assert split_lines("") == []
