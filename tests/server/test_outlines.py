"""The documents of the jobs that were asked about last are kept as they are walked, a few of them."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from latentloom.server.jobs.outlines import KEPT, Outlines
from latentloom.server.jobs.store import JobStore, NewJobs, UnknownJob
from latentloom.server.storage.database import open_database

from .conftest import node, stripes


def test_a_document_is_parsed_once_while_its_jobs_are_asked_about(tmp_path: Path) -> None:
    async def main() -> None:
        database = await open_database(tmp_path / "jobs.sqlite")
        store = JobStore(database)
        outlines = Outlines(store)
        one, other = await store.accept(NewJobs(stripes(), [{"seed": 1}, {"seed": 2}]))
        outline = await outlines.of(one.id)
        assert outline.homes.keys() == stripes()["nodes"].keys()
        assert await outlines.of(other.id) is outline  # of the same document
        for number in range(KEPT):
            more = stripes(**{f"more{number}": node("darker")})
            (job,) = await store.accept(NewJobs(more, [{}]))
            assert f"more{number}" in (await outlines.of(job.id)).homes
        assert await outlines.of(one.id) is not outline
        with pytest.raises(UnknownJob):
            await outlines.of("nobody")
        await database.close()

    asyncio.run(main())
