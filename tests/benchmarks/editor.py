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
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from ..server.serving import Server, serving
from ..web.conftest import FLAGS, NAMES, PREFERENCES, STATIC
from .measure import Measurement

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


def run() -> list[Measurement]:
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder) / "data") as server:
        _save_thousand(server)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=next(filter(None, map(shutil.which, NAMES))), args=list(FLAGS)
            )
            context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
            context.add_init_script(f"localStorage.setItem('latentloom.preferences', {PREFERENCES!r})")
            measured = [_script_bytes(), _first_load(context.new_page(), server)]
            measured += _thousand(context.new_page(), server)
            browser.close()
    return measured


def _script_bytes() -> Measurement:
    """What the first load brings as JavaScript, compressed as a server would."""
    page = STATIC.read_text()
    scripts = [path for path in (STATIC.parent / "assets").glob("*.js") if path.name in page]
    size = sum(len(gzip.compress(path.read_bytes(), 9)) for path in scripts) / 1000
    return Measurement("editor: JavaScript of the first load, gzip", size, "kB", 500, size / 500)


def _first_load(page: Page, server: Server) -> Measurement:
    times = []
    for _ in range(5):
        start = time.perf_counter()
        page.goto(server.origin)
        page.locator(".node").first.wait_for()
        page.get_by_role("button", name="Run", exact=True).wait_for()
        times.append(time.perf_counter() - start)
    value = statistics.median(times)
    page.close()
    return Measurement("editor: first load until it can be used", value, "s", 2, value / 2, len(times))


def _thousand(page: Page, server: Server) -> list[Measurement]:
    start = time.perf_counter()
    page.goto(f"{server.origin}/?workflow=thousand")
    page.locator('.react-flow__node[data-id="n0"]').wait_for()
    loaded = time.perf_counter() - start
    measured = [Measurement("editor: 1,000 nodes, load", loaded, "s")]
    page.wait_for_timeout(1000)
    measured += _frames(page, "pan, all in view", lambda: _drag(page, (700, 850), (500, 700)))
    for _ in range(4):
        page.mouse.move(700, 450)
        page.mouse.wheel(0, -400)
    page.wait_for_timeout(500)
    measured += _frames(page, "pan, zoomed in", lambda: _drag(page, (1000, 500), (500, 300), keys="Space"))
    head = page.locator(".node-head").nth(6)
    box = head.bounding_box()
    assert box is not None
    at = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    measured += _frames(page, "drag a node", lambda: _drag(page, at, (at[0] + 150, at[1] + 100)))
    field = page.locator(".node input:visible").nth(3)
    field.click(click_count=2)
    measured += _frames(page, "type in a field", lambda: page.keyboard.type("1234567890", delay=60))
    return measured


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
