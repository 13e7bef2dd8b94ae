"""A job: one request to run a workflow, pulling its cells until the outputs asked for are there."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..errors import Cancelled
from ..events import CallCached, CallFinished, CallStarted, Event, JobFinished, JobStarted, Listener, Skipped
from ..planning.plan import Plan
from ..planning.ports import AnyPort, Const, const_of
from .calling import failure
from .cells import CallCell, Cell
from .frames import Frame
from .unfolding import UnfoldingCell, parameters_of
from .watching import CarefulWatcher, KeyedCall, SeenCall, Watcher

if TYPE_CHECKING:
    from ..store.store import Entry
    from .batching import Joined
    from .engine import Engine

LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Result:
    """What a job gave."""

    outputs: dict[str, Any]
    """By the names asked for."""
    inputs: dict[str, Any]
    """The workflow's inputs as they were used, defaults included."""
    skipped: tuple[tuple[str, str], ...] = ()
    """(node or output, reason) of what did not run because of a muted node."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What was known of nodes before the run: node id -> output -> facts, such as a model's digests."""


class Job:
    """Given by `Engine.submit`. `result` waits, `cancel` stops between two calls; both from any thread."""

    def __init__(
        self,
        name: str,
        engine: Engine,
        plan: Plan,
        result: Result,
        listener: Listener | None,
        deterministic: bool,
        watcher: Watcher | None = None,
    ) -> None:
        self.id = name
        self.deterministic = deterministic
        self.cancelled = False
        self.stack: list[Cell] = []
        self.listener = self._careful(listener) if listener is not None else None
        self.watcher = CarefulWatcher(watcher, name) if watcher is not None else None
        self.store = engine.store
        self.file_digest = engine.settings.path_digest
        self.run = engine.runner.run
        self.follow = engine.runner.follow
        self.is_taken = engine.runner.is_taken
        self.joined: dict[Hashable, Joined] = {}
        """By node and input: what was joined there last."""
        self._engine = engine
        self._plan = plan
        self._result = result
        self._pins: dict[Entry, int] = {}
        self._nonces = 0
        self._started = 0.0
        self._error: BaseException | None = None
        self._finished = threading.Event()

    # --- for the one who submitted it, from any thread

    def cancel(self) -> None:
        """Stop between two calls; what is finished stays known."""
        self.cancelled = True
        self._engine.wake()

    def result(self, timeout: float | None = None) -> Result:
        """Wait for the end. Raises RunError, Cancelled or EnvironmentFault, TimeoutError."""
        if not self._finished.wait(timeout):
            raise TimeoutError(f"job {self.id} is not finished after {timeout} s")
        if self._error is not None:
            raise self._error
        return self._result

    @property
    def is_finished(self) -> bool:
        return self._finished.is_set()

    # --- the engine's thread

    def start(self) -> None:
        self._started = time.perf_counter()
        self.emit(JobStarted(self.id, time.time()))
        for where, reason in self._plan.skipped:
            self.emit(Skipped(self.id, where, reason))
        frame = Frame(self._plan.scope, self, self._plan.parameters)
        ports = [frame.resolve(source) for source in self._plan.scope.results]
        names = self._plan.scope.result_names
        self.collect(ports, lambda values: self._succeed(dict(zip(names, values, strict=True))))

    def advance(self, until: float) -> None:
        """Work on the stack until it is empty or the time is up."""
        stack = self.stack
        while stack:
            if self.cancelled:
                raise Cancelled("the job was cancelled")
            stack.pop().advance()
            if time.perf_counter() > until:
                return

    def collect(self, ports: list[AnyPort], deliver: Callable[[list[Any]], None]) -> None:
        """Pull the values of ports and deliver them."""
        cell = CollectCell(self, ports, deliver)
        self.stack.append(cell)

    def _succeed(self, outputs: dict[str, Any]) -> None:
        self._result.outputs.update(outputs)
        self.finish(None)

    def finish(self, error: BaseException | None) -> None:
        """End the job: done without an error, cancelled or failed with one."""
        if self.is_finished:
            return
        self.stack.clear()
        for entry, pins in self._pins.items():
            entry.pins -= pins
        self._pins.clear()
        self.joined.clear()
        seconds = time.perf_counter() - self._started if self._started else 0.0
        self._engine.forget(self, seconds)
        state = "done" if error is None else "cancelled" if isinstance(error, Cancelled) else "failed"
        self._error = error
        self.emit(JobFinished(self.id, state, seconds, self.store.take_peak()))
        self._finished.set()

    def _careful(self, listener: Listener) -> Listener:
        """A listener that fails is told once and asked no more: whoever watches a job cannot break it."""

        def listen(event: Event) -> None:
            try:
                listener(event)
            except BaseException:  # a SystemExit too: it would end the engine's thread
                self.listener = None
                LOG.exception("the listener of job %s failed and gets no further events", self.id)

        return listen

    # --- what cells ask

    def emit(self, event: Event) -> None:
        if self.listener is not None:
            self.listener(event)

    def emit_from_beside(self, event: Event) -> None:
        """From another thread: listeners hear it in the engine's, and nothing after the job's end."""
        self._engine.post(lambda: None if self.is_finished else self.emit(event))

    def emit_lazily(self, make: Callable[[], Event]) -> None:
        if self.listener is not None:
            self.listener(make())

    def pin(self, entry: Entry) -> None:
        entry.pins += 1
        self._pins[entry] = self._pins.get(entry, 0) + 1

    def unpin(self, entry: Entry) -> None:
        entry.pins -= 1
        left = self._pins[entry] - 1
        if left:
            self._pins[entry] = left
        else:
            del self._pins[entry]

    def next_nonce(self) -> bytes:
        """Something no other call has, for the key of a node that is not pure."""
        self._nonces += 1
        return f"{self._engine.nonce}/{self.id}/{self._nonces}".encode()

    def tell_key(self, cell: CallCell) -> None:
        """A call's key is known."""
        if self.watcher is not None:
            self.watcher.keyed(KeyedCall(cell.address, cell.step.declared.type, cell.key))

    def index_port(self, index: int) -> Const:
        return const_of(index, self.file_digest)

    def held(self, cell: CallCell) -> Entry | None:
        """The result of a call, where it is in memory."""
        entry = self.store.held(cell.key)
        if entry is not None and (self.listener is not None or self.watcher is not None):
            self._tell_known(cell, entry, "memory")
        return entry

    def known(self, cell: CallCell) -> Entry | None:
        """The result of a call, where any tier has it."""
        entry = self.held(cell)
        if entry is None and self.store.disk is not None:
            entry = self.store.read(cell.key)
            if entry is not None:
                self._tell_known(cell, entry, "disk")
        return entry

    def _tell_known(self, cell: CallCell, entry: Entry, tier: str) -> None:
        if self.listener is not None:
            self.listener(CallCached(self.id, cell.address, cell.step.declared.type, cell.key, tier))
        if self.watcher is not None and entry.outputs is not None:
            self.watcher.seen(SeenCall(cell.address, cell.step.declared, entry.outputs, None))

    def ask(self, cell: Cell, hook: Callable[..., Any], values: Mapping[str, Any]) -> Any:
        """Call a hook of a node type (lazy, fingerprint) with the values and the context that it names."""
        context = self._engine.caller.context(self, cell.address)
        known = {**values, "context": context}
        try:
            return hook(**{name: known[name] for name in parameters_of(hook) if name in known})
        except BaseException as error:
            raise failure(error, cell.address) from error
        finally:
            context.close()

    def call_now(self, cell: UnfoldingCell, values: Mapping[str, Any]) -> Any:
        """Run the function of a switch or a structural node; its result is no result of the store's."""
        declared, address = cell.step.declared, cell.address  # type: ignore[attr-defined]
        context = self._engine.caller.context(self, address)
        if self.listener is not None:
            self.listener(CallStarted(self.id, address, declared.type, time.perf_counter()))
        arguments = {**values, declared.context: context} if declared.context else values
        start = time.perf_counter()
        try:
            result = declared.function(**arguments)
        except BaseException as error:
            raise failure(error, address) from error
        finally:
            context.close()
        if self.listener is not None:
            end = time.perf_counter()
            self.listener(CallFinished(self.id, address, declared.type, b"", end, end - start, 0, 1))
        return result


class CollectCell(Cell):
    """Pulls the values of some ports for one who waits: the job's outputs, or those of an expansion."""

    __slots__ = ("_deliver", "_job", "_pinned")

    def __init__(self, job: Job, ports: list[AnyPort], deliver: Callable[[list[Any]], None]) -> None:
        self.inputs = ports
        self.missing = 0
        self.key_waiters = None
        self._job = job
        self._deliver = deliver
        self._pinned = False

    def arrived(self) -> None:
        self.missing -= 1
        if not self.missing:
            self._job.stack.append(self)

    def advance(self) -> None:
        self.missing = 0
        if not self._pinned:
            for port in self.inputs:
                port.need_key(self)
            if self.missing:
                return
            self._pinned = True
            for port in self.inputs:
                port.need_value(self)
            if self.missing:
                return
        values = [port.value() for port in self.inputs]
        for port in self.inputs:
            port.release()
        self._deliver(values)
