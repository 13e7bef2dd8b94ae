"""The canvas under fingers, on a tablet."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from .canvas import ids, leave_field, middle, node, socket
from .conftest import FIRST_VISIT, PATIENCE_MS
from .touch import Fingers

EMPTY = (620.0, 640.0)
"""A point of the canvas where nothing stands."""


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A tablet: the same tests would pass with a mouse, but here there is none."""
    opened = browser.new_context(
        viewport={"width": 1180, "height": 820}, has_touch=True, is_mobile=True, reduced_motion="reduce"
    )
    opened.set_default_timeout(PATIENCE_MS)
    opened.add_init_script(FIRST_VISIT)
    yield opened
    opened.close()


@pytest.fixture
def fingers(page: Page) -> Fingers:
    return Fingers(page)


def view(page: Page) -> tuple[float, float, float]:
    """How the canvas is looked at: across, down, zoom."""
    style = page.locator(".react-flow__viewport").evaluate("element => element.style.transform")
    x, y, zoom = re.findall(r"-?[\d.]+", style)
    return float(x), float(y), float(zoom)


def add(page: Page, fingers: Fingers, name: str, at: tuple[float, float]) -> str:
    """Adds a node by a double tap."""
    before = set(ids(page))
    fingers.double_tap(at)
    page.get_by_role("combobox", name="Search nodes").fill(name)
    page.locator(".palette").get_by_role("option").first.tap()
    expect(page.locator(".react-flow__node")).to_have_count(len(before) + 1)
    leave_field(page)
    return next(iter(set(ids(page)) - before))


def pair(page: Page, fingers: Fingers) -> tuple[str, str]:
    page.get_by_role("button", name="New workflow").tap()
    expect(page.locator(".node")).to_have_count(0)
    return add(page, fingers, "solid colour", (450, 200)), add(page, fingers, "encode image", (800, 200))


def test_one_finger_pans_and_two_zoom(page: Page, fingers: Fingers) -> None:
    x, y, zoom = view(page)
    fingers.drag(EMPTY, (EMPTY[0] - 100, EMPTY[1] - 60))
    page.wait_for_function(
        "x => new DOMMatrix(document.querySelector('.react-flow__viewport').style.transform).e < x - 60", arg=x
    )
    moved = view(page)
    assert moved[1] < y - 30
    assert moved[2] == zoom
    fingers.pinch((620, 400), 60, 150)
    page.wait_for_function(
        "zoom => new DOMMatrix(document.querySelector('.react-flow__viewport').style.transform).a > zoom * 2", arg=zoom
    )


def test_a_finger_drags_a_node_and_draws_a_wire(page: Page, fingers: Fingers) -> None:
    colour, encode = pair(page, fingers)
    head = node(page, colour).locator(".node-head")
    x, y = middle(head)
    fingers.drag((x, y), (x + 48, y + 120))
    expect(page.locator(".wire")).to_have_count(0)
    assert middle(head)[1] > y + 80
    fingers.drag(middle(socket(page, colour, "out:image")), middle(socket(page, encode, "in:image")))
    expect(page.locator(".wire")).to_have_count(1)
    fingers.drag(middle(socket(page, encode, "in:image")), EMPTY)
    expect(page.locator(".wire")).to_have_count(0)


def test_two_taps_draw_a_wire(page: Page, fingers: Fingers) -> None:
    colour, encode = pair(page, fingers)
    fingers.tap(middle(socket(page, colour, "out:image")))
    expect(socket(page, encode, "in:image")).to_have_attribute("data-verdict", "fits")
    fingers.tap(middle(socket(page, encode, "in:image")))
    expect(page.locator(".wire")).to_have_count(1)
    expect(socket(page, encode, "in:image")).not_to_have_attribute("data-verdict", "fits")


def test_a_long_press_opens_the_menu_of_what_is_under_it(page: Page, fingers: Fingers) -> None:
    colour, _ = pair(page, fingers)
    menu = page.get_by_role("menu")
    fingers.down(middle(node(page, colour).locator(".node-head")))
    expect(menu.get_by_role("menuitem", name="Duplicate")).to_be_visible()
    fingers.up()
    menu.get_by_role("menuitem", name="Duplicate").tap()
    expect(page.locator(".node")).to_have_count(3)
    fingers.down(EMPTY)
    expect(menu.get_by_role("menuitem", name="Add node")).to_be_visible()
    fingers.up()
    expect(menu).to_be_visible()


def test_a_finger_that_moves_opens_no_menu(page: Page, fingers: Fingers) -> None:
    fingers.down(EMPTY)
    fingers.drag(EMPTY, (EMPTY[0] + 80, EMPTY[1]))
    page.wait_for_timeout(700)
    expect(page.get_by_role("menu")).to_have_count(0)


def test_what_is_touched_is_large_enough(page: Page, fingers: Fingers) -> None:
    pair(page, fingers)
    small = page.evaluate(
        """() => [...document.querySelectorAll(".topbar button, .rail button, .statusbar button")]
            .map(button => [button.getBoundingClientRect(), button.ariaLabel ?? button.textContent])
            .filter(([{ width, height }]) => width < 32 || height < 32)
            .map(([{ width, height }, name]) => `${name}: ${width} x ${height}`)"""
    )
    assert small == []
