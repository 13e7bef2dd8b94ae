"""The server's one database: SQLite in WAL mode, its schema made by numbered migrations.

A transaction that has ended is on disk (`synchronous=FULL`): what was accepted survives kill -9 and a power cut. There
is one connection, used by one transaction at a time; readers outside of one see what was committed last.
"""

from __future__ import annotations

import asyncio
import errno
import sqlite3
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import aiosqlite

from latentloom.graph import EnvironmentFault

from .migrations import MIGRATIONS

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class StorageFull(EnvironmentFault):
    """No room on the disk, or over a quota: nothing was stored; it can be tried again when there is room."""


@contextmanager
def as_storage_full() -> Any:
    """Turns what says that the disk is full, from SQLite or the file system, into StorageFull."""
    try:
        yield
    except sqlite3.OperationalError as error:
        # "disk I/O error" is what a quota looks like from inside SQLite.
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
            raise StorageFull("the disk with the data folder is full: make room, and it goes on by itself.") from error
        raise
    except OSError as error:
        if error.errno in FULL:
            raise StorageFull("the disk with the data folder is full: make room, and it goes on by itself.") from error
        raise


class Database:
    """Open it with `open_database`."""

    def __init__(self, reader: aiosqlite.Connection, writer: aiosqlite.Connection) -> None:
        self._reader = reader
        self._writer = writer
        self._turn = asyncio.Lock()

    async def all(self, sql: str, values: Sequence[Any] = ()) -> list[sqlite3.Row]:
        """All rows of a query, as last committed."""
        return list(await self._reader.execute_fetchall(sql, values))

    async def one(self, sql: str, values: Sequence[Any] = ()) -> sqlite3.Row | None:
        """The first row of a query, or None."""
        rows = await self.all(sql, values)
        return rows[0] if rows else None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """One at a time; committed (on disk) when the block ends, undone when it raises. Raises StorageFull."""
        async with self._turn:
            with as_storage_full():
                try:
                    await self._writer.execute("BEGIN IMMEDIATE")
                    yield Transaction(self._writer)
                    await self._writer.execute("COMMIT")
                except BaseException:
                    # After what a cancelled task still has in the connection's line; nothing where that has committed.
                    await self._writer.rollback()
                    raise

    async def close(self) -> None:
        """Wait for the transaction under way, and close."""
        async with self._turn:
            await self._reader.close()
            await self._writer.close()


class Transaction:
    """What a block of `Database.transaction` works with; it sees its own changes."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def run(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Execute one statement; returns how many rows it changed."""
        async with self._connection.execute(sql, values) as cursor:
            return cursor.rowcount

    async def run_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        async with self._connection.executemany(sql, rows):
            pass

    async def all(self, sql: str, values: Sequence[Any] = ()) -> list[sqlite3.Row]:
        return list(await self._connection.execute_fetchall(sql, values))

    async def one(self, sql: str, values: Sequence[Any] = ()) -> sqlite3.Row | None:
        rows = await self.all(sql, values)
        return rows[0] if rows else None

    async def number(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """The one value that a query gives."""
        ((value,),) = await self.all(sql, values)
        return value


async def open_database(path: Path) -> Database:
    """Open or create the database file, and bring its schema up to date. Raises EnvironmentFault."""
    opened: list[aiosqlite.Connection] = []
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with as_storage_full():
            for _ in range(2):
                opened.append(await aiosqlite.connect(path, isolation_level=None, timeout=30))
            reader, writer = opened
            await _migrate(writer, path)
            for connection in opened:
                await _set_up(connection)
            await reader.execute("PRAGMA query_only=ON")
    except BaseException as error:
        for connection in opened:
            await connection.close()
        if isinstance(error, OSError | sqlite3.DatabaseError):
            raise EnvironmentFault(f"the database {path} cannot be opened: {error}.") from error
        raise
    return Database(reader, writer)


async def _set_up(connection: aiosqlite.Connection) -> None:
    connection.row_factory = sqlite3.Row
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-8192"):
        await connection.execute(f"PRAGMA {pragma}")


async def _migrate(connection: aiosqlite.Connection, path: Path) -> None:
    """Run the migrations that the file has not seen; each is one transaction, numbered by `user_version`."""
    ((version,),) = await connection.execute_fetchall("PRAGMA user_version")
    if version > len(MIGRATIONS):
        raise EnvironmentFault(
            f"the database {path} was written by a newer release (schema {version}; this one knows "
            f"{len(MIGRATIONS)}): update latentloom, or choose another data folder."
        )
    for number, script in enumerate(MIGRATIONS[version:], version + 1):
        await connection.executescript(f"BEGIN IMMEDIATE;\n{script}\nPRAGMA user_version={number};\nCOMMIT;")
