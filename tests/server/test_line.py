"""The line of jobs and its engine, without the HTTP side: what needs other settings than a server has."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from latentloom.server.api import Job
from latentloom.server.engine.protocol import EngineOptions
from latentloom.server.engine.supervisor import Supervisor, why
from latentloom.server.hub import Hub
from latentloom.server.jobs.dispatcher import Dispatcher
from latentloom.server.jobs.store import JobStore, NewJobs
from latentloom.server.storage.blobs import BlobStore
from latentloom.server.storage.database import open_database

from .faults import LIGHT, light

STUCK = '''
import time
from pathlib import Path

from latentloom import node


@node(category="test")
def stuck() -> str:
    """Never ends, and asks nobody."""
    Path(__file__).with_name("begun").touch()
    while True:
        time.sleep(0.01)
'''


class Room:
    """All parts but the HTTP side."""

    def __init__(self, store: JobStore, supervisor: Supervisor, dispatcher: Dispatcher) -> None:
        self.store = store
        self.supervisor = supervisor
        self.dispatcher = dispatcher

    async def submit(self, workflow: dict[str, Any], **inputs: Any) -> str:
        (job,) = await self.dispatcher.submit(NewJobs(workflow, [inputs]))
        return job.id

    async def until(self, job: str, *states: str) -> Job:
        while (found := await self.store.get(job)).state not in states:
            await asyncio.sleep(0.01)
        return found


def in_room(folder: Path, work: Callable[[Room], Awaitable[None]], **more: Any) -> None:
    plugins = folder / "plugins"
    plugins.mkdir()
    (plugins / "light.py").write_text(LIGHT)
    (plugins / "stuck.py").write_text(STUCK)

    async def main() -> None:
        database = await open_database(folder / "a.sqlite")
        store, supervisor = JobStore(database), Supervisor(EngineOptions(plugins=(plugins,)))
        dispatcher = Dispatcher(store, Hub(), supervisor, BlobStore(database, folder), **more)
        try:
            await dispatcher.start()
            await asyncio.wait_for(work(Room(store, supervisor, dispatcher)), 240)
        finally:
            await dispatcher.stop()
            await database.close()

    asyncio.run(main())


def test_a_cancelled_job_that_does_not_stop_takes_the_engine_with_it_and_no_other_job(tmp_path: Path) -> None:
    async def work(room: Room) -> None:
        workflow = {"latentloom": 1, "outputs": {"text": ["stuck", "value"]}, "nodes": {"stuck": {"type": "stuck"}}}
        stuck = await room.submit(workflow)
        while not (tmp_path / "plugins" / "begun").exists():
            await asyncio.sleep(0.01)
        beside, after = [await room.submit(light(), number=number) for number in range(2)]
        await room.until(beside, "running")
        await room.dispatcher.cancel(stuck)
        assert (await room.until(stuck, "cancelled")).error is None
        for job in (beside, after):
            await room.until(job, "done")
            assert not (await room.store.request(job)).errors
        assert room.supervisor.status.restarts == 1

    in_room(tmp_path, work, concurrent=2, patience_s=0.5)


def test_a_file_that_is_gone_fails_its_job_alone(tmp_path: Path) -> None:
    async def work(room: Room) -> None:
        gone = await room.submit(light(), number=1, mask="sha256:" + "0" * 64)
        other = await room.submit(light(), number=2)
        failed = await room.until(gone, "failed")
        assert failed.error is not None
        assert "not there any more" in failed.error.message
        await room.until(other, "done")

    in_room(tmp_path, work)


def test_the_crashed_thread_is_told_by_its_own_line() -> None:
    printed = [
        "Fatal Python error: Segmentation fault",
        "Thread 0x1 (most recent call first):",
        '  File "/home/u/plugins/innocent.py", line 7 in wait',
        "Current thread 0x2 [latentloom-engine] (most recent call first):",
        f'  File "{os.__file__.replace("os.py", "ctypes/__init__.py")}", line 519 in string_at',
        '  File "/home/u/plugins/guilty.py", line 12 in node',
    ]
    assert why(-11, printed) == "the engine process crashed (SIGSEGV, at guilty.py, line 12)"
    assert why(3, ["Traceback", "ValueError: no", ""]) == "the engine process ended with exit status 3: ValueError: no"
