"""The store: results and weights by key, in three tiers (device, host, disk), under one budget per device.

Storages are counted once, however many results share them. What is pinned (an input of a call that is wanted or
running, weights in use) stays; of the rest, what is cheapest to bring back per byte leaves first, older ones sooner
(GreedyDual-Size: Cao and Irani 1997). From an accelerator it leaves to the host where the copy is cheaper than the
call, else it is dropped; what was worth writing is on disk already.

Used by the engine's thread only.
"""

from __future__ import annotations

import sys
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from types import ModuleType
from typing import Any

from .disk import DiskTier
from .keys import Key

PLAIN_BYTES = 600
"""What an entry of small values takes, the tables' shares included (measured with tracemalloc)."""
INDEX_LIMIT = 200_000
COPY_BYTES_PER_SECOND = 10e9
"""Between an accelerator and the host, pinned or not, in the right order of magnitude."""
SPARE = 0.9
"""Eviction goes on to this share of the budget, so that it is not needed at every result."""


class Entry:
    """What the store knows of one call's outputs, or of one resource. `outputs` is None once it was dropped."""

    __slots__ = ("bytes", "debt", "device", "key", "outputs", "pins", "priority", "seconds", "storages")

    def __init__(self, key: Hashable, outputs: tuple[Any, ...], seconds: float) -> None:
        self.key = key
        self.outputs: tuple[Any, ...] | None = outputs
        self.seconds = seconds
        self.debt = 0.0
        """Seconds it would take to make this again from what is on disk."""
        self.pins = 0
        self.priority = 0.0
        self.storages: dict[tuple[str, int], int] = {}
        self.bytes = PLAIN_BYTES
        self.device = "cpu"


class Budget:
    """Bytes of one device: the limit, what is used, and the peak since it was last asked."""

    def __init__(self, limit: int | None) -> None:
        self.limit = limit
        self.used = 0
        self.peak = 0
        self.shared: dict[int, int] = {}
        """Storage address -> how many entries hold it."""
        self.clock = 0.0


