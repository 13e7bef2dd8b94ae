"""The engine: one thread that runs the calls of all jobs, over one store.

Its turn: every running job works on its stack for a slice of time, in turn; when no job can go on, the group of ready
joinable calls that waits longest runs as one; when there is none either, it sleeps until something arrives (a job, a
cancellation, the end of an async call). Only this thread touches cells and the store; `submit` and `Job.cancel` leave
a message.
"""

from __future__ import annotations

import asyncio
import importlib.metadata
import itertools
import os
import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from functools import cache
from pathlib import Path
from typing import Any

from .batching import Member, Pool, joined_values, shares
from .calling import CallContext, Purity, Settings, accept, failure, fits, invoke, is_out_of_memory
from .cells import CallCell, Frame
from .check import check
from .checked import raise_faults
from .declare import NodeType
from .disk import DiskTier
from .document import Graph
from .errors import Cancelled, RunError, WorkflowError
from .events import Address, CallCached, CallFailed, CallFinished, CallStarted, Listener
from .facts import check_facts
from .files import FileDigests
from .job import Job, Result
from .keys import Key, type_prefix
from .plan import Plan
from .planner import make_plan
from .registry import Registry
from .store import Entry, Store

SLICE_SECONDS = 0.02
"""How long one job works before the next one gets its turn."""
MOST_JOINED = 16
"""Samples that run as one at most: more gain little and need much memory."""
FORMAT = "1"
"""Part of every key: raise it when the meaning of keys or results changes."""


