"""Keys: what a result depends on, as 17 bytes.

A call's key is blake2b over the node type (name, version, source digest, libraries, device type, dtype policy) and the
keys of its inputs: a Merkle hash, linear in the graph, without recursion. The last byte tells what a key stands for:
an output's number for results known by the call that made them, `=` for values known by their content, `#` for
elements, `*` for lists.

    call key (16)  = H(node type prefix, key of input 1, key of input 2, ...)
    output key     = call key + number of the output       opaque: known before the call has run
    content key    = H(value) + "="                        content-keyed: needs the value, or the index
    list key       = H(element keys) + "*"
"""

from __future__ import annotations

import dataclasses
import struct
import sys
from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from hashlib import blake2b
from pathlib import Path
from typing import Any

Key = bytes
FileDigest = Callable[[Path], str]


def content_key(value: Any, file_digest: FileDigest) -> Key:
    """The key of a content-keyed value. Raises TypeError for values that have no content key."""
    return blake2b(encode(value, file_digest), digest_size=16).digest() + b"="


def call_key(parts: Iterable[bytes]) -> Key:
    """Of the node type's prefix, a nonce, and the keys of the inputs in order."""
    return blake2b(b"".join(parts), digest_size=16).digest()


def list_key(elements: Iterable[Key]) -> Key:
    return blake2b(b"".join(elements), digest_size=16).digest() + b"*"


def element_key(owner: Key, position: int) -> Key:
    return blake2b(owner + position.to_bytes(4, "big"), digest_size=16).digest() + b"#"


def type_prefix(*parts: str | bytes) -> bytes:
    """The part of a call's key that all calls of a node type share in one engine."""
    digest = blake2b(digest_size=16)
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        digest.update(len(raw).to_bytes(4, "big") + raw)
    return digest.digest()


def encode(value: Any, file_digest: FileDigest) -> bytes:
    """Self-delimiting bytes of a content-keyed value; equal values of one type give equal bytes."""
    if value is None:
        return b"n"
    if value is True or value is False:
        return b"t" if value else b"f"
    if isinstance(value, int):
        return b"i%d;" % value
    if isinstance(value, float):
        return b"d" + struct.pack(">d", value)
    if isinstance(value, str):
        raw = value.encode("utf-8", "surrogatepass")
        return b"s%d:" % len(raw) + raw
    if isinstance(value, list | tuple):
        return _sequence(value, file_digest)
    if isinstance(value, bytes):
        return b"b%d:" % len(value) + value
    if isinstance(value, Path):
        return b"p" + file_digest(value).encode()
    if isinstance(value, dict):
        items = sorted(value.items())
        return b"{" + b"".join(encode(k, file_digest) + encode(v, file_digest) for k, v in items) + b"}"
    if isinstance(value, Enum):
        return b"e" + encode(str(value), file_digest)
    if dataclasses.is_dataclass(value):
        content = getattr(value, "content", None)
        fields: Any = content() if content else [getattr(value, field.name) for field in dataclasses.fields(value)]
        return b"o" + encode(type(value).__qualname__, file_digest) + encode(fields, file_digest)
    if "torch" in sys.modules:  # of values given from Python: those that calls make are known by the call
        from ..store import tensors

        if tensors.is_tensor(value):
            return b"T" + encode(tensors.to_bytes({"": value}, {}), file_digest)
    raise TypeError(f"a {type(value).__name__} has no content key")


def _sequence(values: Sequence[Any], file_digest: FileDigest) -> bytes:
    return b"[" + b"".join(encode(value, file_digest) for value in values) + b"]"
