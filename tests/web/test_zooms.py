"""Looking from far and near: what is drawn, and that the canvas works at every zoom."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from .canvas import drag, middle, node
from .dock import open_dock

DRAWN = "() => [...document.querySelectorAll('.wire-map path')].map((path) => path.getAttribute('d')).join()"

STANDS = """() => new Promise((resolve) => {
    const place = () => document.querySelector(".react-flow__viewport").style.transform;
    const before = place();
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(place() === before)));
})"""
"""Whether the eye does not move."""


WHOLE = """() => {
    const box = (element) => element.getBoundingClientRect();
    const canvas = box(document.querySelector(".react-flow"));
    return [...document.querySelectorAll(".react-flow__node")].map(box).every(
        ({ left, top, right, bottom }) =>
            left > canvas.left && top > canvas.top && right < canvas.right && bottom < canvas.bottom,
    );
}"""
"""Whether all that stands on the canvas is seen whole. What cannot be seen at all is not in the page."""


def zoom(page: Page, way: str, percent: int) -> None:
    """Press "Zoom out" or "Zoom in" until the zoom is past what is wanted."""
    shown = page.locator(".zoom")
    while ((now := int(shown.inner_text().rstrip(" %"))) > percent) == (way == "out"):
        page.get_by_role("button", name=f"Zoom {way}").click()
        expect(shown).not_to_have_text(re.compile(rf"^{now}\s?%"))
        page.wait_for_function(STANDS)


def test_from_very_far_all_wires_are_one_drawing_and_nodes_still_work(page: Page) -> None:
    wires, drawing = page.locator(".react-flow__edge"), page.locator(".wire-map path")
    expect(wires).not_to_have_count(0)
    count = wires.count()
    zoom(page, "out", 14)
    expect(wires).to_have_count(0)
    expect(drawing).not_to_have_count(0)
    drawn = page.evaluate(DRAWN)
    x, y = middle(node(page, "picture"))
    drag(page, (x, y), (x + 60, y + 40))
    expect(node(page, "picture").locator('[data-selected="true"]')).to_have_count(1)
    page.wait_for_function(f"(before) => ({DRAWN})() !== before", arg=drawn)
    page.keyboard.press("Control+z")
    page.wait_for_function(f"(before) => ({DRAWN})() === before", arg=drawn)
    zoom(page, "in", 30)
    expect(wires).to_have_count(count)
    expect(drawing).to_have_count(0)


def test_a_box_drawn_from_far_selects_what_is_in_it(page: Page) -> None:
    zoom(page, "out", 14)
    boxes = [node(page, id_).bounding_box() for id_ in ("decoded", "enlarged", "picture")]
    edges = [(box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]) for box in boxes if box]
    left, top, right, bottom = (
        pick(side) for pick, side in zip((min, min, max, max), zip(*edges, strict=True), strict=True)
    )
    page.keyboard.down("Shift")
    drag(page, (left - 5, top - 9), (right + 9, bottom + 9))
    page.keyboard.up("Shift")
    chosen = page.locator('.react-flow__node:has(> [data-selected="true"])')
    expect(chosen).to_have_count(3)
    page.keyboard.press("Escape")
    expect(chosen).to_have_count(0)


def test_what_was_shown_whole_stays_whole_when_the_canvas_becomes_smaller(page: Page) -> None:
    every = page.locator(".react-flow__node").count()

    def is_whole() -> None:
        expect(page.locator(".react-flow__node")).to_have_count(every)
        page.wait_for_function(WHOLE)

    is_whole()
    open_dock(page, "Gallery")
    is_whole()
    page.set_viewport_size({"width": 1100, "height": 620})
    is_whole()
    page.get_by_role("banner").get_by_role("button", name="Results").click()
    expect(page.locator(".dock")).to_have_count(0)
    is_whole()


def test_an_eye_that_was_moved_stays_where_it_is_when_the_canvas_becomes_smaller(page: Page) -> None:
    canvas = page.locator(".react-flow")
    box = canvas.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] - 12
    place = page.locator(".react-flow__viewport")
    before = place.get_attribute("style")
    drag(page, (x, y), (x - 60, y - 30))
    expect(place).not_to_have_attribute("style", before or "")
    moved = place.get_attribute("style") or ""
    open_dock(page, "Gallery")
    page.wait_for_function("width => document.querySelector('.react-flow').clientWidth < width", arg=box["width"])
    page.wait_for_function(STANDS)
    expect(place).to_have_attribute("style", moved)
