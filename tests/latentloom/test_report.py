import io
import json

import pytest

from latentloom.graph import Address, Event, Loop, Node, Workflow
from latentloom.graph.events import (
    CallCached,
    CallFailed,
    CallFinished,
    CallStarted,
    Counted,
    JobFinished,
    JobStarted,
    LoopStarted,
)
from latentloom.report import build_report
from latentloom.terminal import loops_around, progress
from latentloom.trace import build_trace


def call(node: str, start: float, end: float, *iterations: int, job: str = "1", joined: int = 1) -> list[Event]:
    address = Address(node, iterations=iterations)
    return [
        CallStarted(job, address, "denoise", start),
        CallFinished(job, address, "denoise", b"key", end, (end - start) / joined, 100, joined),
    ]


EVENTS: list[Event] = [
    JobStarted("1", 1000.0),
    *call("load", 5.0, 5.5),
    CallCached("1", Address("text"), "encode_text", b"key", "disk"),
    LoopStarted("1", Address("loop"), 2),
    *(event for i in range(2) for event in call("unet", 6.0 + i, 7.0 + i, i, joined=2)),
    *(Counted("1", Address("unet", iterations=(i,)), "denoiser_forwards", 1) for i in range(2)),
    CallFinished("1", Address("unet", ("twice",)), "denoise", b"key", 9.0, 0.5, 10, 1),
    JobFinished("1", "done", 3.0, {"cpu": 500}),
]


def test_the_report_counts_what_ran() -> None:
    outputs = {"image": [{"path": "a.png", "bytes": 3, "sha256": "00"}]}
    report = build_report(EVENTS, outputs, {"torch": "2.13.0"})
    assert report["outputs"] == outputs
    assert report["versions"] == {"torch": "2.13.0"}
    assert report["nodes"] == {
        "load": {"type": "denoise", "calls": 1, "cached": 0, "batched": 0, "seconds": 0.5, "bytes": 100},
        "text": {"type": "encode_text", "calls": 0, "cached": 1, "batched": 0, "seconds": 0.0, "bytes": 0},
        "unet": {"type": "denoise", "calls": 2, "cached": 0, "batched": 2, "seconds": 1.0, "bytes": 200},
        "twice/unet": {"type": "denoise", "calls": 1, "cached": 0, "batched": 0, "seconds": 0.5, "bytes": 10},
    }
    assert report["totals"] == {"seconds": 3.0, "steps": 0, "denoiser_forwards": 2, "peak_bytes": {"cpu": 500}}
    json.dumps(report)


def test_jobs_that_overlap_count_their_time_once() -> None:
    events: list[Event] = [
        JobStarted("1", 10.0),
        JobStarted("2", 10.5),
        JobFinished("1", "done", 2.0, {"cpu": 5}),
        JobFinished("2", "done", 3.0, {"cpu": 9, "cuda:0": 1}),
    ]
    totals = build_report(events, {}, {})["totals"]
    assert totals["seconds"] == pytest.approx(3.5)
    assert totals["peak_bytes"] == {"cpu": 9, "cuda:0": 1}


def test_steps_are_calls_of_the_scheduler_step_and_what_is_counted() -> None:
    address = Address("step", iterations=(0,))
    events: list[Event] = [
        CallFinished("1", address, "scheduler_step", b"key", 1.0, 0.1, 10, 1),
        CallCached("1", address, "scheduler_step", b"key", "memory"),
        Counted("1", Address("sampler"), "steps", 20),
    ]
    assert build_report(events, {}, {})["totals"]["steps"] == 21


def test_a_report_of_nothing() -> None:
    assert build_report([], {}, {})["totals"] == {"seconds": 0.0, "steps": 0, "denoiser_forwards": 0, "peak_bytes": {}}


def test_the_trace_has_each_call_once_and_lanes_do_not_overlap() -> None:
    events = [*call("a", 1.0, 3.0), *call("b", 2.0, 4.0), *call("c", 3.5, 5.0), *call("a", 1.0, 2.0, job="2")]
    trace = build_trace(events)["traceEvents"]
    spans = [entry for entry in trace if entry["ph"] == "X"]
    assert [(s["name"], s["ts"], s["dur"], s["pid"], s["tid"]) for s in spans] == [
        ("a", 1e6, 2e6, 1, 0),
        ("b", 2e6, 2e6, 1, 1),
        ("c", 3.5e6, 1.5e6, 1, 0),
        ("a", 1e6, 1e6, 2, 0),
    ]
    assert {entry["args"]["name"] for entry in trace if entry["ph"] == "M"} == {"job 1", "job 2"}


def test_the_trace_has_counters_and_known_results() -> None:
    trace = build_trace(EVENTS)["traceEvents"]
    assert [e["args"]["denoiser_forwards"] for e in trace if e["ph"] == "C"] == [1, 2]
    assert [e["name"] for e in trace if e["ph"] == "i"] == ["text known"]


WORKFLOW = Workflow(nodes={"load": Node(type="a"), "loop": Loop(type="loop", body={"unet": Node(type="b")})})


def test_loops_around() -> None:
    nested = Loop(type="loop", body={"inner": Loop(type="loop", body={"x": Node(type="a")}), "y": Node(type="a")})
    assert loops_around(Workflow(nodes={"outer": nested})) == {"inner": "outer", "y": "outer", "x": "inner"}


def test_plain_progress_tells_slow_calls_quarters_of_loops_and_the_end() -> None:
    stream = io.StringIO()
    with progress(WORKFLOW, 1, stream) as listen:
        for event in EVENTS:
            listen(event)
        listen(CallFailed("1", Address("save"), "save", "no"))
    lines = ["load 0.50 s", "loop 1/2", "loop 2/2", "twice/unet 0.50 s", "done in 3.00 s", "save failed"]
    assert stream.getvalue().splitlines() == lines


def test_a_long_loop_tells_only_its_quarters() -> None:
    stream = io.StringIO()
    with progress(WORKFLOW, 1, stream) as listen:
        listen(LoopStarted("1", Address("loop"), 30))
        for i in range(10, 30):  # the first ten are known, and not even looked at
            for event in call("unet", 0.0, 0.01, i):
                listen(event)
    assert stream.getvalue().splitlines() == ["loop 11/30", "loop 15/30", "loop 23/30", "loop 30/30"]


def test_bars_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(stream, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    with progress(WORKFLOW, 2, stream) as listen:
        for event in EVENTS[:7]:
            listen(event)
    assert "0/2 jobs" in stream.getvalue()
    assert "1/2" in stream.getvalue()
    assert "1 known" in stream.getvalue()


def test_quiet_progress_says_nothing() -> None:
    stream = io.StringIO()
    with progress(WORKFLOW, 1, stream, quiet=True) as listen:
        listen(EVENTS[0])
    assert stream.getvalue() == ""
