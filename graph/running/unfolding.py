"""Cells that unfold once some values are there: switches, lazy calls, fingerprints, structural nodes.

Their outputs are aliases, which lead on to other ports when the cell has unfolded.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from ..errors import RunError
from ..planning.keys import content_key
from ..planning.plan import CallStep, Step
from ..planning.ports import NONE, Alias, AnyPort, Const, Gather, Port
from .cells import KEYED, CallCell, Cell

if TYPE_CHECKING:
    from .frames import Frame


class UnfoldingCell(Cell):
    """A cell whose outputs are known only when something is: it then leads on to other ports."""

    __slots__ = ("ports",)

    def __init__(self, step: Step, frame: Frame, inputs: list[AnyPort], iterations: tuple[int, ...]) -> None:
        super().__init__(step, frame, inputs, iterations)
        self.ports = [Alias(self) for _ in step.outputs]

    def advance(self) -> None:
        self.missing = 0
        targets = self.targets()
        if targets is None:
            return
        for port, target in zip(self.ports, targets, strict=True):
            port.target = target
        self.state = KEYED
        self.wake_key_waiters()

    def targets(self) -> Sequence[AnyPort] | None:
        """Where the outputs lead, or None while something is missing."""
        raise NotImplementedError

    def structures(self, ports: Sequence[AnyPort]) -> list[list[AnyPort]] | None:
        """The elements of each list port, or None while some are unknown."""
        found = [port.elements(self) for port in ports]
        return None if self.missing else [elements for elements in found if elements is not None]


class ValuesCell(UnfoldingCell):
    """Unfolds when the values of some inputs are there; they are pinned meanwhile."""

    __slots__ = ("pinned",)

    step: CallStep

    def __init__(self, step: CallStep, frame: Frame, inputs: list[AnyPort], iterations: tuple[int, ...]) -> None:
        super().__init__(step, frame, inputs, iterations)
        self.pinned = False

    def values(self, names: Sequence[str]) -> dict[str, Any] | None:
        """The values of the named inputs, or None while some are missing. Keys come first: they unfold."""
        ports = [port for name, port in zip(self.step.names, self.inputs, strict=True) if name in names]
        if not self.pinned:
            for port in ports:
                port.need_key(self)
            if self.missing:
                return None
            self.pinned = True
            for port in ports:
                port.need_value(self)
            if self.missing:
                return None
        found = {name: port.value() for name, port in zip(self.step.names, self.inputs, strict=True) if name in names}
        for port in ports:
            port.release()
        return found

    def input(self, name: str) -> AnyPort:
        return self.inputs[self.step.names.index(name)]


class SelectCell(ValuesCell):
    """A switch: leads on to the input that its function names."""

    __slots__ = ()

    def targets(self) -> Sequence[AnyPort] | None:
        declared = self.step.declared
        values = self.values([spec.name for spec in declared.inputs if not spec.lazy])
        if values is None:
            return None
        lazy = {spec.name: None for spec in declared.inputs if spec.lazy}
        chosen = self.frame.job.call_now(self, lazy | values)
        if chosen not in self.step.names:
            raise RunError(
                f"chose {chosen!r}, which is not one of its inputs ({', '.join(self.step.names)})",
                node=self.step.id,
                address=str(self.address),
            )
        return [self.input(chosen)] * len(self.ports)


class PreparedCell(ValuesCell):
    """A call that must look at values before it has a key: which lazy inputs it asks for, and its fingerprint.

    Unfolds into the call itself; lazy inputs that are not asked for are None.
    """

    __slots__ = ()

    def targets(self) -> Sequence[AnyPort] | None:
        job, declared = self.frame.job, self.step.declared
        hooks = [hook for hook in (declared.lazy, declared.fingerprint) if hook is not None]
        values = self.values([name for hook in hooks for name in parameters_of(hook)])
        if values is None:
            return None
        inputs, nonce = self.inputs, b"" if declared.pure else job.next_nonce()
        if declared.lazy is not None:
            asked = set(job.ask(self, declared.lazy, values))
            unasked = {spec.name for spec in declared.inputs if spec.lazy} - asked
            inputs = [
                NONE if name in unasked else port for name, port in zip(self.step.names, self.inputs, strict=True)
            ]
        if declared.fingerprint is not None:
            nonce += content_key(job.ask(self, declared.fingerprint, values), job.file_digest)
        return CallCell(self.step, self.frame, inputs, self.iterations, nonce).ports


class StructuralCell(ValuesCell):
    """A node that only moves things around: its function runs on ports, so that elements keep their keys."""

    __slots__ = ()

    def targets(self) -> Sequence[AnyPort] | None:
        declared, names = self.step.declared, self.step.names
        types = {name: declared.input(name).type for name in names}
        moved = [name for name in names if types[name].innermost.is_variable]
        lists = [name for name in moved if types[name].is_list]
        structures = self.structures([self.input(name) for name in lists])
        if structures is None:
            return None
        values = self.values([name for name in names if name not in moved])
        if values is None:
            return None
        values |= {name: self.input(name) for name in moved} | dict(zip(lists, structures, strict=True))
        ordered = {name: values[name] for name in names}
        result = self.frame.job.call_now(self, ordered)
        outputs = result if declared.several_outputs else (result,)
        return [self._as_port(output) for output in outputs]

    def _as_port(self, output: Any) -> AnyPort:
        if isinstance(output, Port | Const | Gather | Alias):
            return output
        if isinstance(output, list | tuple):
            return Gather([self._as_port(part) for part in output])
        return Const(output, content_key(output, self.frame.job.file_digest))


@cache
def parameters_of(hook: Callable[..., Any]) -> tuple[str, ...]:
    """The inputs that a hook of a node type looks at: the names of its parameters."""
    return tuple(inspect.signature(hook).parameters)
