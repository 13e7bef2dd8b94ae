"""Model folders on disk: finding them, reading their configs, checking their files without reading any weights.

Everything that is wrong with a folder is told as an InputError that names the file and the mend.
"""

from __future__ import annotations

import json
import math
import re
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from latentloom.graph import InputError
from latentloom.graph.errors import did_you_mean

DEMO = "demo"
PICKLES = (".bin", ".ckpt", ".pt", ".pth")
SINGLE = re.compile(r"(?P<stem>model|diffusion_pytorch_model)(\.(?P<variant>[A-Za-z0-9_]+))?\.safetensors")
INDEX = re.compile(r"(?P<stem>model|diffusion_pytorch_model)\.safetensors\.index(\.(?P<variant>[A-Za-z0-9_]+))?\.json")
ITEM_BYTES = {
    **dict.fromkeys(("F64", "I64", "U64", "C64"), 8),
    **dict.fromkeys(("F32", "I32", "U32"), 4),
    **dict.fromkeys(("F16", "BF16", "I16", "U16"), 2),
    **dict.fromkeys(("BOOL", "I8", "U8", "F8_E4M3", "F8_E5M2", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ"), 1),
}
"""Bytes of one number, by the dtype names of safetensors."""
MAX_HEADER_BYTES = 100_000_000


@dataclass(frozen=True, slots=True)
class Weights:
    """The safetensors files of a component, and the variant (`fp16`) that they are saved as."""

    variant: str | None
    files: tuple[Path, ...]


def find_model(name: str, folders: Sequence[Path], may_read: Callable[[Path], bool] = lambda _: True) -> Path:
    """The folder of a model: `demo`, a name under one of `folders`, or a path. What may not be read is not there."""
    if not name.strip():
        raise InputError(f"The model's name is empty. Give {DEMO!r}, a folder's name or a path.")
    candidates = [folder / name for folder in folders]
    if name == DEMO:
        import latentloom.demo

        candidates.insert(0, Path(str(latentloom.demo.__file__)).parent)
    candidates.append(Path(name))
    for candidate in candidates:
        try:
            if not may_read(candidate):
                continue
            is_dir, is_file = candidate.is_dir(), candidate.is_file()
        except OSError as error:
            raise InputError(f"The model {name[:80]!r} cannot be looked up: {error.strerror}. Correct it.") from error
        if is_dir:
            return candidate.resolve()
        if is_file:
            raise InputError(
                f"{candidate.name} is a file; a model is a folder in diffusers layout (with model_index.json). "
                "Convert the file with diffusers' from_single_file and save_pretrained, and give that folder."
            )
    searched = ", ".join(str(folder) for folder in folders) or "none is set"
    known = [DEMO, *(path.parent.name for folder in folders for path in sorted(folder.glob("*/model_index.json")))]
    hint = did_you_mean(name, known)
    raise InputError(f"There is no model folder {name!r} (model folders: {searched}). {hint or f'Known: {known}.'}")


def read_config(path: Path) -> dict[str, Any]:
    """A JSON object from a model's folder."""
    place = "/".join(path.parts[-2:])
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"The model has no {place}. Copy its folder again, with all files.") from None
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{place} cannot be read: {error}. Copy the model's folder again.") from error
    if not isinstance(content, dict):
        raise InputError(f"{place} is not a JSON object. Copy the model's folder again.")
    return content


def number(config: Mapping[str, Any], name: str, default: float) -> float:
    """A number of a config; `default` where it is absent or null."""
    value = config.get(name)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise InputError(f"The model's config says {name} = {value!r}; a number was expected. Copy its folder again.")
    return value


def weights_of(folder: Path) -> Weights:
    """Which safetensors files hold a component's weights: unsharded or sharded, the plain ones before `fp16`."""
    found: dict[str | None, Path] = {}
    for pattern in (SINGLE, INDEX):  # an index is preferred, as in diffusers
        for path in sorted(folder.iterdir()):
            if match := pattern.fullmatch(path.name):
                found[match["variant"]] = path
    if not found:
        raise InputError(_no_weights(folder))
    variant = min(found, key=lambda v: (v is not None, v != "fp16", v or ""))
    chosen = found[variant]
    if chosen.suffix == ".safetensors":
        return Weights(variant, (chosen,))
    shards = read_config(chosen).get("weight_map")
    if not isinstance(shards, dict) or not shards:
        raise InputError(f"{folder.name}/{chosen.name} names no weight files. Copy the model's folder again.")
    names = sorted({Path(str(name)).name for name in shards.values()})
    return Weights(variant, tuple(folder / name for name in names))


def _no_weights(folder: Path) -> str:
    pickles = [path.name for path in sorted(folder.iterdir()) if path.suffix in PICKLES]
    if pickles:
        return (
            f"{folder.name}/{pickles[0]} is a pickle, which may run any code when it is read, so it is refused. "
            "Get the model's safetensors files, or convert a file that you trust: load it with diffusers "
            "and call save_pretrained(folder, safe_serialization=True)."
        )
    return f"The folder {folder.name} holds no safetensors file. Copy the model's folder again, with all files."


def check_safetensors(path: Path) -> None:
    """Compare a file's header with its size: finds truncated and mangled files at the cost of reading the header."""
    place = "/".join(path.parts[-2:])
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(8)
            length = struct.unpack("<Q", start)[0] if len(start) == 8 else 0
            if not 2 <= length <= min(MAX_HEADER_BYTES, size - 8):
                raise InputError(f"{place} is no safetensors file, or is cut off ({size} bytes). Copy it again.")
            header = json.loads(file.read(length))
    except OSError as error:
        raise InputError(f"{place} cannot be read: {error.strerror}. Copy the model's folder again.") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{place} is corrupt: its header is not JSON. Copy it again.") from error
    try:
        tensors = {name: entry for name, entry in header.items() if name != "__metadata__"}
        expected = 8 + length + max((int(entry["data_offsets"][1]) for entry in tensors.values()), default=0)
        mangled = next((name for name, entry in tensors.items() if not _is_whole(entry)), None)
    except (AttributeError, TypeError, KeyError, IndexError, ValueError, OverflowError) as error:
        raise InputError(f"{place} is corrupt: its header names no tensors. Copy it again.") from error
    if mangled is not None:
        raise InputError(f"{place} is corrupt: the header's entry of {mangled[:80]!r} is mangled. Copy it again.")
    if size != expected:
        raise InputError(f"{place} is corrupt or truncated: {size} bytes, expected {expected}. Copy it again.")


def _is_whole(entry: Mapping[str, Any]) -> bool:
    """Whether a tensor's place in the file is as long as its shape and dtype say."""
    start, end = entry["data_offsets"]
    size = ITEM_BYTES.get(entry["dtype"])
    return size is not None and int(end) - int(start) == size * math.prod(map(int, entry["shape"]))


def component_files(folder: Path) -> Iterator[Path]:
    """The files that make up a component: configs, vocabularies, and the weights that are used of it."""
    yield from (path for path in sorted(folder.iterdir()) if path.suffix in (".json", ".txt", ".model"))
    if "tokenizer" not in folder.name:
        yield from weights_of(folder).files
