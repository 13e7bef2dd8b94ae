"""The WebSocket: a snapshot, then every change once and in order; previews for those who watch."""

from __future__ import annotations

import asyncio
import json
import struct
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from .conftest import node, stripes
from .serving import Server, serving

Socket = aiohttp.ClientWebSocketResponse


def connected(server: Server, work: Callable[[Socket], Awaitable[Any]], query: str = "") -> Any:
    async def main() -> Any:
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(f"{server.origin}/api/v1/events{query}") as socket,
        ):
            return await work(socket)

    return asyncio.run(asyncio.wait_for(main(), 240))


async def events_until(socket: Socket, is_last: Callable[[dict[str, Any]], bool]) -> list[dict[str, Any]]:
    events = []
    async for message in socket:
        if message.type == aiohttp.WSMsgType.TEXT:
            events.append(json.loads(message.data))
            if is_last(events[-1]):
                return events
    raise AssertionError(f"the connection ended: {socket.close_code}")


class Last:
    """True at the event of so many jobs."""

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs

    def __call__(self, event: dict[str, Any]) -> bool:
        self.jobs -= event["type"] == "job"
        return self.jobs == 0


def ended(job: str) -> Callable[[dict[str, Any]], bool]:
    return lambda event: event["type"] == "job" and event["job"]["id"] == job and event["job"]["state"] == "done"


def test_a_snapshot_and_then_every_change_in_order(server: Server) -> None:
    async def watch(socket: Socket) -> list[dict[str, Any]]:
        first = json.loads((await socket.receive()).data)
        (job,) = await asyncio.to_thread(server.submit, stripes(dark=node("darker")), inputs={"seed": 101})
        return [first, *await events_until(socket, ended(job["id"]))]

    first, *deltas = connected(server, watch)
    assert first["type"] == "snapshot"
    assert {"jobs", "queue", "engine"} <= first.keys()
    assert [event["seq"] for event in deltas] == list(range(first["seq"] + 1, first["seq"] + 1 + len(deltas)))
    states = [event["job"]["state"] for event in deltas if event["type"] == "job"]
    assert states[0] == "queued"
    assert states[-1] == "done"
    calls = {call["node"]: call for event in deltas if event["type"] == "calls" for call in event["calls"]}
    assert {calls["stripes"]["state"], calls["dark"]["state"]} <= {"finished", "cached"}


def test_a_dropped_connection_goes_on_where_it_was(server: Server) -> None:
    async def number(socket: Socket) -> int:
        return int(json.loads((await socket.receive()).data)["seq"])

    last = connected(server, number)
    job = server.submit(stripes(), inputs={"seed": 102})[0]["id"]
    server.wait(job)
    events = connected(server, lambda socket: events_until(socket, ended(job)), f"?since={last}")
    assert [event["seq"] for event in events] == list(range(last + 1, last + 1 + len(events)))
    assert events[0]["type"] != "snapshot"


@pytest.mark.parametrize("since", [0, 5, 2**53])
def test_from_a_number_that_is_not_known_a_snapshot_comes(server: Server, since: int) -> None:
    async def first(socket: Socket) -> Any:
        return json.loads((await socket.receive()).data)["type"]

    assert connected(server, first, f"?since={since}") == "snapshot"


def test_progress_of_a_call_and_length_of_a_loop_are_told(server: Server) -> None:
    example = server.get("/examples/text-to-image").json()["workflow"]
    example["inputs"]["steps"]["default"] = 4

    async def watch(socket: Socket) -> list[dict[str, Any]]:
        (job,) = await asyncio.to_thread(server.submit, example, inputs={"seed": 103})
        return await events_until(socket, ended(job["id"]))

    events = connected(server, watch)
    assert 4 in [event["iterations_total"] for event in events if event["type"] == "loop"]
    (last,) = [event["job"]["progress"] for event in events if event["type"] == "job"][-1:]
    assert last["done"] == last["total"] >= 4


