"""The job store: accepted jobs, their order and their ends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from latentloom.server.api import FileEntry, JobError, Progress
from latentloom.server.jobs.history import Search
from latentloom.server.jobs.store import JobStore, NewJobs, UnknownJob, WrongState
from latentloom.server.storage.database import Database, open_database

WORKFLOW = {
    "latentloom": 1,
    "title": "Pictures",
    "inputs": {"prompt": {"type": "str", "default": "a red heart"}, "seed": {"type": "int", "default": 1}},
    "nodes": {"loop": {"type": "loop", "body": {"text": {"type": "tokenize", "values": {"text": "Blauer Wal"}}}}},
}


def with_store(path: Path, work: Callable[[JobStore], Awaitable[Any]]) -> Any:
    async def main() -> Any:
        database: Database = await open_database(path / "jobs.sqlite")
        try:
            return await work(JobStore(database))
        finally:
            await database.close()

    return asyncio.run(main())


async def add(store: JobStore, count: int = 1, **more: Any) -> list[str]:
    jobs = await store.accept(NewJobs(more.pop("workflow", WORKFLOW), [{"seed": i} for i in range(count)], **more))
    return [job.id for job in jobs]


async def line(store: JobStore) -> list[str]:
    return [job.id for job in await store.live()]


def test_a_sweep_is_one_group_and_known_after_a_restart(tmp_path: Path) -> None:
    async def accept(store: JobStore) -> list[str]:
        jobs = await store.accept(NewJobs(WORKFLOW, [{"seed": 1}, {"seed": 2}], ["image"], priority=3))
        assert [job.inputs for job in jobs] == [{"seed": 1}, {"seed": 2}]
        assert len({job.group for job in jobs}) == 1
        assert {job.title for job in jobs} == {"Pictures"}
        return [job.id for job in jobs]

    async def read(store: JobStore) -> None:
        assert await line(store) == ids
        request = await store.request(ids[0])
        assert (request.workflow, request.wanted) == (WORKFLOW, ["image"])

    ids = with_store(tmp_path, accept)
    with_store(tmp_path, read)


def test_jobs_run_by_priority_then_as_they_came_and_front_goes_before(tmp_path: Path) -> None:
    async def work(store: JobStore) -> None:
        (plain,) = await add(store)
        (later,) = await add(store)
        (urgent,) = await add(store, priority=5)
        (low,) = await add(store, priority=-1)
        front = await add(store, 2, front=True)
        assert await line(store) == [urgent, *front, plain, later, low]
        first = await store.first()
        assert first is not None
        assert first.id == urgent

    with_store(tmp_path, work)


def test_a_job_ends_exactly_once(tmp_path: Path) -> None:
    async def work(store: JobStore) -> None:
        (job,) = await add(store)
        order = await store.begin(job)
        assert order is not None
        assert (order.job.state, order.job.attempts) == ("running", 1)
        assert await store.begin(job) is None
        store.note_progress(job, Progress(done=3, total=9))
        assert (await store.get(job)).progress == Progress(done=3, total=9)
        file = FileEntry(
            digest="a" * 64, name="x.png", media_type="image/png", bytes=1, width=1, height=1, kind="output", created=1
        )
        done = await store.end(job, "done", outputs={"image": [file]}, report=b"report")
        assert done is not None
        assert (done.state, done.outputs, done.progress) == ("done", {"image": [file]}, Progress(done=3, total=9))
        assert await store.end(job, "failed", error=JobError(message="late")) is None
        assert await store.get(job) == done
        assert await store.report(job) == b"report"
        assert await store.digests() == {"a" * 64}

    with_store(tmp_path, work)


def test_what_was_running_is_first_in_line_after_a_restart(tmp_path: Path) -> None:
    async def begin(store: JobStore) -> list[str]:
        ids = await add(store, 3)
        await store.begin(ids[0])
        await store.begin(ids[1])
        return ids

    async def recover(store: JobStore) -> None:
        assert await store.recover() == 2
        assert await line(store) == ids
        assert {job.state for job in await store.live()} == {"queued"}
        order = await store.begin(ids[0])
        assert order is not None
        assert (order.job.attempts, order.crashes) == (2, 0)

    ids = with_store(tmp_path, begin)
    with_store(tmp_path, recover)


def test_an_engine_that_ended_is_noted_and_the_job_keeps_its_place(tmp_path: Path) -> None:
    async def work(store: JobStore) -> None:
        ids = await add(store, 2)
        await store.begin(ids[0])
        queued = await store.requeue(ids[0], crash=JobError(message="it ended"))
        assert (queued.state, queued.error) == ("queued", None)
        first = await store.first()
        assert first is not None
        assert (first.id, first.crashes) == (ids[0], 1)
        assert [error.message for error in (await store.request(ids[0])).errors] == ["it ended"]

    with_store(tmp_path, work)


def test_jobs_are_moved_in_front_of_others_however_often(tmp_path: Path) -> None:
    async def work(store: JobStore) -> None:
        ids = await add(store, 4)
        await store.move(ids[3], before=ids[1])
        assert await line(store) == [ids[0], ids[3], ids[1], ids[2]]
        for _ in range(120):  # more often than a float can be halved
            await store.move(ids[2], before=ids[1])
            await store.move(ids[1], before=ids[2])
        assert await line(store) == [ids[0], ids[3], ids[1], ids[2]]
        moved = await store.move(ids[0], priority=-3)
        assert moved.priority == -3
        assert (await line(store))[-1] == ids[0]
        taken = await store.move(ids[1], before=ids[0])
        assert taken.priority == -3
        assert (await line(store))[-2:] == [ids[1], ids[0]]

    with_store(tmp_path, work)


def test_only_what_the_state_allows(tmp_path: Path) -> None:
    async def work(store: JobStore) -> None:
        running, queued = await add(store, 2)
        await store.begin(running)
        for refused in (store.move(running, priority=1), store.delete(running), store.retry(queued)):
            with pytest.raises(WrongState):
                await refused
        for unknown in (store.get("x"), store.move("x"), store.delete("x"), store.retry("x"), store.request("x")):
            with pytest.raises(UnknownJob):
                await unknown
        await store.end(running, "failed", error=JobError(message="no", node="text"))
        assert (await store.get(running)).error == JobError(message="no", node="text")
        again = await store.retry(running)
        assert (again.state, again.error, again.finished) == ("queued", None, None)
        assert await line(store) == [queued, running]
        await store.end(running, "cancelled")
        await store.delete(running)
        with pytest.raises(UnknownJob):
            await store.get(running)

    with_store(tmp_path, work)


def test_a_document_stays_as_long_as_a_job_needs_it(tmp_path: Path) -> None:
    async def work(store: JobStore) -> None:
        first, second = await add(store, 2)
        for job in (first, second):
            await store.end(job, "cancelled")
        await store.delete(first)
        assert (await store.request(second)).workflow == WORKFLOW

    with_store(tmp_path, work)


def test_history_is_found_by_words_state_group_and_time(tmp_path: Path) -> None:
    async def work(store: JobStore) -> None:
        jobs = await store.accept(NewJobs(WORKFLOW, [{"prompt": "Grüne 100% Äpfel"}, {"prompt": "a fox"}]))
        apple, fox = (job.id for job in jobs)
        (other,) = await add(store, title="Something else")
        await store.end(fox, "cancelled")

        async def found(**search: Any) -> list[str]:
            return [job.id for job in (await store.search(Search(**search))).jobs]

        assert await found() == [other, fox, apple]
        assert await found(words="grüne ÄPFEL") == [apple]
        assert await found(words="100%") == [apple]
        assert await found(words="1_0") == []
        assert await found(words="blauer") == [other, fox, apple]
        assert await found(words="else") == [other]
        assert await found(states=["cancelled"]) == [fox]
        assert await found(group=jobs[0].group) == [fox, apple]
        assert await found(since=jobs[0].created + 3600) == []
        assert await found(until=jobs[0].created + 3600) == [other, fox, apple]

    with_store(tmp_path, work)


def test_history_is_read_page_by_page(tmp_path: Path) -> None:
    async def work(store: JobStore) -> None:
        ids = await add(store, 7)
        seen: list[str] = []
        before = None
        while True:
            page = await store.search(Search(limit=3, before=before))
            seen += [job.id for job in page.jobs]
            before = page.next
            if before is None:
                break
        assert seen == ids[::-1]

    with_store(tmp_path, work)


def test_files_in_workflow_and_inputs_are_kept(tmp_path: Path) -> None:
    async def work(store: JobStore) -> None:
        workflow = WORKFLOW | {"nodes": {"load": {"type": "load_image", "values": {"path": "sha256:" + "1" * 64}}}}
        await store.accept(NewJobs(workflow, [{"mask": "sha256:" + "2" * 64}]))
        assert await store.digests() == {"1" * 64, "2" * 64}

    with_store(tmp_path, work)


def test_a_paused_queue_is_remembered(tmp_path: Path) -> None:
    with_store(tmp_path, lambda store: store.pause(True))
    assert with_store(tmp_path, lambda store: store.paused())
    with_store(tmp_path, lambda store: store.pause(False))
    assert not with_store(tmp_path, lambda store: store.paused())
