"""200 runs with different prompts in one process: the store keeps its budget, and the process does not grow.

Each run makes four pictures (seed-sweep), so that the budget is full before run 20 and every later run evicts. Resident
memory is looked at a moment after a run, when the engine has given freed memory back: within runs it goes up and down
with what is evicted, by 10 %.
"""

from __future__ import annotations

import time
from pathlib import Path

import psutil

from latentloom.graph import Engine, Workflow, load_registry

from .measure import Measurement

RUNS = 200
SETTLED_SECONDS = 1.5
EXTRA_BYTES = 64 * 2**20
WORKFLOW = Path(__file__).parents[2] / "workflows" / "seed-sweep.json"
NOUNS = ("heart", "circle", "tree", "star", "apple", "rocket", "dog", "cat", "car", "house")
COLOURS = ("red", "blue", "green", "yellow", "purple", "pink", "orange", "brown", "black", "white")


def run() -> list[Measurement]:
    workflow, registry = Workflow.load(WORKFLOW), load_registry()
    with Engine(registry) as engine:
        engine.submit(workflow).result()
        weights = sum(e.bytes for e in engine.store._entries.values() if isinstance(e.key, tuple))
    budget = weights + EXTRA_BYTES
    process, resident, peak = psutil.Process(), {}, 0
    with Engine(registry, memory=budget) as engine:
        for number in range(1, RUNS + 1):
            prompt = f"a {COLOURS[number % 10]} {NOUNS[number // 10 % 10]} {number}"
            engine.submit(workflow, {"prompt": prompt, "steps": 8}).result()
            peak = max(peak, engine.store.bytes_used["cpu"])
            if number in (20, RUNS):
                time.sleep(SETTLED_SECONDS)
                resident[number] = process.memory_info().rss
    growth = resident[RUNS] / resident[20]
    mib = 2**20
    return [
        Measurement("store after each of 200 runs, most", peak / mib, "MiB", budget / mib, peak / budget, RUNS),
        Measurement("resident memory, run 200", resident[RUNS] / mib, "MiB", resident[20] / mib, growth, RUNS),
    ]
