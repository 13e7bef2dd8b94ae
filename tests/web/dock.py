"""What a test does beside the canvas: results, gallery, jobs."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page

from ..server.serving import Server


def open_dock(page: Page, view: str) -> Locator:
    """Shows Results, Steps, Gallery or Jobs."""
    if page.locator(".dock").count() == 0:
        page.get_by_role("button", name="Results", exact=True).click()
    page.get_by_role("navigation", name="What is shown").get_by_role("button", name=view).click()
    return page.locator(".dock-view")


def make_picture(server: Server, prompt: str, **inputs: Any) -> dict[str, Any]:
    """A finished job of the first example, quickly."""
    workflow = server.get("/examples/text-to-image").json()["workflow"]
    inputs = {"prompt": prompt, "steps": 2} | inputs
    (job,) = server.submit(workflow, title="Text to image", inputs=inputs)
    ended = server.wait(job["id"])
    assert ended["state"] == "done"
    return ended


def digest(job: dict[str, Any]) -> str:
    """Of the one picture that a job made."""
    found: str = job["outputs"]["image"][0]["digest"]
    return found
