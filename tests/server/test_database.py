"""The database: what is committed stays, what fails leaves nothing, a full disk is told as such."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from latentloom.graph import EnvironmentFault
from latentloom.server.storage.database import Database, StorageFull, open_database
from latentloom.server.storage.migrations import MIGRATIONS


def with_database(path: Path, work: Callable[[Database], Awaitable[Any]]) -> Any:
    async def main() -> Any:
        database = await open_database(path)
        try:
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(main())


def test_a_new_database_has_the_newest_schema_and_is_durable(tmp_path: Path) -> None:
    async def look(database: Database) -> list[Any]:
        async with database.transaction() as change:
            pragmas = ("user_version", "journal_mode", "synchronous", "foreign_keys")
            return [await change.number(f"PRAGMA {pragma}") for pragma in pragmas]

    assert with_database(tmp_path / "new" / "a.sqlite", look) == [len(MIGRATIONS), "wal", 2, 1]


def test_migrations_run_once(tmp_path: Path) -> None:
    async def note(database: Database) -> None:
        async with database.transaction() as change:
            await change.run("INSERT INTO settings VALUES ('kept', '1')")

    async def read(database: Database) -> Any:
        row = await database.one("SELECT value FROM settings WHERE name = 'kept'")
        return row and row[0]

    with_database(tmp_path / "a.sqlite", note)
    assert with_database(tmp_path / "a.sqlite", read) == "1"


def test_a_database_of_a_newer_release_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 999")
    before = path.read_bytes()
    with pytest.raises(EnvironmentFault, match="newer release"):
        asyncio.run(open_database(path))
    assert path.read_bytes() == before


def test_what_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    path.write_bytes(b"something else entirely" * 100)
    with pytest.raises(EnvironmentFault, match="cannot be opened"):
        asyncio.run(open_database(path))


def test_a_transaction_that_fails_is_undone(tmp_path: Path) -> None:
    async def work(database: Database) -> int:
        async def fail() -> None:
            async with database.transaction() as change:
                await change.run("INSERT INTO settings VALUES ('half', '1')")
                raise ValueError("on purpose")

        with pytest.raises(ValueError, match="on purpose"):
            await fail()
        async with database.transaction() as change:
            await change.run("INSERT INTO settings VALUES ('whole', '1')")
        return len(await database.all("SELECT * FROM settings"))

    assert with_database(tmp_path / "a.sqlite", work) == 1


def test_a_full_disk_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    async def work(database: Database) -> list[str]:
        async with database.transaction() as change:
            await change.run("INSERT INTO settings VALUES ('before', '1')")
            pages = await change.number("PRAGMA page_count")
            await change.all(f"PRAGMA max_page_count = {pages}")

        async def fill() -> None:
            async with database.transaction() as change:
                await change.run("INSERT INTO settings VALUES ('large', ?)", ("x" * 10**6,))

        with pytest.raises(StorageFull, match="make room"):
            await fill()
        async with database.transaction() as change:
            await change.all("PRAGMA max_page_count = 1000000")
            await change.run("INSERT INTO settings VALUES ('after', '1')")
        return [row[0] for row in await database.all("SELECT name FROM settings ORDER BY name")]

    assert with_database(tmp_path / "a.sqlite", work) == ["after", "before"]


def test_a_transaction_whose_task_is_cancelled_leaves_the_connection_free(tmp_path: Path) -> None:
    async def work(database: Database) -> list[str]:
        async def add(name: str) -> None:
            async with database.transaction() as change:
                await change.run("INSERT INTO settings VALUES (?, '')", (name,))
                await asyncio.sleep(0)

        for turns in range(12):  # cancelled at another place each time
            task = asyncio.create_task(add(f"cancelled {turns}"))
            for _ in range(turns):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.wait([task])
        await add("whole")
        return [row[0] for row in await database.all("SELECT name FROM settings")]

    assert with_database(tmp_path / "a.sqlite", work)[-1] == "whole"


def test_many_transactions_at_once_do_not_mix(tmp_path: Path) -> None:
    async def work(database: Database) -> int:
        async def add() -> None:
            async with database.transaction() as change:
                number = await change.number("SELECT count(*) FROM settings")
                await change.run("INSERT INTO settings VALUES (?, '')", (str(number),))

        await asyncio.gather(*(add() for _ in range(50)))
        return len(await database.all("SELECT * FROM settings"))

    assert with_database(tmp_path / "a.sqlite", work) == 50
