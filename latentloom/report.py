"""The report of a run, folded from its events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from latentloom.graph import Address, Event
from latentloom.graph.events import CallCached, CallFinished, Counted, JobFinished, JobStarted

STEP = "scheduler_step"
"""The node type of which one call is one denoising step."""


def build_report(
    events: Iterable[Event], outputs: Mapping[str, Sequence[Mapping[str, Any]]], versions: Mapping[str, str]
) -> dict[str, Any]:
    """Outputs as written, what each node cost, totals and versions, as plain JSON data.

    `calls` counts the calls that ran, `batched` those of them that ran joined with others, `bytes` the size of all
    results made. A node inside a subgraph or an expansion stands under `instance/node`. `steps` are the calls of
    scheduler_step that ran, and what other nodes count under that name.
    """
    events = list(events)
    return {
        "outputs": {name: [dict(file) for file in files] for name, files in outputs.items()},
        "nodes": _nodes(events),
        "totals": _totals(events),
        "versions": dict(versions),
    }


def name_of(address: Address) -> str:
    """A node's name in reports: its id, after those of the instances around it."""
    return "/".join((*address.path, address.node))


def _nodes(events: Sequence[Event]) -> dict[str, dict[str, Any]]:
    nodes: dict[str, dict[str, Any]] = {}
    for event in events:
        if not isinstance(event, CallFinished | CallCached):
            continue
        node = nodes.setdefault(
            name_of(event.address),
            {"type": event.type, "calls": 0, "cached": 0, "batched": 0, "seconds": 0.0, "bytes": 0},
        )
        if isinstance(event, CallCached):
            node["cached"] += 1
        else:
            node["calls"] += 1
            node["batched"] += event.joined > 1
            node["seconds"] += event.seconds
            node["bytes"] += event.bytes
    return nodes


def _totals(events: Sequence[Event]) -> dict[str, Any]:
    counters = Counter({"steps": 0, "denoiser_forwards": 0})
    starts: dict[str, float] = {}
    ends: list[float] = []
    peaks: dict[str, int] = {}
    for event in events:
        match event:
            case CallFinished() if event.type == STEP:
                counters["steps"] += 1
            case Counted():
                counters[event.name] += event.amount
            case JobStarted():
                starts[event.job] = event.time
            case JobFinished():
                ends.append(starts.get(event.job, 0.0) + event.seconds)
                for device, peak in event.peak_bytes.items():
                    peaks[device] = max(peak, peaks.get(device, 0))
    seconds = max(ends) - min(starts.values()) if starts and ends else 0.0
    return {"seconds": seconds, **counters, "peak_bytes": peaks}
