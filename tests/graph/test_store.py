"""The store: what is kept, what leaves, what is counted."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import torch

from latentloom.graph.planning.keys import Key
from latentloom.graph.store.sizes import ITEM_BYTES
from latentloom.graph.store.store import ENTRY_BYTES, STORAGE_BYTES, Store

KIB = 1024


def key(number: int) -> Key:
    return number.to_bytes(17, "big")


def tensor(kib: int) -> torch.Tensor:
    return torch.zeros(kib * KIB // 4)


def test_what_is_put_is_got_back() -> None:
    store = Store("cpu", {"cpu": None})
    value = tensor(1)
    entry = store.put(key(1), (value, 7), 1.0)
    assert store.get(key(1)) is entry
    assert store.values(entry)[0] is value
    assert store.get(key(2)) is None
    assert store.put(key(1), (tensor(1), 7), 1.0) is entry  # the first result of a key stays


def test_storages_are_counted_once() -> None:
    store = Store("cpu", {"cpu": None})
    whole = tensor(8)
    store.put(key(1), (whole,), 1.0)
    store.put(key(2), (whole[:10], whole.view(2, -1)), 1.0)
    plain = 2 * ENTRY_BYTES
    assert store.bytes_used["cpu"] == 8 * KIB + STORAGE_BYTES + plain


def test_encoded_pictures_and_texts_are_counted() -> None:
    store = Store("cpu", {"cpu": None})
    store.put(key(1), (b"x" * 5000, ["text" * 100]), 1.0)
    assert 5400 <= store.bytes_used["cpu"] <= 5400 + ENTRY_BYTES + 4 * ITEM_BYTES


@dataclass(frozen=True, slots=True)
class Remembered:
    values: dict[str, object]


@dataclass(eq=False)
class Odd(torch.nn.Module):
    """torch's own although it has fields."""

    width: int

    def __post_init__(self) -> None:
        super().__init__()
        self.layer = torch.nn.Linear(self.width, 1, bias=False)


@pytest.mark.parametrize(
    ("value", "kib"),
    [
        (Remembered({"a": tensor(3), "b": (None, [tensor(2)], "text")}), 5),
        ({"a": {"b": tensor(4)}}, 4),
        (torch.nn.Linear(KIB, 1, bias=False), 4),
        (Odd(2 * KIB), 8),
    ],
    ids=["dataclass", "dict", "module", "module with fields"],
)
def test_tensors_are_found_wherever_they_lie(value: object, kib: int) -> None:
    store = Store("cpu", {"cpu": None})
    store.put(key(1), (value,), 1.0)
    assert kib * KIB <= store.bytes_used["cpu"] < (kib + 3) * KIB


def test_the_budget_is_kept_and_the_cheapest_per_byte_leave() -> None:
    store = Store("cpu", {"cpu": 64 * KIB})
    dear = store.put(key(0), (tensor(8),), 100.0)
    cheap = [store.put(key(i), (tensor(8),), 0.001) for i in range(1, 12)]
    assert store.bytes_used["cpu"] <= 64 * KIB
    assert dear.outputs is not None
    assert sum(entry.outputs is not None for entry in cheap) >= 5
    assert cheap[0].outputs is None
    assert cheap[-1].outputs is not None


def test_of_equals_the_longest_unused_leave() -> None:
    store = Store("cpu", {"cpu": 64 * KIB})
    entries = [store.put(key(i), (tensor(8),), 1.0) for i in range(6)]
    store.get(key(0))
    store.put(key(10), (tensor(8),), 1.0)
    store.put(key(11), (tensor(8),), 1.0)
    assert entries[0].outputs is not None
    assert entries[1].outputs is None


def test_pinned_results_stay_whatever_comes() -> None:
    store = Store("cpu", {"cpu": 32 * KIB})
    pinned = store.put(key(0), (tensor(16),), 0.0)
    pinned.pins += 1
    for i in range(1, 10):
        store.put(key(i), (tensor(8),), 1.0)
    assert pinned.outputs is not None
    pinned.pins -= 1
    store.make_room()
    assert pinned.outputs is None
    assert store.bytes_used["cpu"] == 0


def test_weights_share_the_budget_and_leave_last_while_they_are_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store("cpu", {"cpu": 64 * KIB})
    loads = []

    def load() -> torch.nn.Module:
        loads.append(1)
        return torch.nn.Linear(64, 64)

    entry = store.resource("weights", load)
    assert store.bytes_used["cpu"] > 16 * KIB
    assert store.resource("weights", load) is entry
    entry.pins = 0
    for i in range(10):
        store.put(key(i), (tensor(16),), 10.0)
    assert entry.outputs is not None
    monkeypatch.setattr("latentloom.graph.store.store.IN_USE_SECONDS", 0.0)
    for i in range(10, 20):
        store.put(key(i), (tensor(16),), 10.0)
    assert entry.outputs is None
    store.resource("weights", load).pins -= 1
    assert len(loads) == 2


def test_tensors_come_back_to_the_accelerator_and_random_states_stay_on_the_host() -> None:
    """`meta` stands for the accelerator: a device and a budget of its own, but no hardware needed."""
    store = Store("meta", {"meta": 20 * KIB, "cpu": None})
    entry = store.put(key(0), (tensor(8), torch.zeros(5056, dtype=torch.uint8)), 1.0)
    entry.homes = (True, False)  # as if it had been moved to the host, or read from disk
    latent, state = store.values(entry)
    assert (latent.device.type, state.device.type) == ("meta", "cpu")
    assert entry.tier == "meta"
    assert store.values(entry)[0] is latent


def test_what_is_cheaper_to_make_than_to_copy_is_dropped_from_the_accelerator() -> None:
    store = Store("meta", {"meta": 20 * KIB, "cpu": None})
    entries = [store.put(key(i), (torch.zeros(2 * KIB, device="meta"),), 1e-9) for i in range(5)]
    assert store._budgets["meta"].peak <= 32 * KIB
    assert entries[0].outputs is None
    assert entries[-1].outputs is not None


def test_the_index_of_content_keys_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("latentloom.graph.store.store.INDEX_LIMIT", 3)
    store = Store("cpu", {"cpu": None})
    for i in range(5):
        store.remember_keys(key(i), (key(i),))
    assert store.known_keys(key(0)) is None
    assert store.known_keys(key(4)) == (key(4),)
