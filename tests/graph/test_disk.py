"""The disk tier: what comes back, what is a miss, what leaves."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import torch

from latentloom.graph.errors import EnvironmentFault
from latentloom.graph.store import codec
from latentloom.graph.store.disk import ABANDONED_SECONDS, DiskTier


@dataclass(frozen=True)
class Pair:
    """As socket types are."""

    tensor: torch.Tensor
    name: str
    more: dict[str, Any]


def key(number: int) -> bytes:
    return number.to_bytes(17, "big")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[DiskTier]:
    tier = DiskTier(tmp_path / "cache", None, [__name__])
    yield tier
    tier.close()


def equal(a: Any, b: Any) -> bool:
    if isinstance(a, torch.Tensor):
        return a.dtype == b.dtype and torch.equal(a, b)
    if isinstance(a, Pair):
        return equal(a.tensor, b.tensor) and a.name == b.name and equal(a.more, b.more)
    if isinstance(a, list | tuple):
        return type(a) is type(b) and len(a) == len(b) and all(map(equal, a, b))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(equal(a[name], b[name]) for name in a)
    return type(a) is type(b) and (a == b or repr(a) == repr(b))


VALUES: list[tuple[Any, ...]] = [
    (1, 2.5, "text", True, None),
    (float("nan"), float("inf"), 1e-300, 2**70),
    ([1, [2.0, ("a", b"\x00bytes")]], b"", {"a": 1, 2: [None]}),
    (torch.arange(6).reshape(2, 3).to(torch.bfloat16), torch.zeros(0), torch.ones(()), torch.tensor([True])),
    (Pair(torch.randn(2, 3), "x", {"last": torch.ones(2), "n": 3}), Path("a/b")),
    (torch.zeros(4, 4)[:, 1], torch.zeros(3, 3).t()),
]


@pytest.mark.parametrize("outputs", VALUES, ids=range(len(VALUES)))
def test_what_is_written_is_read_back(disk: DiskTier, outputs: tuple[Any, ...]) -> None:
    disk.write(key(1), outputs)
    disk.flush()
    found = disk.read(key(1))
    assert found is not None
    assert equal(found[0], outputs)
    assert not any(found[1])


def test_tensors_that_share_memory_are_written(disk: DiskTier) -> None:
    whole = torch.arange(4.0)
    disk.write(key(1), (whole, whole, whole[1:]))
    disk.flush()
    assert equal(disk.read(key(1))[0], (whole, whole, whole[1:]))  # type: ignore[index]


def test_what_has_no_form_on_disk_is_left_out(disk: DiskTier) -> None:
    disk.write(key(1), (object(),))
    disk.write(key(2), (torch.nn.Linear(2, 2),))
    disk.flush()
    assert disk.read(key(1)) is None
    assert disk.read(key(2)) is None


@pytest.mark.parametrize("damage", ["truncate", "flip", "empty", "rubbish"])
def test_a_damaged_file_is_a_miss_and_goes(disk: DiskTier, damage: str) -> None:
    disk.write(key(1), VALUES[4])
    disk.flush()
    (path,) = disk.folder.glob("??/*")
    raw = path.read_bytes()
    changed = {
        "truncate": raw[:-5],
        "flip": raw[:20] + b"\xff\xff" + raw[22:],
        "empty": b"",
        "rubbish": os.urandom(300),
    }
    path.write_bytes(changed[damage])
    assert disk.read(key(1)) is None
    assert not path.exists()


def test_only_dataclasses_of_known_modules_are_made(tmp_path: Path) -> None:
    tier = DiskTier(tmp_path, None, [__name__])
    tier.write(key(1), VALUES[4])
    tier.close()
    stranger = DiskTier(tmp_path, None, ["some.other.module"])
    assert stranger.read(key(1)) is None
    stranger.close()


def test_the_least_recently_used_leave(tmp_path: Path) -> None:
    disk = DiskTier(tmp_path, 100_000, [])
    for i in range(8):
        disk.write(key(i), (torch.zeros(2500),))
        disk.flush()
        (path,) = tmp_path.glob(f"??/{key(i).hex()}*")
        os.utime(path, (1000 + i, 1000 + i))
    assert disk.read(key(0)) is not None  # used now
    for i in range(8, 12):
        disk.write(key(i), (torch.zeros(2500),))
    disk.close()
    assert sum(path.stat().st_size for path in tmp_path.glob("??/*")) <= 100_000
    assert disk.read(key(0)) is not None
    assert disk.read(key(1)) is None
    assert disk.read(key(11)) is not None


def test_two_processes_may_share_a_folder_and_old_leavings_go(tmp_path: Path) -> None:
    (tmp_path / "00").mkdir()
    old, new = tmp_path / "00" / f".x.{os.getpid()}.part", tmp_path / "00" / f".y.{os.getpid()}.part"
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (1, 1))
    one, two = (DiskTier(tmp_path, 10**9, []) for _ in range(2))
    one.write(key(1), (5,))
    one.flush()
    assert two.read(key(1)) == ((5,), ())
    one.close()
    two.close()
    assert not old.exists()
    assert new.exists()
    assert ABANDONED_SECONDS > 60


def test_what_a_killed_process_left_half_written_goes_at_the_next_start(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    left = tmp_path / "00" / f".x.safetensors.{ended.pid}.part"
    left.parent.mkdir()
    left.write_bytes(b"half")
    disk = DiskTier(tmp_path, None, [])
    disk.write(key(1), (5,))
    disk.close()
    assert not left.exists()


def test_a_folder_that_cannot_be_written_is_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(EnvironmentFault, match="--cache"):
        DiskTier(tmp_path / "file", None, [])


def test_trivial_results_are_not_worth_writing() -> None:
    assert not DiskTier.is_worth_writing(1e-5, 600)
    assert DiskTier.is_worth_writing(0.05, 100_000)
    assert not DiskTier.is_worth_writing(0.05, 10**9)


def test_the_thread_that_writes_leaves_the_cores_to_the_engines(
    disk: DiskTier, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts: list[int] = []
    encode = codec.encode_result

    def counting(outputs: tuple[Any, ...]) -> bytes:
        counts.append(torch.get_num_threads())
        return encode(outputs)

    monkeypatch.setattr(codec, "encode_result", counting)
    before = torch.get_num_threads()
    torch.set_num_threads(3)  # more than one also where there is one core
    try:
        disk.write(key(1), (torch.zeros(300, 300),))
        disk.flush()
        assert (counts, torch.get_num_threads()) == ([1], 3)
    finally:
        torch.set_num_threads(before)
