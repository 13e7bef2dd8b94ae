"""The dispatcher: what clients do to jobs, and what they ask of them.

The door for the HTTP side: everything that changes a job goes through here, is on disk when the call returns, and is
told to the hub. Reading lists of jobs needs only the `JobStore`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from ..api import (
    CallList,
    Device,
    EngineStatus,
    Job,
    JobDetail,
    JobEvent,
    JobRemovedEvent,
    Queue,
    QueueEvent,
    ResultForm,
    Tier,
)
from ..engine.protocol import Content, Found, Inspect, Inspected, NotFound, NotThisForm, Read, StepSources
from ..engine.supervisor import Supervisor
from ..hub import Hub, Snapshot
from .line import PATIENCE_S, Line
from .outlines import Outlines
from .places import check_output, check_place
from .reports import Report
from .runs import Files
from .steps import PREDICTION, Spot, step_of
from .store import JobStore, NewJobs

LOG = logging.getLogger(__name__)
SHOWN = 1000
"""Jobs in a snapshot; of the others the queue tells the number, and each is told when it changes."""


class Dispatcher:
    """Runs the jobs of a store in an engine, a few at a time, by priority."""

    def __init__(
        self,
        store: JobStore,
        hub: Hub,
        supervisor: Supervisor,
        files: Files,
        concurrent: int = 1,
        patience_s: float = PATIENCE_S,
    ) -> None:
        """concurrent: how many jobs run at once; equal calls of them run as one. patience_s: how long a cancelled job
        may take to stop before the engine is ended instead.
        """
        self._store = store
        self._hub = hub
        self._supervisor = supervisor
        self._outlines = Outlines(store)
        self._line = Line(store, hub, supervisor, files, concurrent, patience_s)

    async def start(self) -> None:
        """Take up what an earlier life left, start the engine, run what is queued. Returns at once."""
        resumed = await self._store.recover()
        if resumed:
            LOG.info("%d jobs go on that the last run of the server did not finish", resumed)
        self._line.is_paused = await self._store.paused()
        self._hub.take_snapshot = self.snapshot
        self._line.start()

    async def stop(self) -> None:
        """Let calls under way finish, keep their jobs for the next start, end the engine."""
        await self._line.stop()

    def reload(self) -> None:
        """Plugins have changed: start the engine anew as soon as no job runs."""
        LOG.info("plugins have changed: the engine is started anew between two jobs")
        self._line.reload()

    # --- what clients do

    async def submit(self, new: NewJobs) -> list[Job]:
        """Raises StorageFull."""
        return [self._told(job) for job in await self._store.accept(new)]

    async def cancel(self, job: str) -> Job:
        """Of a running job the answer may still say `running`: it stops between two calls. Ended ones stay as they are.

        Raises UnknownJob.
        """
        return await self._line.cancel(job) or await self._store.get(job)

    async def retry(self, job: str) -> Job:
        """Raises UnknownJob, WrongState."""
        return self._told(await self._store.retry(job))

    async def move(self, job: str, priority: int | None = None, before: str | None = None) -> Job:
        """Raises UnknownJob, WrongState."""
        return self._told(await self._store.move(job, priority, before))

    async def delete(self, job: str) -> None:
        """Raises UnknownJob, WrongState."""
        await self._store.delete(job)
        self._hub.publish(JobRemovedEvent, id=job)

    async def pause(self, paused: bool) -> Queue:
        """Whether queued jobs wait; remembered over a restart. Running ones go on."""
        await self._store.pause(paused)
        self._line.is_paused = paused
        queue = await self.queue()
        self._hub.publish(QueueEvent, queue=queue)
        self._line.wake()
        return queue

    def _told(self, job: Job) -> Job:
        self._hub.publish(JobEvent, job=job)
        self._line.wake()
        return job

    # --- what clients ask

    async def queue(self) -> Queue:
        counts = await self._store.counts()
        return Queue(paused=self._line.is_paused, queued=counts.get("queued", 0), running=counts.get("running", 0))

    async def snapshot(self) -> Snapshot:
        return await self._store.live(SHOWN), await self.queue(), self.engine

    async def detail(self, job: str) -> JobDetail:
        """Raises UnknownJob."""
        found, request = await self._store.get(job), await self._store.request(job)
        report = await self._report(job)
        return JobDetail(
            **found.model_dump(),
            workflow=request.workflow,
            wanted=request.wanted,
            errors=request.errors,
            nodes=list(report.nodes.values()),
        )

    async def calls(self, job: str) -> CallList:
        """Raises UnknownJob."""
        return CallList(calls=(await self._report(job)).calls())

    async def result(
        self,
        job: str,
        node: str,
        output: str,
        *,
        path: Sequence[str] = (),
        iterations: Sequence[int] | None = None,
        form: ResultForm = "image",
        index: int = 0,
    ) -> Content | None:
        """An output of a call: picture, text or statistics; None when no tier holds it.

        iterations: None asks for the last one that is known. Raises UnknownJob, NoSuchResult, NotThisForm, EngineAway.
        """
        report = await self._report(job)
        place = report.place(node, path, iterations)
        if place is None:
            check_place(await self._outlines.of(job), report, node, path, iterations)
            return None
        type_, key = report.keys[place]
        check_output(report, node, type_, output)
        is_prediction = form == "image" and report.type_of(type_, output) == PREDICTION
        step = await self._step(job, report, Spot(*place)) if is_prediction else None
        answer, payload = await self._supervisor.ask(
            lambda number: Read(
                request=number, key=key, node_type=type_, output=output, form=form, index=index, step=step
            )
        )
        match answer:
            case Found(media_type=media_type):
                return Content(media_type, payload)
            case NotFound(message=message) if message:
                raise NotThisForm(message)
        return None

    async def _step(self, job: str, report: Report, spot: Spot) -> StepSources | None:
        return await asyncio.to_thread(step_of, await self._outlines.of(job), report, spot)

    @property
    def engine(self) -> EngineStatus:
        return self._line.engine

    async def machine(self) -> tuple[list[Device], list[Tier]]:
        """Devices and tiers as the engine sees them now. Raises EngineAway."""
        answer, _ = await self._supervisor.ask(lambda number: Inspect(request=number))
        assert isinstance(answer, Inspected)
        return answer.devices, answer.tiers

    async def _report(self, job: str) -> Report:
        if (report := self._line.report(job)) is not None:
            return report
        stored = await self._store.report(job)
        return await asyncio.to_thread(Report.load, stored) if stored else Report()
