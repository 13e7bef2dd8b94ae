"""One measured number, and a table of them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Measurement:
    """`value` is a median over `runs`. `baseline` is what it is held against; `ratio` value / baseline."""

    name: str
    value: float
    unit: str
    baseline: float | None = None
    ratio: float | None = None
    runs: int = 1

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def median(name: str, values: Sequence[float], unit: str, target: float | None = None) -> Measurement:
    """The median of repeated runs, against a target where there is one."""
    value = statistics.median(values)
    return Measurement(name, value, unit, target, value / target if target else None, len(values))


def seconds_of(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def alternating(contestants: dict[str, Callable[[], Any]], rounds: int) -> dict[str, list[float]]:
    """Seconds of each contestant, in turns within one process, so that what else the machine does hits all alike."""
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    for work in contestants.values():
        work()
    for number in range(rounds):
        order = list(contestants) if number % 2 else list(reversed(contestants))
        for name in order:
            seconds[name].append(seconds_of(contestants[name]))
    return seconds


def table(measured: Sequence[Measurement]) -> str:
    rows = [("benchmark", "value", "unit", "baseline", "ratio", "runs")]
    for m in measured:
        baseline = "" if m.baseline is None else f"{m.baseline:.4g}"
        ratio = "" if m.ratio is None else f"{m.ratio:.3f}"
        rows.append((m.name, f"{m.value:.4g}", m.unit, baseline, ratio, str(m.runs)))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join([row[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(row[1:], widths[1:], strict=True))])
        for row in rows
    ]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])
