"""Watching a job closely: what events do not tell, the keys of its calls and the values that they give."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from ..declare import NodeType
from ..events import Address
from ..planning.keys import Key

LOG = logging.getLogger(__name__)
Call = TypeVar("Call")


@dataclass(frozen=True, slots=True)
class KeyedCall:
    """A call whose key is known. It may have run, be about to run, or never need to."""

    address: Address
    type: str
    key: Key


@dataclass(frozen=True, slots=True)
class SeenCall:
    """A call whose result is there."""

    address: Address
    declared: NodeType
    outputs: tuple[Any, ...]
    inputs: Mapping[str, Any] | None
    """None where the result was known already."""


class Watcher(Protocol):
    """Given to `Engine.submit`. Called in the engine's thread: it must be quick, and change no value."""

    def keyed(self, call: KeyedCall) -> None: ...

    def seen(self, call: SeenCall) -> None: ...


class CarefulWatcher:
    """A watcher that fails is told once and asked no more: whoever watches a job cannot break it."""

    __slots__ = ("_job", "_watcher")

    def __init__(self, watcher: Watcher, job: str) -> None:
        self._watcher: Watcher | None = watcher
        self._job = job

    def keyed(self, call: KeyedCall) -> None:
        if self._watcher is not None:
            self._tell(self._watcher.keyed, call)

    def seen(self, call: SeenCall) -> None:
        if self._watcher is not None:
            self._tell(self._watcher.seen, call)

    def _tell(self, method: Callable[[Call], None], call: Call) -> None:
        try:
            method(call)
        except BaseException:  # a SystemExit too: it would end the engine's thread
            self._watcher = None
            LOG.exception("the watcher of job %s failed and is told no more", self._job)