class Engine:
    """Runs workflows. Close it, or use it as a context manager.

    device: `cpu`, `cuda`, `cuda:N` or `mps`. dtype: `float32`, `float16`, `bfloat16`.
    memory: bytes of results and weights kept on the device (default: half of the host's memory, four fifths of an
        accelerator's). cache: folder of the disk tier, of at most cache_size bytes.
    """

    def __init__(
        self,
        registry: Registry,
        *,
        device: str = "cpu",
        dtype: str = "float32",
        memory: int | None = None,
        cache: Path | None = None,
        cache_size: int | None = None,
        model_folders: Sequence[Path] = (),
        most_joined: int = MOST_JOINED,
    ) -> None:
        self.registry = registry
        device = "cuda:0" if device == "cuda" else device
        self.settings = Settings(device, dtype, tuple(model_folders), FileDigests())
        modules = {t.python.__module__ for t in registry.socket_types.values()}
        disk = DiskTier(cache, cache_size, modules) if cache is not None else None
        self.store = Store(device, _limits(device, memory), disk)
        self.nonce = f"{os.getpid()}-{time.time_ns()}"
        self._prefixes: dict[str, bytes] = {}
        self._pool = Pool(most_joined)
        self._under_way: dict[Key, list[CallCell]] = {}
        """Call key -> the call that runs or will run, and equal ones that wait for it."""
        self._jobs: list[Job] = []
        self._numbers = itertools.count(1)
        self._messages: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._futures: dict[Future[Any], CallCell] = {}
        self._gradients_off = False
        self._thread = threading.Thread(target=self._work, name="latentloom-engine", daemon=True)
        self._thread.start()

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- from any thread

    def prepare(
        self, workflow: Graph, inputs: Mapping[str, Any] | None = None, outputs: Sequence[str] | None = None
    ) -> tuple[Plan, Result]:
        """Check and plan a workflow for some outputs (names, or `ID.OUTPUT`; all by default).

        The result is empty but for inputs, facts and what is skipped. Raises WorkflowError with all faults.
        """
        checked = check(workflow, self.registry.catalogue, inputs=inputs or {}, outputs=outputs)
        graph = raise_faults(checked)
        facts = check_facts(graph, self.registry, CallContext(self.settings, self.store, None, Address("")))
        if facts.faults:
            raise WorkflowError(facts.faults)
        plan = make_plan(graph, checked.skipped, self.registry.node_types, self._prefix_of, self.settings.file_digest)
        used = {name: parameter.value for name, parameter in graph.parameters.items()}
        return plan, Result({}, used, plan.skipped, facts.known)

    def submit(
        self,
        workflow: Graph | tuple[Plan, Result],
        inputs: Mapping[str, Any] | None = None,
        outputs: Sequence[str] | None = None,
        on_event: Listener | None = None,
        deterministic: bool = False,
    ) -> Job:
        """Start a job: a workflow, or what `prepare` made of one.

        on_event is called in the engine's thread. deterministic: calls are joined only within one iteration of this
        job, so that what else runs cannot change the rounding. Raises WorkflowError with all faults.
        """
        plan, result = workflow if isinstance(workflow, tuple) else self.prepare(workflow, inputs, outputs)
        result = Result({}, result.inputs, result.skipped, result.facts)
        job = Job(str(next(self._numbers)), self, plan, result, on_event, deterministic)
        self._messages.put(lambda: self._start(job))
        return job

    def wake(self) -> None:
        self._messages.put(lambda: None)

    def close(self) -> None:
        """Cancel what runs, write what waits for the disk, stop the thread."""
        if self._thread.is_alive():
            for job in list(self._jobs):
                job.cancelled = True
            self._messages.put(None)
            self._thread.join()
        if self.store.disk is not None:
            self.store.disk.close()

    def flush(self) -> None:
        """Wait until everything worth writing is on disk."""
        if self.store.disk is not None:
            self.store.disk.flush()

    # --- the engine's thread

    def _work(self) -> None:
        while True:
            idle = not self._pool and not any(job.stack for job in self._jobs)
            if not self._take_messages(wait=idle):
                break
            for job in list(self._jobs):
                if job.cancelled:
                    job.finish(Cancelled("the job was cancelled"))
                elif job.stack:
                    until = time.perf_counter() + SLICE_SECONDS
                    self._guarded(job, lambda job=job, until=until: job.advance(until))  # type: ignore[misc]
            if self._pool and not any(job.stack for job in self._jobs):
                self._run_members(self._pool.take())
        for job in list(self._jobs):
            job.finish(Cancelled("the engine was closed"))
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._loop.stop)

    def _take_messages(self, wait: bool) -> bool:
        """Handle what has arrived; False when the engine is to stop."""
        while wait or not self._messages.empty():
            message = self._messages.get()
            if message is None:
                return False
            message()
            wait = False
        return True

    def _start(self, job: Job) -> None:
        self._jobs.append(job)
        self._guarded(job, job.start)

    def _guarded(self, job: Job, work: Callable[[], None]) -> None:
        """Do a job's work; whatever it raises ends this job, and no other."""
        try:
            work()
        except Exception as error:  # noqa: BLE001 - the executor's boundary
            self._fail(job, error)

    def _fail(self, job: Job, error: Exception, cell: CallCell | None = None) -> None:
        if cell is not None and not isinstance(error, Cancelled):
            job.emit(CallFailed(job.id, cell.address, cell.step.declared.type, str(error)))
        job.finish(error)

    def forget(self, job: Job) -> None:
        """A job ended: what it had under way is left, and passes to others that wait for the same."""
        self._jobs.remove(job)
        self._pool.drop(job)
        for future, cell in list(self._futures.items()):
            if cell.frame.job is job:
                future.cancel()
        for key, cells in list(self._under_way.items()):
            if cells[0].frame.job is job:
                del self._under_way[key]
                for cell in cells:
                    if cell.frame.job is not job:
                        cell.frame.job.stack.append(cell)
            else:
                cells[:] = [cell for cell in cells if cell.frame.job is not job]

    def follow(self, cell: CallCell) -> bool:
        """Wait for an equal call under way (True), or be the one that runs (False)."""
        cells = self._under_way.setdefault(cell.key, [])
        cells.append(cell)
        return len(cells) > 1

    def run(self, cell: CallCell) -> None:
        """Run a call whose inputs are there, or put it where it will run."""
        declared = cell.step.declared
        if declared.batch:
            self._pool.add(cell)
        elif declared.is_async:
            self._run_async(cell)
        else:
            values = {name: port.value() for name, port in zip(cell.step.names, cell.inputs, strict=True)}
            self._run_members([Member(cell, values, 1)])

    def _run_members(self, members: list[Member]) -> None:
        """Run calls as one. An error that could be another job's is looked for one by one."""
        cell = members[0].cell
        declared, address = cell.step.declared, cell.address
        for member in members:
            job = member.cell.frame.job
            job.emit_lazily(
                lambda job=job, member=member: CallStarted(  # type: ignore[misc]
                    job.id, member.cell.address, declared.type, time.perf_counter()
                )
            )
        try:
            values = joined_values(members)
            outputs, seconds = self._invoke(declared, values, cell, address)
            if isinstance(outputs, Graph):
                self._expand(cell, outputs, seconds)
                return
            parts = shares(outputs, members)
        except Exception as error:  # noqa: BLE001 - the executor's boundary
            self._members_failed(members, error)
            return
        for member, part in zip(members, parts, strict=True):
            self._complete(member.cell, part, seconds / len(members), len(members))

    def _members_failed(self, members: list[Member], error: Exception) -> None:
        jobs = {member.cell.frame.job for member in members}
        if len(members) > 1 and is_out_of_memory(error):
            half = len(members) // 2
            self._run_members(members[:half])
            self._run_members([m for m in members[half:] if not m.cell.frame.job.is_finished])
        elif len(jobs) > 1:
            for job in jobs:
                self._run_members([member for member in members if member.cell.frame.job is job])
        else:
            cell = members[0].cell
            if is_out_of_memory(error):
                told = "the device is out of memory, and nothing can leave: use smaller images or batches, or tiles."
                error = RunError(told, node=cell.step.id, address=str(cell.address))
            self._fail(cell.frame.job, error, cell)

    def _invoke(
        self, declared: NodeType, values: Mapping[str, Any], cell: CallCell, address: Address
    ) -> tuple[tuple[Any, ...] | Graph, float]:
        """Call the function; when the device is full, make room and try once more."""
        self._switch_gradients_off(declared)
        for attempt in (1, 2):
            context = CallContext(self.settings, self.store, cell.frame.job, address)
            try:
                return invoke(declared, values, context, address)
            except Exception as error:
                if attempt == 2 or not is_out_of_memory(error) or not self.store.make_room():
                    raise
        raise AssertionError("unreachable")

    def _switch_gradients_off(self, declared: NodeType) -> None:
        """Once, in this thread, before the first call that may use torch."""
        if not self._gradients_off and "torch" in self.registry.libraries.get(declared.type, ()):
            from . import tensors

            tensors.no_grad()
            self._gradients_off = True

    def _complete(self, cell: CallCell, outputs: tuple[Any, ...], seconds: float, joined: int) -> None:
        """Store a call's outputs and hand them to all that wait for it, in this job and others."""
        job = cell.frame.job
        debt = sum(port.debt() for port in cell.inputs) if self.store.disk is not None else 0.0
        entry = self.store.put(cell.key, outputs, seconds, debt, durable=cell.step.declared.pure)
        job.emit_lazily(
            lambda: CallFinished(
                job.id,
                cell.address,
                cell.step.declared.type,
                cell.key,
                time.perf_counter(),
                seconds,
                entry.bytes,
                joined,
            )
        )
        if not job.is_finished:
            for port in cell.inputs:
                port.release()
        for waiting in self._under_way.pop(cell.key, (cell,)):
            self._deliver(waiting, entry, waiting is not cell)

    def _deliver(self, cell: CallCell, entry: Entry, shared: bool) -> None:
        job = cell.frame.job
        if job.is_finished:
            return
        if shared:
            job.emit_lazily(lambda: CallCached(job.id, cell.address, cell.step.declared.type, cell.key, "memory"))
        self._guarded(job, lambda: cell.done(entry))

    def _expand(self, cell: CallCell, graph: Graph, seconds: float) -> None:
        """Run the graph that a node returned in its place; its results are stored under the call's key."""
        job, step, where = cell.frame.job, cell.step, cell.address
        names = tuple(output.name for output in step.declared.outputs)
        checked = check(graph, self.registry.catalogue, outputs=names)
        if checked.faults or checked.graph is None:
            told = "; ".join(str(fault) for fault in checked.faults)
            raise RunError(f"returned a graph that is faulty: {told}", node=step.id, address=str(where))
        plan = make_plan(checked.graph, (), self.registry.node_types, self._prefix_of, self.settings.file_digest)
        given = dict(zip(step.names, cell.inputs, strict=True))
        parameters = [
            given.get(name, default) for name, default in zip(plan.scope.parameters, plan.parameters, strict=True)
        ]
        frame = Frame(plan.scope, job, parameters, None, (*where.path, step.id), where.iterations)

        def deliver(values: list[Any]) -> None:
            for output, value in zip(step.declared.outputs, values, strict=True):
                if not fits(output, value):
                    found = f"{output.name} of type {type(value).__name__}, expected {output.type}"
                    raise RunError(f"returned a graph that gives {found}", node=step.id, address=str(where))
            self._complete(cell, tuple(values), seconds, 1)

        job.collect([frame.resolve(source) for source in plan.scope.results], deliver)

    # --- async nodes

    def _run_async(self, cell: CallCell) -> None:
        """Start a coroutine node beside the engine; its end arrives as a message."""
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            threading.Thread(target=self._loop.run_forever, name="latentloom-async", daemon=True).start()
        job, declared, address = cell.frame.job, cell.step.declared, cell.address
        values = {name: port.value() for name, port in zip(cell.step.names, cell.inputs, strict=True)}
        context = CallContext(self.settings, self.store, job, address)
        arguments = {**values, declared.context: context} if declared.context else values
        job.emit_lazily(lambda: CallStarted(job.id, address, declared.type, time.perf_counter()))
        watched, start = Purity(list(values.values())), time.perf_counter()
        future = asyncio.run_coroutine_threadsafe(declared.function(**arguments), self._loop)
        self._futures[future] = cell
        ended = lambda f: self._messages.put(lambda: self._async_ended(f, watched, context, start))  # noqa: E731
        future.add_done_callback(ended)

    def _async_ended(self, future: Future[Any], watched: Purity, context: CallContext, start: float) -> None:
        cell = self._futures.pop(future)
        context.close()
        if cell.frame.job.is_finished:
            return
        seconds = time.perf_counter() - start
        try:
            try:
                result = future.result()
            except Exception as error:
                raise failure(error, cell.address) from error
            outputs = accept(cell.step.declared, result, watched, cell.address)
            if isinstance(outputs, Graph):
                self._expand(cell, outputs, seconds)
            else:
                self._complete(cell, outputs, seconds, 1)
        except Exception as error:  # noqa: BLE001 - the executor's boundary
            self._fail(cell.frame.job, error, cell)

    # --- keys

    def _prefix_of(self, declared: NodeType) -> bytes:
        """The part of a key that all calls of a node type share here."""
        prefix = self._prefixes.get(declared.type)
        if prefix is None:
            libraries = self.registry.libraries.get(declared.type, ())
            prefix = self._prefixes[declared.type] = type_prefix(
                FORMAT,
                declared.type,
                str(declared.version),
                self.registry.source_digests.get(declared.type, b""),
                *(f"{library} {_version(library)}" for library in libraries),
                self.settings.device.partition(":")[0],
                self.settings.dtype,
            )
        return prefix


@cache
def _version(library: str) -> str:
    """The installed version of an imported library, by its distribution's name."""
    try:
        return importlib.metadata.version({"PIL": "pillow"}.get(library, library))
    except importlib.metadata.PackageNotFoundError:
        return "unknown"


def _limits(device: str, memory: int | None) -> dict[str, int | None]:
    """Budgets in bytes of the device and, where it has its own memory, of the host."""
    host = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    if device == "cpu":
        return {"cpu": memory if memory is not None else host}
    if memory is None:
        from . import tensors

        memory = tensors.device_memory(device) * 4 // 5 or host
    return {device: memory, "cpu": host}
