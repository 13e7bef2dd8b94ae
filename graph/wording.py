"""What pydantic finds wrong, in our words: one clause for each kind of its errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .literals import shown

EXPECTED = {
    "string_type": "text", "string_unicode": "text", "int_type": "a whole number", "int_parsing": "a whole number",
    "int_parsing_size": "a smaller whole number", "int_from_float": "a whole number", "float_type": "a number",
    "float_parsing": "a number", "finite_number": "an ordinary number", "bool_type": "true or false",
    "bool_parsing": "true or false", "list_type": "a list", "tuple_type": "a list", "dict_type": "an object",
    "model_type": "an object", "model_attributes_type": "an object", "path_type": "a path",
    "literal_error": "{expected}", "enum": "{expected}",
    "greater_than": "a number above {gt}", "greater_than_equal": "a number of at least {ge}",
    "less_than": "a number below {lt}", "less_than_equal": "a number of at most {le}",
    "string_too_short": "text of at least {min_length} characters",
    "string_too_long": "text of at most {max_length} characters",
}  # fmt: skip
"""Kind of error -> what was expected, with pydantic's own numbers."""


def told(error: Mapping[str, Any], *, secret: bool = False) -> str:
    """A sentence saying what was there and what was expected. `secret`: what was there is not shown."""
    kind, context = error["type"], error.get("ctx") or {}
    stands = "" if secret else f"{shown(error['input'])} stands where "
    if kind == "extra_forbidden":
        return "unknown field."
    if kind == "missing":
        return "this is missing."
    if kind == "value_error":
        return f"{context.get('error', error['msg'])}."
    if kind == "string_pattern_mismatch":
        return f"{shown(error['input'])} is not of the form that is expected."
    if kind in ("too_long", "too_short"):
        span = f"at most {context['max_length']}" if kind == "too_long" else f"at least {context['min_length']}"
        if context["field_type"] == "Value":  # a text that pydantic does not show
            return f"it has {context['actual_length']} characters; {span} are expected."
        return f"a list of {context['actual_length']} stands where {span} are expected."
    if kind in EXPECTED:
        return f"{stands}{EXPECTED[kind].format(**context)} is expected."
    return f"{error['msg']}."
