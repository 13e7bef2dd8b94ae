"""How a prompt is cut into tokens."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from .body import Body


class TokensRequest(Body):
    model: Annotated[str, Field(min_length=1, max_length=200)]
    text: Annotated[str, Field(max_length=100_000)]


class TokensAnswer(Body):
    """What the node `tokenize` will make of a text."""

    count: int
    """Tokens of the text itself."""
    limit: int
    """How many of them one chunk takes."""
    chunks: list[tuple[int, int]]
    """First and last (excluded) character of each chunk; characters are Unicode code points."""
