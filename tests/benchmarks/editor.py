"""The editor with 1,000 nodes and 1,500 wires, in a real Chromium without a GPU, against a real server.

Frame times are those of the page's own `requestAnimationFrame` while the mouse works. A headless browser draws with the
processor, so that a laptop with a GPU is faster; what the editor's own code costs shows all the same.
"""

from __future__ import annotations

import gzip
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, Response, sync_playwright

from ..server.serving import Server, serving
from ..web.conftest import FLAGS, NAMES, PREFERENCES
from .measure import Measurement, median

COLUMNS, ROWS = 40, 25
TARGET_MS = 1000 / 60
RECORD = """() => {
    window.frameTimes = [];
    let last = performance.now();
    const tick = (now) => {
        window.frameTimes.push(now - last);
        last = now;
        window.frameRequest = requestAnimationFrame(tick);
    };
    window.frameRequest = requestAnimationFrame(tick);
}"""
RECORDED = "() => { cancelAnimationFrame(window.frameRequest); return window.frameTimes.slice(1); }"


IN_SIGHT = """(selector) => [...document.querySelectorAll(selector)].map((element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    const middle = [x + width / 2, y + height / 2];
    return element.contains(document.elementFromPoint(...middle)) ? middle : null;
}).find(Boolean)"""

PLAIN = """
<style>
  body { margin: 0; overflow: hidden; font: 12px sans-serif; }
  main { position: absolute; transform-origin: 0 0; translate: 0 0 1px; }
  div { position: absolute; width: 200px; height: 100px; background: #cde; }
</style>
<main></main>
<script>
  const main = document.querySelector("main");
  for (let i = 0; i < 1000; i += 1) {
    const box = main.appendChild(document.createElement("div"));
    box.style.transform = `translate(${260 * (i % 40)}px, ${180 * Math.floor(i / 40)}px)`;
  }
  const look = ({ clientX, clientY }) => { main.style.transform = `translate(${clientX}px, ${clientY}px) scale(0.1)`; };
  look({ clientX: 300, clientY: 100 });
  addEventListener("pointermove", look);
</script>
"""
"""The same number of boxes with nothing in them and no editor around: what the browser itself takes."""


def run() -> list[Measurement]:
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder) / "data") as server:
        _save_thousand(server)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=next(filter(None, map(shutil.which, NAMES))), args=list(FLAGS)
            )
            measured = []
            for name, path, is_usable in (
                ("editor", "/", _canvas_stands),
                ("form", "/form/text-to-image", _form_stands),
            ):
                measured += _first_screen(browser, f"{name}: ", f"{server.origin}{path}", is_usable)
            with _visitor(browser) as page:
                measured += _plain(page)
            with _visitor(browser) as page:
                measured += _thousand(page, server)
            browser.close()
    return measured


