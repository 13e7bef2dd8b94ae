"""Engines and servers that are killed, disks that are full: nothing that was accepted is lost."""

from __future__ import annotations

import io
import json
import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import numpy
import PIL.Image
import psutil
import pytest
import requests

from latentloom import run
from latentloom.cli import call

from .faults import (
    LIGHT,
    TEXT_TO_IMAGE,
    check_whole,
    engine_of,
    kill_engine,
    kill_servers,
    light,
    picture,
    set_writable_bytes,
    submit_queue,
    until,
)
from .serving import Server, serving

DEADLY = '''
import ctypes
import os
import signal

from latentloom import Context, node


@node(category="test")
def deadly(way: str) -> str:
    """Ends the engine."""
    print("about to end")
    if way == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if way == "segfault":
        ctypes.string_at(0)
    os._exit(3)


@node(category="test")
def odd(context: Context) -> str:
    """Tells and raises what cannot be sent as it is."""
    context.progress(float("nan"), float("inf"))
    context.progress(1, 2)
    raise ValueError("half a character: \\udc80")
'''


@pytest.fixture
def plugins(tmp_path: Path) -> Path:
    folder = tmp_path / "plugins"
    folder.mkdir()
    (folder / "light.py").write_text(LIGHT)
    (folder / "deadly.py").write_text(DEADLY)
    return folder


@pytest.fixture
def server(plugins: Path, tmp_path: Path) -> Iterator[Server]:
    with serving(tmp_path / "data", "--plugins", str(plugins)) as running:
        yield running


def deadly(way: str) -> dict[str, object]:
    return {
        "latentloom": 1,
        "outputs": {"text": ["end", "value"]},
        "nodes": {"end": {"type": "deadly", "values": {"way": way}}},
    }


def pixels(picture: bytes) -> numpy.ndarray:
    return numpy.asarray(PIL.Image.open(io.BytesIO(picture)), dtype=int)


def test_a_killed_engine_goes_on_from_the_last_step_to_the_same_picture(server: Server) -> None:
    kill, digest = kill_engine(server, 2, at_step=15)
    print(kill)
    assert kill.at_step >= 15
    assert kill.at_step < kill.steps <= 33  # may be below 30: what was kept last was perhaps not told any more
    assert kill.again_s < 10 * max(os.getloadavg()[0] / (os.cpu_count() or 1), 1)  # on a machine of its own
    made = server.get(f"/files/{digest}").content
    (expected,) = run(TEXT_TO_IMAGE, steps=30, seed=2)["image"].files
    assert abs(pixels(made) - pixels(expected)).max() <= 2  # of 255: other threads round otherwise


@pytest.mark.parametrize(
    ("way", "told"), [("kill", "SIGKILL"), ("segfault", "SIGSEGV, at deadly.py"), ("exit", "exit status 3: about to")]
)
def test_a_job_that_ends_the_engine_twice_fails_with_the_reason_and_others_go_on(
    server: Server, way: str, told: str
) -> None:
    before, bad, after = (server.submit(workflow)[0]["id"] for workflow in (light(), deadly(way), light(0.03)))
    failed = server.wait(bad)
    assert failed["state"] == "failed"
    assert "2 times" in failed["error"]["message"]
    assert told in failed["error"]["message"]
    assert failed["attempts"] == 2
    assert [server.wait(job)["state"] for job in (before, after)] == ["done", "done"]
    assert server.get("/system").json()["engine"]["restarts"] == 2


def test_of_jobs_at_once_only_the_one_that_ends_engines_fails(plugins: Path, tmp_path: Path) -> None:
    with serving(tmp_path / "data", "--plugins", str(plugins), "--jobs-at-once", "3") as server:
        server.put("/queue", {"paused": True})
        good = [server.submit(light(0.5), inputs={"number": i})[0]["id"] for i in range(2)]
        (bad,) = server.submit(deadly("kill"))
        good += [server.submit(light(0.5), inputs={"number": i})[0]["id"] for i in range(2, 4)]
        server.put("/queue", {"paused": False})
        assert [server.wait(job)["state"] for job in good] == ["done"] * 4
        assert server.wait(bad["id"])["state"] == "failed"
        assert server.get("/system").json()["engine"]["restarts"] == 2


def test_what_a_plugin_says_cannot_break_the_connection(server: Server) -> None:
    workflow = {"latentloom": 1, "outputs": {"text": ["odd", "value"]}, "nodes": {"odd": {"type": "odd"}}}
    (job,) = server.submit(workflow)
    failed = server.wait(job["id"])
    assert failed["error"]["message"] == "ValueError: half a character: ?"
    assert failed["error"]["node"] == "odd"
    assert server.get("/system").json()["engine"]["restarts"] == 0


