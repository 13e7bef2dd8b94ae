"""Results, gallery and viewer: pictures are found, looked at, compared, traced back and used again."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from ..server.serving import Server
from .access import Scheme, serious_faults
from .canvas import document, expect_picture, leave_field, node
from .conftest import RUN_MS, NewPage
from .dock import digest, make_picture, open_dock
from .waiting import becomes


def run(page: Page) -> None:
    page.get_by_role("button", name="Run", exact=True).click()


def search(page: Page, words: str, count: int) -> Locator:
    """The gallery's tiles for some words, once there are so many."""
    gallery = open_dock(page, "Gallery")
    gallery.get_by_role("searchbox").fill(words)
    tiles = gallery.get_by_role("listitem")
    expect(tiles).to_have_count(count)
    return tiles


def look_at(tile: Locator) -> Locator:
    tile.get_by_role("button", name=re.compile("^Open ")).click()
    return tile.page.get_by_role("dialog")


def test_the_picture_of_a_run_stands_beside_the_canvas_and_fills_the_screen(page: Page) -> None:
    results = open_dock(page, "Results")
    run(page)
    expect(results).to_contain_text("Done", timeout=RUN_MS)
    results.get_by_role("button", name=re.compile("^Open ")).click()
    viewer = page.get_by_role("dialog")
    box = viewer.bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (1440, 900)
    expect(viewer).to_contain_text("256 × 256")
    page.keyboard.press("+")
    expect(viewer).to_contain_text("140 %")
    page.mouse.move(700, 450)
    page.mouse.wheel(0, -300)
    expect(viewer).not_to_contain_text("140 %")
    page.keyboard.press("0")
    expect(viewer).to_contain_text("100 %")
    page.keyboard.press("Escape")
    expect(viewer).to_have_count(0)
    assert page.locator(".react-flow__node").count() > 0


def test_the_picture_in_a_node_fills_the_screen_by_mouse_and_by_key(page: Page) -> None:
    run(page)
    expect_picture(page, "picture")
    node(page, "picture").locator("img").dblclick()
    viewer = page.get_by_role("dialog")
    expect(viewer).to_contain_text("256 × 256")
    page.keyboard.press("Escape")
    expect(viewer).to_have_count(0)
    node(page, "picture").locator("img").click()
    page.keyboard.press("Shift+P")
    expect(viewer).to_contain_text("256 × 256")
    assert serious_faults(page) == []
    page.keyboard.press("Escape")
    expect(viewer).to_have_count(0)


def test_a_picture_is_found_by_its_prompt_and_opens_its_workflow(page: Page, server: Server) -> None:
    job = make_picture(server, "a violet umbrella", seed=2**32 - 5)
    make_picture(server, "a grey stone")
    (tile,) = search(page, "violet umb", 1).all()
    expect(tile.locator("img")).to_have_attribute("src", re.compile(digest(job)))
    viewer = look_at(tile)
    viewer.get_by_role("button", name="How it was made").click()
    told = viewer.get_by_role("complementary", name="How it was made")
    expect(told).to_contain_text("a violet umbrella")
    expect(told).to_contain_text("4294967291")
    expect(told).to_contain_text("diffusers")
    told.get_by_role("button", name="Open its workflow").click()
    expect(viewer).to_have_count(0)
    expect(page.get_by_role("textbox", name="prompt").first).to_have_value("a violet umbrella")
    run(page)
    results = open_dock(page, "Results")
    expect(results).to_contain_text("Done", timeout=RUN_MS)
    (again,) = server.get("/jobs", params={"limit": 1}).json()["jobs"]
    assert pixels(server, again) == pixels(server, job)


def pixels(server: Server, job: dict[str, Any]) -> bytes:
    file = server.get(f"/files/{digest(job)}").content
    return Image.open(io.BytesIO(file)).convert("RGB").tobytes()


def colour(page: Page, x: float, y: float) -> tuple[int, ...]:
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    pixel = picture.getpixel((int(x), int(y)))
    assert isinstance(pixel, tuple)
    return pixel


def paint(server: Server, name: str, colour: tuple[int, int, int]) -> None:
    file = io.BytesIO()
    Image.new("RGB", (64, 64), colour).save(file, "PNG")
    server.upload(file.getvalue(), name)


def test_two_pictures_are_compared_by_a_slider_and_side_by_side(page: Page, server: Server) -> None:
    paint(server, "compare-a.png", (200, 0, 0))
    paint(server, "compare-b.png", (0, 0, 200))
    gallery = open_dock(page, "Gallery")
    gallery.get_by_role("button", name="Uploaded").click()
    tiles = search(page, "compare-", 2)
    for tile in tiles.all():
        tile.hover()
        tile.get_by_role("checkbox").check()
    gallery.get_by_role("button", name="Compare", exact=True).click()
    viewer = page.get_by_role("dialog")
    divider = viewer.get_by_role("slider")
    becomes({(200, 0, 0), (0, 0, 200)}, lambda: {colour(page, 600, 400), colour(page, 840, 400)})
    left, right = colour(page, 600, 400), colour(page, 840, 400)
    divider.fill("90")
    expect(viewer.locator(".divider")).to_have_attribute("style", re.compile("90%"))
    becomes(left, lambda: colour(page, 840, 400))
    box = viewer.locator(".divider").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 1, 450)
    page.mouse.down()
    page.mouse.move(500, 450, steps=5)
    page.mouse.up()
    becomes(right, lambda: colour(page, 600, 400))
    viewer.get_by_role("button", name="Side by side").click()
    expect(viewer.locator(".beside img")).to_have_count(2)
    becomes((left, right), lambda: (colour(page, 400, 400), colour(page, 1060, 400)))
    assert serious_faults(page) == []


