"""Conditions and the switch."""

import pytest

from latentloom.graph import node_type_of
from latentloom.nodes.logic import both, compare, compare_text, either, note, opposite, switch


@pytest.mark.parametrize(
    ("operator", "less", "equal", "greater"),
    [
        ("<", True, False, False),
        ("<=", True, True, False),
        ("==", False, True, False),
        ("!=", True, False, True),
        (">=", False, True, True),
        (">", False, False, True),
    ],
)
def test_comparing_numbers(operator, less, equal, greater):
    assert [compare(a, operator, 2.0) for a in (1.5, 2.0, 2.5)] == [less, equal, greater]


@pytest.mark.parametrize(
    ("operator", "other", "holds"),
    [
        ("equals", "a Fox", True),
        ("equals", "a fox", False),
        ("differs from", "a fox", True),
        ("contains", "Fo", True),
        ("contains", "fo", False),
        ("starts with", "a ", True),
        ("starts with", "Fox", False),
        ("ends with", "Fox", True),
        ("ends with", "a", False),
    ],
)
def test_comparing_text(operator, other, holds):
    assert compare_text("a Fox", operator, other) is holds


def test_comparing_text_without_case():
    assert compare_text("STRASSE", "equals", "straße", ignore_case=True)
    assert not compare_text("STRASSE", "differs from", "straße", ignore_case=True)


def test_connectives():
    table = [(a, b) for a in (False, True) for b in (False, True)]
    assert [both(a, b) for a, b in table] == [False, False, False, True]
    assert [either(a, b) for a, b in table] == [False, True, True, True]
    assert [opposite(a) for a in (False, True)] == [True, False]
    assert [node_type_of(function).type for function in (both, either, opposite)] == ["and", "or", "not"]


def test_the_switch_names_the_input_that_is_computed():
    declared = node_type_of(switch)
    assert declared.select
    assert [i.name for i in declared.inputs if i.lazy] == ["yes", "no"]
    assert switch(True, None, None) == "yes"
    assert switch(False, None, None) == "no"


def test_a_note_hands_on_its_input_whatever_it_says():
    assert node_type_of(note).select
    assert note(None, "try 7.5 here") == note(None) == "value"
