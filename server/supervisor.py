"""The supervisor: starts the engine process, watches it, starts it again."""

from __future__ import annotations

from latentloom.graph import EnvironmentFault

from .protocol import EngineOptions


class EngineAway(EnvironmentFault):
    """There is no engine just now; it is being started."""


class Supervisor:
    """One engine process. `Dispatcher` starts and stops it: `Supervisor(EngineOptions(device="cpu", ...))`."""

    def __init__(self, options: EngineOptions) -> None:
        raise NotImplementedError
