"""Async nodes: coroutines that run beside the engine, in a thread of their own; their ends arrive as messages."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from .calling import CallContext, Caller, Purity, failure
from .cells import CallCell
from .document import Graph
from .events import CallStarted
from .job import Job


@dataclass(frozen=True, slots=True)
class Ended:
    """A coroutine that came to its end."""

    cell: CallCell
    seconds: float
    outputs: Callable[[], tuple[Any, ...] | Graph]
    """What it returned, checked; raises what it raised, as an error that names the node."""


async def _contained(coroutine: Awaitable[Any]) -> Any:
    """Keeps what would end the process from ending the thread that all coroutines share."""
    try:
        return await coroutine
    except (SystemExit, KeyboardInterrupt) as error:
        raise RuntimeError(f"the node raised {type(error).__name__}") from error


class Coroutines:
    """Starts coroutine nodes. `deliver` is called in another thread when one ends."""

    def __init__(self, caller: Caller, deliver: Callable[[Ended], None]) -> None:
        self._caller = caller
        self._deliver = deliver
        self._loop: asyncio.AbstractEventLoop | None = None
        self._running: dict[Future[Any], CallCell] = {}

    def start(self, cell: CallCell, values: Mapping[str, Any]) -> None:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            threading.Thread(target=self._loop.run_forever, name="latentloom-async", daemon=True).start()
        job, declared = cell.frame.job, cell.step.declared
        context = self._caller.context(job, cell.address) if declared.context else None
        arguments = {**values, declared.context: context} if declared.context else values
        job.emit_lazily(lambda: CallStarted(job.id, cell.address, declared.type, time.perf_counter()))
        watched, start = self._caller.watch(values), time.perf_counter()
        future = asyncio.run_coroutine_threadsafe(_contained(declared.function(**arguments)), self._loop)
        self._running[future] = cell
        future.add_done_callback(lambda future: self._ended(future, cell, context, watched, start))

    def _ended(
        self, future: Future[Any], cell: CallCell, context: CallContext | None, watched: Purity, start: float
    ) -> None:
        seconds = time.perf_counter() - start

        def outputs() -> tuple[Any, ...] | Graph:
            self._running.pop(future, None)
            if context is not None:
                context.close()
            try:
                result = future.result()
            except Exception as error:
                raise failure(error, cell.address) from error
            return self._caller.accept(cell.step.declared, result, watched, cell)

        if not future.cancelled():
            self._deliver(Ended(cell, seconds, outputs))

    def cancel(self, job: Job) -> None:
        """Stop the coroutines of a job."""
        for future, cell in list(self._running.items()):
            if cell.frame.job is job:
                del self._running[future]
                future.cancel()

    def close(self) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._loop.stop)
