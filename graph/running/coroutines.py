"""Async nodes: coroutines that run beside the engine, in a thread of their own; their ends arrive as messages."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from ..document.workflow import Graph
from ..errors import Cancelled
from ..events import Address, CallStarted
from .calling import Caller, Purity, failure
from .cells import CallCell
from .job import Job

CLOSE_SECONDS = 2.0
"""How long closing waits for coroutines that clean up."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A coroutine that came to its end."""

    cell: CallCell
    seconds: float
    outputs: Callable[[], tuple[Any, ...] | Graph]
    """What it returned, checked; raises what it raised, as an error that names the node."""


class Coroutines:
    """Starts coroutine nodes. `deliver` is called in another thread when one ends."""

    def __init__(self, caller: Caller, deliver: Callable[[Ended], None]) -> None:
        self._caller = caller
        self._deliver = deliver
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread
        self._running: dict[Future[Any], CallCell] = {}

    def __bool__(self) -> bool:
        """Whether anything runs."""
        return bool(self._running)

    def start(self, cell: CallCell, values: Mapping[str, Any]) -> None:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(target=_work, args=(self._loop,), name="latentloom-async", daemon=True)
            self._thread.start()
        job, declared = cell.frame.job, cell.step.declared
        context = self._caller.context_beside(job, cell.address) if declared.context else None
        arguments = {**values, declared.context: context} if declared.context else values
        job.emit_lazily(lambda: CallStarted(job.id, cell.address, declared.type, time.perf_counter()))
        watched, start = self._caller.watch(values), time.perf_counter()
        future = asyncio.run_coroutine_threadsafe(_call(declared.function, arguments, cell.address), self._loop)
        self._running[future] = cell
        future.add_done_callback(lambda future: self._ended(future, cell, watched, start))

    def _ended(self, future: Future[Any], cell: CallCell, watched: Purity, start: float) -> None:
        seconds = time.perf_counter() - start

        def outputs() -> tuple[Any, ...] | Graph:
            self._running.pop(future, None)
            if future.cancelled():
                raise Cancelled("the job was cancelled")
            return self._caller.accept(cell.step.declared, future.result(), watched, cell)

        self._deliver(Ended(cell, seconds, outputs))

    def cancel(self, job: Job) -> None:
        """Stop the coroutines of a job."""
        for future, cell in list(self._running.items()):
            if cell.frame.job is job:
                del self._running[future]
                future.cancel()

    def close(self) -> None:
        """Stop all; coroutines get a moment to clean up."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(CLOSE_SECONDS)


def _work(loop: asyncio.AbstractEventLoop) -> None:
    """Run coroutines until the loop is stopped, then cancel what is left."""
    loop.run_forever()
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    if tasks:
        loop.run_until_complete(asyncio.wait(tasks))
    loop.close()


async def _call(function: Callable[..., Any], arguments: Mapping[str, Any], where: Address) -> Any:
    """Await a node's coroutine; whatever it raises becomes an error that names the node.

    A SystemExit would end the thread. A CancelledError that nobody asked for (of something awaited inside) would
    look like the job's own cancellation.
    """
    try:
        return await function(**arguments)
    except BaseException as error:
        task = asyncio.current_task()
        if isinstance(error, asyncio.CancelledError) and task is not None and task.cancelling():
            raise
        raise failure(error, where) from error
