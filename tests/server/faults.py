"""Killing engines and whole servers at random moments: shared by the tests and by `tests/benchmarks/faults.py`."""

from __future__ import annotations

import json
import random
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from .serving import Server

LIGHT = '''
import time

from latentloom import Context, node


@node(category="test")
def slowly(number: int, seconds: float, context: Context) -> str:
    """Waits, then says the number."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        context.check_cancelled()
        time.sleep(0.002)
    return f"number {number}"
'''
"""A plugin whose nodes need no heavy library, so that an engine is at work within a second."""
TEXT_TO_IMAGE = Path(__file__).parents[2] / "workflows" / "text-to-image.json"


def light(seconds: float = 0.02) -> dict[str, Any]:
    """A workflow whose output is a text, after some seconds."""
    slowly = {"type": "slowly", "values": {"seconds": seconds}, "links": {"number": ["$", "number"]}}
    return {
        "latentloom": 1,
        "inputs": {"number": {"type": "int", "default": 0}},
        "outputs": {"text": ["slowly", "value"]},
        "nodes": {"slowly": slowly},
    }


def picture() -> dict[str, Any]:
    workflow: dict[str, Any] = json.loads(TEXT_TO_IMAGE.read_text())
    return workflow


def engine_of(server: Server) -> psutil.Process | None:
    """The engine process of a server, where there is one."""
    try:
        children = psutil.Process(server.process.pid).children()
    except psutil.NoSuchProcess:
        return None
    return next((child for child in children if _is_engine(child)), None)


def _is_engine(process: psutil.Process) -> bool:
    try:
        return "latentloom.worker" in process.cmdline()
    except psutil.Error:
        return False


def until(claim: Callable[[], Any], seconds: float = 120.0) -> Any:
    """Wait until something holds; returns what it gave."""
    end = time.monotonic() + seconds
    while not (found := claim()):
        assert time.monotonic() < end, "it did not come to be in time"
        time.sleep(0.01)
    return found


@dataclass(frozen=True)
class EngineKill:
    """What one kill of the engine in the middle of a job showed."""

    at_step: int
    again_s: float
    """From the kill to the job running again."""
    next_step_s: float
    """From the kill to the first new step."""
    steps: int
    """Denoising steps that ran, in both attempts."""


def kill_engine(server: Server, seed: int, at_step: int, steps: int = 30) -> tuple[EngineKill, str]:
    """Run a job of some steps and kill the engine at one of them; returns also the digest of its picture."""
    (job,) = server.submit(picture(), inputs={"steps": steps, "seed": seed})
    done = until(lambda: _steps_done(server, job["id"], at_step), 120)
    engine = engine_of(server)
    assert engine is not None
    engine.send_signal(signal.SIGKILL)
    killed = time.monotonic()
    until(lambda: server.get(f"/jobs/{job['id']}").json()["attempts"] == 2)
    again = time.monotonic() - killed
    until(lambda: _steps_done(server, job["id"], 1) or _has_ended(server, job["id"]), 120)
    next_step = time.monotonic() - killed
    ended = server.wait(job["id"])
    assert ended["state"] == "done", ended["error"]
    nodes = {node["node"]: node for node in server.get(f"/jobs/{job['id']}").json()["nodes"]}
    (file,) = ended["outputs"]["image"]
    return EngineKill(done, again, next_step, nodes["step"]["computed"]), file["digest"]


def _steps_done(server: Server, job: str, at_least: int) -> int:
    progress = server.get(f"/jobs/{job}").json()["progress"]
    return int(progress["done"]) if progress["done"] >= at_least else 0


def _has_ended(server: Server, job: str) -> bool:
    return server.get(f"/jobs/{job}").json()["state"] in ("done", "failed", "cancelled")


def submit_queue(server: Server, count: int, random_: random.Random, seconds: float) -> list[str]:
    """Jobs of several priorities; returns their ids in the order in which they are to run."""
    server.put("/queue", {"paused": True})
    jobs: list[tuple[int, int, str]] = []
    for number in range(count):
        priority = random_.choice((-1, 0, 0, 5))
        (job,) = server.submit(light(seconds), inputs={"number": number}, priority=priority)
        jobs.append((-priority, number, job["id"]))
    server.put("/queue", {"paused": False})
    return [job for _, _, job in sorted(jobs)]


def kill_servers(server: Server, kills: int, random_: random.Random, longest_s: float) -> Iterator[int]:
    """Kill the server with all its processes, or itself alone, at random moments; gives how many jobs had ended."""
    for _ in range(kills):
        time.sleep(random_.uniform(0.05, longest_s))
        processes = [psutil.Process(server.process.pid), *psutil.Process(server.process.pid).children(recursive=True)]
        # Alone: the engine must then end by itself. Together: in any order.
        chosen = processes[:1] if random_.random() < 0.5 else random_.sample(processes, len(processes))
        for process in chosen:
            with suppress(psutil.NoSuchProcess):  # the engine ends with its server
                process.send_signal(signal.SIGKILL)
        server.process.wait()
        _, alive = psutil.wait_procs(processes[1:], timeout=120)
        assert not alive, "the engine has outlived its server"
        server.start()
        yield len(server.get("/jobs?state=done&limit=200").json()["jobs"])


def check_whole(data: Path, jobs: list[str]) -> None:
    """Nothing in a data folder is lost, repeated, half-written or out of order."""
    with sqlite3.connect(data / "latentloom.sqlite") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert not connection.execute("PRAGMA foreign_key_check").fetchall()
        ended = connection.execute("SELECT id, state, outputs FROM jobs ORDER BY finished").fetchall()
    connection.close()
    assert [id_ for id_, _, _ in ended] == jobs
    assert {state for _, state, _ in ended} == {"done"}
    for _, _, outputs in ended:
        for file in (file for files in json.loads(outputs).values() for file in files):
            content = (data / "files" / file["digest"][:2] / file["digest"]).read_bytes()
            assert len(content) == file["bytes"]
    assert not [path for path in data.rglob("*") if ".part" in path.name]


def set_writable_bytes(process: int, limit: int | None) -> None:
    """Let a process make no file longer than this: what a full disk is to it, without any privilege."""
    import resource

    _, hard = resource.prlimit(process, resource.RLIMIT_FSIZE)
    resource.prlimit(process, resource.RLIMIT_FSIZE, (hard if limit is None else limit, hard))
