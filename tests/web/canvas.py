"""What a test does on the canvas: as a user would, with mouse and keyboard."""

from __future__ import annotations

import json
import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from .conftest import RUN_MS


def node(page: Page, id_: str) -> Locator:
    return page.locator(f'.react-flow__node[data-id="{id_}"]')


def socket(page: Page, id_: str, name: str) -> Locator:
    """A socket by its name: `in:text`, `out:image`, `inner:latent`, `next:latent`."""
    return node(page, id_).locator(f'.socket[data-handleid="{name}"]')


def new_workflow(page: Page) -> None:
    page.get_by_role("button", name="New workflow", exact=True).click()
    page.locator(".node").first.wait_for(state="detached")


def add(page: Page, name: str, x: float, y: float) -> str:
    """Adds a node by a double click on the canvas; gives its id."""
    before = set(ids(page))
    page.mouse.dblclick(x, y)
    page.get_by_role("combobox", name="Search nodes").fill(name)
    page.keyboard.press("Enter")
    page.wait_for_function("before => document.querySelectorAll('.react-flow__node').length > before", arg=len(before))
    return next(iter(set(ids(page)) - before))


def ids(page: Page) -> list[str]:
    return [found.get_attribute("data-id") or "" for found in page.locator(".react-flow__node").all()]


def middle(target: Locator) -> tuple[float, float]:
    box = target.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, steps=4)
    page.mouse.move(*end, steps=6)
    page.mouse.up()


def wire(page: Page, source: Locator, target: Locator) -> None:
    drag(page, middle(source), middle(target))


def leave_field(page: Page) -> None:
    """Keys are for the canvas again."""
    page.evaluate("document.activeElement?.blur()")


def document(page: Page) -> dict[str, Any]:
    """The open workflow's nodes with what they need, as copying all of them gives it."""
    leave_field(page)
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+c")
    copied: dict[str, Any] = json.loads(page.evaluate("navigator.clipboard.readText()"))
    page.keyboard.press("Escape")
    return copied


def paste(page: Page) -> None:
    leave_field(page)
    page.keyboard.press("Control+v")


def expect_picture(page: Page, id_: str, other_than: str = "") -> str:
    """Waits for the picture that a node shows after a run, and gives its address."""
    leave_field(page)
    page.keyboard.press("f")
    expect(page.locator(".faults")).to_have_count(0)
    picture = node(page, id_).locator("img")
    expect(picture).to_have_attribute("src", re.compile("/api/v1/files/"), timeout=RUN_MS)
    if other_than:
        expect(picture).not_to_have_attribute("src", other_than)
    page.wait_for_function("id => document.querySelector(`[data-id='${id}'] img`)?.naturalWidth > 0", arg=id_)
    return picture.get_attribute("src") or ""
