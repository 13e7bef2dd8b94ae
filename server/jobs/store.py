"""The job store: every accepted job, what became of it, and the order in which jobs run.

A job is accepted once it is on disk. Its states:

    queued ──▶ running ──▶ done | failed | cancelled      (each job ends exactly once)
      ▲           │                     │
      └───────────┴── engine or server  └── retry: queued again
                      ended meanwhile

Jobs run by priority (higher first), then by place (lower first), then as they were accepted.
"""

from __future__ import annotations

import json
import re
import secrets
import sqlite3
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from latentloom.graph import LatentloomError

from ..api import FileEntry, Job, JobError, JobState, Progress
from ..storage.database import Database, Transaction
from .history import Page, Search, conditions, literal_texts, words_of

FILE = re.compile(r"sha256:([0-9a-f]{64})")
GAP = 1024.0
"""Between the places of neighbours in the line, so that jobs can be put in between."""


class UnknownJob(LatentloomError):
    """There is no job of that id (any more)."""

    def __init__(self, job: str) -> None:
        super().__init__(f"there is no job {job!r}.")


class WrongState(LatentloomError):
    """The job's state does not allow what was asked; the message says what would."""


@dataclass(frozen=True)
class NewJobs:
    """What a request asks for: one document, and the inputs of each job."""

    workflow: Mapping[str, Any]
    inputs: Sequence[Mapping[str, Any]]
    """Given ones only, one entry a job."""
    wanted: Sequence[str] | None = None
    priority: int = 0
    title: str = ""
    front: bool = False


@dataclass(frozen=True)
class Order:
    """What the engine needs of a job."""

    job: Job
    workflow: dict[str, Any]
    wanted: list[str] | None
    crashes: int


@dataclass(frozen=True)
class First:
    """The job that is first in line."""

    id: str
    crashes: int
    """How many engines ended while they ran it."""


@dataclass(frozen=True)
class Request:
    """What a job was asked to do, and what went wrong with it in all attempts, oldest first."""

    workflow: dict[str, Any]
    wanted: list[str] | None
    errors: list[JobError]


