"""Cells: the calls of a job while it runs, unfolded from a plan. A pull walks from the outputs back through them.

A call goes through these states, each reached once unless its result was dropped from the store and is needed again:

    NEW ──asked──> KEYING ──keys of inputs──> KEYED ──not in the store: values of inputs──> READY ──ran──> DONE
                                                └───────────────────── in the store ──────────────────────┘

`advance` takes a cell as far as it can go; where it must wait it registers with what it waits for, which counts down
`missing` and pushes the cell on its job's stack again when nothing is missing. So no recursion, and each cell is
visited a constant number of times. A cell stands on the stack at most once: when it leaves NEW, when a KEYED one is
first wanted, and when the last thing it waits for arrives. Loops, maps, switches and structural nodes are cells that
*unfold* into others.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from .errors import RunError
from .events import Address, LoopStarted
from .keys import Key, call_key, content_key, list_key
from .plan import CallStep, GraphStep, LoopStep, OutputOf, ParameterOf, Scope, Source, Step
from .ports import Alias, AnyPort, Const, Gather, Keys, Port, flat_key, opaque_element_keys

if TYPE_CHECKING:
    from .job import Job
    from .store import Entry

NEW, KEYING, KEYED, READY, DONE = range(5)


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
        self.ports: list[Sequence[AnyPort]] = []
        for step in scope.steps:
            self.ports.append(unfold(step, self, [self.resolve(source) for source in step.sources]))

    def resolve(self, source: Source) -> AnyPort:
        """The port that a source of this scope leads to."""
        if type(source) is OutputOf:
            frame = self
            for _ in range(source.depth):
                assert frame.parent is not None
                frame = frame.parent
            return frame.ports[source.step][source.output]
        if type(source) is ParameterOf:
            frame = self
            for _ in range(source.depth):
                assert frame.parent is not None
                frame = frame.parent
            return frame.parameters[source.index]
        assert isinstance(source, Const)
        return source


def unfold(
    step: Step, frame: Frame, inputs: list[AnyPort], iterations: tuple[int, ...] = (), levels: int | None = None
) -> Sequence[AnyPort]:
    """The ports of a step's outputs, with the cell or frame behind them. `levels`: lists still to be mapped over."""
    if step.mapped is not None and levels != 0:
        return MapCell(step, frame, inputs, iterations, step.levels if levels is None else levels).ports
    if type(step) is CallStep:
        declared = step.declared
        if declared.select:
            return SelectCell(step, frame, inputs, iterations).ports
        if declared.structural:
            return StructuralCell(step, frame, inputs, iterations).ports
        if declared.lazy is not None or declared.fingerprint is not None:
            return PreparedCell(step, frame, inputs, iterations).ports
        nonce = b"" if declared.pure else frame.job.next_nonce()
        return CallCell(step, frame, inputs, iterations, nonce).ports
    if type(step) is LoopStep:
        return LoopCell(step, frame, inputs, iterations).ports
    assert type(step) is GraphStep
    inner = Frame(step.scope, frame.job, inputs, None, (*frame.path, step.id), frame.iterations + iterations)
    return [inner.resolve(source) for source in step.scope.results]


class Cell:
    """What all cells share: waiting and being waited for."""

    __slots__ = ("frame", "inputs", "iterations", "key_waiters", "missing", "state", "step")

    def __init__(self, step: Step, frame: Frame, inputs: list[AnyPort], iterations: tuple[int, ...]) -> None:
        self.step = step
        self.frame = frame
        self.inputs = inputs
        self.iterations = iterations
        self.state = NEW
        self.missing = 0
        self.key_waiters: list[Cell] | None = None

    @property
    def address(self) -> Address:
        return Address(self.step.id, self.frame.path, self.frame.iterations + self.iterations)

    def advance(self) -> None:
        """Go as far as possible."""
        raise NotImplementedError

    def await_key(self, waiter: Cell) -> None:
        """Wake the waiter when the keys of this cell's ports are known."""
        waiter.missing += 1
        if self.key_waiters is None:
            self.key_waiters = [waiter]
        else:
            self.key_waiters.append(waiter)
        if self.state == NEW:
            self.state = KEYING
            self.frame.job.stack.append(self)

    def wake_key_waiters(self) -> None:
        waiters, self.key_waiters = self.key_waiters, None
        for waiter in waiters or ():
            waiter.arrived()

    def arrived(self) -> None:
        """Something this cell waited for is there."""
        self.missing -= 1
        if not self.missing:
            self.frame.job.stack.append(self)


