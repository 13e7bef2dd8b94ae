"""What one sees first: the editor's frame at once, then what is open, with nothing wrong in between."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, expect

from ..server.serving import Server
from .conftest import NewPage
from .waiting import held, let_go

CHECK_WAIT_MS = 250
"""After what pause the editor asks the server."""


def test_nothing_stands_in_for_what_is_still_being_read(context: BrowserContext, new_page: NewPage) -> None:
    reading = held(context, "**/api/v1/examples/text-to-image")
    page = new_page()
    expect(page.get_by_role("button", name="Run", exact=True)).to_be_visible()
    expect(page.locator(".shell")).to_have_attribute("aria-busy", "true")
    expect(page.get_by_text("New workflow", exact=True)).to_have_count(0)
    expect(page.get_by_text("Right-click an input")).to_have_count(0)
    expect(page.get_by_role("button", name="fault")).to_have_count(0)
    let_go(page, reading)
    expect(page.get_by_role("button", name="Text to image", exact=True)).to_be_visible()
    expect(page.locator('.react-flow__node[data-id="picture"]')).to_be_in_viewport()
    expect(page.locator(".shell")).to_have_attribute("aria-busy", "false")


def test_choosing_nodes_sends_nothing_to_the_server(new_page: NewPage, server: Server) -> None:
    page = new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/check" in request.url else None)
    page.locator(".node").first.wait_for()
    before = -1
    while len(asked) > before:  # what was opened is checked, some of it twice
        before = len(asked)
        page.wait_for_timeout(2 * CHECK_WAIT_MS)
    page.locator('.react-flow__node[data-id="step"]').click()
    expect(page.locator('.react-flow__node[data-id="step"] [data-selected="true"]')).to_have_count(1)
    page.locator('.react-flow__node[data-id="noise"]').click()
    expect(page.locator('.react-flow__node[data-id="noise"] [data-selected="true"]')).to_have_count(1)
    page.wait_for_timeout(2 * CHECK_WAIT_MS)
    assert len(asked) == before
    with page.expect_request("**/api/v1/check"):
        page.keyboard.press("Delete")
