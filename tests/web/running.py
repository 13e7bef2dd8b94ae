"""What a test does to run the open workflow, and what it sees of the run."""

from __future__ import annotations

import re
import time

from playwright.sync_api import Page, expect

from ..server.serving import Server
from .canvas import leave_field, node


def run(page: Page, server: Server) -> None:
    """Runs the open workflow and waits for the end of it."""
    before = {job["id"] for job in server.get("/jobs").json()["jobs"]}
    leave_field(page)
    page.keyboard.press("Control+Enter")
    end = time.monotonic() + 180
    while time.monotonic() < end:
        fresh = [job for job in server.get("/jobs").json()["jobs"] if job["id"] not in before]
        if fresh and fresh[0]["state"] == "done":
            return
        time.sleep(0.1)
    raise AssertionError(f"the run did not end: {[(job['state'], job['error']) for job in fresh]}")


def expect_badge(page: Page, id_: str, kind: str | re.Pattern[str]) -> None:
    expect(node(page, id_).locator(".run-badge")).to_have_attribute("data-kind", kind)
