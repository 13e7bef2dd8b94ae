"""What the server and its engine process say to each other."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict


class Message(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class EngineOptions(Message):
    """Where and with what the engine runs."""

    device: str = "cpu"
    dtype: str = "float32"
    memory_bytes: int | None = None
    cache: Path | None = None
    """Folder of the disk tier."""
    cache_bytes: int | None = None
    models: tuple[Path, ...] = ()
    plugins: tuple[Path, ...] = ()
    preview_rate: float = 4.0
    """Previews a second and job at most."""
    preview_side: int = 512
    """Longest side of a preview in pixels."""


@dataclass(frozen=True)
class Content:
    """A result in the form asked for: a picture's bytes, or JSON (`application/json`) of `Text` or `Statistics`."""

    media_type: str
    content: bytes
