"""Who is faster than the page can draw, or has a slow line, loses nothing and gets what was meant."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from ..server.serving import Server
from .canvas import add, document, new_workflow, node
from .commands import run_command
from .conftest import RUN_MS, NewPage
from .dock import open_dock
from .keyboard import go_to
from .test_zooms import STANDS
from .waiting import held, let_go, wait_for

DROPPED = """(bytes) => {
    const held = new DataTransfer();
    held.items.add(new File([new Uint8Array(bytes)], "late.png", { type: "image/png" }));
    document.querySelector("main").dispatchEvent(new DragEvent("drop", {
        bubbles: true, cancelable: true, dataTransfer: held, clientX: 800, clientY: 600,
    }));
}"""
NEVER_DRAWN = "window.requestAnimationFrame = () => 0"
DRAG = """([selector, x, y]) => {
    const head = document.querySelector(selector);
    const at = head.getBoundingClientRect();
    const [startX, startY] = [at.x + at.width / 2, at.y + at.height / 2];
    const send = (type, share) => (type === "mousedown" ? head : window).dispatchEvent(new MouseEvent(type, {
        bubbles: true, cancelable: true, view: window, button: 0,
        clientX: startX + x * share, clientY: startY + y * share,
    }));
    send("mousedown", 0);
    for (const share of [0.2, 0.4, 1]) send("mousemove", share);
    send("mouseup", 1);
}"""
"""Drags something with the mouse before anything of it is drawn. The first move, a fifth of it, takes hold."""


def test_a_node_lands_where_it_is_let_go_however_fast(page: Page) -> None:
    new_workflow(page)
    number = add(page, "integer", 600, 250)
    head = node(page, number).locator(".node-head")
    before = document(page)["layout"]["nodes"][number]
    page.evaluate(DRAG, [f'.react-flow__node[data-id="{number}"] .node-head', 200, 320])
    after = document(page)["layout"]["nodes"][number]
    assert (after["x"] - before["x"], after["y"] - before["y"]) == (160, 256)
    expect(head).to_be_in_viewport()


def test_what_is_done_after_a_command_finds_it_done(page: Page) -> None:
    page.evaluate(NEVER_DRAWN)
    run_command(page, "select all")
    page.keyboard.press("Delete")
    expect(page.locator(".node")).to_have_count(0)


def test_a_new_workflow_takes_keys_and_clicks_at_once(page: Page) -> None:
    page.evaluate(NEVER_DRAWN)
    new_workflow(page)
    page.keyboard.press("n")
    expect(page.get_by_role("textbox", name="Note")).to_be_focused()
    expect(page.locator(".zoom")).to_have_text(re.compile(r"^100\s?%"))


def test_a_value_too_far_to_be_drawn_takes_keys_at_once(page: Page) -> None:
    while not page.locator(".far-title").count():
        page.get_by_role("button", name="Zoom out").click()
        page.wait_for_function(STANDS)
    go_to(page, "Seed")
    page.evaluate(NEVER_DRAWN)
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    page.keyboard.type("96")
    page.keyboard.press("Enter")
    assert document(page)["inputs"]["seed"]["default"] == 96


def test_what_is_typed_while_another_version_is_read_is_kept(new_page: NewPage, server: Server) -> None:
    workflow = server.get("/examples/text-to-image").json()["workflow"]
    server.post("/workflows", {"name": "hasty", "workflow": workflow})
    page = new_page("/?workflow=hasty")
    node(page, "denoising").wait_for()
    reading = held(page, "**/api/v1/workflows/hasty", "GET")
    server.put("/workflows/hasty", {"workflow": workflow | {"title": "Theirs"}, "revision": 1})
    wait_for(page, reading)
    prompt = page.get_by_role("textbox", name="prompt").first
    prompt.fill("mine")
    let_go(page, reading)
    expect(page.get_by_role("alert")).to_contain_text("Somebody else has saved")
    expect(prompt).to_have_value("mine")


def test_a_workflow_asked_for_twice_is_opened_once(page: Page, server: Server) -> None:
    server.post("/workflows", {"name": "twice", "workflow": server.get("/examples/inpaint").json()["workflow"]})
    page.get_by_role("button", name="Workflows", exact=True).click()
    reading = held(page, "**/api/v1/workflows/twice", "GET")
    entry = page.locator(".workflow-entry", has=page.get_by_text("twice", exact=True))
    entry.dblclick()
    wait_for(page, reading, 2)
    let_go(page, reading[:1])
    let_go(page, reading[1:])
    page.wait_for_function("document.querySelectorAll('.tab-name').length > 1")
    document(page)
    expect(page.locator(".tab-name", has=page.get_by_text("twice", exact=True))).to_have_count(1)


def test_steps_of_a_new_job_wait_for_no_answer_about_the_last_one(page: Page, server: Server) -> None:
    (last,) = server.submit(server.get("/examples/text-to-image").json()["workflow"], title="Last", inputs={"steps": 1})
    assert server.wait(last["id"])["state"] == "done"
    reading = held(page, f"**/jobs/{last['id']}/calls*")
    ended = open_dock(page, "Jobs").get_by_role("list", name="Ended jobs")
    ended.get_by_role("button", name="Last", exact=True).click()
    open_dock(page, "Steps")
    wait_for(page, reading)
    page.get_by_role("button", name="Run", exact=True).click()
    steps = page.get_by_role("region", name="Steps")
    expect(steps).to_contain_text("20 of 20", timeout=RUN_MS)
    let_go(page, reading)
    expect(steps).to_contain_text("20 of 20")


@pytest.mark.parametrize("way", ["chosen", "dropped"])
def test_a_picture_goes_where_it_was_given_also_when_it_comes_late(page: Page, way: str) -> None:
    new_workflow(page)
    add(page, "load image", 600, 300)
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, "PNG")
    sending = held(page, "**/api/v1/uploads*", "POST")
    if way == "chosen":
        node(page, "load_image").locator("input[type=file]").set_input_files(
            {"name": "late.png", "mimeType": "image/png", "buffer": file.getvalue()}
        )
    else:
        page.evaluate(DROPPED, list(file.getvalue()))
    new_workflow(page)
    add(page, "load image", 600, 300)
    let_go(page, sending)
    tabs = page.locator(".tab-name")
    tabs.nth(-2).click()
    shown = page.locator(".react-flow__node", has=page.locator(".w-thumbnail"))
    expect(shown).to_have_count(1)
    tabs.last.click()
    node(page, "load_image").wait_for()
    expect(page.locator(".react-flow__node")).to_have_count(1)
    expect(shown).to_have_count(0)