class JobStore:
    """Jobs in the database. Every change is on disk when its method returns; each may raise StorageFull."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._progress: dict[str, Progress] = {}
        """Of running jobs; the database learns it when they end."""

    # --- changes

    async def accept(self, new: NewJobs) -> list[Job]:
        """Store jobs as queued, all or none. Raises StorageFull."""
        document = json.dumps(new.workflow, ensure_ascii=False, separators=(",", ":"))
        digest = sha256(document.encode()).hexdigest()
        group, created = new_id(), time.time()
        title = new.title or str(new.workflow.get("title") or "")
        ids = [new_id() for _ in new.inputs]
        literals = literal_texts(new.workflow)
        async with self._database.transaction() as change:
            await change.run("INSERT OR IGNORE INTO documents VALUES (?, ?)", (digest, document))
            number = (await change.number("SELECT coalesce(max(number), 0) FROM jobs")) + 1
            place = number * GAP
            if new.front:
                first = "SELECT coalesce(min(place), ?) FROM jobs WHERE state = 'queued' AND priority = ?"
                place = await change.number(first, (place, new.priority)) - GAP * len(ids)
            rows: list[tuple[Any, ...]] = []
            files: list[tuple[str, int]] = []
            for i, (id_, given) in enumerate(zip(ids, new.inputs, strict=True)):
                text = json.dumps(given, ensure_ascii=False)
                rows.append(
                    (
                        *(number + i, id_, group, title, words_of(title, given, literals), "queued", new.priority),
                        *(place + GAP * i, created, digest, text, json.dumps(new.wanted)),
                    )
                )
                files += ((file, number + i) for file in {*FILE.findall(document), *FILE.findall(text)})
            await change.run_many(_INSERT, rows)
            await change.run_many("INSERT INTO job_files (digest, job) VALUES (?, ?)", files)
            accepted = await change.all(f"{_SELECT} WHERE group_id = ? ORDER BY number", (group,))
        return [self._job(row) for row in accepted]

    async def recover(self) -> int:
        """After a start: what an earlier life of the server was running is queued again. Returns how many.

        They keep their places, so they are first in line again.
        """
        async with self._database.transaction() as change:
            return await change.run("UPDATE jobs SET state = 'queued' WHERE state = 'running'")

    async def first(self) -> First | None:
        """The job that is first in line."""
        row = await self._database.one(f"SELECT id, crashes FROM jobs WHERE state = 'queued' {_LINE} LIMIT 1")
        return First(row["id"], row["crashes"]) if row else None

    async def begin(self, job: str) -> Order | None:
        """A queued job is running now; None if it is not queued any more."""
        async with self._database.transaction() as change:
            begun = await change.run(
                "UPDATE jobs SET state = 'running', started = ?, attempts = attempts + 1 "
                "WHERE id = ? AND state = 'queued'",
                (time.time(), job),
            )
            row = await change.one(f"{_SELECT} WHERE id = ?", (job,))
        if not begun or row is None:
            return None
        workflow = await self.document(row["document"])
        return Order(self._job(row), workflow, json.loads(row["wanted"]), row["crashes"])

    async def requeue(self, job: str, *, crash: JobError | None = None) -> Job:
        """A running job is queued again, at its place; `crash` tells how the engine that ran it ended."""
        async with self._database.transaction() as change:
            row = await _require(change, job)
            errors = [*json.loads(row["errors"]), *([crash.model_dump()] if crash else [])]
            await change.run(
                "UPDATE jobs SET state = 'queued', crashes = crashes + ?, errors = ? "
                "WHERE id = ? AND state = 'running'",
                (crash is not None, json.dumps(errors), job),
            )
            row = await _require(change, job)
        self._progress.pop(job, None)
        return self._job(row)

    async def end(
        self,
        job: str,
        state: JobState,
        *,
        error: JobError | None = None,
        outputs: Mapping[str, Sequence[FileEntry]] | None = None,
        report: bytes | None = None,
    ) -> Job | None:
        """End a queued or running job; None if it has ended already."""
        progress = self._progress.get(job, Progress())
        made = {name: [file.model_dump() for file in files] for name, files in (outputs or {}).items()}
        async with self._database.transaction() as change:
            row = await change.one(f"{_SELECT} WHERE id = ? AND state IN ('queued', 'running')", (job,))
            if row is None:
                return None
            errors = [*json.loads(row["errors"]), *([error.model_dump()] if error else [])]
            await change.run(
                "UPDATE jobs SET state = ?, finished = ?, errors = ?, outputs = ?, done = ?, total = ? WHERE id = ?",
                (state, time.time(), json.dumps(errors), json.dumps(made), progress.done, progress.total, job),
            )
            await _keep_files(change, job, {file["digest"] for files in made.values() for file in files})
            if report is not None:
                await change.run("INSERT OR REPLACE INTO reports VALUES (?, ?)", (row["number"], report))
            row = await _require(change, job)
        self._progress.pop(job, None)
        return self._job(row)

    async def retry(self, job: str) -> Job:
        """Queue a failed or cancelled job again, last in its line. Raises UnknownJob, WrongState."""
        async with self._database.transaction() as change:
            row = await _require(change, job)
            if row["state"] not in ("failed", "cancelled"):
                raise WrongState(f"the job is {row['state']}: only failed and cancelled jobs can be tried again.")
            last = await change.number("SELECT max(number) FROM jobs")
            await change.run(
                "UPDATE jobs SET state = 'queued', finished = NULL, crashes = 0, done = 0, total = 0, place = ? "
                "WHERE id = ?",
                ((last + 0.5) * GAP, job),
            )
            return self._job(await _require(change, job))

    async def move(self, job: str, priority: int | None = None, before: str | None = None) -> Job:
        """Give a queued job another priority, or put it in front of another queued job (taking its priority).

        Raises UnknownJob, WrongState.
        """
        async with self._database.transaction() as change:
            row = await _require_queued(change, job)
            place = row["place"]
            if before is not None and before != job:
                target = await _require_queued(change, before)
                if priority is not None and priority != target["priority"]:
                    what = f"the job {before!r} has priority {target['priority']}"
                    raise WrongState(f"{what}: leave the priority out to move in front of it.")
                priority = target["priority"]
                place = await _place_before(change, job, target)
            if priority is None:
                priority = row["priority"]
            await change.run("UPDATE jobs SET priority = ?, place = ? WHERE id = ?", (priority, place, job))
            return self._job(await _require(change, job))

    async def delete(self, job: str) -> None:
        """Forget an ended job; its files stay until a clean-up. Raises UnknownJob, WrongState."""
        async with self._database.transaction() as change:
            row = await _require(change, job)
            if row["state"] in ("queued", "running"):
                raise WrongState(f"the job is {row['state']}: cancel it before you delete it.")
            await change.run("DELETE FROM jobs WHERE id = ?", (job,))
            unused = "NOT EXISTS (SELECT 1 FROM jobs WHERE document = digest)"
            await change.run(f"DELETE FROM documents WHERE digest = ? AND {unused}", (row["document"],))

    def note_progress(self, job: str, progress: Progress) -> None:
        """How far a running job has come."""
        self._progress[job] = progress

    # --- questions

    async def get(self, job: str) -> Job:
        """Raises UnknownJob."""
        return self._job(await self._row(job))

    async def request(self, job: str) -> Request:
        """What a job was asked to do. Raises UnknownJob."""
        row = await self._row(job)
        errors = [JobError.model_validate(error) for error in json.loads(row["errors"])]
        return Request(await self.document(row["document"]), json.loads(row["wanted"]), errors)

    async def report(self, job: str) -> bytes | None:
        """What was noted of an ended job's calls. Raises UnknownJob."""
        number = (await self._row(job))["number"]
        row = await self._database.one("SELECT content FROM reports WHERE job = ?", (number,))
        return row["content"] if row else None

    async def search(self, search: Search) -> Page:
        """Jobs, newest first."""
        terms, values = conditions(search)
        where = f"WHERE {' AND '.join(terms)}" if terms else ""
        rows = await self._database.all(f"{_SELECT} {where} ORDER BY number DESC LIMIT ?", (*values, search.limit + 1))
        shown = rows[: search.limit]
        return Page([self._job(row) for row in shown], str(shown[-1]["number"]) if len(rows) > len(shown) else None)

    async def live(self, limit: int = 1_000_000) -> list[Job]:
        """Running and queued jobs, in the order in which they run, the first ones of very many."""
        order = "ORDER BY state = 'queued', priority DESC, place, number LIMIT ?"
        rows = await self._database.all(f"{_SELECT} WHERE state IN ('queued', 'running') {order}", (limit,))
        return [self._job(row) for row in rows]

    async def counts(self) -> dict[JobState, int]:
        """How many jobs are in each state."""
        return {row[0]: row[1] for row in await self._database.all("SELECT state, count(*) FROM jobs GROUP BY state")}

    async def digests(self) -> set[str]:
        """Every file that some job reads or made."""
        return {row[0] for row in await self._database.all("SELECT DISTINCT digest FROM job_files")}

    async def document_of(self, job: str) -> str:
        """The digest of the document that a job runs. Raises UnknownJob."""
        return str((await self._row(job))["document"])

    async def document_text(self, digest: str) -> str:
        row = await self._database.one("SELECT content FROM documents WHERE digest = ?", (digest,))
        return row["content"] if row else "{}"

    async def document(self, digest: str) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(await self.document_text(digest))
        return document

    # --- settings that are remembered

    async def paused(self) -> bool:
        row = await self._database.one("SELECT value FROM settings WHERE name = 'paused'")
        return row is not None and row["value"] == "1"

    async def pause(self, paused: bool) -> None:
        async with self._database.transaction() as change:
            await change.run("INSERT OR REPLACE INTO settings VALUES ('paused', ?)", (str(int(paused)),))

    async def _row(self, job: str) -> sqlite3.Row:
        row = await self._database.one(f"{_SELECT} WHERE id = ?", (job,))
        if row is None:
            raise UnknownJob(job)
        return row

    def _job(self, row: sqlite3.Row) -> Job:
        errors = json.loads(row["errors"])
        outputs = json.loads(row["outputs"])
        progress = self._progress.get(row["id"]) or Progress(done=row["done"], total=row["total"])
        return Job(
            id=row["id"],
            group=row["group_id"],
            title=row["title"],
            state=row["state"],
            priority=row["priority"],
            order=row["place"],
            created=row["created"],
            started=row["started"],
            finished=row["finished"],
            progress=progress,
            inputs=json.loads(row["inputs"]),
            outputs={name: [FileEntry.model_validate(file) for file in files] for name, files in outputs.items()},
            error=JobError.model_validate(errors[-1]) if errors and row["state"] == "failed" else None,
            attempts=row["attempts"],
        )


