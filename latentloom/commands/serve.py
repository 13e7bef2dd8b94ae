"""`latentloom serve`: the HTTP and WebSocket server."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from latentloom.server.settings import read_settings

from .failures import DONE


def serve_forever(flags: Mapping[str, Any], config: Path | None) -> int:
    """Serve until told to end. Raises WorkflowError for settings that cannot be, EnvironmentFault for the machine."""
    settings = read_settings(flags, file=config)

    from latentloom.server.serving import serve

    serve(settings)
    return DONE
