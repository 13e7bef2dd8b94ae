"""What a node may know and do beyond its inputs: a `Context` argument gives it progress, counters, device, files."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from pathlib import Path
from typing import Any, Protocol


class Context(Protocol):
    """Handed to a node function that has a parameter annotated `Context`; it is never part of a key."""

    @property
    def device(self) -> str:
        """Where tensors belong: `cpu`, `cuda:0`, `mps`."""

    @property
    def dtype(self) -> str:
        """The floating-point type that models run in: `float32`, `float16`, `bfloat16`."""

    @property
    def model_folders(self) -> Sequence[Path]:
        """Where named models are looked up, in order."""

    @property
    def cancelled(self) -> bool:
        """True when the job is to stop; a node that works long should ask and return early by `check_cancelled`."""

    def check_cancelled(self) -> None:
        """Raise Cancelled when the job is to stop."""

    def progress(self, done: float, total: float) -> None:
        """Report how far this call has come."""

    def count(self, name: str, amount: int = 1) -> None:
        """Add to a counter of the report, such as `denoiser_forwards`."""

    def resource(self, key: Hashable, load: Callable[[], Any]) -> Any:
        """Something heavy that many calls share, such as a model's weights on this device.

        Made by `load` when it is not held, kept in the same budget as results, and not dropped while this call
        runs. `key` names it completely (content digest, dtype); the device is added.
        """

    def file_digest(self, path: Path) -> str:
        """Hex digest of a file's content, remembered by path, size and time of change."""

    def may_read(self, path: Path) -> bool:
        """Whether a path that is made of an input's text may be opened; a server allows its own folders only.

        Ask before looking whether it exists. Inputs of type `Path` have been asked about already.
        """