_LINE = "ORDER BY priority DESC, place, number"
_SELECT = "SELECT * FROM jobs"
_INSERT = """
    INSERT INTO jobs (number, id, group_id, title, words, state, priority, place, created, document, inputs, wanted)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


def new_id() -> str:
    """Short, not to be guessed, safe in addresses and file names."""
    return secrets.token_hex(8)


async def _keep_files(change: Transaction, job: str, digests: Iterable[str]) -> None:
    insert = "INSERT OR IGNORE INTO job_files SELECT number, ? FROM jobs WHERE id = ?"
    await change.run_many(insert, [(digest, job) for digest in sorted(digests)])


async def _require(change: Transaction, job: str) -> sqlite3.Row:
    row = await change.one(f"{_SELECT} WHERE id = ?", (job,))
    if row is None:
        raise UnknownJob(job)
    return row


async def _require_queued(change: Transaction, job: str) -> sqlite3.Row:
    row = await _require(change, job)
    if row["state"] != "queued":
        raise WrongState(f"the job {job!r} is {row['state']}: only queued jobs can be moved.")
    return row


async def _place_before(change: Transaction, job: str, target: sqlite3.Row) -> float:
    """A place between a queued job and the one in front of it. Makes room where there is none."""
    others = f"{_SELECT} WHERE state = 'queued' AND priority = ? AND id != ? ORDER BY place, number"
    rows = await change.all(others, (target["priority"], job))
    at = next(i for i, row in enumerate(rows) if row["id"] == target["id"])
    if at == 0:
        return float(target["place"]) - GAP
    low, high = float(rows[at - 1]["place"]), float(target["place"])
    if low < (low + high) / 2 < high:
        return (low + high) / 2
    places = [(rows[0]["place"] + GAP * i, row["id"]) for i, row in enumerate(rows)]
    await change.run_many("UPDATE jobs SET place = ? WHERE id = ?", places)
    return float(places[at][0]) - GAP / 2
