"""Workflows as plain forms, on a phone and on a wide screen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from ..server.serving import Server
from .access import Scheme, serious_faults
from .conftest import PATIENCE_MS, RUN_MS, NewPage

WORKFLOWS = Path(__file__).resolve().parents[2] / "workflows"
GONE: dict[str, Any] = {"name": "gone", "kind": "", "digest": None, "bytes": 0, "components": []}
PHONE: ViewportSize = {"width": 390, "height": 844}


@pytest.fixture
def phone(browser: Browser, server: Server) -> Iterator[Page]:
    """The form of the first example on a phone."""
    context = browser.new_context(viewport=PHONE, is_mobile=True, has_touch=True, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{server.origin}/form/text-to-image")
    yield page
    context.close()
    assert errors == []


def show_settings(page: Page) -> None:
    settings = page.locator(".form-settings")
    if settings.get_attribute("open") is None:
        settings.locator("summary").click()


def run(page: Page) -> None:
    page.get_by_role("button", name="Run", exact=True).click()


def expect_picture(page: Page) -> str:
    """Waits for the result; gives the address of its picture."""
    picture = page.locator(".made-picture img")
    expect(picture).to_be_visible(timeout=RUN_MS)
    page.wait_for_function("() => document.querySelector('.made-picture img')?.naturalWidth > 0")
    return picture.get_attribute("src") or ""


def test_a_picture_is_made_on_a_phone(phone: Page) -> None:
    phone.get_by_label("Prompt", exact=True).fill("a blue circle")
    show_settings(phone)
    phone.get_by_label("Steps", exact=True).fill("4")
    button = phone.get_by_role("button", name="Run", exact=True)
    expect(button).to_be_in_viewport()
    button.tap()
    expect_picture(phone)
    assert phone.evaluate("document.querySelector('.made-picture img').naturalWidth") == 256
    expect(phone.locator(".made-picture img")).to_be_in_viewport()
    assert phone.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_what_cannot_be_sent_is_told_at_its_field(new_page: NewPage) -> None:
    page = new_page("/form/text-to-image")
    posted: list[str] = []
    page.on("request", lambda request: posted.append(request.url) if request.url.endswith("/jobs") else None)
    steps = page.get_by_label("Steps", exact=True)
    steps.fill("0")
    expect(page.get_by_text("1 to 1,000.")).to_be_visible()
    run(page)
    expect(steps).to_be_focused()
    expect(steps).to_have_attribute("aria-invalid", "true")
    assert posted == []


def test_what_the_server_refuses_is_told_at_its_field(new_page: NewPage) -> None:
    page = new_page("/form/text-to-image")
    page.route("**/api/v1/models", lambda route: route.fulfill(json={"models": [GONE]}))
    page.reload()
    page.get_by_label("Model", exact=True).select_option("gone")
    run(page)
    expect(page.get_by_role("alert")).to_contain_text("fault")
    expect(page.locator('.form-field[data-faulty="true"]')).to_contain_text("there is no model 'gone'")


def test_what_was_typed_survives_a_reload_and_can_be_reset(new_page: NewPage) -> None:
    page = new_page("/form/text-to-image")
    prompt = page.get_by_label("Prompt", exact=True)
    prompt.fill("a green leaf")
    page.get_by_role("button", name="Fixed").click()
    page.get_by_label("Seed", exact=True).fill("9007199254740993")
    page.reload()
    expect(prompt).to_have_value("a green leaf")
    expect(page.get_by_label("Seed", exact=True)).to_have_value("9007199254740993")
    page.get_by_role("button", name="Reset", exact=True).click()
    expect(prompt).to_have_value("a red heart")
    expect(page.get_by_role("button", name="Random")).to_have_attribute("aria-pressed", "true")


def test_a_random_seed_makes_another_picture_and_a_fixed_one_the_same(new_page: NewPage) -> None:
    page = new_page("/form/text-to-image")
    page.get_by_label("Steps", exact=True).fill("2")
    run(page)
    first = expect_picture(page)
    run(page)
    expect(page.locator(f'.made-picture img[src="{first}"]')).to_have_count(0)
    second = expect_picture(page)
    page.get_by_role("button", name="Fixed").click()
    run(page)
    expect(page.get_by_role("region", name="Result")).to_have_attribute("aria-busy", "false")
    assert expect_picture(page) == second
    expect(page.get_by_role("navigation", name="Made before").locator("img")).not_to_have_count(0)


def test_earlier_results_give_their_inputs_back(new_page: NewPage) -> None:
    page = new_page("/?view=form&workflow=text-to-image")
    page.get_by_label("Steps", exact=True).fill("3")
    page.get_by_label("Prompt", exact=True).fill("a yellow star")
    run(page)
    expect_picture(page)
    page.get_by_role("button", name="Reset", exact=True).click()
    page.get_by_role("button", name="Use its inputs").click()
    expect(page.get_by_label("Steps", exact=True)).to_have_value("3")
    expect(page.get_by_label("Prompt", exact=True)).to_have_value("a yellow star")


def test_several_values_make_several_pictures(new_page: NewPage) -> None:
    page = new_page("/form/text-to-image")
    page.get_by_label("Steps", exact=True).fill("2")
    page.get_by_role("button", name="Several").click()
    page.get_by_role("checkbox", name="Guidance").check()
    values = page.get_by_label("Values of Guidance")
    values.fill("1, 99")
    expect(page.get_by_role("dialog")).to_contain_text("99: 1 to 30.")
    expect(page.get_by_role("dialog").get_by_role("button", name="Run")).to_be_disabled()
    values.fill("1..5 step 4")
    page.get_by_role("button", name="Run 2").click()
    expect(page.locator(".made-grid img")).to_have_count(2, timeout=RUN_MS)
    expect(page.locator(".made-grid .caption")).to_have_text([re.compile("guidance 1"), re.compile("guidance 5")])


def test_an_uploaded_picture_is_an_input(new_page: NewPage) -> None:
    page = new_page("/form/autoencoder-round-trip")
    page.locator(".form-field input[type=file]").set_input_files(WORKFLOWS / "red-heart.png")
    expect(page.locator(".w-file img")).to_have_attribute("src", re.compile("/files/[0-9a-f]{64}"))
    run(page)
    expect_picture(page)


def test_a_saved_workflow_is_a_form_and_an_unknown_name_is_told(new_page: NewPage, server: Server) -> None:
    workflow = server.get("/examples/text-to-image").json()["workflow"] | {"title": "Mine"}
    server.post("/workflows", {"name": "my own", "workflow": workflow})
    expect(new_page("/form/my%20own").get_by_role("heading", name="Mine")).to_be_visible()
    page = new_page("/form/nothing-of-that-name")
    expect(page.get_by_role("alert")).to_contain_text("nothing-of-that-name")
    expect(page.get_by_role("link", name="Open the editor")).to_be_visible()


def test_the_graph_behind_a_form_opens(new_page: NewPage) -> None:
    page = new_page("/form/image-to-image")
    page.get_by_role("link", name="Graph").click()
    page.locator(".node").first.wait_for()
    expect(page.get_by_role("navigation", name="Open workflows")).to_contain_text("Image to image")


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_forms_keep_nobody_out(new_page: NewPage, scheme: Scheme) -> None:
    page = new_page("/form/inpaint")
    page.emulate_media(color_scheme=scheme)
    page.get_by_role("button", name="Run", exact=True).wait_for()
    assert serious_faults(page) == []
    page.get_by_role("button", name="Several").click()
    page.get_by_role("checkbox", name="Seed").check()
    assert serious_faults(page) == []
