"""Waiting for what a browser does not wait for by itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from playwright.sync_api import BrowserContext, Page, Route

from .conftest import PATIENCE_MS


def becomes(wanted: Any, read: Callable[[], Any]) -> None:
    """Waits until what is read is what is wanted."""
    end = time.monotonic() + PATIENCE_MS / 1000
    while (found := read()) != wanted and time.monotonic() < end:
        time.sleep(0.05)
    assert found == wanted


def held(where: Page | BrowserContext, address: str, method: str = "GET") -> list[Route]:
    """Requests that are on their way until they are let go."""
    found: list[Route] = []
    where.route(address, lambda route: found.append(route) if route.request.method == method else route.continue_())
    return found


def wait_for(page: Page, requests: Sequence[object], count: int = 1) -> None:
    """Waits until so many requests are on their way; the page goes on meanwhile."""
    end = time.monotonic() + PATIENCE_MS / 1000
    while len(requests) < count:
        assert time.monotonic() < end, "it was not asked for"
        page.wait_for_timeout(20)


def let_go(page: Page, requests: list[Route]) -> None:
    """Lets the first one go, as soon as it is there, and waits for its answer."""
    wait_for(page, requests)
    with page.expect_event("requestfinished", lambda request: request == requests[0].request):
        requests[0].continue_()
