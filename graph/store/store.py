"""The store: results and weights by key, in three tiers (device, host, disk), under one budget per device.

Storages are counted once, however many results share them. What is pinned (an input of a call that is wanted or
running, weights in use by a call) stays. Of the rest, that leaves first which costs least to bring back, per byte, and
has been unused for longest: the smallest seconds / (bytes * age). Weights used within the last minute leave last: a
loop needs them again at its next step. From an accelerator an entry leaves to the host where the copy is cheaper than
the call, else it is dropped; what was worth writing is on disk already.

Used by the engine's thread only.
"""

from __future__ import annotations

import gc
import sys
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from types import ModuleType
from typing import Any

from ..planning.keys import Key
from .disk import DiskTier
from .sizes import measured

ENTRY_BYTES = 400
"""What an entry of small values takes, its share of the tables included (measured: 370)."""
STORAGE_BYTES = 800
"""What a tensor takes beside its numbers (measured: 780 for one, 800 each for several)."""
INDEX_LIMIT = 200_000
COPY_BYTES_PER_SECOND = 10e9
"""Between an accelerator and the host, pinned or not, in the right order of magnitude."""
HOST = "cpu"
IN_USE_SECONDS = 60.0
"""Weights that were used this recently leave last."""
SPARE = 0.9
"""Eviction goes on to this share of the budget, so that it is not needed at every result."""


class Entry:
    """What the store knows of one call's outputs, or of one resource. `outputs` is None once it was dropped."""

    __slots__ = (
        "bytes",
        "debt",
        "homes",
        "key",
        "outputs",
        "pins",
        "plain_bytes",
        "seconds",
        "storages",
        "tier",
        "used",
    )

    def __init__(self, key: Hashable, outputs: tuple[Any, ...], seconds: float) -> None:
        self.key = key
        self.outputs: tuple[Any, ...] | None = outputs
        self.seconds = seconds
        self.debt = 0.0
        """Seconds it would take to make this again from what is on disk."""
        self.pins = 0
        self.used = time.perf_counter()
        """When it was last asked for."""
        self.storages: dict[tuple[str, int], int] = {}
        """Memory blocks: (device, number of the block) -> bytes."""
        self.plain_bytes = 0
        """Of text, bytes and containers."""
        self.bytes = 0
        self.homes: tuple[bool, ...] = ()
        """For each tensor in order: whether it belongs on the accelerator."""
        self.tier = HOST


class Budget:
    """Bytes of one device: the limit, what is used, and the peak since it was last asked."""

    def __init__(self, limit: int | None) -> None:
        self.limit = limit
        self.used = 0
        self.peak = 0
        self.shared: dict[int, int] = {}
        """Number of a memory block -> how many entries hold it."""


