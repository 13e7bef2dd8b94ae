"""Cells: the calls of a job while it runs, unfolded from a plan. A pull walks from the outputs back through them.

A call goes through these states, each reached once unless its result was dropped from the store and is needed again:

    NEW ──asked──> KEYING ──keys of inputs──> KEYED ──not in the store: values of inputs──> READY ──ran──> DONE
     └───────── keys of inputs known ──────────┘└───────────────────── in the store ──────────────────────┘

`advance` takes a cell as far as it can go; where it must wait it registers with what it waits for, which counts down
`missing` and pushes the cell on its job's stack again when nothing is missing. So no recursion, and each cell is
visited a constant number of times. A cell stands on the stack at most once: when it is asked while NEW, when a KEYED
one is first wanted, and when the last thing it waits for arrives. What unfolds into other cells: `unfolding`, `frames`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..events import Address
from ..planning.keys import Key, call_key, content_key
from ..planning.plan import CallStep, Step
from ..planning.ports import AnyPort, Keys, Port, Waiter, opaque_element_keys

if TYPE_CHECKING:
    from ..store.store import Entry
    from .frames import Frame

NEW, KEYING, KEYED, READY, DONE = range(5)
NUMBERS = tuple(bytes([number]) for number in range(256))
"""Last byte of an output's key."""


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
        self.key_waiters: list[Waiter] | None = None

    @property
    def address(self) -> Address:
        return Address(self.step.id, self.frame.path, self.frame.iterations + self.iterations)

    def advance(self) -> None:
        """Go as far as possible."""
        raise NotImplementedError

    def await_key(self, waiter: Waiter) -> None:
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

    __slots__ = ("entry", "is_keyed_by_value", "key", "nonce", "ports", "value_waiters", "wanted")

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
        self.value_waiters: list[Waiter] | None = None
        self.wanted = False
        self.is_keyed_by_value = False
        """Some output's key is not known before its value."""
        self.entry: Entry | None = None
        self.key: Key = b""
        self.nonce = nonce
        """What the key holds beside the inputs: a fingerprint, or something unique for a node that is not pure."""
        outputs = len(step.outputs)
        self.ports = [Port(self, 0)] if outputs == 1 else [Port(self, index) for index in range(outputs)]
        keys: list[Key] = []
        for port in inputs:
            if port.key is None:
                return
            keys.append(port.key)
        self._keyed(keys)

    # --- what ports and waiters ask

    def await_key(self, waiter: Waiter) -> None:
        if self.state == KEYED and not self.wanted:
            self.want()
        super().await_key(waiter)

    def await_value(self, waiter: Waiter) -> None:
        """Pin the result for the waiter, now or when it is there."""
        job = self.frame.job
        if self.state == KEYED and not self.wanted:
            known = job.held(self)
            if known is not None:
                self.done(known)
        entry = self.entry
        if self.state == DONE and entry is not None and entry.outputs is not None:
            job.pin(entry)
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
            keys: list[Key] = []
            self.missing = 0
            for port in self.inputs:
                key = port.key or port.need_key(self)
                if key is not None:
                    keys.append(key)
            if self.missing:
                return
            self._keyed(keys)
        if self.state == KEYED:
            if self.wanted:
                self._pull()
        elif self.state == READY:
            self._run_or_give_way()

    def _keyed(self, inputs: list[Key]) -> None:
        job, transparent = self.frame.job, self.step.transparent
        key = self.key = call_key((self.step.prefix, self.nonce, *inputs))
        self.state = KEYED
        if job.watcher is not None:
            job.tell_key(self)
        keys = job.store.known_keys(key) if True in transparent else None
        self.is_keyed_by_value = False
        for port in self.ports:
            if not transparent[port.index]:
                port.key = key + NUMBERS[port.index]
            elif keys is not None:
                port.set_keys(keys[port.index])
            else:
                self.is_keyed_by_value = True
        if self.key_waiters is not None:
            if self.is_keyed_by_value and not self.wanted and len(self.ports) == 1:
                self.wanted = True  # those who wait need the key that only the value gives
            else:
                self.wake_key_waiters()

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

    def _run_or_give_way(self) -> None:
        """Run, now that the inputs are there; unless an equal call did so or does so meanwhile.

        Only a call with all its inputs is under way, so that nothing waits for what waits itself: a result that was
        dropped may, by its content, be the result of an equal call further back in the same chain.
        """
        job = self.frame.job
        if not job.is_taken(self):
            job.run(self)
            return
        for port in self.inputs:
            port.release()
        self.state = KEYED
        self._pull()

    def done(self, entry: Entry) -> None:
        """The result is there: pin it for those who wait, and tell keys that needed the value."""
        self.entry = entry
        self.state = DONE
        self.wanted = False
        if self.is_keyed_by_value:
            self.is_keyed_by_value = False
            self._learn_keys(entry)
        waiters, self.value_waiters = self.value_waiters, None
        for waiter in waiters or ():
            self.frame.job.pin(entry)
            waiter.arrived()
        if self.key_waiters is not None:
            self.wake_key_waiters()

    def _learn_keys(self, entry: Entry) -> None:
        job, step = self.frame.job, self.step
        outputs = job.store.values(entry)
        keys: list[Key | Keys] = []
        for port in self.ports:
            index = port.index
            if not step.transparent[index]:
                keys.append(b"")
                continue
            sockets = step.declared.outputs[index].sockets
            if sockets and sockets[0].content_keyed:
                keys.append(_content_keys(outputs[index], job.file_digest))
            else:
                keys.append(opaque_element_keys(self.key + NUMBERS[index], outputs[index]))
            port.set_keys(keys[-1])
        job.store.remember_keys(self.key, tuple(keys))


def _content_keys(value: Any, file_digest: Callable[[Any], str]) -> Key | Keys:
    if isinstance(value, list | tuple) and not hasattr(value, "_fields"):
        return tuple(_content_keys(part, file_digest) for part in value)
    return content_key(value, file_digest)
