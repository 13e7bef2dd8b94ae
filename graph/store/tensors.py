"""The one file of the engine that knows torch: measures, moves, joins, splits and writes tensors inside values.

A value is a tensor, a module, plain data, or a dataclass, list, tuple or dict of those. Loaded when the first value
that is not plain is met.
"""

from __future__ import annotations

import ctypes
import dataclasses
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

import torch
from safetensors.torch import load as load_safetensors
from safetensors.torch import save as save_safetensors

from .sizes import fields_of, measured

PLAIN = frozenset({int, float, str, bool, type(None), bytes})
StorageId = tuple[str, int]


def tensors_in(*values: Any) -> list[torch.Tensor]:
    """All tensors inside values, depth first; a module's parameters and buffers count too."""
    return _among(measured(values)[1])


def _among(others: Iterable[Any]) -> list[torch.Tensor]:
    found: list[torch.Tensor] = []
    for other in others:
        if isinstance(other, torch.Tensor):
            found.append(other)
        elif isinstance(other, torch.nn.Module):
            found += other.parameters()
            found += other.buffers()
    return found


def storages(others: Iterable[Any]) -> dict[StorageId, int]:
    """The memory blocks behind tensors and modules, each once: (device, number of the block) -> bytes."""
    found: dict[StorageId, int] = {}
    for tensor in _among(others):
        storage = tensor.untyped_storage()
        found[(_name(tensor.device), storage._cdata)] = storage.nbytes()
    return found


@cache
def _name(device: torch.device) -> str:
    return str(device)


def prepare_thread() -> None:
    """Switch gradients off in this thread, for good. (Not inference mode: version counters are needed.)

    And settle with how many threads it computes: later it would be the number that any thread set last.
    """
    torch.set_grad_enabled(False)
    torch.get_num_threads()


def _map(value: Any, change: Callable[[torch.Tensor], torch.Tensor]) -> Any:
    """The value with every tensor replaced; plain parts are shared."""
    kind = type(value)
    if kind in PLAIN:
        return value
    if isinstance(value, torch.Tensor):
        return change(value)
    if kind is list or kind is tuple:
        return kind(_map(part, change) for part in value)
    if kind is dict:
        return {name: _map(part, change) for name, part in value.items()}
    if (names := fields_of(kind)) and tensors_in(value):
        return dataclasses.replace(value, **{name: _map(getattr(value, name), change) for name in names})
    return value


def homes(value: Any) -> tuple[bool, ...]:
    """For each tensor of a value in order: whether it lives on an accelerator. (Random states stay on the host.)"""
    return tuple(tensor.device.type != "cpu" for tensor in tensors_in(value))


def moved(values: tuple[Any, ...], device: str, which: Sequence[bool]) -> tuple[Any, ...]:
    """The values with some of their tensors, in order, on a device. A module is moved whole and in place."""
    chosen = iter(which)

    def one(value: Any) -> Any:
        if isinstance(value, torch.nn.Module):
            flags = [next(chosen) for _ in tensors_in(value)]
            return value.to(device) if any(flags) else value
        return _map(value, lambda tensor: tensor.to(device) if next(chosen) else tensor)

    return tuple(one(value) for value in values)


def signature(value: Any) -> tuple[tuple[Any, ...], int] | None:
    """What must be equal for two values to be joined along the batch axis, and the length of that axis; None where they
    cannot be.
    """
    kind = type(value)
    parts: list[Any] = [kind]
    batch = None
    for name in fields_of(kind):
        part = getattr(value, name)
        if isinstance(part, torch.Tensor):
            if part.dim() == 0:
                return None
            parts.append((part.shape[1:], part.dtype, part.device))
            batch = part.shape[0] if batch is None else batch
        elif type(part) in PLAIN:
            parts.append(part)
        else:
            return None
    return (tuple(parts), batch) if batch is not None else None


def join(values: Sequence[Any], sizes: Sequence[int]) -> Any:
    """Values of equal signature as one, along the batch axis; one of batch 1 is spread to its call's size."""
    first = values[0]
    parts = {name: getattr(first, name) for name in fields_of(type(first))}
    for name, part in parts.items():
        if isinstance(part, torch.Tensor):
            parts[name] = torch.cat(
                [_spread(getattr(value, name), size) for value, size in zip(values, sizes, strict=True)]
            )
    return type(first)(**parts)


def _spread(tensor: torch.Tensor, size: int) -> torch.Tensor:
    return tensor if tensor.shape[0] == size else tensor.expand(size, *tensor.shape[1:])


def split(value: Any, sizes: Sequence[int]) -> list[Any] | None:
    """The reverse of join, for a result whose batch axis is the sum of sizes; None where it has no such axis.

    Parts are copies, so that a kept part does not hold the whole.
    """
    kind, total = type(value), sum(sizes)
    parts: list[dict[str, Any]] = [{} for _ in sizes]
    has_axis = False
    for name in fields_of(kind):
        whole = getattr(value, name)
        if isinstance(whole, torch.Tensor):
            if not whole.dim() or whole.shape[0] != total:
                return None
            has_axis = True
            for part, share in zip(parts, torch.split_with_sizes_copy(whole, list(sizes)), strict=True):
                part[name] = share
        elif type(whole) in PLAIN:
            for part in parts:
                part[name] = whole
        else:
            return None
    return [kind(**part) for part in parts] if has_axis else None


def is_out_of_memory(error: BaseException) -> bool:
    return isinstance(error, torch.OutOfMemoryError)


def release_device_memory(device: str) -> None:
    """Give freed blocks back to the device's driver, or to the operating system."""
    if device.startswith("cuda"):
        torch.cuda.empty_cache()
    elif device == "cpu" and sys.platform == "linux":
        # Small results that stay lie between large ones that went: without this the heap only grows (measured: 15 %
        # after 200 runs). musl has no such function.
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)


def device_memory(device: str) -> int:
    """Total bytes of a device's own memory; 0 where it shares the host's."""
    if device.startswith("cuda"):
        return int(torch.cuda.get_device_properties(device).total_memory)
    return 0


def is_tensor(value: Any) -> bool:
    return isinstance(value, torch.Tensor)


def packed(raw: bytes) -> torch.Tensor:
    """Bytes as a tensor, to stand among others in a file."""
    return torch.frombuffer(bytearray(raw), dtype=torch.uint8) if raw else torch.empty(0, dtype=torch.uint8)


def unpacked(tensor: torch.Tensor) -> bytes:
    return bytes(tensor.numpy().tobytes())


def to_bytes(tensors: dict[str, torch.Tensor], note: dict[str, str]) -> bytes:
    """Tensors and a text note in safetensors format."""
    return bytes(
        save_safetensors({name: tensor.detach().cpu().contiguous().clone() for name, tensor in tensors.items()}, note)
    )


def from_bytes(raw: bytes) -> dict[str, torch.Tensor]:
    return dict(load_safetensors(raw))
