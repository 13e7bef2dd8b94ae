"""The line: jobs on their way through the engine, from the first in line to an end that is stored.

A job's files come one by one when it has finished; each is stored before the next is read. Then the job ends in the
database, in one transaction. Where the disk is full its files wait in memory until there is room: the job stays
`running`, and nothing is lost. A job whose engine ended is queued again; from then on it runs alone, so that it is
known which job ends engines, and the second time it fails.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from ..api import (
    EngineEvent,
    EngineStatus,
    Job,
    JobError,
    JobEvent,
    JobState,
    Progress,
)
from ..engine.protocol import (
    Advanced,
    Calls,
    Cancel,
    Ended,
    Loops,
    Made,
    Preview,
    Progressed,
    Submit,
    WatchPreviews,
)
from ..engine.protocol import Report as EngineReport
from ..engine.supervisor import EngineAway, Supervisor
from ..hub import Hub
from ..storage.database import StorageFull
from .reports import Report
from .runs import Files, Run
from .store import FILE, JobStore, Order

LOG = logging.getLogger(__name__)
CRASHES = 2
"""A job that has ended this many engines fails."""
RETRY_S = 2.0
"""How often a full disk is tried again."""
PATIENCE_S = 60.0
"""A cancelled job stops when its call ends: one that takes longer than this takes the engine with it."""
T = TypeVar("T")


class Line:
    """Gives the engine the jobs that are first in line, a few at a time, and stores what becomes of them.

    It is the supervisor's `Owner`.
    """

    def __init__(
        self,
        store: JobStore,
        hub: Hub,
        supervisor: Supervisor,
        files: Files,
        concurrent: int,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self.is_paused = False
        """Nothing begins; what runs goes on."""
        self._store = store
        self._hub = hub
        self._supervisor = supervisor
        self._files = files
        self._concurrent = concurrent
        self._patience_s = patience_s
        self._runs: dict[str, Run] = {}
        self._reports: dict[str, Report] = {}
        """Of jobs that are queued again: results of their first attempts can still be asked for."""
        self._full = ""
        """Why nothing can be stored just now."""
        self._reload_due = False
        self._turn = asyncio.Lock()
        """Held while jobs begin, are cancelled or lose their engine: each of these sees what the others did."""
        self._ending = asyncio.Lock()
        """Held while an end is stored, so that jobs end in the order in which the engine was done with them."""
        self._wake = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._dispatching: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._hub.watch_changed = self._watch_changed
        self._supervisor.start(self)
        self._dispatching = asyncio.create_task(self._dispatch())
        self._wake.set()

    async def stop(self) -> None:
        """Let calls under way finish, keep their jobs for the next start, end the engine."""
        if self._dispatching is not None:
            self._dispatching.cancel()
            await asyncio.wait([self._dispatching])
        await self._supervisor.stop()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=RETRY_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def reload(self) -> None:
        """Let no further job begin before the engine has been started anew, with the plugins as they are now."""
        self._reload_due = True
        self._wake.set()

    def wake(self) -> None:
        """Something has changed that may let a job begin."""
        self._wake.set()

    async def cancel(self, job: str) -> Job | None:
        """Cancel a job that is queued or runs; None where it has ended already, or never was."""
        async with self._turn:
            if (run := self._runs.get(job)) is not None:
                run.is_cancelled = True
                with contextlib.suppress(EngineAway):  # then it ends as cancelled when the engine's loss is handled
                    await self._supervisor.send(Cancel(job=job))
                self._in_background(self._insist(run))
                return run.job
            report = self._reports.pop(job, None)
            ended = await self._store.end(job, "cancelled", report=report.dump() if report is not None else None)
        return self._told(ended) if ended is not None else None

    async def _insist(self, run: Run) -> None:
        """A call that does not end would hold up all jobs: then the engine is ended instead."""
        await asyncio.sleep(self._patience_s)
        if self._runs.get(run.job.id) is run and not run.has_ended:
            run.is_stuck = True
            self._supervisor.kill(f"a cancelled job did not stop within {self._patience_s:g} s")

    def report(self, job: str) -> Report | None:
        """What is noted of a job that has not ended."""
        run = self._runs.get(job)
        return run.report if run is not None else self._reports.get(job)

    @property
    def engine(self) -> EngineStatus:
        status = self._supervisor.status
        return status.model_copy(update={"message": self._full}) if self._full else status

    def _told(self, job: Job) -> Job:
        self._hub.publish(JobEvent, job=job)
        self._wake.set()
        return job

    # --- jobs begin

    async def _dispatch(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                while await self._begin_first():
                    pass
            except StorageFull as error:
                self._set_full(str(error))
                await asyncio.sleep(RETRY_S)
                self._wake.set()
            except Exception:  # the line must go on, whatever one job does
                LOG.exception("a job could not begin")
                await asyncio.sleep(RETRY_S)
                self._wake.set()

    async def _begin_first(self) -> bool:
        """Give the engine the job that is first in line; False when there is none, or it must wait."""
        async with self._turn:
            if self._reload_due:
                await self._reload_when_idle()
                return False
            if self.is_paused or not self._supervisor.is_ready or (self._full and self._runs):
                return False
            # What has ended leaves the engine free while its end is being stored.
            busy = [run for run in self._runs.values() if not run.has_ended]
            if len(busy) >= self._concurrent or any(run.crashes for run in busy):
                return False
            first = await self._store.first()
            if first is None or (first.crashes and busy):
                return False
            order = await self._store.begin(first.id)
            if order is None:
                return True
            self._set_full("")
            run = self._runs[first.id] = Run(order.job, order.crashes, self._reports.pop(first.id, Report()))
            self._hub.publish(JobEvent, job=order.job)
            try:
                await self._supervisor.send(await self._request(order))
            except FileNotFoundError as error:
                await self._end(run, "failed", JobError(message=str(error)))
            except EngineAway:
                # The engine's loss is handled next, and was not this job's doing.
                del self._runs[first.id]
                self._told(await self._store.requeue(first.id))
                return False
        return True

    async def _reload_when_idle(self) -> None:
        if all(run.has_ended for run in self._runs.values()):
            self._reload_due = False
            await self._supervisor.reload()

    async def _request(self, order: Order) -> Submit:
        """What the engine is told. Raises FileNotFoundError naming the file that is not there any more."""
        digests = set(FILE.findall(json.dumps([order.workflow, order.job.inputs], ensure_ascii=False)))
        files: dict[str, Path] = {}
        names: dict[str, str] = {}
        for digest in digests:
            value, name = f"sha256:{digest}", await self._files.name_of(digest)
            path = self._files.path_of(digest)
            if path is None:
                raise FileNotFoundError(f"the file {name or value} is not there any more: upload it again.")
            files[value] = path
            names[value] = name or digest
        job = order.job
        return Submit(
            job=job.id, title=job.title, workflow=order.workflow, inputs=job.inputs, wanted=order.wanted, files=files,
            names=names,
        )  # fmt: skip

    # --- what the engine says

    async def reported(self, report: EngineReport, payload: bytes) -> None:
        match report:
            case Preview(header=header):
                self._hub.preview(header, payload)
                return
            case Loops() | Calls() | Advanced() | Progressed() | Made() | Ended():
                run = self._runs.get(report.job)
            case _:
                return
        if run is None or run.has_ended:
            return
        match report:
            case Calls() | Loops() | Progressed() | Advanced():
                run.tell(report, self._hub, self._store, self._supervisor.outputs)
            case Made():
                await self._keep(run, report, payload)
            case Ended():
                run.has_ended = True
                self._wake.set()
                self._in_background(self._settle(run, report))

    async def _keep(self, run: Run, made: Made, content: bytes) -> None:
        """Store a file, or let it wait where there is no room."""
        if not run.waiting:
            try:
                await run.store_file(self._files, made, content)
            except StorageFull as error:
                self._set_full(str(error))
            else:
                return
        run.waiting.append((made, content))

    async def _settle(self, run: Run, ended: Ended) -> None:
        """Store what waited, then the end."""
        while run.waiting:
            made, content = run.waiting[0]
            await self._until_there_is_room(partial(run.store_file, self._files, made, content))
            del run.waiting[0]
        await self._end(run, ended.state, ended.error)

    async def _end(self, run: Run, state: JobState, error: JobError | None = None) -> None:
        run.has_ended = True
        job = run.job.id
        if state == "done":
            total = run.job.progress.total
            self._store.note_progress(job, Progress(done=total, total=total))
        outputs = run.outputs if state == "done" else {}
        async with self._ending:
            report = await asyncio.to_thread(run.report.dump)
            ended = await self._until_there_is_room(
                partial(self._store.end, job, state, error=error, outputs=outputs, report=report)
            )
        self._runs.pop(job, None)
        if ended is not None:
            self._told(ended)
        self._wake.set()

    async def _until_there_is_room(self, store: Callable[[], Awaitable[T]]) -> T:
        while True:
            try:
                stored = await store()
            except StorageFull as error:
                self._set_full(str(error))
                await asyncio.sleep(RETRY_S)
            else:
                self._set_full("")
                return stored

    def _set_full(self, message: str) -> None:
        if message != self._full:
            self._full = message
            (LOG.error if message else LOG.info)("%s", message or "there is room on the disk again")
            self._hub.publish(EngineEvent, engine=self.engine)

    # --- the engine comes and goes

    async def engine_changed(self, status: EngineStatus) -> None:
        self._hub.publish(EngineEvent, engine=self.engine)
        if status.state == "ready":
            self._watch_changed()
            self._wake.set()

    async def engine_lost(self, reason: str) -> None:
        """Jobs that it ran are queued again, cancelled if that was asked for, or fail if they end engines."""
        async with self._turn:
            lost = [run for run in self._runs.values() if not run.has_ended]
            was_ended = any(run.is_stuck for run in lost)
            for run in lost:
                error = None if was_ended else JobError(message=f"{reason}.")
                if run.is_cancelled:
                    await self._end(run, "cancelled")
                elif error is not None and run.crashes + 1 >= CRASHES:
                    told = f"The engine ended {CRASHES} times while it ran this job, the last time because {reason}."
                    await self._end(run, "failed", JobError(message=told))
                else:
                    queued = await self._until_there_is_room(partial(self._store.requeue, run.job.id, crash=error))
                    self._reports[run.job.id] = run.report
                    del self._runs[run.job.id]
                    self._told(queued)

    def _watch_changed(self) -> None:
        self._in_background(self._send_watch(WatchPreviews(jobs=self._hub.watched)))

    async def _send_watch(self, message: WatchPreviews) -> None:
        with contextlib.suppress(EngineAway):
            await self._supervisor.send(message)

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
