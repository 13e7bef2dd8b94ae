"""Waiting for what a browser does not wait for by itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from .conftest import PATIENCE_MS


def becomes(wanted: Any, read: Callable[[], Any]) -> None:
    """Waits until what is read is what is wanted."""
    end = time.monotonic() + PATIENCE_MS / 1000
    while (found := read()) != wanted and time.monotonic() < end:
        time.sleep(0.05)
    assert found == wanted
