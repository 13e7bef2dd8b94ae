"""Results as bytes and back: a JSON skeleton and the tensors, in one safetensors file.

Never a pickle: reading makes only plain data, tensors and dataclasses of modules that declare socket types.
"""

from __future__ import annotations

import dataclasses
import importlib
import json
import math
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from . import tensors

VERSION = "1"


class Unwritable(TypeError):
    """A value holds something that has no form on disk (a module, a function, a file handle)."""


def encode_result(outputs: tuple[Any, ...]) -> bytes:
    """The outputs of a call as the bytes of a file, with where each tensor lived. Raises Unwritable."""
    found: list[Any] = []
    skeleton = json.dumps(_pack(outputs, found), ensure_ascii=False, separators=(",", ":"))
    named = {str(number): tensor for number, tensor in enumerate(found)}
    homes = "".join("1" if home else "0" for home in tensors.homes(outputs))
    return tensors.to_bytes(named, {"latentloom": VERSION, "skeleton": skeleton, "homes": homes})


def decode_result(raw: bytes, modules: Iterable[str]) -> tuple[tuple[Any, ...], tuple[bool, ...]]:
    """The outputs, on the host, and for each tensor whether it lived on an accelerator.

    `modules` may declare the dataclasses. Raises ValueError, KeyError or TypeError on damage.
    """
    size = int.from_bytes(raw[:8], "little")
    note = json.loads(raw[8 : 8 + size])["__metadata__"]
    if note["latentloom"] != VERSION:
        raise ValueError(f"result format {note['latentloom']}, expected {VERSION}")
    result = _unpack(json.loads(note["skeleton"]), tensors.from_bytes(raw), frozenset(modules))
    if not isinstance(result, tuple):
        raise ValueError("a result is a tuple of outputs")
    return result, tuple(home == "1" for home in note["homes"])


def _pack(value: Any, found: list[Any]) -> Any:
    kind = type(value)
    if value is None or kind in (bool, int, str):
        return value
    if kind is float:
        return value if math.isfinite(value) else {"float": repr(value)}
    if kind in (list, tuple):
        return {kind.__name__: [_pack(part, found) for part in value]}
    if kind is dict:
        return {"dict": [[_pack(k, found), _pack(v, found)] for k, v in value.items()]}
    if kind is bytes:
        found.append(tensors.packed(value))
        return {"bytes": len(found) - 1}
    if isinstance(value, Path):
        return {"path": str(value)}
    if dataclasses.is_dataclass(value):
        fields = {field.name: _pack(getattr(value, field.name), found) for field in dataclasses.fields(value)}
        return {"object": f"{kind.__module__}:{kind.__qualname__}", "fields": fields}
    if tensors.is_tensor(value):
        found.append(value)
        return {"tensor": len(found) - 1}
    raise Unwritable(f"a {kind.__name__} has no form on disk")


def _unpack(form: Any, found: dict[str, Any], modules: frozenset[str]) -> Any:
    if not isinstance(form, dict):
        return form
    if "object" in form:
        fields = {name: _unpack(part, found, modules) for name, part in form["fields"].items()}
        return _dataclass(form["object"], modules)(**fields)
    ((kind, content),) = form.items()
    match kind:
        case "tensor":
            return found[str(content)]
        case "list":
            return [_unpack(part, found, modules) for part in content]
        case "tuple":
            return tuple(_unpack(part, found, modules) for part in content)
        case "dict":
            return {_unpack(k, found, modules): _unpack(v, found, modules) for k, v in content}
        case "bytes":
            return tensors.unpacked(found[str(content)])
        case "path":
            return Path(content)
        case "float":
            return float(content)
    raise ValueError(f"unknown part {kind!r}")


def _dataclass(name: str, modules: frozenset[str]) -> type:
    module, _, qualname = name.partition(":")
    if module not in modules:
        raise ValueError(f"{name} is not of a module that declares socket types")
    cls = getattr(sys.modules.get(module) or importlib.import_module(module), qualname)
    if not (isinstance(cls, type) and dataclasses.is_dataclass(cls)):
        raise ValueError(f"{name} is not a dataclass")
    return cls
