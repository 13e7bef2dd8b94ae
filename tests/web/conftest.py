"""The built editor in a real Chromium, against a real server with the demo model.

The editor has to be built (`make editor`) and Chromium installed (Debian: `chromium`): nothing is skipped silently.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from ..server.serving import Server, serving

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
STATIC = Path(__file__).resolve().parents[2] / "server" / "static" / "index.html"
PATIENCE_MS = 60_000
"""How long the page may take to become what a test expects: machines that test are busy."""
RUN_MS = 180_000
"""How long a run may take."""
KEY = "latentloom.preferences"
PREFERENCES = json.dumps({"isTourDone": True, "motion": "reduced"})
FIRST_VISIT = f"if (!localStorage.getItem('{KEY}')) localStorage.setItem('{KEY}', {PREFERENCES!r})"
CLIPBOARD = ["clipboard-read", "clipboard-write"]

NewPage = Callable[..., Page]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that all tests of the editor share."""
    assert STATIC.is_file(), "The editor is not built: run `make editor`."
    with serving(tmp_path_factory.mktemp("web") / "data") as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, NAMES)), None)
    expect.set_options(timeout=PATIENCE_MS)
    assert program, "Chromium is not installed: the editor's tests need it (Debian: apt-get install chromium)."
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser profile of its own: nothing is kept from another test. The tour is over, nothing moves."""
    opened = browser.new_context(
        viewport={"width": 1440, "height": 900}, reduced_motion="reduce", permissions=CLIPBOARD
    )
    opened.set_default_timeout(PATIENCE_MS)
    opened.add_init_script(FIRST_VISIT)
    yield opened
    opened.close()


@pytest.fixture
def new_page(context: BrowserContext, server: Server) -> Iterator[NewPage]:
    """Opens pages of the editor; a test fails when any of them had an error that nobody caught."""
    errors: list[str] = []

    def open_page(path: str = "/") -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(urljoin(server.origin, path))
        return page

    yield open_page
    assert errors == []


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """The editor as it opens the first time: with the text-to-image example."""
    opened = new_page()
    opened.locator(".node").first.wait_for()
    return opened
