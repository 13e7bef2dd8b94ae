"""The engine: one thread that runs the calls of all jobs, over one store.

Its turn: every running job works on its stack for a slice of time, in turn; when no job can go on, the group of ready
joinable calls that waits longest runs as one; when there is none either, it sleeps until something arrives (a job, a
cancellation, the end of an async call). Only this thread touches cells and the store; `submit` and `Job.cancel` leave
a message.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import itertools
import os
import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeVar

from ..catalogue.registry import Registry
from ..checking.check import check
from ..checking.checked import raise_faults
from ..declare import NodeType
from ..document.workflow import Graph
from ..errors import Cancelled, EnvironmentFault, RunError
from ..events import Address, Listener
from ..planning.keys import Key, type_prefix
from ..planning.plan import Plan
from ..planning.planner import make_plan
from ..store.disk import DiskTier
from ..store.files import FileDigests
from ..store.store import Store
from .calling import Caller, Settings
from .coroutines import Coroutines
from .job import Job, Result
from .preparing import prepare
from .runner import Runner
from .watching import Watcher

T = TypeVar("T")
SLICE_SECONDS = 0.02
"""How long one job works before the next one gets its turn."""
SETTLE_SECONDS = 0.25
"""After a job of this length the few milliseconds that giving memory back takes do not count."""
IDLE_SECONDS = 0.5
SETTLED_SECONDS = 10.0
"""How long memory that was given back may be left to grow again while one job follows the other."""
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
        readable: Sequence[Path] | None = None,
        most_joined: int = MOST_JOINED,
    ) -> None:
        self.registry = registry
        device = "cuda:0" if device == "cuda" else device
        folders = None if readable is None else tuple(folder.resolve() for folder in readable)
        self.settings = Settings(device, dtype, tuple(model_folders), FileDigests(), folders)
        modules = {t.python.__module__ for t in registry.socket_types.values()}
        disk = DiskTier(cache, cache_size, modules) if cache is not None else None
        self.store = Store(device, _limits(device, memory), disk)
        self.nonce = f"{os.getpid()}-{time.time_ns()}"
        self.caller = Caller(self.settings, self.store, registry.libraries)
        self._coroutines = Coroutines(self.caller, lambda ended: self.post(lambda: self.runner.async_ended(ended)))
        self.runner = Runner(self.store, self.caller, self._plan_expansion, self._coroutines, most_joined)
        self._prefixes: dict[str, bytes] = {}
        self._jobs: list[Job] = []
        self._settle_due = False
        self._settled = time.monotonic()
        self._numbers = itertools.count(1)
        self._messages: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._door = threading.Lock()
        """Held while a job enters or the engine closes, so that none enters behind the last message."""
        self._closed = False
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
        context = self.caller.context(None, Address(""))
        plan, facts = prepare(checked, self.registry, context, self._prefix_of, self.settings.path_digest)
        used = {name: parameter.value for name, parameter in graph.parameters.items()}
        return plan, Result({}, used, plan.skipped, facts.known)

    def submit(
        self,
        workflow: Graph | tuple[Plan, Result],
        inputs: Mapping[str, Any] | None = None,
        outputs: Sequence[str] | None = None,
        on_event: Listener | None = None,
        deterministic: bool = False,
        watcher: Watcher | None = None,
    ) -> Job:
        """Start a job: a workflow, or what `prepare` made of one.

        on_event is called in the engine's thread. deterministic: calls are joined only within one iteration of this
        job, so that what else runs cannot change the rounding. watcher: is told keys and values too, in the engine's
        thread. Raises WorkflowError with all faults.
        """
        plan, result = workflow if isinstance(workflow, tuple) else self.prepare(workflow, inputs, outputs)
        result = Result({}, result.inputs, result.skipped, result.facts)
        job = Job(str(next(self._numbers)), self, plan, result, on_event, deterministic, watcher)
        with self._door:
            if self._closed:
                raise EnvironmentFault("the engine is closed: make a new one to run further jobs.")
            self.post(lambda: self._start(job))
        return job

    def known(self, key: Key, timeout: float | None = None) -> tuple[Any, ...] | None:
        """The outputs of a call by its key, None where no tier holds them. Waits for the call that runs now.

        Raises TimeoutError, EnvironmentFault when the engine is closed.
        """

        def look() -> tuple[Any, ...] | None:
            entry = self.store.get(key)
            return entry.outputs if entry is not None else None

        return self.between_calls(look).result(timeout)

    def between_calls(self, work: Callable[[], T]) -> Future[T]:
        """Have something done in the engine's thread, where it may use the store and no call runs.

        Raises EnvironmentFault when the engine is closed.
        """
        done: Future[T] = Future()

        def turn() -> None:
            try:
                done.set_result(work())
            except BaseException as error:  # noqa: BLE001 - it is for the one who asked, and must not end this thread
                done.set_exception(error)

        with self._door:
            if self._closed:
                raise EnvironmentFault("the engine is closed: make a new one.")
            self.post(turn)
        return done

    def wake(self) -> None:
        self.post(lambda: None)

    def close(self) -> None:
        """Cancel what runs, write what waits for the disk, stop the thread."""
        with self._door:
            is_first, self._closed = not self._closed, True
        if is_first:
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

    def post(self, message: Callable[[], None]) -> None:
        """Leave something for the engine's thread to do; it is dropped when the engine closes first."""
        self._messages.put(message)

    # --- the engine's thread

    def _work(self) -> None:
        while self._take_messages(wait=self._is_idle()):
            for job in list(self._jobs):
                if job.cancelled:
                    job.finish(Cancelled("the job was cancelled"))
                elif job.stack:
                    self._guarded(job, partial(job.advance, time.perf_counter() + SLICE_SECONDS))
            if self.runner.has_waiting and not self._any_ready() and self._messages.empty():
                self.runner.run_waiting()
            self._end_stuck()
        for job in list(self._jobs):
            job.finish(Cancelled("the engine was closed"))
        self._coroutines.close()

    def _is_idle(self) -> bool:
        return not self.runner.has_waiting and not self._any_ready()

    def _end_stuck(self) -> None:
        """Fail jobs that nothing can bring on: a node returned a graph that needs, in the end, this same call."""
        if self.runner.has_waiting or self._coroutines or self._any_ready() or not self._messages.empty():
            return
        for job in list(self._jobs):
            told = "the job waits for itself: a node returned a graph that holds the same call again."
            job.finish(Cancelled("the job was cancelled") if job.cancelled else RunError(told, node=""))

    def _any_ready(self) -> bool:
        return any(job.stack for job in self._jobs)

    def _take_messages(self, wait: bool) -> bool:
        """Handle what has arrived; False when the engine is to stop."""
        while wait or not self._messages.empty():
            message = self._next_message()
            if message is None:
                return False
            message()
            wait = False
        return True

    def _next_message(self) -> Callable[[], None] | None:
        """Wait for a message. When none comes for a while, freed memory is given back; now and then also between jobs
        that follow each other, which else would wait for it and then for the memory.
        """
        if self._settle_due and self._messages.empty():
            if time.monotonic() < self._settled + SETTLED_SECONDS:
                with contextlib.suppress(queue.Empty):
                    return self._messages.get(timeout=IDLE_SECONDS)
            self._settle_due, self._settled = False, time.monotonic()
            self.store.settle()
        return self._messages.get()

    def _start(self, job: Job) -> None:
        self._jobs.append(job)
        self._guarded(job, job.start)

    @staticmethod
    def _guarded(job: Job, work: Callable[[], None]) -> None:
        """Do a job's work; whatever it raises ends this job, and no other."""
        try:
            work()
        except Exception as error:  # noqa: BLE001 - the executor's boundary
            job.finish(error)

    def forget(self, job: Job, seconds: float) -> None:
        """A job ended after some time."""
        self._settle_due = self._settle_due or seconds > SETTLE_SECONDS
        self._jobs.remove(job)
        self.runner.forget(job)

    def _plan_expansion(self, graph: Graph, outputs: Sequence[str]) -> Plan:
        """Plan a graph that a node returned. Raises WorkflowError."""
        checked = raise_faults(check(graph, self.registry.catalogue, outputs=outputs))
        return make_plan(checked, (), self.registry.node_types, self._prefix_of, self.settings.path_digest)

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
        from ..store import tensors

        memory = tensors.device_memory(device) * 4 // 5 or host
    return {device: memory, "cpu": host}
