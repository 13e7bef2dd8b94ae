"""A server that is killed in the middle of a run: the editor waits, comes back by itself, and nothing is lost."""

from __future__ import annotations

import re
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from ..server.serving import Server
from .canvas import leave_field
from .conftest import RUN_MS, NewPage
from .dock import open_dock
from .waiting import becomes


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    """A server that may be killed; it comes back under the same address."""
    server = Server(tmp_path / "data", "--port", str(free_port()))
    yield server
    if server.process.poll() is None:
        server.stop()
    server.http.close()


def test_a_run_goes_on_after_the_server_was_killed(context: BrowserContext, own_server: Server) -> None:
    page = context.new_page()
    page.goto(own_server.origin)
    page.locator(".node").first.wait_for()
    results = open_dock(page, "Results")
    page.get_by_role("spinbutton", name="steps").first.fill("100")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Run", exact=True).click()
    becomes(True, lambda: any(job["progress"]["done"] >= 20 for job in own_server.get("/jobs").json()["jobs"]))
    own_server.stop(signal.SIGKILL)
    prompt = page.get_by_role("textbox", name="prompt").first
    prompt.fill("typed while the server was away")
    own_server.start()
    expect(results).to_contain_text("Done", timeout=RUN_MS)
    expect(results.locator("img")).to_have_attribute("src", re.compile("/api/v1/files/"))
    expect(prompt).to_have_value("typed while the server was away")
    (job,) = own_server.get("/jobs").json()["jobs"]
    assert job["state"] == "done"
    assert job["attempts"] == 2
    report = {node["node"]: node for node in own_server.get(f"/jobs/{job['id']}").json()["nodes"]}
    assert report["cond"]["computed"] < 100
    badge = page.locator('.react-flow__node[data-id="cond"] .run-badge')
    leave_field(page)
    page.keyboard.press("f")
    expect(badge).to_have_attribute("title", re.compile(f"{report['cond']['computed']} computed"))


def prompts(page: Page) -> set[str]:
    """Prompts of all open workflows."""
    found = set()
    for name in page.locator(".tab-name").all():
        name.click()
        found.add(page.get_by_role("textbox", name="prompt").first.input_value())
    return found


def test_windows_keep_their_work_apart_and_a_new_one_has_what_closed_ones_left(new_page: NewPage) -> None:
    first, second = new_page(), new_page()
    for page, text in ((first, "a green apple"), (second, "a blue star")):
        page.locator(".node").first.wait_for()
        page.get_by_role("textbox", name="prompt").first.fill(text)
    for page, text in ((first, "a green apple"), (second, "a blue star")):
        page.reload()
        page.locator(".node").first.wait_for()
        assert prompts(page) == {text}
    second.close()
    third = new_page()
    third.locator(".node").first.wait_for()
    assert prompts(third) == {"a blue star"}
    first.close()
    third.close()
    fourth = new_page()
    fourth.locator(".node").first.wait_for()
    assert prompts(fourth) == {"a green apple", "a blue star"}
