"""Text: constants, templates with fields, joining and replacing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated

from latentloom.graph import InputError, Widget, node

from .numbers import known_value

LONGEST_SECONDS = 5.0
"""For a regular expression."""
FIELD = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
"""An escaped bracket, a field, or a bracket that stands alone (a mistake)."""


@node(category="text", facts=known_value)
def text(value: Annotated[str, Widget("multiline"), "the text"] = "") -> str:
    """A text, to be used in several places."""
    return value


@node(category="text")
def template(
    text: Annotated[str, Widget("multiline"), "with fields in curly brackets: 'a {animal} in {place}'"],
    **values: Annotated[str, "what stands in the field of this name"],
) -> str:
    """Fill the fields of a text: `a {animal}` with animal = fox is `a fox`.

    A field is the name of an input in curly brackets and nothing more; `{{` and `}}` give the brackets themselves.
    Values are put in as they are: brackets in them mean nothing.
    """
    used: set[str] = set()

    def filled(found: re.Match[str]) -> str:
        if found[0] in ("{{", "}}"):
            return found[0][0]
        name = found[1]
        if name is None:
            raise InputError(f"The template has a single {found[0]!r}: write {found[0] * 2!r} for the bracket itself.")
        if name not in values:
            raise InputError(
                f"The template has the field {{{name}}}, and there is no input {name!r}: add one, or use "
                f"{_listed(values)}."
            )
        used.add(name)
        return values[name]

    result = FIELD.sub(filled, text)
    if unused := values.keys() - used:
        raise InputError(
            f"The template has no field for {_listed(sorted(unused))}: write the name in curly brackets where its "
            "value belongs, or remove the input."
        )
    return result


@node(category="text")
def join_text(
    items: Annotated[list[str], "the texts, in order"],
    separator: Annotated[str, "what stands between them"] = ", ",
) -> str:
    """Join texts to one, with a separator between them."""
    return separator.join(items)


@node(category="text")
def replace_text(
    text: Annotated[str, Widget("multiline"), "the text that is changed"],
    find: Annotated[str, "what to look for"],
    replacement: Annotated[str, "what stands there instead; with `regex`, \\1 is the first group"] = "",
    regex: Annotated[bool, "read `find` as a regular expression (Python's, as the package `regex` reads them)"] = False,
) -> str:
    """Replace a part of a text wherever it stands."""
    if not find:
        raise InputError("There is nothing to look for: give the text to be replaced.")
    if not regex:
        return text.replace(find, replacement)
    import regex as expressions  # `re` with a limit of time: some expressions take longer than a life

    try:
        changed: str = expressions.sub(find, replacement, text, timeout=LONGEST_SECONDS)
        return changed
    except TimeoutError as error:
        raise InputError(
            f"{find!r} was not done with a text of {len(text):,} letters after {LONGEST_SECONDS:g} s. "
            "Make it simpler: repeated groups within repeated groups take long."
        ) from error
    except (expressions.error, IndexError, OverflowError, RecursionError) as error:
        raise InputError(f"{find!r} with {replacement!r} is not a usable regular expression: {error}.") from error


def _listed(names: Iterable[str]) -> str:
    return ", ".join(repr(name) for name in names) or "none"
