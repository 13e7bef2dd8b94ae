"""Reading what a request brings: within limits of size, time and depth, and strictly as JSON.

JSON is refused where it is nested deeper than any workflow, names a field twice, or holds NaN or an infinity.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any, TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from ..problems import Refusal, misfit

JSON_LIMIT_BYTES = 16 * 2**20
SLOWEST_BYTES_PER_SECOND = 8_000
"""On average, after a start of twice the time that a part may take."""
DEPTH_LIMIT = 64
LARGE_BYTES = 100_000
"""Larger bodies are parsed in a thread, so that others are answered meanwhile."""

Model = TypeVar("Model", bound=BaseModel)


async def read_model(request: web.Request, model: type[Model], part_seconds: float) -> Model:
    """The request's body; each part of it comes within a time. Raises Refusal."""
    if request.content_type != "application/json":
        told = f"A body of application/json was expected, and came as {request.content_type}."
        raise Refusal(415, "not-json", told)
    text = b"".join([part async for part in read_parts(request, JSON_LIMIT_BYTES, part_seconds)])
    if len(text) > LARGE_BYTES:
        return await asyncio.to_thread(_read, text, model)
    return _read(text, model)


async def read_parts(request: web.Request, limit_bytes: int, part_seconds: float) -> AsyncIterator[bytes]:
    """The body's parts as they come. Raises Refusal where they are too many, or too slow."""
    if "Content-Encoding" in request.headers:
        raise Refusal(415, "compressed", "Bodies are taken as they are, not compressed.")
    if request.content_length is not None and request.content_length > limit_bytes:
        raise _too_large(limit_bytes)
    size, clock = 0, asyncio.get_running_loop()
    began = clock.time()
    while True:
        try:
            async with asyncio.timeout(part_seconds):
                part = await request.content.readany()
        except TimeoutError:
            raise _too_slow() from None
        if not part:
            return
        size += len(part)
        if size > limit_bytes:
            raise _too_large(limit_bytes)
        if clock.time() - began > 2 * part_seconds + size / SLOWEST_BYTES_PER_SECOND:
            raise _too_slow()
        yield part


def parse_json(text: bytes) -> Any:
    """Raises Refusal where the text is not JSON as we take it."""
    try:
        content = json.loads(text, object_pairs_hook=_no_duplicates, parse_constant=_no_constant)
    except RecursionError:
        raise _too_deep() from None
    except ValueError as error:
        raise Refusal(400, "not-json", f"The body is not JSON: {error}.") from None
    _check_depth(content)
    return content


def _read(text: bytes, model: type[Model]) -> Model:
    content = parse_json(text)
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise misfit(error, "body") from None


def _check_depth(content: Any) -> None:
    level = [content]
    for _ in range(DEPTH_LIMIT):
        level = [
            child
            for item in level
            if isinstance(item, dict | list)
            for child in (item.values() if isinstance(item, dict) else item)
        ]
        if not level:
            return
    raise _too_deep()


def _too_slow() -> Refusal:
    return Refusal(408, "too-slow", "The body came too slowly. Send it again.")


def _too_deep() -> Refusal:
    return Refusal(400, "too-deep", f"The body is nested too deeply: at most {DEPTH_LIMIT} levels are read.")


def _too_large(limit_bytes: int) -> Refusal:
    return Refusal(413, "too-large", f"The body is too large: at most {limit_bytes:,} bytes are taken here.")


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the name {twice[:80]!r} stands twice in one object")
    return result


def _no_constant(text: str) -> float:
    raise ValueError(f"{text} is not a number in JSON")
