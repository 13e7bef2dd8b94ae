"""What one sees first: the editor's frame at once, then what is open, with nothing wrong in between."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Page, expect

from ..server.serving import Server
from .canvas import add, middle, new_workflow, node
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


def test_an_empty_workflow_tells_how_to_begin_and_has_no_fault_yet(page: Page) -> None:
    new_workflow(page)
    hint = page.get_by_role("region", name="Nothing here yet")
    with page.expect_response("**/api/v1/check"):
        hint.get_by_role("button", name="Add node").click()
    expect(page.locator(".faults")).to_have_count(0)
    page.keyboard.press("Escape")
    x, y = middle(hint)
    id_ = add(page, "seed", x, y)
    expect(hint).to_have_count(0)
    expect(page.locator(".faults")).to_be_visible()
    other = add(page, "seed", x - 400, y)
    page.keyboard.press("Escape")
    page.keyboard.down("Shift")
    page.mouse.move(x - 440, y - 60)
    page.mouse.down()
    page.mouse.move(x + 300, y + 140, steps=5)
    page.mouse.up()
    page.keyboard.up("Shift")
    for each in (id_, other):
        expect(node(page, each).locator('[data-selected="true"]')).to_have_count(1)


def test_the_overview_gives_way_to_the_tools_where_there_is_little_room(page: Page) -> None:
    overview = page.locator(".minimap")
    expect(overview).to_be_visible()
    page.set_viewport_size({"width": 1024, "height": 700})
    expect(overview).to_be_visible()
    page.get_by_role("button", name="Results", exact=True).click()
    expect(overview).to_be_hidden()
