"""The server under load: how fast it starts, answers and accepts, and whether every client hears of everything.

A thousand jobs are submitted while two hundred clients listen. Events are counted by their numbers: one that is lost
or comes twice ends the benchmark with an error.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import aiohttp
import psutil

from tests.server.serving import Server, serving

from .measure import Measurement, median, seconds_of

STARTS = 5
JOBS = 1000
CLIENTS = 200
SUBMITTERS = 4
ASKERS = 32
ASKING_SECONDS = 3.0
HEARING_SECONDS = 300.0
TARGET_SUBMIT_S = 0.020
TARGET_READY_S = 1.0
TARGET_MEMORY = 120e6
WORKFLOW: dict[str, Any] = {
    "latentloom": 1,
    "inputs": {"value": {"type": "float", "default": 1.0}},
    "outputs": {"sum": ["sum", "value"]},
    "nodes": {"sum": {"type": "add", "links": {"a": ["$", "value"]}, "values": {"b": 1.0}}},
}


def run() -> list[Measurement]:
    with tempfile.TemporaryDirectory() as folder:
        starts = [seconds_of(lambda i=i: _start(Path(folder) / f"start-{i}")) for i in range(STARTS)]  # type: ignore[misc]
        with serving(Path(folder) / "data") as server:
            server.wait(server.submit(WORKFLOW)[0]["id"])
            light = psutil.Process(server.process.pid).memory_info().rss
            return [
                median("server: from start to first answer", starts, "s", TARGET_READY_S),
                Measurement("server: memory after the first job", light, "bytes", TARGET_MEMORY, light / TARGET_MEMORY),
                Measurement("server: requests a second", asyncio.run(_requests_per_second(server)), "1/s"),
                *_load(server),
            ]


def _start(data: Path) -> None:
    with serving(data) as server:
        server.get("/queue")
        server.process.kill()
        server.process.wait()


async def _requests_per_second(server: Server) -> float:
    async def ask(session: aiohttp.ClientSession) -> int:
        count, end = 0, time.perf_counter() + ASKING_SECONDS
        while time.perf_counter() < end:
            async with session.get(f"{server.origin}/api/v1/queue") as answer:
                await answer.read()
            count += 1
        return count

    async with aiohttp.ClientSession() as session:
        return sum(await asyncio.gather(*(ask(session) for _ in range(ASKERS)))) / ASKING_SECONDS


def _load(server: Server) -> list[Measurement]:
    process = psutil.Process(server.process.pid)
    with _listening(server.origin) as listeners:
        began, busy = time.perf_counter(), sum(process.cpu_times()[:2])
        latencies = asyncio.run(_submit_all(server))
        accepted = time.perf_counter() - began
        events = listeners.recv()
        ended = time.perf_counter() - began
    busy = sum(process.cpu_times()[:2]) - busy
    memory = process.memory_info().rss
    p99 = statistics.quantiles(latencies, n=100)[98]
    return [
        median(f"server: submit, {CLIENTS} clients listening, p50", latencies, "s", TARGET_SUBMIT_S),
        Measurement(f"server: submit, {CLIENTS} clients listening, p99", p99, "s", runs=len(latencies)),
        Measurement(f"server: its own CPU time for {JOBS} jobs and {CLIENTS} clients", busy, "s"),
        Measurement("server: jobs accepted a second", JOBS / accepted, "1/s"),
        Measurement("server: jobs done a second", JOBS / ended, "1/s"),
        Measurement("server: events to each client, none lost, none twice", events, ""),
        Measurement("server: events sent a second", events * CLIENTS / ended, "1/s"),
        Measurement("server: memory under load", memory, "bytes"),
    ]


async def _submit_all(server: Server) -> list[float]:
    """Seconds of each request; some submit at the same time."""
    numbers = iter(range(JOBS))
    latencies: list[float] = []

    async def submit(session: aiohttp.ClientSession) -> None:
        for number in numbers:
            body = {"workflow": WORKFLOW, "inputs": {"value": float(number)}}
            began = time.perf_counter()
            async with session.post(f"{server.origin}/api/v1/jobs", json=body) as answer:
                assert answer.status == 201, await answer.text()
                await answer.read()
            latencies.append(time.perf_counter() - began)

    async with aiohttp.ClientSession() as session:
        await asyncio.gather(*(submit(session) for _ in range(SUBMITTERS)))
    return latencies


# --- the clients, in a process of their own


@contextmanager
def _listening(origin: str) -> Iterator[Connection]:
    """All clients are connected when the block begins; the number of events comes when all have heard of all jobs."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_listen, args=(origin, there))
    process.start()
    assert here.recv() == "connected"
    try:
        yield here
    finally:
        process.join(10)
        process.kill()


def _listen(origin: str, connection: Connection) -> None:
    connection.send(asyncio.run(asyncio.wait_for(_hear(origin, connection), HEARING_SECONDS)))


async def _hear(origin: str, connection: Connection) -> int:
    ready = asyncio.Barrier(CLIENTS + 1)

    async def client(session: aiohttp.ClientSession) -> int:
        async with session.ws_connect(f"{origin}/api/v1/events", max_msg_size=0) as socket:
            first = seq = json.loads((await socket.receive()).data)["seq"]
            await ready.wait()
            done: set[str] = set()
            async for message in socket:
                event = json.loads(message.data)
                assert event["seq"] == seq + 1, f"event {event['seq']} came after {seq}"
                seq += 1
                if event["type"] == "job" and event["job"]["state"] == "done":
                    done.add(event["job"]["id"])
                    if len(done) == JOBS:
                        return seq - first
            raise AssertionError(f"the connection ended ({socket.close_code}) after {len(done)} jobs")

    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session, asyncio.TaskGroup() as group:
        clients = [group.create_task(client(session)) for _ in range(CLIENTS)]
        await ready.wait()
        connection.send("connected")
    return max(each.result() for each in clients)