@contextmanager
def _visitor(browser: Browser) -> Iterator[Page]:
    """A page of somebody who was never here before: nothing is in the browser's cache."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    context.add_init_script(f"localStorage.setItem('latentloom.preferences', {PREFERENCES!r})")
    yield context.new_page()
    context.close()


def _canvas_stands(page: Page) -> None:
    page.locator(".node").first.wait_for()
    page.get_by_role("button", name="Run", exact=True).wait_for()


def _form_stands(page: Page) -> None:
    page.get_by_role("textbox", name="prompt").wait_for()


def _first_screen(
    browser: Browser, name: str, address: str, is_usable: Callable[[Page], None], visits: int = 5
) -> list[Measurement]:
    """Scripts that are fetched before the first screen can be used, compressed as a server would; and the time."""
    times, sizes = [], []
    for _ in range(visits):
        with _visitor(browser) as page:
            fetched: list[Response] = []
            page.on("response", lambda response, kept=fetched: kept.append(response))
            start = time.perf_counter()
            page.goto(address)
            is_usable(page)
            times.append(time.perf_counter() - start)
            scripts = [response for response in list(fetched) if response.request.resource_type == "script"]
            sizes.append(sum(len(gzip.compress(response.body(), 9)) for response in scripts) / 1000)
    return [
        median(f"{name}JavaScript of the first screen, gzip", sizes, "kB", 500),
        median(f"{name}first screen until it can be used", times, "s", 2),
    ]


def _plain(page: Page) -> list[Measurement]:
    page.set_content(PLAIN)
    page.wait_for_timeout(500)
    return _frames(page, "floor: plain boxes, pan", lambda: _drag(page, (500, 300), (300, 150)))


def _thousand(page: Page, server: Server) -> list[Measurement]:
    start = time.perf_counter()
    page.goto(f"{server.origin}/?workflow=thousand")
    for first_or_last in ("n0", f"n{COLUMNS * ROWS - 1}"):
        page.locator(f'.react-flow__node[data-id="{first_or_last}"]').wait_for()
    loaded = time.perf_counter() - start
    measured = [Measurement("editor: 1,000 nodes, load", loaded, "s")]
    page.wait_for_timeout(1000)
    measured += _frames(page, "pan, all in view", lambda: _drag(page, (700, 850), (500, 700)))
    at = _middle(page.locator('.react-flow__node[data-id="n500"]'))
    measured += _frames(page, "drag a node, all in view", lambda: _drag(page, at, (at[0] + 150, at[1] + 100)))
    page.keyboard.press("Control+z")
    measured += _frames(page, "select by a box", lambda: _drag(page, (320, 120), (1000, 700), keys="Shift"))
    page.keyboard.press("Escape")
    for _ in range(4):
        page.mouse.move(700, 450)
        page.mouse.wheel(0, -400)
    page.wait_for_timeout(500)
    measured += _frames(page, "pan, zoomed in", lambda: _drag(page, (1000, 500), (500, 300), keys="Space"))
    head = _in_sight(page, ".node-head .title")
    measured += _frames(page, "drag a node", lambda: _drag(page, head, (head[0] + 150, head[1] + 100)))
    page.keyboard.press("Control+z")
    page.mouse.click(*_in_sight(page, ".node input"), click_count=2)
    measured += _frames(page, "type in a field", lambda: page.keyboard.type("1234567890", delay=60))
    return measured


def _in_sight(page: Page, selector: str) -> tuple[float, float]:
    """The middle of the first such element that nothing covers."""
    x, y = page.evaluate(IN_SIGHT, selector)
    return x, y


def _middle(target: Locator) -> tuple[float, float]:
    box = target.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def _frames(page: Page, name: str, work: Callable[[], None]) -> list[Measurement]:
    page.evaluate(RECORD)
    work()
    times: list[float] = sorted(page.evaluate(RECORDED))
    middle, slow = statistics.median(times), times[int(len(times) * 0.95)]
    return [
        Measurement(f"editor: 1,000 nodes, {name}, frame", middle, "ms", TARGET_MS, middle / TARGET_MS, len(times)),
        Measurement(f"editor: 1,000 nodes, {name}, slow frame (p95)", slow, "ms", None, None, len(times)),
    ]


def _drag(page: Page, start: tuple[float, float], end: tuple[float, float], keys: str = "") -> None:
    if keys:
        page.keyboard.down(keys)
    page.mouse.move(*start)
    page.mouse.down()
    for step in range(1, 61):
        share = step / 60
        page.mouse.move(start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)
    page.mouse.up()
    if keys:
        page.keyboard.up(keys)


def _save_thousand(server: Server) -> None:
    """A grid of sums: each takes the one before it, every second one another besides."""
    nodes: dict[str, Any] = {"n0": {"type": "number", "values": {"value": 1.0}}}
    boxes: dict[str, Any] = {}
    for i in range(COLUMNS * ROWS):
        boxes[f"n{i}"] = {"x": 260 * (i % COLUMNS), "y": 180 * (i // COLUMNS)}
        if i == 0:
            continue
        links = {"a": [f"n{i - 1}", "value"]} | ({"b": [f"n{max(0, i - COLUMNS)}", "value"]} if i % 2 else {})
        nodes[f"n{i}"] = {"type": "add", "values": {} if i % 2 else {"b": 1.0}, "links": links}
    outputs = {"out": [f"n{COLUMNS * ROWS - 1}", "value"]}
    workflow = {"latentloom": 1, "title": "Thousand", "outputs": outputs, "nodes": nodes, "layout": {"nodes": boxes}}
    answer = server.http.post(f"{server.origin}/api/v1/workflows", json={"name": "thousand", "workflow": workflow})
    answer.raise_for_status()
