"""`latentloom gc`: remove files of a data folder that nothing refers to any more."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from latentloom.graph import Fault, WorkflowError
from latentloom.server.settings import read_settings

from .failures import DONE

DAY_SECONDS = 86_400.0


def collect(
    flags: Mapping[str, Any], config: Path | None, *, days: float, jobs_days: float | None, pretend: bool, as_json: bool
) -> int:
    """May run while a server works on the same folder."""
    settings = read_settings(flags, file=config)
    if not settings.database.is_file():
        what = f"there is no data of a server in {settings.data}."
        raise WorkflowError([Fault("--data", what, "Give the folder that `latentloom serve` uses.", code="no-data")])

    from latentloom.server.cleaning import Ages, clean

    ages = Ages(days * DAY_SECONDS, None if jobs_days is None else jobs_days * DAY_SECONDS)
    cleaned = asyncio.run(clean(settings, ages, pretend=pretend))
    if as_json:
        print(json.dumps(asdict(cleaned)))
    else:
        word = "Would remove" if pretend else "Removed"
        print(
            f"{word} {cleaned.files:,} files ({cleaned.bytes:,} bytes), {cleaned.jobs:,} jobs, "
            f"{cleaned.workflows:,} deleted workflows."
        )
    return DONE
