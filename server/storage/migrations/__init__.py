"""The schema of the server's database, as the ordered list of what made it.

Each file is one step, run once; a step that has been released is never changed. To change the schema, add a file with
the next number.
"""

from __future__ import annotations

from importlib import resources

NAMES = ("0001_jobs.sql", "0002_files.sql")


def _read(name: str) -> str:
    return resources.files(__name__).joinpath(name).read_text(encoding="utf-8")


MIGRATIONS: tuple[str, ...] = tuple(_read(name) for name in NAMES)
