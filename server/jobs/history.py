"""Finding jobs again: by words in titles and prompts, by state, group and time."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..api import Job, JobState
from ..storage.blobs import digest_in


@dataclass(frozen=True)
class Page:
    """Some jobs, and where to read on (None at the end)."""

    jobs: list[Job]
    next: str | None


@dataclass(frozen=True)
class Search:
    """Which jobs to list, newest first. `words` must all stand in the title or in a prompt."""

    words: str = ""
    states: Sequence[JobState] = ()
    group: str | None = None
    since: float | None = None
    """Created at or after this time, in seconds since 1970."""
    until: float | None = None
    before: str | None = None
    limit: int = 50


def literal_texts(part: Any) -> list[str]:
    """The texts that stand in a document's `values`, and defaults of its inputs: most are prompts."""
    found: list[str] = []
    waiting = [part]
    while waiting:
        match waiting.pop():
            case dict() as fields:
                for name, value in fields.items():
                    if name == "values" and isinstance(value, dict):
                        found += [text for text in value.values() if isinstance(text, str)]
                    elif name == "default" and isinstance(value, str):
                        found.append(value)
                    elif name != "layout":
                        waiting.append(value)
            case list() as items:
                waiting += items
    return found


def words_of(title: str, inputs: Mapping[str, Any], literals: Sequence[str]) -> str:
    """What a search looks through: case folded, each text once, no files."""
    texts = [title, *(value for value in inputs.values() if isinstance(value, str)), *literals]
    return "\n".join(dict.fromkeys(text for text in texts if text and digest_in(text) is None)).casefold()


def conditions(search: Search) -> tuple[list[str], list[Any]]:
    """Terms for a WHERE clause, all of which hold for what is searched, and their values."""
    terms: list[str] = []
    values: list[Any] = []
    for word in search.words.casefold().split():
        terms.append(r"words LIKE ? ESCAPE '\'")
        values.append("%" + re.sub(r"([\\%_])", r"\\\1", word) + "%")
    if search.states:
        terms.append(f"state IN ({', '.join('?' * len(search.states))})")
        values += search.states
    for term, value in (("group_id = ?", search.group), ("created >= ?", search.since), ("created < ?", search.until)):
        if value is not None:
            terms.append(term)
            values.append(value)
    if search.before is not None:
        terms.append("number < ?")
        values.append(int(search.before))
    return terms, values
