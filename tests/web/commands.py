"""Running commands by name."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


def palette(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Commands")


def run_command(page: Page, typed: str) -> None:
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="What do you want to do?").fill(typed)
    page.keyboard.press("Enter")
    expect(palette(page)).to_have_count(0)
