"""Documentation of nodes, examples, settings, and the tour of the first minute."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, Page, expect

from ..server.serving import Server
from .access import serious_faults
from .canvas import node
from .conftest import PATIENCE_MS


def test_f1_explains_the_node_that_is_selected(page: Page) -> None:
    node(page, "guided").click(position={"x": 20, "y": 8})
    page.keyboard.press("F1")
    panel = page.get_by_role("complementary", name="Documentation")
    expect(panel.get_by_role("heading", level=2)).to_have_text("Guide")
    scale = panel.locator("dl > div").filter(has_text="scale").first
    expect(scale).to_contain_text("default 7.5 · 0 to 30, in steps of 0.1")
    expect(panel).to_contain_text("Sources")
    expect(panel).to_contain_text("Ho & Salimans")

    node(page, "noise").click(position={"x": 20, "y": 8})
    expect(panel.get_by_role("heading", level=2)).to_have_text("Noise latent")
    panel.get_by_role("combobox", name="Find a node").fill("tokeniz")
    page.keyboard.press("Enter")
    expect(panel.get_by_role("heading", level=2)).to_have_text("Tokenize")
    panel.get_by_role("button", name="Close").click()
    expect(panel).to_have_count(0)


def test_an_example_opens_in_a_tab_of_its_own(page: Page) -> None:
    page.keyboard.press("Control+Shift+o")
    gallery = page.get_by_role("dialog", name="Examples")
    pictures = gallery.locator("img")
    pictures.first.wait_for()
    assert pictures.count() == gallery.get_by_role("listitem").count(), "every example has its picture"
    assert pictures.evaluate_all("pictures => Promise.all(pictures.map((p) => { p.loading = ''; return p.decode(); }))")
    gallery.get_by_role("searchbox", name="Find an example").fill("mask")
    gallery.get_by_role("button").filter(has_text="Inpaint").click()
    expect(gallery).to_have_count(0)
    expect(page.get_by_role("button", name="Inpaint", exact=True)).to_have_attribute("aria-current", "true")


def test_settings_hold_after_a_reload(page: Page) -> None:
    page.keyboard.press("Control+,")
    settings = page.get_by_role("dialog", name="Settings")
    settings.get_by_role("button", name="Light", exact=True).click()
    settings.get_by_role("switch", name="Snap to the grid").uncheck(force=True)
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    page.locator(".node").first.wait_for()
    page.keyboard.press("Control+,")
    expect(settings.get_by_role("switch", name="Snap to the grid")).not_to_be_checked()


def test_the_tour_is_shown_once(browser: Browser, server: Server) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(server.origin)
    tour = page.get_by_role("region", name="Tour")
    expect(tour).to_contain_text("1 of 5")
    for step in range(2, 6):
        tour.get_by_role("button", name="Next").click()
        expect(tour).to_contain_text(f"{step} of 5")
    tour.get_by_role("button", name="Back").click()
    tour.get_by_role("button", name="Skip the tour").click()
    expect(tour).to_have_count(0)
    page.reload()
    page.locator(".node").first.wait_for()
    expect(tour).to_have_count(0)
    page.keyboard.press("Control+k")
    page.keyboard.type("tour")
    page.keyboard.press("Enter")
    expect(tour).to_contain_text("1 of 5")
    context.close()


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_windows_keep_nobody_out(page: Page, theme: str) -> None:
    page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
    for keys, window in (
        ("Control+k", "dialog.commands"),
        ("?", "dialog.dialog"),
        ("Control+,", "dialog.dialog"),
        ("Control+Shift+o", "dialog.dialog"),
        ("F1", ".reference"),
    ):
        page.keyboard.press(keys)
        page.locator(window).wait_for()
        assert serious_faults(page, window) == [], keys
        page.keyboard.press("Escape")
        expect(page.locator("dialog")).to_have_count(0)
    page.get_by_role("spinbutton", name="seed").first.wait_for()
    assert serious_faults(page, ".inputs-panel") == []
    page.locator(".inputs-panel").get_by_role("combobox", name="scheduler").click()
    assert serious_faults(page, ".w-popover") == []


def test_the_licences_of_what_is_built_in_can_be_read(page: Page) -> None:
    licences = page.request.get(urljoin(page.url, "/licences.txt"))
    assert licences.headers["content-type"].startswith("text/plain")
    for library in ("react", "@xyflow/react", "@fontsource-variable/inter"):
        assert f"\n## {library} - " in licences.text()
