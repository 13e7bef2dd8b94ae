"""Frames: scopes unfolded into cells, for one job, one use of a subgraph, one iteration of a loop.

Loops and mapped steps unfold here, as soon as the length of their lists is known: their values are not needed for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..errors import RunError
from ..events import LoopStarted
from ..planning.plan import CallStep, GraphStep, LoopStep, OutputOf, Scope, Source, Step
from ..planning.ports import AnyPort, Const, Gather
from .cells import CallCell, Cell
from .unfolding import PreparedCell, SelectCell, StructuralCell, UnfoldingCell

if TYPE_CHECKING:
    from .job import Job


class Frame:
    """One activation of a scope: its steps unfolded into ports, for one iteration, instance or job."""

    __slots__ = ("iterations", "job", "parameters", "parent", "path", "ports")

    def __init__(
        self,
        scope: Scope,
        job: Job,
        parameters: Sequence[AnyPort],
        parent: Frame | None = None,
        path: tuple[str, ...] = (),
        iterations: tuple[int, ...] = (),
    ) -> None:
        self.job = job
        self.parameters = parameters
        self.parent = parent
        self.path = path
        self.iterations = iterations
        ports: list[Sequence[AnyPort]] = []
        self.ports = ports
        for step in scope.steps:
            inputs: list[AnyPort] = []
            for source in step.sources:
                if type(source) is Const:
                    inputs.append(source)
                elif type(source) is OutputOf and not source.depth:  # nearly all: a call for each would be felt
                    inputs.append(ports[source.step][source.output])
                else:
                    inputs.append(self.resolve(source))
            ports.append(unfold(step, self, inputs))

    def resolve(self, source: Source) -> AnyPort:
        """The port that a source of this scope leads to."""
        if isinstance(source, Const):
            return source
        frame = self
        for _ in range(source.depth):
            assert frame.parent is not None
            frame = frame.parent
        if isinstance(source, OutputOf):
            return frame.ports[source.step][source.output]
        return frame.parameters[source.index]


def unfold(
    step: Step, frame: Frame, inputs: list[AnyPort], iterations: tuple[int, ...] = (), levels: int | None = None
) -> Sequence[AnyPort]:
    """The ports of a step's outputs, with the cell or frame behind them. `levels`: lists still to be mapped over."""
    if step.mapped is not None and levels != 0:
        return MapCell(step, frame, inputs, iterations, step.levels if levels is None else levels).ports
    if type(step) is CallStep:
        declared = step.declared
        if declared.is_plain:
            return CallCell(step, frame, inputs, iterations).ports
        if declared.select:
            return SelectCell(step, frame, inputs, iterations).ports
        if declared.structural:
            return StructuralCell(step, frame, inputs, iterations).ports
        if declared.lazy is not None or declared.fingerprint is not None:
            return PreparedCell(step, frame, inputs, iterations).ports
        return CallCell(step, frame, inputs, iterations, frame.job.next_nonce()).ports  # it is not pure
    if type(step) is LoopStep:
        return LoopCell(step, frame, inputs, iterations).ports
    assert type(step) is GraphStep
    inner = Frame(step.scope, frame.job, inputs, None, (*frame.path, step.id), frame.iterations + iterations)
    return [inner.resolve(source) for source in step.scope.results]


class LoopCell(UnfoldingCell):
    """A loop: unfolds into one frame an iteration, as soon as the number of iterations is known."""

    __slots__ = ()

    step: LoopStep

    def targets(self) -> Sequence[AnyPort] | None:
        step = self.step
        sequences = self.structures(self.inputs[: step.each])
        if sequences is None:
            return None
        count = _common_length(self, sequences, step.names[: step.each])
        carry: Sequence[AnyPort] = self.inputs[step.each :]
        collected: list[list[AnyPort]] = [[] for _ in step.collect]
        frame, job = self.frame, self.frame.job
        around = frame.iterations + self.iterations
        job.emit_lazily(lambda: LoopStarted(job.id, self.address, count))
        for i in range(count):
            each = [sequence[i] for sequence in sequences]
            inner = Frame(step.body, job, [*each, *carry, job.index_port(i)], frame, frame.path, (*around, i))
            carry = [inner.resolve(source) for source in step.next]
            for parts, source in zip(collected, step.collect, strict=True):
                parts.append(inner.resolve(source))
        return [*carry, *(Gather(parts) for parts in collected)]


class MapCell(UnfoldingCell):
    """A step whose list inputs are walked together: one call, or subgraph, an element."""

    __slots__ = ("levels",)

    def __init__(
        self, step: Step, frame: Frame, inputs: list[AnyPort], iterations: tuple[int, ...], levels: int
    ) -> None:
        super().__init__(step, frame, inputs, iterations)
        self.levels = levels

    def targets(self) -> Sequence[AnyPort] | None:
        step = self.step
        mapped = step.mapped
        assert mapped is not None
        lists = self.structures([port for port, walked in zip(self.inputs, mapped, strict=True) if walked])
        if lists is None:
            return None
        names = [name for name, walked in zip(step.names, mapped, strict=True) if walked]
        count = _common_length(self, lists, names)
        gathered: list[list[AnyPort]] = [[] for _ in step.outputs]
        for i in range(count):
            walking = iter(lists)
            inputs = [next(walking)[i] if walked else port for port, walked in zip(self.inputs, mapped, strict=True)]
            ports = unfold(step, self.frame, inputs, (*self.iterations, i), self.levels - 1)
            for parts, port in zip(gathered, ports, strict=True):
                parts.append(port)
        return [Gather(parts) for parts in gathered]


def _common_length(cell: Cell, lists: Sequence[Sequence[AnyPort]], names: Sequence[str]) -> int:
    lengths = {name: len(elements) for name, elements in zip(names, lists, strict=True)}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name} has {length}" for name, length in lengths.items())
        raise RunError(
            f"lists that are walked together must be equally long: {told}. Make them the same length.",
            node=cell.step.id,
            address=str(cell.address),
        )
    return next(iter(lengths.values()))
