"""Building workflows by mouse, and changing the inside of a loop."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from ..server.serving import Server
from .access import serious_faults
from .canvas import (
    add,
    document,
    drag,
    expect_picture,
    ids,
    leave_field,
    middle,
    new_workflow,
    node,
    socket,
    wire,
)
from .conftest import NewPage
from .keyboard import connect_to, go_to, to_socket
from .running import expect_badge, run

STEPS = 6


def fill(page: Page, id_: str, role: str, name: str, value: str) -> None:
    field = node(page, id_).get_by_role(role, name=name)  # type: ignore[arg-type]
    field.click()
    field.fill(value)
    leave_field(page)


def test_text_to_image_is_built_from_nothing_by_mouse_and_run(page: Page) -> None:
    page.set_viewport_size({"width": 1800, "height": 1000})
    new_workflow(page)
    page.get_by_role("button", name="Inputs and outputs").click()
    for zoom in (83, 69, 58):
        page.get_by_role("button", name="Zoom out").click()
        expect(page.locator(".zoom")).to_have_text(re.compile(rf"^{zoom}\s?%"))

    model = add(page, "load model", 80, 300)
    tokens = add(page, "tokenize", 260, 120)
    prompt = add(page, "encode text", 430, 120)
    schedule = add(page, "noise schedule", 260, 300)
    state = add(page, "initial state", 430, 300)
    random = add(page, "random state", 80, 620)
    noise = add(page, "noise latent", 260, 620)
    start = add(page, "start latent", 430, 620)
    fill(page, tokens, "textbox", "text", "a red heart")
    fill(page, schedule, "spinbutton", "steps", str(STEPS))
    fill(page, random, "spinbutton", "seed", "7")
    fill(page, noise, "spinbutton", "width", "64")
    fill(page, noise, "spinbutton", "height", "64")

    def plug(source: str, output: str, target: str, input_: str) -> None:
        wire(page, socket(page, source, output), socket(page, target, input_))
        expect(socket(page, target, input_)).to_have_attribute("data-filled", "true")

    plug(model, "out:tokenizer", tokens, "in:tokenizer")
    plug(model, "out:text_encoder", prompt, "in:text_encoder")
    plug(tokens, "out:tokens", prompt, "in:tokens")
    plug(model, "out:scheduler", schedule, "in:scheduler")
    plug(schedule, "out:schedule", state, "in:schedule")
    plug(model, "out:denoiser", noise, "in:denoiser")
    plug(random, "out:random_state", noise, "in:random")
    plug(schedule, "out:schedule", start, "in:schedule")
    plug(noise, "out:latent", start, "in:noise")

    # A wire that is dropped on the empty canvas becomes a loop; further ones are dropped on its edge.
    before = set(ids(page))
    drag(page, middle(socket(page, schedule, "out:timesteps")), (640, 240))
    page.get_by_role("combobox", name="Search nodes").fill("loop")
    page.keyboard.press("Enter")
    (loop,) = set(ids(page)) - before
    for source, output in ((start, "out:latent"), (state, "out:scheduler_state"), (noise, "out:random")):
        wire(page, socket(page, source, output), socket(page, loop, "add:input"))
    expect(socket(page, loop, "in:random")).to_have_attribute("data-filled", "true")
    corner = node(page, loop).locator(".zone-resize")
    x, y = middle(corner)
    drag(page, (x, y), (x + 330, y + 190))

    scale = add(page, "scale input", 730, 320)
    denoise = add(page, "denoise", 850, 420)
    step = add(page, "scheduler step", 980, 320)
    for target in (scale, denoise, step):
        plug(loop, "inner:timesteps", target, "in:timestep")
    for target in (scale, step):
        plug(schedule, "out:schedule", target, "in:schedule")
        plug(loop, "inner:latent", target, "in:latent")
    plug(scale, "out:latent", denoise, "in:latent")
    plug(model, "out:denoiser", denoise, "in:denoiser")
    plug(prompt, "out:embedding", denoise, "in:embedding")
    plug(denoise, "out:prediction", step, "in:prediction")
    plug(loop, "inner:scheduler_state", step, "in:state")
    plug(loop, "inner:random", step, "in:random")
    plug(step, "out:latent", loop, "next:latent")
    plug(step, "out:state", loop, "next:scheduler_state")
    plug(step, "out:random", loop, "next:random")

    decode = add(page, "decode", 1300, 240)
    picture = add(page, "encode image", 1480, 240)
    plug(loop, "out:latent", decode, "in:latent")
    plug(model, "out:autoencoder", decode, "in:autoencoder")
    plug(decode, "out:image", picture, "in:image")
    socket(page, picture, "out:encoded_image").click(button="right")
    page.get_by_role("menuitem", name="Make it an output of the workflow").click()
    assert set(document(page)["nodes"][loop]["body"]) == {scale, denoise, step}

    page.get_by_role("button", name="Run", exact=True).click()
    expect_picture(page, picture)


def test_a_node_put_into_a_wire_of_the_loop_changes_only_what_depends_on_it(page: Page, server: Server) -> None:
    run(page, server)
    first = expect_picture(page, "picture")
    go_to(page, "Guidance")
    page.keyboard.press("1")
    page.keyboard.press("Shift+2")
    socket(page, "step", "in:prediction").click(button="right")
    page.get_by_role("menuitem", name="Insert a node").click()
    page.get_by_role("combobox", name="Search nodes").fill("rescale")
    page.keyboard.press("Enter")
    node(page, "rescale_guidance").wait_for()
    to_socket(page, "cond", "input")
    connect_to(page, "with the prompt")
    body = document(page)["nodes"]["denoising"]["body"]
    assert body["rescale_guidance"]["links"] == {"guided": ["guided", "prediction"], "cond": ["cond", "prediction"]}
    assert body["step"]["links"]["prediction"] == ["rescale_guidance", "prediction"]

    run(page, server)
    page.keyboard.press("f")
    for changed in ("rescale_guidance", "step", "decoded", "picture"):
        expect_badge(page, changed, "computed")
    for known in ("model", "tokens", "positive", "unwanted", "schedule", "noise", "start"):
        expect(node(page, known).locator('.run-badge[data-kind="computed"]')).to_have_count(0)
    assert expect_picture(page, "picture", other_than=first) != first


def test_a_wire_is_taken_by_its_end_to_another_input_and_off(page: Page) -> None:
    new_workflow(page)
    colour = add(page, "solid colour", 400, 200)
    first = add(page, "encode image", 850, 150)
    second = add(page, "encode image", 850, 480)
    wire(page, socket(page, colour, "out:image"), socket(page, first, "in:image"))
    wire(page, socket(page, first, "in:image"), socket(page, second, "in:image"))
    nodes = document(page)["nodes"]
    assert "links" not in nodes[first]
    assert nodes[second]["links"] == {"image": [colour, "image"]}
    drag(page, middle(socket(page, second, "in:image")), (700, 700))
    assert "links" not in document(page)["nodes"][second]
    expect(page.get_by_role("combobox", name="Search nodes")).to_have_count(0)


def test_a_double_click_in_a_loop_adds_a_node_there(page: Page) -> None:
    new_workflow(page)
    loop = add(page, "loop", 500, 200)
    number = add(page, "integer", *middle(node(page, loop)))
    assert number in document(page)["nodes"][loop]["body"]


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_canvas_keeps_nobody_out(new_page: NewPage, scheme: str) -> None:
    page = new_page()
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    node(page, "denoising").wait_for()
    assert serious_faults(page) == []
    go_to(page, "Guidance")
    to_socket(page, "cond", "input")
    assert serious_faults(page) == []
    page.keyboard.press("Tab")
    page.get_by_role("combobox", name="Search nodes").wait_for()
    assert serious_faults(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("w")
    page.get_by_role("dialog", name="Connect Guidance").wait_for()
    assert serious_faults(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+F10")
    page.get_by_role("menu").wait_for()
    assert serious_faults(page) == []


def test_with_shift_a_wire_goes_into_every_input_that_it_is_led_over(page: Page) -> None:
    new_workflow(page)
    colour = add(page, "solid colour", 400, 200)
    first = add(page, "encode image", 850, 150)
    second = add(page, "encode image", 850, 480)
    page.mouse.move(*middle(socket(page, colour, "out:image")))
    page.mouse.down()
    page.mouse.move(700, 250, steps=3)
    page.keyboard.down("Shift")
    for target in (first, second):
        page.mouse.move(*middle(socket(page, target, "in:image")), steps=6)
        expect(socket(page, target, "in:image")).to_have_attribute("data-filled", "true")
    page.mouse.move(620, 700, steps=4)
    page.mouse.up()
    page.keyboard.up("Shift")
    expect(page.get_by_role("combobox", name="Search nodes")).to_have_count(0)
    nodes = document(page)["nodes"]
    assert nodes[first]["links"] == nodes[second]["links"] == {"image": [colour, "image"]}
