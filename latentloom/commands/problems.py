"""Telling of plugins that could not be loaded, and folders that are not there; the rest works."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from latentloom.files import fault_of_folder
from latentloom.graph import Catalogue


def print_problems(catalogue: Catalogue) -> None:
    for problem in catalogue.problems:
        print(f"plugin {problem.plugin}: {problem.message}", file=sys.stderr)


def print_missing(models: Sequence[Path]) -> None:
    for folder in models:
        if fault := fault_of_folder(folder):
            print(f"models {folder}: {fault}", file=sys.stderr)
