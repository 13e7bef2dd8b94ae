"""The step slider: inner results of every iteration, from the engine's cache."""

from __future__ import annotations

import time
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from ..server.serving import Server
from .access import Scheme, serious_faults
from .conftest import PATIENCE_MS, NewPage
from .dock import open_dock

STEPS = 8
PLAYS = """async (button) => {
    button.click();
    await new Promise((done) => setTimeout(done));
    return document.querySelector('.steps [aria-label="Pause"]') !== null;
}"""
"""Plays, and tells whether it can be paused: it is over soon."""


@pytest.fixture(scope="module")
def job(server: Server) -> str:
    """A finished job of the first example."""
    workflow = server.get("/examples/text-to-image").json()["workflow"]
    (job,) = server.submit(workflow, title="Text to image", inputs={"steps": STEPS})
    assert server.wait(job["id"])["state"] == "done"
    return str(job["id"])


def open_steps(page: Page, title: str) -> Locator:
    """Shows the newest job of a title in the step slider."""
    jobs = open_dock(page, "Jobs")
    jobs.get_by_role("list", name="Ended jobs").get_by_role("button", name=title, exact=True).first.click()
    open_dock(page, "Steps")
    steps = page.get_by_role("region", name="Steps")
    steps.get_by_label("Iteration", exact=True).wait_for()
    return steps


PIXELS = """async (image) => {
    try {
        await image.decode();
    } catch {
        return "";  // another picture took its place meanwhile
    }
    const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    return Array.from(context.getImageData(0, 0, canvas.width, canvas.height).data.slice(0, 4000)).join();
}"""


def picture(steps: Locator, name: str, iteration: int) -> str:
    """The pixels of a node's picture, once it is the one of an iteration."""
    shown = steps.get_by_alt_text(f"{name}, iteration {iteration}", exact=True)
    end = time.monotonic() + PATIENCE_MS / 1000
    while not (pixels := shown.evaluate(PIXELS)):
        assert time.monotonic() < end, f"the picture {name} is never drawn"
    return str(pixels)


def test_iterations_show_other_pictures_and_nothing_is_computed(page: Page, server: Server, job: str) -> None:
    before = server.get(f"/jobs/{job}").json()
    posted: list[str] = []
    steps = open_steps(page, "Text to image")
    page.on("request", lambda request: posted.append(request.url) if request.method != "GET" else None)
    slider = steps.get_by_label("Iteration", exact=True)
    expect(steps).to_contain_text(f"{STEPS} of {STEPS}")
    last = {name: picture(steps, name, STEPS) for name in ("Step, Latent", "Guidance, Prediction")}
    slider.fill("1")
    expect(steps).to_contain_text(f"2 of {STEPS}")
    expect(steps).to_contain_text("timestep")
    for name, pixels in last.items():
        assert picture(steps, name, 2) != pixels
    for name in ("Scale, Latent", "With the prompt, Prediction", "With the negative, Prediction"):
        assert picture(steps, name, 2)
    after = server.get(f"/jobs/{job}").json()
    assert [node for node in after["nodes"] if node["type"] == "denoise"] == [
        node for node in before["nodes"] if node["type"] == "denoise"
    ]
    assert after == before
    assert posted == []


def test_neighbours_are_there_before_one_goes_to_them(page: Page, job: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "form=image" in request.url else None)

    def of_the_fifth() -> list[str]:
        return [url for url in asked if "iteration=4&" in url or url.endswith("iteration=4")]

    steps = open_steps(page, "Text to image")
    steps.get_by_label("Iteration", exact=True).fill("3")
    picture(steps, "Step, Latent", 4)
    before = of_the_fifth()
    assert before != []
    steps.get_by_role("button", name="Next iteration").click()
    picture(steps, "Step, Latent", 5)
    assert of_the_fifth() == before


def test_keys_and_play_walk_through_the_iterations(page: Page, job: str) -> None:
    steps = open_steps(page, "Text to image")
    slider = steps.get_by_label("Iteration", exact=True)
    slider.focus()
    page.keyboard.press("Home")
    expect(steps).to_contain_text(f"1 of {STEPS}")
    page.keyboard.press("ArrowRight")
    expect(slider).to_have_value("1")
    expect(slider).to_have_attribute("aria-valuetext", f"2 of {STEPS}")
    assert steps.get_by_role("button", name="Play").evaluate(PLAYS), "it cannot be paused"
    expect(slider).to_have_value(str(STEPS - 1))
    expect(steps.get_by_role("button", name="Play")).to_be_visible()


def test_another_output_is_looked_at_and_its_node_is_shown(page: Page, job: str) -> None:
    steps = open_steps(page, "Text to image")
    steps.get_by_role("button", name="Look at With the prompt, Prediction").click()
    large = steps.locator('.step-card[data-main="true"]')
    expect(large).to_contain_text("With the prompt")
    expect(large).to_contain_text("1 × 4 × 16 × 16")
    large.get_by_role("button", name="With the prompt").click()
    expect(page.locator('.react-flow__node[data-id="cond"]')).to_be_in_viewport()
    expect(page.locator('.react-flow__node[data-id="cond"] [data-selected="true"]')).to_have_count(1)


def test_the_dock_is_made_wider_and_stays_so(page: Page) -> None:
    open_dock(page, "Results")
    edge = page.get_by_role("separator", name="Width of the results")
    edge.press("ArrowLeft")
    expect(edge).to_have_attribute("aria-valuenow", "380")
    page.reload()
    open_dock(page, "Results")
    expect(page.locator(".dock")).to_have_css("width", "380px")


def nested(server: Server) -> dict[str, Any]:
    workflow: dict[str, Any] = server.get("/examples/branch-at-step").json()["workflow"]
    inputs = {"steps": 4, "branch_at": 2, "variations": ["a red heart", "a blue circle"]}
    (job,) = server.submit(workflow, title="Branches", inputs=inputs)
    ended: dict[str, Any] = server.wait(job["id"])
    return ended


def test_loops_inside_loops_are_walked_by_branch(page: Page, server: Server) -> None:
    assert nested(server)["state"] == "done"
    steps = open_steps(page, "Branches")
    loop = steps.get_by_label("Loop", exact=True)
    loop.select_option(label="Branches / Own steps")
    first = picture(steps, "Step, Latent", 2)
    steps.get_by_label("Branch", exact=True).select_option("2")
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while picture(steps, "Step, Latent", 2) == first:
        assert time.monotonic() < deadline, "the other branch shows the same picture"


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_step_slider_keeps_nobody_out(new_page: NewPage, job: str, scheme: Scheme) -> None:
    page = new_page()
    page.emulate_media(color_scheme=scheme)
    page.locator(".node").first.wait_for()
    open_steps(page, "Text to image")
    assert serious_faults(page, ".dock") == []


def test_an_attention_map_is_looked_at_with_its_scale(page: Page, server: Server) -> None:
    workflow = server.get("/examples/attention-map").json()["workflow"]
    (job,) = server.submit(workflow, title="Attention", inputs={"steps": 2})
    assert server.wait(job["id"])["state"] == "done"
    steps = open_steps(page, "Attention")
    steps.get_by_role("button", name="Look at With the prompt, watched, heat").click()
    large = steps.locator('.step-card[data-main="true"]')
    expect(large.get_by_role("img", name="Colours from 0.")).to_be_visible()
    assert len(set(picture(steps, "With the prompt, watched, heat · Heat", 2).split(","))) > 50