def test_whole_servers_are_killed_and_every_job_ends_once_in_order(server: Server) -> None:
    random_ = random.Random(7)
    jobs = submit_queue(server, 40, random_, seconds=0.1)
    ended = list(kill_servers(server, 4, random_, longest_s=2.0))
    assert ended == sorted(ended)
    server.wait(jobs[-1])
    assert server.get("/queue").json() == {"paused": False, "queued": 0, "running": 0}
    server.stop()
    check_whole(server.data, jobs)


def test_a_server_told_to_end_keeps_the_job_and_goes_on_with_it(server: Server) -> None:
    (job,) = server.submit(picture(), inputs={"steps": 30})
    until(lambda: server.get(f"/jobs/{job['id']}").json()["progress"]["done"] >= 5, 120)
    engine = engine_of(server)
    assert engine is not None
    assert server.stop(signal.SIGTERM) == 0
    assert not engine.is_running()
    server.start()
    assert server.wait(job["id"])["state"] == "done"
    nodes = {node["node"]: node for node in server.get(f"/jobs/{job['id']}").json()["nodes"]}
    assert nodes["step"]["computed"] <= 26


def test_cancel_stops_between_two_calls_and_a_retry_goes_on_from_there(server: Server) -> None:
    (job,) = server.submit(picture(), inputs={"steps": 1000})
    until(lambda: server.get(f"/jobs/{job['id']}").json()["progress"]["done"] >= 10, 120)
    began = time.monotonic()
    server.post(f"/jobs/{job['id']}/cancel")
    cancelled = server.wait(job["id"])
    assert time.monotonic() - began < 10
    assert cancelled["state"] == "cancelled"
    assert server.post(f"/jobs/{job['id']}/retry").json()["state"] == "queued"
    until(lambda: server.get(f"/jobs/{job['id']}").json()["progress"]["done"] > cancelled["progress"]["done"])
    server.post(f"/jobs/{job['id']}/cancel")
    assert server.wait(job["id"])["state"] == "cancelled"


def test_a_full_disk_is_told_loses_nothing_and_it_goes_on_when_there_is_room(server: Server) -> None:
    (running,) = server.submit(light(2.0), inputs={"number": 1})
    (queued,) = server.submit(light(0.0), inputs={"number": 2})
    server.wait(running["id"], "running")
    set_writable_bytes(server.process.pid, 0)
    refused = server.post("/jobs", {"workflow": light()})
    assert refused.status_code == 507
    assert "make room" in refused.json()["error"]
    until(lambda: "make room" in server.get("/system").json()["engine"]["message"])
    assert server.get(f"/jobs/{running['id']}").json()["state"] == "running"
    set_writable_bytes(server.process.pid, None)
    for job in (running, queued):
        ended = server.wait(job["id"])
        assert ended["state"] == "done"
        (file,) = ended["outputs"]["text"]
        assert server.get(f"/files/{file['digest']}").text == f"number {ended['inputs']['number']}"
    until(lambda: not server.get("/system").json()["engine"]["message"])
    assert len(server.get("/jobs").json()["jobs"]) == 2
    server.stop()
    check_whole(server.data, [running["id"], queued["id"]])


def test_an_engine_that_cannot_run_as_configured_says_so_and_jobs_wait(
    plugins: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(tmp_path / "data", "--plugins", str(plugins), "--device", "cuda:99") as server:
        (job,) = server.submit(light())
        engine = until(lambda: (now := server.get("/system").json()["engine"])["state"] == "stopped" and now)
        assert "cuda:99" in engine["message"]
        assert server.get(f"/jobs/{job['id']}").json()["state"] == "queued"
        health = requests.get(f"{server.origin}/healthz", timeout=120)
        assert (health.status_code, health.json()["code"]) == (503, "no-engine")
        file = tmp_path / "light.json"
        file.write_text(json.dumps(light()))
        assert call(["submit", str(file), "--server", server.origin, "--wait"]) == 1
        assert call(["jobs", "--server", server.origin]) == 0
        told = capsys.readouterr().err
        assert told.count("the server's engine cannot run: ") == 2
        assert "cuda:99" in told


def test_an_engine_ends_with_its_server(server: Server) -> None:
    engine = until(lambda: engine_of(server))
    server.process.kill()
    server.process.wait()
    psutil.wait_procs([engine], timeout=120)
    assert not engine.is_running()
