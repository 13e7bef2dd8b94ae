"""Telling of plugins that could not be loaded, and folders that are not there; the rest works."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from latentloom.graph import Catalogue


def print_problems(catalogue: Catalogue) -> None:
    for problem in catalogue.problems:
        print(f"plugin {problem.plugin}: {problem.message}", file=sys.stderr)


def print_missing(models: Sequence[Path]) -> None:
    for folder in models:
        if not folder.is_dir():
            what = "is not a folder" if folder.exists() else "there is no such folder"
            print(f"models {folder}: {what}", file=sys.stderr)