class CallCell(Cell):
    """A call of a node type."""

    __slots__ = ("entry", "key", "nonce", "ports", "value_waiters", "wanted")

    step: CallStep

    def __init__(
        self, step: CallStep, frame: Frame, inputs: list[AnyPort], iterations: tuple[int, ...], nonce: bytes = b""
    ) -> None:
        self.step = step
        self.frame = frame
        self.inputs = inputs
        self.iterations = iterations
        self.state = NEW
        self.missing = 0
        self.key_waiters = None
        self.value_waiters: list[Cell] | None = None
        self.wanted = False
        self.entry: Entry | None = None
        self.key: Key = b""
        self.nonce = nonce
        """What the key holds beside the inputs: a fingerprint, or something unique for a node that is not pure."""
        self.ports = [Port(self, index) for index in range(len(step.outputs))]

    # --- what ports and waiters ask

    def await_key(self, waiter: Cell) -> None:
        if self.state == KEYED and not self.wanted:
            self.want()
        super().await_key(waiter)

    def await_value(self, waiter: Cell) -> None:
        """Pin the result for the waiter, now or when it is there."""
        entry = self.entry
        if self.state == DONE and entry is not None and entry.outputs is not None:
            self.frame.job.pin(entry)
            return
        waiter.missing += 1
        if self.value_waiters is None:
            self.value_waiters = [waiter]
            if not self.wanted:
                self.want()
        else:
            self.value_waiters.append(waiter)

    def want(self) -> None:
        """The value is needed, be it for its key."""
        self.wanted = True
        if self.state == NEW:
            self.state = KEYING
        elif self.state == DONE:
            self.state = KEYED
        elif self.state != KEYED:
            return
        self.frame.job.stack.append(self)

    def outputs(self) -> tuple[Any, ...]:
        assert self.entry is not None
        return self.frame.job.store.values(self.entry)

    def release(self) -> None:
        assert self.entry is not None
        self.frame.job.unpin(self.entry)

    def debt(self) -> float:
        return self.entry.debt if self.entry is not None else 0.0

    # --- states

    def advance(self) -> None:
        if self.state == KEYING:
            parts = [self.step.prefix, self.nonce]
            self.missing = 0
            for port in self.inputs:
                key = port.key or port.need_key(self)
                if key is not None:
                    parts.append(key)
            if self.missing:
                return
            self._keyed(call_key(parts))
        if self.state == KEYED:
            if self.wanted:
                self._pull()
        elif self.state == READY:
            self.frame.job.run(self)

    def _keyed(self, key: Key) -> None:
        self.key = key
        self.state = KEYED
        keys: Keys | None = None
        blocked = False
        for port, transparent in zip(self.ports, self.step.transparent, strict=True):
            if not transparent:
                port.key = key + port.index.to_bytes(1, "big")
                continue
            if keys is None:
                keys = self.frame.job.store.known_keys(key) or ()
            if keys:
                self._set_keys(port, keys[port.index])
            else:
                blocked = True
        if self.key_waiters is not None:
            if blocked and not self.wanted and len(self.ports) == 1:
                self.wanted = True  # those who wait need the key that only the value gives
            else:
                self.wake_key_waiters()

    @staticmethod
    def _set_keys(port: Port, keys: Key | Keys) -> None:
        port.key = flat_key(keys)
        if isinstance(keys, tuple):
            port.items = keys

    def _pull(self) -> None:
        """Take the result from the store, or from an equal call under way, or see to the inputs."""
        job = self.frame.job
        entry = job.known(self)
        if entry is not None:
            self.done(entry)
            return
        if job.follow(self):
            return
        self.state = READY
        self.missing = 0
        for port in self.inputs:
            port.need_value(self)
        if not self.missing:
            job.run(self)

    def done(self, entry: Entry) -> None:
        """The result is there: pin it for those who wait, and tell keys that needed the value."""
        self.entry = entry
        self.state = DONE
        self.wanted = False
        if any(self.step.transparent) and any(port.key is None for port in self.ports):
            self._learn_keys(entry)
        waiters, self.value_waiters = self.value_waiters, None
        for waiter in waiters or ():
            self.frame.job.pin(entry)
            waiter.arrived()
        if self.key_waiters is not None:
            self.wake_key_waiters()

    def _learn_keys(self, entry: Entry) -> None:
        job = self.frame.job
        outputs = job.store.values(entry)
        keys: list[Key | Keys] = []
        for port, transparent, output in zip(self.ports, self.step.transparent, outputs, strict=True):
            if not transparent:
                keys.append(b"")
                continue
            sockets = self.step.declared.outputs[port.index].sockets
            if sockets and sockets[0].content_keyed:
                keys.append(_content_keys(output, job.file_digest))
            else:
                keys.append(opaque_element_keys(self.key + port.index.to_bytes(1, "big"), output))
            self._set_keys(port, keys[-1])
        job.store.remember_keys(self.key, tuple(keys))


def _content_keys(value: Any, file_digest: Callable[[Any], str]) -> Key | Keys:
    if isinstance(value, list | tuple) and not hasattr(value, "_fields"):
        return tuple(_content_keys(part, file_digest) for part in value)
    return content_key(value, file_digest)


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
        inputs, nonce = self.inputs, b""
        if declared.lazy is not None:
            asked = set(job.ask(self, declared.lazy, values))
            unasked = {spec.name for spec in declared.inputs if spec.lazy} - asked
            inputs = [
                NONE if name in unasked else port for name, port in zip(self.step.names, self.inputs, strict=True)
            ]
        if declared.fingerprint is not None:
            nonce = content_key(job.ask(self, declared.fingerprint, values), job.file_digest)
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


@cache
def parameters_of(hook: Callable[..., Any]) -> tuple[str, ...]:
    """The inputs that a hook of a node type looks at: the names of its parameters."""
    return tuple(inspect.signature(hook).parameters)


def const_of(value: Any, file_digest: Callable[[Any], str]) -> Const:
    """A constant port; a list's elements are constants too."""
    if isinstance(value, list | tuple) and not hasattr(value, "_fields"):
        parts: list[AnyPort] = [const_of(part, file_digest) for part in value]
        return Const(value, list_key(part.key or b"" for part in parts), parts)
    return Const(value, content_key(value, file_digest))


def _no_files(path: Any) -> str:
    raise TypeError(f"{path} cannot be read here")


NONE = const_of(None, _no_files)
"""The port of an absent optional input."""
