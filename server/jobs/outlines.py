"""The documents of the jobs that were asked about last, ready to be walked.

Whoever moves a slider over the steps of a loop asks for one picture after the other of the same job.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from latentloom.graph import Graph, Workflow
from latentloom.graph.document.homes import Home, homes

from .store import JobStore

KEPT = 4


@dataclass(frozen=True, slots=True)
class Outline:
    """The nodes of a document that was run. It had no faults, so ids are unique in all of it."""

    homes: Mapping[str, Home]
    subgraphs: Mapping[str, Graph]

    @classmethod
    def parse(cls, text: str) -> Outline:
        workflow = Workflow.parse(text)
        return cls({home.id: home for home in homes(workflow)}, workflow.subgraphs)


class Outlines:
    """Keeps a few, by the digests of their documents, so that none is ever out of date."""

    def __init__(self, store: JobStore) -> None:
        self._store = store
        self._kept: dict[str, Outline] = {}
        """The one that was asked for last stands last."""

    async def of(self, job: str) -> Outline:
        """Raises UnknownJob."""
        digest = await self._store.document_of(job)
        outline = self._kept.pop(digest, None)
        if outline is None:
            outline = await asyncio.to_thread(Outline.parse, await self._store.document_text(digest))
        self._kept[digest] = outline
        if len(self._kept) > KEPT:
            del self._kept[next(iter(self._kept))]
        return outline
