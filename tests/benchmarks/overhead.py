"""What the engine costs per trivial node: chains and fans of 100, 1,000 and 10,000 nodes.

Run: a job on a prepared workflow, from submit to result. Parsing, checking and planning are reported apart, and so is
what an engine's first job costs once (its thread meets torch). Bare keys and look-ups are the floor. The baseline is
the target in microseconds per node; an edit in the middle of a chain runs half of its nodes again.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import torch

from latentloom.graph import Engine, Registry, Workflow, node, socket
from latentloom.graph.checking.check import check

from .measure import Measurement, median, seconds_of

EDITS = {100: 20, 1_000: 6, 10_000: 3}
"""Size of a graph -> edits timed in one engine: short runs spread more."""
ROUNDS = {100: 9, 1_000: 5, 10_000: 3}
"""Size of a graph -> engines, each with one first run."""
FIRST_TARGET_US = 30.0
AGAIN_TARGET_US = 8.0
FAR = 1_000_000
"""So far from all other numbers of a graph that no call after an edit is one that was known."""


@socket
@dataclass(frozen=True)
class Tile:
    """A tensor [1, 4, 8, 8]."""

    values: torch.Tensor


@node(category="benchmark")
def make_tile(value: float) -> Tile:
    """A tensor of one number."""
    return Tile(torch.full((1, 4, 8, 8), value))


@node(category="benchmark")
def pass_tile(tile: Tile, number: int) -> Tile:
    """The cheapest node with a tensor: hands it on."""
    return tile


@node(category="benchmark")
def gather_tiles(**tiles: Tile) -> Tile:
    """Takes any number of tiles."""
    return next(iter(tiles.values()))


@node(category="benchmark")
def add(a: int, b: int) -> int:
    """The cheapest node with a number."""
    return a + b


@node(category="benchmark")
def total(**numbers: int) -> int:
    """Sum of any number of numbers."""
    return sum(numbers.values())


REGISTRY = Registry.of(make_tile, pass_tile, gather_tiles, add, total)


def tile_chain(size: int, first: float = 0.0, middle: int = 0, last: int = 0) -> str:
    nodes: dict[str, Any] = {"n0": {"type": "make_tile", "values": {"value": first}}}
    for i in range(1, size):
        number = middle if i == size // 2 else last if i == size - 1 else 0
        values, links = {"number": number}, {"tile": [f"n{i - 1}", "tile"]}
        nodes[f"n{i}"] = {"type": "pass_tile", "values": values, "links": links}
    return json.dumps({"latentloom": 1, "nodes": nodes, "outputs": {"out": [f"n{size - 1}", "tile"]}})


def number_chain(size: int, first: int = 0, middle: int = 0, last: int = 0) -> str:
    nodes: dict[str, Any] = {}
    for i in range(size):
        b = 1 + FAR * (middle if i == size // 2 else last if i == size - 1 else first if i == 0 else 0)
        a: dict[str, Any] = {"links": {"a": [f"n{i - 1}", "value"]}, "values": {"b": b}} if i else {}
        nodes[f"n{i}"] = {"type": "add", **(a or {"values": {"a": 0, "b": b}})}
    return json.dumps({"latentloom": 1, "nodes": nodes, "outputs": {"out": [f"n{size - 1}", "value"]}})


def tile_fan(size: int, first: float = 0.0, middle: int = 0, last: int = 0) -> str:
    nodes: dict[str, Any] = {"start": {"type": "make_tile", "values": {"value": first}}}
    for i in range(size - 2):
        number = middle if i == size // 2 else last if i == size - 3 else 0
        nodes[f"n{i}"] = {"type": "pass_tile", "values": {"number": number}, "links": {"tile": ["start", "tile"]}}
    links = {f"t{i}": [f"n{i}", "tile"] for i in range(size - 2)}
    nodes["end"] = {"type": "gather_tiles", "links": links}
    return json.dumps({"latentloom": 1, "nodes": nodes, "outputs": {"out": ["end", "tile"]}})


def number_fan(size: int, first: int = 0, middle: int = 0, last: int = 0) -> str:
    nodes: dict[str, Any] = {"start": {"type": "add", "values": {"a": first, "b": 1}}}
    for i in range(size - 2):
        b = i + FAR * (middle if i == size // 2 else last if i == size - 3 else 0)
        nodes[f"n{i}"] = {"type": "add", "values": {"b": b}, "links": {"a": ["start", "value"]}}
    links = {f"t{i}": [f"n{i}", "value"] for i in range(size - 2)}
    nodes["end"] = {"type": "total", "links": links}
    return json.dumps({"latentloom": 1, "nodes": nodes, "outputs": {"out": ["end", "value"]}})


SHAPES: dict[str, Callable[..., str]] = {
    "chain of tensors": tile_chain,
    "chain of numbers": number_chain,
    "fan of tensors": tile_fan,
    "fan of numbers": number_fan,
}


def run() -> list[Measurement]:
    measured = [_first_job()]
    for shape, make in SHAPES.items():
        for size in EDITS:
            measured += _measure(shape, make, size)
    return measured


def _first_job() -> Measurement:
    times = []
    for _ in range(ROUNDS[100]):
        with Engine(REGISTRY) as engine:
            times.append(_run(engine, engine.prepare(Workflow.parse(tile_chain(2)))) * 1e6)
    return median("an engine's first job, 2 nodes", times, "us")


def _measure(shape: str, make: Callable[..., str], size: int) -> list[Measurement]:
    """Each round has an engine that knows nothing: one first run, then re-runs and edits, each edit a new one."""
    times: dict[str, list[float]] = {
        name: [] for name in ("parse", "check", "plan", "bare", "first", "again", "leaf changed", "middle changed")
    }
    for _ in range(ROUNDS[size]):
        with Engine(REGISTRY) as engine:
            plans = {}
            for name, text in _versions(make, size).items():
                times["parse"].append(seconds_of(lambda text=text: Workflow.parse(text)))
                workflow = Workflow.parse(text)
                checking = seconds_of(lambda workflow=workflow: check(workflow, REGISTRY.catalogue))
                preparing = seconds_of(lambda workflow=workflow, engine=engine: engine.prepare(workflow))
                times["check"].append(checking)
                times["plan"].append(max(0.0, preparing - checking))
                plans[name] = engine.prepare(workflow)
            engine.submit(Workflow.parse(make(4, first=1))).result()  # its own first job, of other values
            gc.collect()
            times["first"].append(_run(engine, plans["first"]))
            for i in range(EDITS[size]):
                times["bare"].append(_bare(size))
                times["again"].append(_run(engine, plans["first"]))
                times["leaf changed"].append(_run(engine, plans[f"leaf {i}"]))
                times["middle changed"].append(_run(engine, plans[f"middle {i}"]))
    targets = {"first": FIRST_TARGET_US, "again": AGAIN_TARGET_US, "leaf changed": AGAIN_TARGET_US}
    return [
        median(f"{shape}, {size:,}: {name}", [s * 1e6 / size for s in seconds], "us/node", targets.get(name))
        for name, seconds in times.items()
    ]


def _versions(make: Callable[..., str], size: int) -> dict[str, str]:
    leaves = {f"leaf {i}": make(size, last=7 + i) for i in range(EDITS[size])}
    middles = {f"middle {i}": make(size, middle=7 + i) for i in range(EDITS[size])}
    return {"first": make(size)} | leaves | middles


def _bare(size: int) -> float:
    """The floor of a run in which all is known: a key and a look-up a node."""
    known: dict[bytes, int] = {}
    prefix, value, key = b"type".ljust(16), b"value".ljust(17), b"key".ljust(17)

    def walk() -> None:
        last = key
        for _ in range(size):
            last = blake2b(b"".join((prefix, last, value)), digest_size=16).digest()
            known.get(last)

    return seconds_of(walk)


def _run(engine: Engine, plan: Any) -> float:
    return seconds_of(lambda: engine.submit(plan).result())