class Store:
    """Results by call key and resources by their own key."""

    def __init__(self, device: str, limits: dict[str, int | None], disk: DiskTier | None = None) -> None:
        self.device = device
        self.disk = disk
        self._entries: dict[Hashable, Entry] = {}
        self._budgets = {name: Budget(limit) for name, limit in limits.items()}
        self._index: OrderedDict[Key, tuple[Any, ...]] = OrderedDict()
        self._tensors: ModuleType | None = None

    # --- results

    def get(self, key: Key) -> Entry | None:
        """The entry of a call key from memory or disk, or None."""
        entry = self._entries.get(key)
        if entry is not None:
            self._touch(entry)
            return entry
        if self.disk is not None and (outputs := self.disk.read(key)) is not None:
            return self._add(Entry(key, outputs, 0.0))
        return None

    def holds(self, key: Key) -> bool:
        """Whether a result is in memory (not looking at the disk)."""
        return key in self._entries

    def put(self, key: Key, outputs: tuple[Any, ...], seconds: float, debt: float = 0.0, durable: bool = True) -> Entry:
        """Store what a call gave. `debt`: what its inputs that are not on disk cost. `durable`: may go to disk."""
        if (known := self._entries.get(key)) is not None:
            return known
        entry = Entry(key, outputs, seconds)
        entry.debt = debt + seconds
        self._add(entry)
        if durable and self.disk is not None and self.disk.is_worth_writing(entry.debt, entry.bytes):
            self.disk.write(key, outputs)
            entry.debt = 0.0
        return entry

    def values(self, entry: Entry) -> tuple[Any, ...]:
        """The outputs of a pinned entry, on the device."""
        outputs = entry.outputs
        if outputs is None:
            raise KeyError(f"result {entry.key!r} was dropped while it was not pinned")
        if entry.device != self.device and entry.storages:
            outputs = self._move(entry, self.device)
        return outputs

    # --- the index of content keys

    def known_keys(self, key: Key) -> tuple[Any, ...] | None:
        """What a call's outputs are keyed by, where that needs their values and they were known once."""
        return self._index.get(key)

    def remember_keys(self, key: Key, keys: tuple[Any, ...]) -> None:
        self._index[key] = keys
        if len(self._index) > INDEX_LIMIT:
            self._index.popitem(last=False)

    # --- resources

    def resource(self, key: Hashable, load: Callable[[], Any]) -> Entry:
        """Weights and the like, pinned for the caller, who unpins them. Loaded when not held."""
        entry = self._entries.get(("resource", key))
        if entry is None:
            start = time.perf_counter()
            value = load()
            entry = Entry(("resource", key), (value,), time.perf_counter() - start)
            entry.pins = 1
            return self._add(entry)
        entry.pins += 1
        self._touch(entry)
        return entry

    # --- room

    @property
    def bytes_used(self) -> dict[str, int]:
        return {name: budget.used for name, budget in self._budgets.items()}

    def take_peak(self) -> dict[str, int]:
        """The highest use since the last call, by device."""
        peaks = {name: budget.peak for name, budget in self._budgets.items()}
        for budget in self._budgets.values():
            budget.peak = budget.used
        return peaks

    def make_room(self) -> bool:
        """Drop or move away everything that is not pinned on the device; False when there was nothing."""
        freed = self._evict(self._budgets[self.device], 0)
        if self._tensors is not None:
            self._tensors.release_device_memory(self.device)
        return freed

    def clear(self) -> None:
        """Forget everything in memory that is not pinned, the index too."""
        for entry in [e for e in self._entries.values() if not e.pins]:
            self._drop(entry)
        self._index.clear()

    def _touch(self, entry: Entry) -> None:
        entry.priority = self._budgets[entry.device].clock + entry.seconds / entry.bytes

    def _add(self, entry: Entry) -> Entry:
        self._measure(entry)
        self._entries[entry.key] = entry
        budget = self._budgets[entry.device]
        self._count(entry, budget)
        self._touch(entry)
        if budget.limit is not None and budget.used > budget.limit:
            entry.pins += 1
            self._evict(budget, int(budget.limit * SPARE))
            entry.pins -= 1
        if budget.used > budget.peak:
            budget.peak = budget.used
        return entry

    def _measure(self, entry: Entry) -> None:
        if "torch" not in sys.modules:
            return
        if self._tensors is None:
            from . import tensors

            self._tensors = tensors
        entry.storages = self._tensors.storages(entry.outputs)
        if entry.storages:
            entry.bytes = PLAIN_BYTES + sum(entry.storages.values())
            device = next(iter(entry.storages))[0]
            entry.device = device if device in self._budgets else "cpu"

    def _count(self, entry: Entry, budget: Budget) -> None:
        budget.used += PLAIN_BYTES
        for (_, address), size in entry.storages.items():
            holders = budget.shared.get(address, 0)
            budget.shared[address] = holders + 1
            if not holders:
                budget.used += size

    def _uncount(self, entry: Entry, budget: Budget) -> None:
        budget.used -= PLAIN_BYTES
        for (_, address), size in entry.storages.items():
            holders = budget.shared[address] - 1
            if holders:
                budget.shared[address] = holders
            else:
                del budget.shared[address]
                budget.used -= size

    def _evict(self, budget: Budget, goal: int) -> bool:
        """Let entries leave, cheapest first, until `goal` bytes are used. False when nothing could leave."""
        name = next(name for name, b in self._budgets.items() if b is budget)
        free = sorted(
            (e for e in self._entries.values() if not e.pins and e.device == name), key=lambda entry: entry.priority
        )
        for entry in free:
            if budget.used <= goal:
                break
            budget.clock = max(budget.clock, entry.priority)
            self._leave(entry)
        return bool(free)

    def _leave(self, entry: Entry) -> None:
        copy_seconds = entry.bytes / COPY_BYTES_PER_SECOND
        if entry.device != "cpu" and entry.storages and entry.seconds > copy_seconds:
            self._move(entry, "cpu")
        else:
            self._drop(entry)

    def _move(self, entry: Entry, device: str) -> tuple[Any, ...]:
        assert self._tensors is not None
        self._uncount(entry, self._budgets[entry.device])
        del self._entries[entry.key]
        entry.outputs = tuple(self._tensors.moved(value, device) for value in entry.outputs or ())
        self._add(entry)
        return entry.outputs

    def _drop(self, entry: Entry) -> None:
        if self._entries.get(entry.key) is entry:
            del self._entries[entry.key]
            self._uncount(entry, self._budgets[entry.device])
        entry.outputs = None
