"""What a test does with fingers: as Chromium hears it from a touch screen."""

from __future__ import annotations

import time

from playwright.sync_api import Page

Point = tuple[float, float]
STEPS = 8


class Fingers:
    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)

    def _send(self, kind: str, *points: Point, **when: float) -> None:
        touches = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        self._session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches, **when})

    def down(self, *points: Point) -> None:
        self._send("touchStart", *points)

    def up(self) -> None:
        self._send("touchEnd")

    def tap(self, point: Point) -> None:
        self.down(point)
        self.up()

    def double_tap(self, point: Point) -> None:
        """Two quick taps by the clock that they carry, however long they take to come through."""
        now = time.time()
        for begin in (0.0, 0.1):
            self._send("touchStart", point, timestamp=now + begin)
            self._send("touchEnd", timestamp=now + begin + 0.02)

    def drag(self, start: Point, end: Point) -> None:
        self.down(start)
        for step in range(1, STEPS + 1):
            self._send("touchMove", between(start, end, step / STEPS))
        self.up()

    def pinch(self, middle: Point, start: float, end: float) -> None:
        """Two fingers beside a point go from one distance to another."""
        x, y = middle
        self.down((x - start, y), (x + start, y))
        for step in range(1, STEPS + 1):
            off = start + (end - start) * step / STEPS
            self._send("touchMove", (x - off, y), (x + off, y))
        self.up()


def between(start: Point, end: Point, share: float) -> Point:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
