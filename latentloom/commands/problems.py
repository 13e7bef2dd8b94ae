"""Telling of plugins that could not be loaded; the rest works."""

from __future__ import annotations

import sys

from latentloom.graph import Catalogue


def print_problems(catalogue: Catalogue) -> None:
    for problem in catalogue.problems:
        print(f"plugin {problem.plugin} was not loaded: {problem.message}", file=sys.stderr)
