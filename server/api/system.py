"""The machine, the engine's state, health."""

from __future__ import annotations

from typing import Literal

from .body import Body

EngineState = Literal["starting", "ready", "lost", "stopped"]


class EngineStatus(Body):
    state: EngineState
    message: str = ""
    restarts: int = 0


class Device(Body):
    name: str
    """`cpu`, `cuda:0`, `mps`."""
    description: str = ""
    memory_bytes: int | None = None
    free_bytes: int | None = None


class Tier(Body):
    """Where results are kept."""

    name: str
    """`disk`, `cpu`, or a device."""
    bytes: int
    limit_bytes: int | None = None
    entries: int = 0


class System(Body):
    version: str
    versions: dict[str, str]
    devices: list[Device]
    tiers: list[Tier]
    engine: EngineStatus
    dtype: str


class Health(Body):
    status: Literal["ok"] = "ok"
    engine: EngineState
