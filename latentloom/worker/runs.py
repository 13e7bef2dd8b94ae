"""The jobs of the engine process, each in a thread that prepares it, waits for it, and sends its files."""

from __future__ import annotations

import logging
import threading
import time
import traceback
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from latentloom.files import Place, map_inputs, map_paths
from latentloom.graph import (
    Cancelled,
    Event,
    LatentloomError,
    RunError,
    TypeExpr,
    Workflow,
    WorkflowError,
)
from latentloom.graph.running.watching import KeyedCall, SeenCall
from latentloom.metadata import embed
from latentloom.outputs import check_writable_type, contents_of
from latentloom.running import Machine, Request, prepare, recorder
from latentloom.server.api import JobError
from latentloom.server.engine.protocol import Ended, Made, Submit
from latentloom.sources import Source, file_name
from latentloom.terminal import loops_around

from .channel import Channel, ServerGone
from .deltas import Deltas, readable
from .previews import Previews

if TYPE_CHECKING:
    from latentloom.graph import Engine, Job, Result

LOG = logging.getLogger(__name__)
FLUSH_S = 0.05
MEDIA_TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".txt": "text/plain",
    ".json": "application/json",
}


class Runs:
    """The jobs under way."""

    def __init__(self, engine: Engine, machine: Machine, channel: Channel, previews: Previews) -> None:
        self.engine = engine
        self.machine = machine
        self.channel = channel
        self.previews = previews
        self.is_closing = False
        self._runs: dict[str, Run] = {}
        self._wake = threading.Event()
        threading.Thread(target=self._send_deltas, name="latentloom-deltas", daemon=True).start()

    def submit(self, order: Submit) -> None:
        run = self._runs[order.job] = Run(order, self)
        self._wake.set()
        threading.Thread(target=run.run, name=f"latentloom-job-{order.job}", daemon=True).start()

    def cancel(self, job: str) -> None:
        if (run := self._runs.get(job)) is not None:
            run.cancel()

    def ended(self, job: str) -> None:
        self._runs.pop(job, None)
        self.previews.forget(job)

    def close(self) -> None:
        """Stop all jobs between two calls; nobody is told that they ended, since they go on later."""
        self.is_closing = True
        self.engine.close()

    def _send_deltas(self) -> None:
        while True:
            if not self._runs:
                self._wake.clear()
                self._wake.wait()
            time.sleep(FLUSH_S)
            try:
                for run in list(self._runs.values()):
                    run.deltas.flush(self.channel.send)
            except ServerGone:
                return
            except Exception:  # the other jobs' events must go on
                LOG.exception("events could not be sent")


class Run:
    """One job. It is the engine's listener and watcher too."""

    def __init__(self, order: Submit, runs: Runs) -> None:
        self._order = order
        self._runs = runs
        self._cancelled = threading.Event()
        self._job: Job | None = None
        self.deltas = Deltas(order.job)

    def cancel(self) -> None:
        self._cancelled.set()
        if self._job is not None:
            self._job.cancel()

    def run(self) -> None:
        """The job's thread."""
        order, channel = self._order, self._runs.channel
        try:
            ended = self._ended()
            self.deltas.flush(channel.send)
            if not self._runs.is_closing:
                channel.send(ended)
        except ServerGone:
            pass
        finally:
            self._runs.ended(order.job)

    def _ended(self) -> Ended:
        """Run the job and send its files; how it ended."""
        job = self._order.job
        try:
            request, result = self._result()
            self.deltas.flush(self._runs.channel.send)
            for made, content in self._files(request, result):
                self._runs.channel.send(made, content)
        except Cancelled:
            return Ended(job=job, state="cancelled")
        except LatentloomError as error:
            return Ended(job=job, state="failed", error=as_job_error(error))
        except ServerGone:
            raise
        except Exception as error:  # noqa: BLE001 - a mistake of ours fails the job, not the engine
            told = readable(f"{type(error).__name__}: {error}")
            lines = readable(traceback.format_exc())
            return Ended(job=job, state="failed", error=JobError(message=told, traceback=lines))
        return Ended(job=job, state="done")

    def _result(self) -> tuple[Request, Result]:
        order, engine = self._order, self._runs.engine
        files = {value: str(path) for value, path in order.files.items()}
        workflow = Workflow.from_json(order.workflow)
        source = Source(file_name(order.title or "workflow"), Path("/"), workflow)
        inputs = map_inputs(workflow, order.inputs, lambda _, value: files.get(value, value))
        request = prepare(
            source, engine.registry, [inputs], lambda _, value: files.get(value, value), order.wanted, to_files=False
        )
        prepared = engine.prepare(request.workflow, inputs, request.outputs)
        self.deltas.know(loops_around(workflow), prepared[0])
        self._job = engine.submit(prepared, on_event=self._listen, watcher=self)
        if self._cancelled.is_set():
            self._job.cancel()
        return request, self._job.result()

    def _files(self, request: Request, result: Result) -> Iterator[tuple[Made, bytes]]:
        """The outputs that can be files, each picture with the record of how it was made."""
        request, result = self._portable(request, result)
        record = recorder(request, self._runs.machine, 0, result)
        for output, value in result.outputs.items():
            if not _is_writable(output, value):
                continue
            stem = f"{request.source.name}-{file_name(output)}"
            for index, content in enumerate(contents_of(value, output, self._runs.machine.dtype)):
                name = f"{stem}-{index + 1}{content.suffix}"
                media_type = MEDIA_TYPES.get(content.suffix, "application/octet-stream")
                made = Made(job=self._order.job, output=output, name=name, media_type=media_type)
                is_picture = media_type.startswith("image/")
                yield made, embed(content.data, record(output, index)) if is_picture else content.data

    def _portable(self, request: Request, result: Result) -> tuple[Request, Result]:
        """The same with files by the names that they were given, as the record tells them."""
        order, catalogue = self._order, request.registry.catalogue
        names = dict(order.names)
        for value, name in order.names.items():
            names[str(order.files[value])] = names[order.files[value].name] = name

        def named(_: Place, value: str) -> str:
            return names.get(value, value)

        workflow = map_paths(request.source.workflow, catalogue, named)
        files = {
            where: file.model_copy(update={"name": names.get(file.name, file.name)})
            for where, file in request.files[0].items()
        }
        request = replace(request, source=replace(request.source, workflow=workflow), files=(files,))
        return request, replace(result, inputs=map_inputs(workflow, result.inputs, named))

    # --- the engine's thread

    def _listen(self, event: Event) -> None:
        self.deltas.listen(event)

    def keyed(self, call: KeyedCall) -> None:
        self.deltas.keyed(call)

    def seen(self, call: SeenCall) -> None:
        self._runs.previews.seen(self._order.job, call)


def _is_writable(output: str, value: Any) -> bool:
    """Whether a value can be a file. Others are asked for by their call."""
    if isinstance(value, list | tuple):
        return all(_is_writable(output, part) for part in value)
    if value is None or isinstance(value, dict):
        return True
    return check_writable_type(output, TypeExpr(type(value).__name__)) is None


def as_job_error(error: LatentloomError) -> JobError:
    told = readable(str(error))
    match error:
        case RunError():
            return JobError(message=told, node=error.node, address=error.address, traceback=readable(error.traceback))
        case WorkflowError():
            node = next((fault.node for fault in error.faults if fault.node), None)
            return JobError(message=told, node=node, address=error.faults[0].where if error.faults else "")
    return JobError(message=told)
