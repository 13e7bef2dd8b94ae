"""The hub: numbered events for fast and slow clients, previews for those who watch."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from latentloom.server.api import EngineStatus, Job, JobRemovedEvent, PreviewHeader, Queue
from latentloom.server.hub import KEPT_EVENTS, Hub, Lagged, Subscription


def with_hub(work: Callable[[Hub], Awaitable[Any]], jobs: list[Job] | None = None) -> Any:
    async def snapshot() -> tuple[list[Job], Queue, EngineStatus]:
        return jobs or [], Queue(paused=False, queued=0, running=0), EngineStatus(state="ready")

    async def main() -> Any:
        return await asyncio.wait_for(work(Hub(snapshot)), 20)

    return asyncio.run(main())


def publish(hub: Hub, count: int) -> list[int]:
    return [hub.publish(JobRemovedEvent, id=str(i)) for i in range(count)]


async def take(subscription: Subscription, count: int) -> list[Any]:
    return await take_from(aiter(subscription), count)


async def take_from(frames: AsyncIterator[str | bytes], count: int) -> list[Any]:
    found = [await anext(frames) for _ in range(count)]
    return [frame if isinstance(frame, bytes) else json.loads(frame) for frame in found]


def header(job: str, width: int = 1) -> PreviewHeader:
    return PreviewHeader(job=job, node="step", output="latent", media_type="image/jpeg", width=width, height=1)


def test_a_snapshot_comes_first_then_every_event_once() -> None:
    async def work(hub: Hub) -> None:
        publish(hub, 3)
        with hub.subscribe() as subscription:
            frames = aiter(subscription)
            (snapshot,) = await take_from(frames, 1)
            assert (snapshot["type"], snapshot["seq"]) == ("snapshot", hub.seq)
            expected = publish(hub, 50)
            assert [event["seq"] for event in await take_from(frames, 50)] == expected

    with_hub(work)


def test_a_preview_comes_between_events_that_never_end() -> None:
    async def work(hub: Hub) -> None:
        with hub.subscribe(since=hub.seq) as subscription:
            subscription.watch(previews=True)
            hub.preview(header("a"), b"picture")
            kinds = []
            batches = subscription.batches()
            for _ in range(6):
                publish(hub, 1)  # as while a job runs: whenever the client looks, there is another event
                kinds.append(type(await anext(batches)))
            assert kinds.count(bytes) == 1

    with_hub(work)


def test_a_client_that_comes_back_goes_on_where_it_was() -> None:
    async def work(hub: Hub) -> None:
        numbers = publish(hub, 10)
        with hub.subscribe(since=numbers[3]) as subscription:
            assert [event["seq"] for event in await take(subscription, 6)] == numbers[4:]
        with hub.subscribe(since=numbers[-1]) as subscription:
            later = publish(hub, 1)
            assert [event["seq"] for event in await take(subscription, 1)] == later

    with_hub(work)


@pytest.mark.parametrize("since", [0, 5, 2**60])
def test_a_number_that_is_not_known_gets_a_snapshot(since: int) -> None:
    async def work(hub: Hub) -> None:
        publish(hub, 2)
        with hub.subscribe(since=since) as subscription:
            assert [event["type"] for event in await take(subscription, 1)] == ["snapshot"]

    with_hub(work)


def test_a_number_of_an_earlier_life_is_not_taken_for_a_new_one() -> None:
    earlier = with_hub(lambda hub: asyncio.sleep(0.01, publish(hub, 2)[-1]))
    assert with_hub(lambda hub: asyncio.sleep(0, publish(hub, 1)[0])) > earlier


def test_one_who_reads_too_slowly_is_told_and_loses_nothing_for_others() -> None:
    async def work(hub: Hub) -> None:
        with hub.subscribe() as slow, hub.subscribe() as fast:
            slow_frames, fast_frames = aiter(slow), aiter(fast)
            await take_from(slow_frames, 1)
            await take_from(fast_frames, 1)
            seen = []
            for _ in range(KEPT_EVENTS // 1000 + 1):
                expected = publish(hub, 1000)
                assert [event["seq"] for event in await take_from(fast_frames, 1000)] == expected
                seen += expected
            with pytest.raises(Lagged):
                await take_from(slow_frames, 1)
            with hub.subscribe(since=seen[0]) as back:
                assert (await take(back, 1))[0]["type"] == "snapshot"

    with_hub(work)


def test_previews_go_to_those_who_watch_the_newest_only() -> None:
    async def work(hub: Hub) -> None:
        changes: list[Any] = []
        hub.watch_changed = lambda: changes.append(hub.watched)
        with hub.subscribe(since=hub.seq) as everything, hub.subscribe(since=hub.seq) as nothing:
            with hub.subscribe(since=hub.seq) as one:
                everything.watch(True)
                one.watch(True, ["b"])
                assert hub.watched is True
                for i in range(100):
                    hub.preview(header("a", i), b"picture a")
                    hub.preview(header("b", i), b"picture b")
                (frame,) = await take(one, 1)
                size = int.from_bytes(frame[:4], "big")
                assert json.loads(frame[4 : 4 + size])["width"] == 99
                assert frame[4 + size :] == b"picture b"
                frames = await take(everything, 2)
                assert [b'"width":99' in frame for frame in frames] == [True, True]
                everything.watch(False)
                assert hub.watched == frozenset({"b"})
            assert hub.watched is False
            expected = publish(hub, 1)
            assert [event["seq"] for event in await take(nothing, 1)] == expected
        assert changes == [True, True, frozenset({"b"}), False]

    with_hub(work)
