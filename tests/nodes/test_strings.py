"""Templates, joining, replacing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latentloom.graph import InputError
from latentloom.nodes.strings import join_text, replace_text, template, text


def test_fields_are_filled():
    assert template("a {colour} {animal}, {colour}", colour="red", animal="fox") == "a red fox, red"
    assert template("no fields") == "no fields"
    assert text("as it is") == "as it is"


def test_brackets_are_escaped_by_doubling():
    assert template("{{a}} {a} }}{{", a="1") == "{a} 1 }{"


@given(st.text(), st.text())
def test_values_are_put_in_as_they_are(a, b):
    assert template("{a}|{b}", a=a, b=b) == f"{a}|{b}"


@given(st.text(alphabet="ab{}", max_size=12))
def test_doubling_brackets_always_gives_the_text_back(plain):
    assert template(plain.replace("{", "{{").replace("}", "}}")) == plain


@pytest.mark.parametrize("field", ["animal.__class__", "animal[0]", "animal!r", "animal:>9999999", "0", "", " animal"])
def test_a_field_is_a_name_and_nothing_more(field):
    with pytest.raises(InputError, match="no input"):
        template("{animal}{" + field + "}", animal="fox")


def test_missing_unused_and_broken_fields_are_named():
    with pytest.raises(InputError, match=r"field \{anmal\}, and there is no input 'anmal'.*'animal'"):
        template("a {anmal}", animal="fox")
    with pytest.raises(InputError, match="no field for 'animal', 'place'"):
        template("a fox", place="snow", animal="fox")
    with pytest.raises(InputError, match=r"single '\{': write '\{\{'"):
        template("a { b")
    with pytest.raises(InputError, match=r"single '}': write '}}'"):
        template("a } b")


def test_joining():
    assert join_text(["a fox", "snow"]) == "a fox, snow"
    assert join_text([], "-") == ""


def test_replacing():
    assert replace_text("a.b.c", ".", "-") == "a-b-c"
    assert replace_text("fox 12, bear 3", r"(\w+) (\d+)", r"\2 \1", regex=True) == "12 fox, 3 bear"
    assert replace_text("a(b", "(", "") == "ab"


@pytest.mark.parametrize(("find", "replacement"), [("(", ""), ("a", r"\1"), ("a", r"\q"), ("a{99999999999}", "")])
def test_a_broken_expression_is_refused(find, replacement):
    with pytest.raises(InputError, match="not a usable regular expression"):
        replace_text("a", find, replacement, regex=True)


def test_an_expression_that_would_never_end_is_given_up(monkeypatch):
    monkeypatch.setattr("latentloom.nodes.strings.LONGEST_SECONDS", 0.2)
    with pytest.raises(InputError, match=r"not done with a text of 41 letters after 0\.2 s"):
        replace_text("a" * 40 + "b", "(a|aa)+$", "", regex=True)


def test_there_must_be_something_to_look_for():
    with pytest.raises(InputError, match="nothing to look for"):
        replace_text("a", "", "b")