def test_a_picture_is_dragged_onto_the_canvas_as_an_input(page: Page, server: Server) -> None:
    paint(server, "dragged.png", (9, 99, 9))
    open_dock(page, "Gallery").get_by_role("button", name="Uploaded").click()
    (tile,) = search(page, "dragged", 1).all()
    value = (tile.locator("img").get_attribute("src") or "").split("/")[-1].split("?")[0]
    tile.get_by_role("button").drag_to(page.locator(".react-flow__pane"), target_position={"x": 300, "y": 120})
    expect(page.locator('.react-flow__node[data-id^="load_image"]')).to_have_count(1)
    nodes: dict[str, Any] = document(page)["nodes"]
    loaded = [node for node in nodes.values() if node["type"] == "load_image"]
    assert [node["values"]["path"] for node in loaded] == [f"sha256:{value}"]


def test_a_picture_that_is_looked_at_stays_when_another_is_made(page: Page, server: Server) -> None:
    first = digest(make_picture(server, "a brown table"))
    gallery = open_dock(page, "Gallery")
    tile = gallery.get_by_role("listitem").filter(has=page.locator(f'img[src*="{first}"]'))
    viewer = look_at(tile)
    second = digest(make_picture(server, "a brown chair"))
    expect(gallery.locator(f'img[src*="{second}"]')).to_have_count(1)
    expect(viewer.locator(".stage-picture")).to_have_attribute("src", re.compile(first))


def test_a_picture_is_deleted_after_a_second_question(page: Page, server: Server) -> None:
    paint(server, "unwanted.png", (1, 2, 3))
    gallery = open_dock(page, "Gallery")
    gallery.get_by_role("button", name="Uploaded").click()
    (tile,) = search(page, "unwanted", 1).all()
    viewer = look_at(tile)
    viewer.get_by_role("button", name="Delete", exact=True).click()
    viewer.get_by_role("button", name="Delete for good?").click()
    expect(gallery.get_by_role("listitem")).to_have_count(0)
    assert server.get("/files", params={"q": "unwanted"}).json()["files"] == []


def test_a_large_gallery_holds_in_the_page_what_is_in_sight(page: Page, server: Server) -> None:
    for number in range(130):
        paint(server, f"many-{number}.png", (number, 40, 90))
    gallery = open_dock(page, "Gallery")
    gallery.get_by_role("button", name="Uploaded").click()
    gallery.get_by_role("searchbox").fill("many-")
    tiles = gallery.get_by_role("listitem")
    expect(tiles.first).to_contain_text("many-129.png")
    assert tiles.count() < 40
    scroller = gallery.locator(".gallery-scroll")

    def at_the_end() -> bool:
        scroller.evaluate("scroller => scroller.scrollTo(0, scroller.scrollHeight)")
        return "many-0.png" in tiles.last.inner_text()

    becomes(True, at_the_end)
    assert tiles.count() < 40


def test_a_dropped_connection_is_taken_up_again_without_loss(new_page: NewPage, server: Server) -> None:
    page = new_page("/nothing-here.txt")
    sockets: list[WebSocketRoute] = []
    addresses: list[str] = []

    def pass_on(socket: WebSocketRoute) -> None:
        addresses.append(socket.url)
        upstream = socket.connect_to_server()
        sockets.append(socket)
        # The first connection breaks when the job has begun; what comes then is lost with it.
        seen = 0

        def forward(message: str | bytes) -> None:
            nonlocal seen
            seen += '"calls"' in str(message)
            if len(sockets) == 1 and seen > 1:
                socket.close(code=1001)
            else:
                socket.send(message)

        upstream.on_message(forward)

    page.route_web_socket("**/api/v1/events*", pass_on)
    page.goto(server.origin)
    page.locator(".node").first.wait_for()
    results = open_dock(page, "Results")
    page.get_by_role("spinbutton", name="steps").first.fill("37")
    page.keyboard.press("Enter")
    run(page)
    expect(results).to_contain_text("Done", timeout=RUN_MS)
    assert len(addresses) > 1
    assert all("since=" in address for address in addresses[1:])
    (job,) = server.get("/jobs", params={"limit": 1}).json()["jobs"]
    report = {node["node"]: node for node in server.get(f"/jobs/{job['id']}").json()["nodes"]}
    assert report["cond"]["computed"] == 37
    leave_field(page)
    page.keyboard.press("f")
    badge = page.locator('.react-flow__node[data-id="cond"] .run-badge')
    expect(badge).to_have_attribute("title", re.compile(f"{report['cond']['computed']} computed"))


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_results_and_gallery_keep_nobody_out(new_page: NewPage, server: Server, scheme: Scheme) -> None:
    make_picture(server, "a red heart")
    page = new_page()
    page.emulate_media(color_scheme=scheme)
    page.locator(".node").first.wait_for()
    gallery = open_dock(page, "Gallery")
    gallery.get_by_role("listitem").first.wait_for()
    assert serious_faults(page, ".dock") == []
    viewer = look_at(gallery.get_by_role("listitem").first)
    viewer.get_by_role("button", name="How it was made").click()
    viewer.get_by_role("button", name="Open its workflow").wait_for()
    assert serious_faults(page, "dialog") == []
