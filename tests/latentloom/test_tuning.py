"""How a process of ours is tuned, and that what the user's environment says stands."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

TUNED = """
import gc, json, os, sys
from latentloom.tuning import tune_process
tune_process()
print(json.dumps([gc.get_threshold()[0], os.environ.get("GOMP_SPINCOUNT"), "torch" in sys.modules]))
"""


def tuned(**environment: str) -> list[object]:
    """The collector's threshold, how long threads spin, and whether torch was imported too early to be told."""
    clean = {name: value for name, value in os.environ.items() if name not in ("OMP_WAIT_POLICY", "GOMP_SPINCOUNT")}
    done = subprocess.run([sys.executable, "-c", TUNED], env=clean | environment, capture_output=True, check=True)
    found: list[object] = json.loads(done.stdout)
    return found


def test_our_processes_collect_seldom_and_spin_shortly() -> None:
    assert tuned() == [50_000, "15000", False]


@pytest.mark.parametrize(
    ("name", "value", "spins"), [("GOMP_SPINCOUNT", "7", "7"), ("OMP_WAIT_POLICY", "ACTIVE", None)]
)
def test_what_the_environment_says_of_threads_stands(name: str, value: str, spins: str | None) -> None:
    assert tuned(**{name: value})[1] == spins
