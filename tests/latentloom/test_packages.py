"""What is installed: setuptools is told of every package by name."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_package_is_listed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    listed = set(project["tool"]["setuptools"]["packages"])
    found = {
        f"latentloom.{init.parent.relative_to(folder.parent).as_posix().replace('/', '.')}"
        for folder in (ROOT / "graph", ROOT / "nodes", ROOT / "server", ROOT / "workflows")
        for init in folder.rglob("__init__.py")
    }
    own = (ROOT / "latentloom").glob("*/__init__.py")
    found |= {"latentloom"} | {f"latentloom.{init.parent.name}" for init in own}
    assert listed == found
