"""What a test does on the canvas with the keyboard alone."""

from __future__ import annotations

import re
from typing import Literal

from playwright.sync_api import Locator, Page, expect


def said(page: Page) -> Locator:
    """What the canvas told last to those who do not see it."""
    return page.locator("output[aria-live=polite]")


def chooser(page: Page) -> Locator:
    return page.locator(".chooser")


def choose(page: Page, typed: str, *, stay: bool = False) -> None:
    """Types into the open list and takes the first choice."""
    field = chooser(page).get_by_role("combobox")
    expect(field).to_be_focused()
    field.fill(typed)
    page.keyboard.press("Shift+Enter" if stay else "Enter")
    if not stay:
        expect(chooser(page)).to_have_count(0)


def go_to(page: Page, title: str) -> None:
    page.keyboard.press("Control+f")
    choose(page, title)
    expect(said(page)).to_have_text(re.compile("^" + re.escape(title)))


def to_socket(page: Page, name: str, side: Literal["input", "output"]) -> None:
    """From the node at the cursor to a socket of it, as the arrow keys lead there."""
    page.keyboard.press("Home" if side == "input" else "End")
    walk(page, "ArrowDown" if side == "input" else "ArrowUp", f"{name}, {side}")


def walk(page: Page, key: str, until: str) -> None:
    """Presses a key until the canvas tells what one looks for."""
    for _ in range(16):
        if said(page).inner_text().startswith(until):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{key} does not lead to {until!r} but to {said(page).inner_text()!r}")


def add_here(page: Page, name: str) -> None:
    """Adds a node where the cursor is; the cursor goes to it."""
    page.keyboard.press("Tab")
    field = page.get_by_role("combobox", name="Search nodes")
    expect(field).to_be_focused()
    field.fill(name)
    page.keyboard.press("Enter")
    expect(field).to_have_count(0)


def connect_to(page: Page, *ends: str) -> None:
    """Connects the socket at the cursor with others, each by some words of its name."""
    page.keyboard.press("w")
    for end in ends:
        choose(page, end, stay=end != ends[-1])