def test_a_job_without_a_loop_counts_its_nodes(server: Server) -> None:
    workflow = stripes(wait=node("waiting", seconds=30.0))

    async def watch(socket: Socket) -> dict[str, Any]:
        (job,) = await asyncio.to_thread(server.submit, workflow, inputs={"seed": 109})
        (*_, last) = await events_until(socket, lambda event: told(event, job["id"]) == (1, 2))
        await asyncio.to_thread(server.post, f"/jobs/{job['id']}/cancel")
        return last["job"]

    def told(event: dict[str, Any], job: str) -> tuple[float, float] | None:
        if event["type"] != "job" or event["job"]["id"] != job:
            return None
        return event["job"]["progress"]["done"], event["job"]["progress"]["total"]

    job = connected(server, watch)
    assert job["state"] == "running"
    assert server.wait(job["id"])["progress"] == {"done": 1, "total": 2}


def test_previews_come_to_those_who_watch(server: Server) -> None:
    example = server.get("/examples/text-to-image").json()["workflow"]
    example["inputs"]["steps"]["default"] = 4  # the first one's picture is made while the others run

    async def watch(socket: Socket) -> list[bytes]:
        await socket.send_json({"type": "watch", "previews": True})
        (job,) = await asyncio.to_thread(server.submit, example, inputs={"seed": 104})
        pictures = []
        async for message in socket:
            if message.type == aiohttp.WSMsgType.BINARY:
                pictures.append(message.data)
            elif ended(job["id"])(json.loads(message.data)):
                return pictures
        raise AssertionError

    pictures = connected(server, watch)
    assert pictures
    (length,) = struct.unpack(">I", pictures[-1][:4])
    header, picture = json.loads(pictures[-1][4 : 4 + length]), pictures[-1][4 + length :]
    assert header["media_type"] in ("image/jpeg", "image/webp")
    assert picture.startswith((b"\xff\xd8", b"RIFF"))
    assert header["node"] in example["nodes"] or len(header["iterations"]) == 1


def test_a_client_that_does_not_read_holds_nobody_up_and_loses_nothing(tmp_path: Path) -> None:
    jobs = 3000  # 13 MB of events: more than the system takes for a client that does not read

    async def main(server: Server) -> None:
        async with aiohttp.ClientSession() as session:
            address = f"{server.origin}/api/v1/events"
            async with session.ws_connect(address) as slow, session.ws_connect(address) as fast:
                sweep = {"value": [float(number) for number in range(jobs)]}
                await asyncio.to_thread(server.submit, sums, sweep=sweep, inputs={"note": "x" * 4000})
                heard = await events_until(fast, Last(jobs))
                assert len(heard) >= jobs
                assert await events_until(slow, Last(jobs)) == heard

    sums = {
        "latentloom": 1,
        "inputs": {"value": {"type": "float", "default": 1.0}, "note": {"type": "str", "default": ""}},
        "outputs": {"sum": ["sum", "value"]},
        "nodes": {"sum": {"type": "add", "links": {"a": ["$", "value"]}, "values": {"b": 1.0}}},
    }
    with serving(tmp_path / "data") as server:
        server.put("/queue", {"paused": True})
        asyncio.run(asyncio.wait_for(main(server), 240))
        server.process.kill()


def test_a_saved_workflow_is_told_to_all(server: Server) -> None:
    async def watch(socket: Socket) -> Any:
        await socket.receive()
        await asyncio.to_thread(server.post, "/workflows", {"name": "Told", "workflow": stripes()})
        return (await events_until(socket, lambda event: event["type"] == "workflow"))[-1]

    event = connected(server, watch)
    assert (event["name"], event["revision"], event["action"]) == ("Told", 1, "saved")


@pytest.mark.parametrize(
    "message", ["{", "[]", '{"type": "run"}', '{"type": "watch", "previews": true, "x": 1}', "x" * 70_000]
)
def test_a_message_that_is_not_known_ends_the_connection(server: Server, message: str) -> None:
    async def send(socket: Socket) -> int | None:
        await socket.send_str(message)
        async for _ in socket:
            pass
        return socket.close_code

    assert connected(server, send) in (1003, 1009)


def test_without_a_handshake_it_says_what_it_is(server: Server) -> None:
    answer = server.get("/events")
    assert (answer.status_code, answer.json()["code"]) == (426, "no-websocket")