class Store:
    """Results by call key and resources by their own key."""

    def __init__(self, device: str, limits: dict[str, int | None], disk: DiskTier | None = None) -> None:
        self.device = device
        self.disk = disk
        self._entries: dict[Hashable, Entry] = {}
        self._budgets = {name: Budget(limit) for name, limit in ({HOST: None} | limits).items()}
        self._index: OrderedDict[Key, tuple[Any, ...]] = OrderedDict()
        self._tensors: ModuleType | None = None

    # --- results

    def get(self, key: Key) -> Entry | None:
        """The entry of a call key from memory or disk, or None."""
        return self.held(key) or self.read(key)

    def held(self, key: Key) -> Entry | None:
        """The entry of a call key from memory, or None."""
        entry = self._entries.get(key)
        if entry is not None:
            entry.used = time.perf_counter()
        return entry

    def read(self, key: Key) -> Entry | None:
        """The entry of a call key that is not in memory, from disk, or None."""
        found = self.disk.read(key) if self.disk is not None else None
        if found is None:
            return None
        entry = Entry(key, found[0], 0.0)
        entry.homes = found[1] if self.device != HOST else ()
        return self._add(entry)

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
        """The outputs of a pinned entry, each tensor where it belongs."""
        if entry.outputs is None:
            raise KeyError(f"result {entry.key!r} was dropped while it was not pinned")
        if entry.tier != self.device and any(entry.homes):
            self._move(entry, self.device)
        return entry.outputs

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
        entry.used = time.perf_counter()
        return entry

    # --- room

    @property
    def bytes_used(self) -> dict[str, int]:
        return {name: budget.used for name, budget in self._budgets.items()}

    @property
    def limits(self) -> dict[str, int | None]:
        return {name: budget.limit for name, budget in self._budgets.items()}

    def count(self, tier: str) -> int:
        """How many results and weights a tier holds. From any thread; while calls run it may be a few off."""
        return sum(entry.tier == tier for entry in list(self._entries.values()))

    def take_peak(self) -> dict[str, int]:
        """The highest use since the last call, by device."""
        peaks = {name: budget.peak for name, budget in self._budgets.items()}
        for budget in self._budgets.values():
            budget.peak = budget.used
        return peaks

    def make_room(self) -> bool:
        """Drop or move away everything that is not pinned on the device; False when there was nothing."""
        freed = self._evict(self.device, 0)
        gc.collect()
        if self._tensors is not None:
            self._tensors.release_device_memory(self.device)
        return freed

    def settle(self) -> None:
        """Give freed blocks back to the operating system, while there is nothing to do. Ended jobs are circles."""
        gc.collect(0)
        if self._tensors is not None:
            self._tensors.release_device_memory(HOST)

    def clear(self) -> None:
        """Forget everything in memory that is not pinned, the index too."""
        for entry in [e for e in self._entries.values() if not e.pins]:
            self._drop(entry)
        self._index.clear()

    def _add(self, entry: Entry) -> Entry:
        self._measure(entry)
        self._entries[entry.key] = entry
        self._count(entry)
        budget = self._budgets[entry.tier]
        if budget.limit is not None and budget.used > budget.limit:
            entry.pins += 1
            self._evict(entry.tier, int(budget.limit * SPARE))
            entry.pins -= 1
        if budget.used > budget.peak:
            budget.peak = budget.used
        return entry

    def _measure(self, entry: Entry) -> None:
        plain, others = measured(entry.outputs or ())
        entry.plain_bytes = entry.bytes = ENTRY_BYTES + plain
        if not others or "torch" not in sys.modules:
            return
        if self._tensors is None:
            from . import tensors

            self._tensors = tensors
        storages = entry.storages = self._tensors.storages(others)
        if storages:
            entry.bytes = entry.plain_bytes + sum(storages.values()) + STORAGE_BYTES * len(storages)
            entry.tier = HOST
            if self.device != HOST and any(device == self.device for device, _ in storages):
                entry.tier = self.device
                entry.homes = self._tensors.homes(entry.outputs)

    def _count(self, entry: Entry) -> None:
        self._budgets[HOST].used += entry.plain_bytes
        for (device, block), size in entry.storages.items():
            budget = self._budgets.get(device) or self._budgets[HOST]
            holders = budget.shared.get(block, 0)
            budget.shared[block] = holders + 1
            if not holders:
                budget.used += size + STORAGE_BYTES

    def _uncount(self, entry: Entry) -> None:
        self._budgets[HOST].used -= entry.plain_bytes
        for (device, block), size in entry.storages.items():
            budget = self._budgets.get(device) or self._budgets[HOST]
            holders = budget.shared[block] - 1
            if holders:
                budget.shared[block] = holders
            else:
                del budget.shared[block]
                budget.used -= size + STORAGE_BYTES

    def _evict(self, tier: str, goal: int) -> bool:
        """Let entries leave a tier, cheapest first, until `goal` bytes are used. False when nothing could leave."""
        budget, now = self._budgets[tier], time.perf_counter()
        free = [entry for entry in self._entries.values() if not entry.pins and entry.tier == tier]
        free.sort(key=lambda entry: _worth(entry, now))
        for entry in free:
            if budget.used <= goal:
                break
            self._leave(entry)
        if free and tier == HOST and self._tensors is not None:
            self._tensors.release_device_memory(HOST)
        return bool(free)

    def _leave(self, entry: Entry) -> None:
        if entry.tier != HOST and entry.seconds > entry.bytes / COPY_BYTES_PER_SECOND:
            self._move(entry, HOST)
        else:
            self._drop(entry)

    def _move(self, entry: Entry, tier: str) -> None:
        """Bring what belongs on the accelerator there, or to the host."""
        assert self._tensors is not None
        assert entry.outputs is not None
        homes = entry.homes
        self._uncount(entry)
        entry.outputs = self._tensors.moved(entry.outputs, tier, homes)
        self._add(entry)
        entry.homes = homes

    def _drop(self, entry: Entry) -> None:
        if self._entries.get(entry.key) is entry:
            del self._entries[entry.key]
            self._uncount(entry)
        entry.outputs = None


def _worth(entry: Entry, now: float) -> tuple[bool, float]:
    """Sorts entries by what keeping them is worth."""
    age = max(now - entry.used, 1e-6)
    is_weights = isinstance(entry.key, tuple)
    return is_weights and age < IN_USE_SECONDS, entry.seconds / (entry.bytes * age)
