"""A timeline of a run in the Chrome trace-event format, which Perfetto and chrome://tracing open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from latentloom.graph import Event
from latentloom.graph.events import CallCached, CallFinished, CallStarted, Counted

from .report import name_of

MICROSECONDS = 1e6


def build_trace(events: Iterable[Event]) -> dict[str, Any]:
    """One process per job; calls that overlap in time (asynchronous or joined ones) lie in lanes of their own."""
    events = list(events)
    jobs = {job: number for number, job in enumerate(dict.fromkeys(event.job for event in events), start=1)}
    entries: list[dict[str, Any]] = [
        {"name": "process_name", "ph": "M", "pid": number, "tid": 0, "args": {"name": f"job {job}"}}
        for job, number in jobs.items()
    ]
    for job, number in jobs.items():
        entries.extend(_job([event for event in events if event.job == job], number))
    return {"traceEvents": entries, "displayTimeUnit": "ms"}


def _job(events: Sequence[Event], pid: int) -> list[dict[str, Any]]:
    spans, now, counters = [], 0.0, dict[str, int]()
    started: dict[Any, float] = {}
    entries: list[dict[str, Any]] = []
    for event in events:
        match event:
            case CallStarted():
                now = event.time
                started[event.address] = now
            case CallFinished():
                now = event.time
                spans.append((started.pop(event.address, now - event.seconds), event))
            case CallCached():
                arguments = {"address": str(event.address), "tier": event.tier}
                entries.append(_entry(f"{name_of(event.address)} known", "i", now, pid, s="t", args=arguments))
            case Counted():
                counters[event.name] = counters.get(event.name, 0) + event.amount
                entries.append(_entry(event.name, "C", now, pid, args={event.name: counters[event.name]}))
    return _lanes(spans, pid) + entries


def _lanes(spans: Sequence[tuple[float, CallFinished]], pid: int) -> list[dict[str, Any]]:
    """Each span in the first lane that is free at its start."""
    busy_until: list[float] = []
    entries = []
    for start, event in sorted(spans, key=lambda span: span[0]):
        lane = next((i for i, end in enumerate(busy_until) if end <= start), len(busy_until))
        busy_until[lane : lane + 1] = [event.time]
        entry = _entry(name_of(event.address), "X", start, pid, dur=(event.time - start) * MICROSECONDS)
        entry |= {
            "tid": lane,
            "cat": event.type,
            "args": {"address": str(event.address), "bytes": event.bytes, "joined": event.joined},
        }
        entries.append(entry)
    return entries


def _entry(name: str, phase: str, time: float, pid: int, **more: Any) -> dict[str, Any]:
    return {"name": name, "ph": phase, "ts": time * MICROSECONDS, "pid": pid, "tid": 0, **more}
