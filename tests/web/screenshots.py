"""The README's pictures of the editor, made anew from the editor as it is: `make screenshots`.

Writes docs/screenshots/*.webp. They show the real server with the embedded model; nothing is arranged but the view.
"""

from __future__ import annotations

import io
import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from ..server.serving import Server, serving
from .conftest import FLAGS, NAMES
from .dock import make_picture, open_dock

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
WINDOW = (1440, 900)
PHONE = (412, 860)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder) / "data") as server, sync_playwright() as drive:
        browser = drive.chromium.launch(executable_path=next(filter(None, map(shutil.which, NAMES))), args=list(FLAGS))
        editor(browser, server, "dark")
        editor(browser, server, "light")
        form(browser, server)
        compare(browser, server)
        browser.close()


def editor(browser: Browser, server: Server, theme: str) -> None:
    """The open loop after a run, with the step slider beside it."""
    with opened(browser, server, "/?example=text-to-image", theme) as page:
        page.locator(".node").first.wait_for()
        results = open_dock(page, "Results")
        page.get_by_role("button", name="Run", exact=True).click()
        expect(results.locator("img").first).to_have_attribute("src", re.compile("/files/"), timeout=120_000)
        open_dock(page, "Steps")
        page.get_by_role("region", name="Steps").locator("img").first.wait_for()
        page.get_by_role("button", name="Show everything").click()
        page.mouse.move(740, 420)
        for _ in range(3):
            page.mouse.wheel(0, -260)
            page.wait_for_timeout(200)
        keep(page, theme)


def form(browser: Browser, server: Server) -> None:
    """The same workflow for people who never want to see a graph, on a phone."""
    with opened(browser, server, "/form/text-to-image", "light", PHONE) as page:
        page.get_by_label("Prompt").fill("a yellow rocket, blue background")
        page.get_by_role("button", name="Run", exact=True).click()
        picture = page.locator("img").first
        expect(page.get_by_role("button", name="Cancel")).to_be_visible()
        expect(page.get_by_role("button", name="Cancel")).to_have_count(0, timeout=120_000)
        expect(picture).to_have_attribute("src", re.compile("/files/"))
        picture.scroll_into_view_if_needed()
        keep(page, "form")


def compare(browser: Browser, server: Server) -> None:
    """Two pictures of one seed under a slider."""
    for prompt in ("red heart", "red heart, blue background"):
        make_picture(server, prompt, steps=20, seed=3)
    with opened(browser, server, "/", "dark") as page:
        gallery = open_dock(page, "Gallery")
        gallery.get_by_role("searchbox").fill("red heart")
        tiles = gallery.get_by_role("listitem")
        expect(tiles.nth(1)).to_be_visible()
        for tile in (tiles.nth(0), tiles.nth(1)):
            tile.hover()
            tile.get_by_role("checkbox").check()
        gallery.get_by_role("button", name="Compare").click()
        page.get_by_role("dialog").get_by_role("slider").wait_for()
        keep(page, "compare")


@contextmanager
def opened(browser: Browser, server: Server, path: str, theme: str, size: tuple[int, int] = WINDOW) -> Iterator[Page]:
    """A page of a person who has seen the tour."""
    viewport: ViewportSize = {"width": size[0], "height": size[1]}
    context = browser.new_context(viewport=viewport, reduced_motion="reduce", device_scale_factor=2)
    context.set_default_timeout(60_000)
    preferences = json.dumps({"theme": theme, "motion": "reduced", "isTourDone": True})
    context.add_init_script(f"localStorage.setItem('latentloom.preferences', {preferences!r})")
    page = context.new_page()
    page.goto(server.origin + path)
    yield page
    context.close()


def keep(page: Page, name: str) -> None:
    PICTURES.mkdir(exist_ok=True)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.resize((picture.width * 3 // 4, picture.height * 3 // 4), Image.Resampling.LANCZOS).save(
        PICTURES / f"{name}.webp", quality=82, method=6
    )
    print(name, (PICTURES / f"{name}.webp").stat().st_size, "bytes")


if __name__ == "__main__":
    main()
