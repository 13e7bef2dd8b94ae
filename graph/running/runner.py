"""Running calls: at once, joined with equal ones, beside the engine (async), or as the graph that a node returned.

An equal call that is under way is never started twice: later ones wait for the first, in this job or in another.
Used by the engine's thread only.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..declare import NodeType
from ..document.workflow import Graph
from ..errors import Cancelled, RunError
from ..events import CallCached, CallFailed, CallFinished, CallStarted
from ..planning.keys import Key
from ..planning.plan import Plan
from ..store.store import Store
from .batching import Member, Pool, joined_values, shares
from .calling import Caller, failure, fits, is_out_of_memory
from .cells import CallCell
from .coroutines import Coroutines, Ended
from .frames import Frame
from .job import Job
from .watching import SeenCall

ExpansionPlanner = Callable[[Graph, Sequence[str]], Plan]


class Runner:
    """Runs ready calls for all jobs over one store."""

    def __init__(
        self, store: Store, caller: Caller, plan_expansion: ExpansionPlanner, coroutines: Coroutines, most_joined: int
    ) -> None:
        self._store = store
        self._caller = caller
        self._plan_expansion = plan_expansion
        self._coroutines = coroutines
        self._pool = Pool(most_joined)
        self._under_way: dict[Key, list[CallCell]] = {}
        """Call key -> the call that runs or will run, and equal ones that wait for it."""

    @property
    def has_waiting(self) -> bool:
        """Whether joinable calls wait to be run."""
        return bool(self._pool)

    def follow(self, cell: CallCell) -> bool:
        """Wait for an equal call under way, where there is one."""
        cells = self._under_way.get(cell.key)
        if cells is None:
            return False
        cells.append(cell)
        return True

    def is_taken(self, cell: CallCell) -> bool:
        """Whether an equal call is under way, or its result is in memory."""
        return cell.key in self._under_way or self._store.holds(cell.key)

    def run(self, cell: CallCell) -> None:
        """Run a call whose inputs are there, or put it where it will run. Raises what ends the job."""
        declared = cell.step.declared
        self._under_way[cell.key] = [cell]
        if declared.batch:
            self._pool.add(cell)
            return
        values = {name: port.value() for name, port in zip(cell.step.names, cell.inputs, strict=True)}
        if declared.is_async:
            self._coroutines.start(cell, values)
            return
        self._started(cell)
        try:
            outputs, seconds = self._call(declared, values, cell)
            if isinstance(outputs, Graph):
                self._expand(cell, outputs, seconds)
            else:
                self._complete(cell, outputs, seconds, 1)
        except Exception as error:
            raise self._failed(cell, error) from error

    def run_waiting(self) -> None:
        """Run the group of joinable calls that waits longest."""
        self._run_group(self._pool.take())

    def async_ended(self, ended: Ended) -> None:
        """Take what a coroutine node gave."""
        cell = ended.cell
        if cell.frame.job.is_finished:
            return
        try:
            outputs = ended.outputs()
            if isinstance(outputs, Graph):
                self._expand(cell, outputs, ended.seconds)
            else:
                self._complete(cell, outputs, ended.seconds, 1)
        except Exception as error:  # noqa: BLE001 - the executor's boundary
            cell.frame.job.finish(self._failed(cell, error))

    def forget(self, job: Job) -> None:
        """A job ended: what it had under way is left, and passes to others that wait for the same."""
        self._pool.drop(job)
        self._coroutines.cancel(job)
        for key, cells in list(self._under_way.items()):
            if cells[0].frame.job is job:
                del self._under_way[key]
                for cell in cells:
                    if cell.frame.job is not job:
                        cell.frame.job.stack.append(cell)
            else:
                cells[:] = [cell for cell in cells if cell.frame.job is not job]

    # --- joined calls

    def _run_group(self, members: list[Member]) -> None:
        """Run calls as one. An error that could be another job's is looked for job by job."""
        cell = members[0].cell
        for member in members:
            self._started(member.cell)
        try:
            values = joined_values(members)
            outputs, seconds = self._call(cell.step.declared, values, cell)
            if isinstance(outputs, Graph) and len(members) == 1:
                self._expand(cell, outputs, seconds)
                return
            parts = shares(outputs, members) if not isinstance(outputs, Graph) else None
        except Exception as error:  # noqa: BLE001 - the executor's boundary
            self._group_failed(members, error)
            return
        if parts is None:  # a graph has no shares: each call makes its own
            for member in members:
                if not member.cell.frame.job.is_finished:
                    self._run_group([member])
            return
        for member, part in zip(members, parts, strict=True):
            self._complete(member.cell, part, seconds / len(members), len(members))

    def _group_failed(self, members: list[Member], error: Exception) -> None:
        jobs = {member.cell.frame.job for member in members}
        if len(members) > 1 and is_out_of_memory(error):
            members[0].cell.frame.job.joined.clear()
            half = len(members) // 2
            for part in (members[:half], members[half:]):
                if alive := [member for member in part if not member.cell.frame.job.is_finished]:
                    self._run_group(alive)
        elif len(jobs) > 1:
            for job in jobs:
                self._run_group([member for member in members if member.cell.frame.job is job])
        else:
            cell = members[0].cell
            cell.frame.job.finish(self._failed(cell, error))

    # --- one call

    def _call(
        self, declared: NodeType, values: Mapping[str, Any], cell: CallCell
    ) -> tuple[tuple[Any, ...] | Graph, float]:
        """Call the function; when the device is full, make room and try once more."""
        try:
            return self._caller.call(declared, values, cell)
        except Exception as error:
            if not is_out_of_memory(error) or not self._store.make_room():
                raise
        return self._caller.call(declared, values, cell)

    def _started(self, cell: CallCell) -> None:
        job = cell.frame.job
        if job.listener is not None:
            job.listener(CallStarted(job.id, cell.address, cell.step.declared.type, time.perf_counter()))

    def _failed(self, cell: CallCell, error: Exception) -> Exception:
        """Say that a call failed; returns what its job ends with."""
        if is_out_of_memory(error):
            told = "the device is out of memory, and nothing can leave: use smaller images or batches, or tiles."
            error = RunError(told, node=cell.step.id, address=str(cell.address))
        job = cell.frame.job
        if not isinstance(error, Cancelled):
            job.emit(CallFailed(job.id, cell.address, cell.step.declared.type, str(error)))
        return error

    def _complete(self, cell: CallCell, outputs: tuple[Any, ...], seconds: float, joined: int) -> None:
        """Store a call's outputs and hand them to all that wait for it, in this job and others."""
        job, declared = cell.frame.job, cell.step.declared
        debt = sum(port.debt() for port in cell.inputs) if self._store.disk is not None else 0.0
        entry = self._store.put(cell.key, outputs, seconds, debt, durable=declared.pure)
        if job.listener is not None:
            end = time.perf_counter()
            job.listener(CallFinished(job.id, cell.address, declared.type, cell.key, end, seconds, entry.bytes, joined))
        if not job.is_finished:
            if job.watcher is not None:
                inputs = {name: port.value() for name, port in zip(cell.step.names, cell.inputs, strict=True)}
                job.watcher.seen(SeenCall(cell.address, declared, outputs, inputs))
            for port in cell.inputs:
                port.release()
        for each in self._under_way.pop(cell.key, (cell,)):
            other = each.frame.job
            if other.is_finished:
                continue
            if each is not cell and other.listener is not None:
                other.listener(CallCached(other.id, each.address, declared.type, cell.key, "memory"))
            try:
                each.done(entry)
            except Exception as error:  # noqa: BLE001 - the executor's boundary
                other.finish(failure(error, each.address))

    def _expand(self, cell: CallCell, graph: Graph, seconds: float) -> None:
        """Run the graph that a node returned in its place; its results are stored under the call's key."""
        job, step, where = cell.frame.job, cell.step, cell.address
        try:
            plan = self._plan_expansion(graph, step.outputs)
        except Exception as error:
            raise RunError(f"returned a graph that is faulty: {error}", node=step.id, address=str(where)) from error
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
