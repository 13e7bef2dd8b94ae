"""Dragging copies with Alt, as in other editors, and letting go of what is dragged with Escape."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect

from .canvas import add, document, drag, ids, middle, new_workflow, node, socket, wire


@contextmanager
def alt(page: Page) -> Iterator[None]:
    page.keyboard.down("Alt")
    yield
    page.keyboard.up("Alt")


def head(page: Page, id_: str) -> tuple[float, float]:
    return middle(node(page, id_).locator(".node-head"))


def away(place: tuple[float, float], x: float, y: float) -> tuple[float, float]:
    return place[0] + x, place[1] + y


def test_a_copy_is_dragged_off_with_its_wires_and_one_undo_takes_it_back(page: Page) -> None:
    new_workflow(page)
    colour = add(page, "solid colour", 450, 200)
    blur = add(page, "blur image", 750, 200)
    wire(page, socket(page, colour, "out:image"), socket(page, blur, "in:image"))
    before = document(page)
    start = head(page, blur)
    with alt(page):
        drag(page, start, away(start, 40, 300))
    (copy,) = set(ids(page)) - {colour, blur}
    after = document(page)
    assert after["nodes"][copy] == before["nodes"][blur]
    assert {id_: after["nodes"][id_] for id_ in (colour, blur)} == before["nodes"]
    places = after["layout"]["nodes"]
    assert places[blur] == before["layout"]["nodes"][blur]
    assert places[copy]["y"] > places[blur]["y"] + 200
    page.keyboard.press("Control+z")
    expect(node(page, copy)).to_have_count(0)
    assert document(page) == before
    page.keyboard.press("Control+Shift+z")
    assert document(page) == after


def test_a_frame_is_copied_with_what_stands_in_it(page: Page) -> None:
    new_workflow(page)
    inside = {add(page, "integer", 420, 250), add(page, "integer", 700, 250)}
    page.keyboard.press("Control+a")
    page.keyboard.press("Shift+F")
    frame = page.locator(".react-flow__node-frame")
    expect(frame).to_have_count(1)
    before = document(page)
    box = frame.bounding_box()
    assert box is not None
    with alt(page):
        drag(page, (box["x"] + 60, box["y"] + 12), (box["x"] + 100, box["y"] + 312))
    expect(frame).to_have_count(2)
    after = document(page)
    assert len(after["nodes"]) == 4
    old, new = after["layout"]["frames"]
    assert old == before["layout"]["frames"][0]
    by = (new["x"] - old["x"], new["y"] - old["y"])
    places = after["layout"]["nodes"]
    assert {id_: places[id_] for id_ in inside} == before["layout"]["nodes"]
    copies = {(place["x"], place["y"]) for id_, place in places.items() if id_ not in inside}
    assert copies == {(places[id_]["x"] + by[0], places[id_]["y"] + by[1]) for id_ in inside}


def test_a_copy_goes_into_a_loop_and_a_loop_not_into_itself(page: Page) -> None:
    new_workflow(page)
    loop = add(page, "loop", 500, 200)
    number = add(page, "integer", 480, 650)
    with alt(page):
        drag(page, head(page, number), middle(node(page, loop)))
    nodes = document(page)["nodes"]
    assert number in nodes
    (inner,) = nodes[loop]["body"]
    box = node(page, loop).bounding_box()
    assert box is not None
    with alt(page):
        drag(page, (box["x"] + 80, box["y"] + 10), (box["x"] + 130, box["y"] + 60))
    nodes = document(page)["nodes"]
    (copy,) = set(nodes) - {loop, number}
    assert list(nodes[loop]["body"]) == [inner]
    assert len(nodes[copy]["body"]) == 1


@pytest.mark.parametrize("keys", [["Alt"], []])
def test_escape_lets_go_of_what_is_dragged(page: Page, keys: list[str]) -> None:
    new_workflow(page)
    number = add(page, "integer", 450, 300)
    page.keyboard.press("Control+d")
    page.keyboard.press("Control+z")
    before = document(page)
    every = page.locator(".react-flow__node")
    start = head(page, number)
    page.mouse.move(*start)
    for key in keys:
        page.keyboard.down(key)
    page.mouse.down()
    page.mouse.move(*away(start, 200, 200), steps=6)
    expect(every).to_have_count(1 + len(keys))
    page.wait_for_function(
        "([id, x]) => [...document.querySelectorAll(id)].some((found) => found.getBoundingClientRect().x > x)",
        arg=[".react-flow__node .node-head", start[0]],
    )
    page.keyboard.press("Escape")
    page.mouse.move(*away(start, 260, 240), steps=3)
    page.mouse.up()
    for key in keys:
        page.keyboard.up(key)
    expect(every).to_have_count(1)
    assert document(page) == before
    page.keyboard.press("Control+Shift+z")
    expect(every).to_have_count(2)
