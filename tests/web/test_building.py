"""Building workflows by mouse, and changing the inside of a loop."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from ..server.serving import Server
from .access import Scheme, serious_faults
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
BEFORE_THE_LOOP = {
    "load model": (80, 300),
    "tokenize": (260, 120),
    "encode text": (430, 120),
    "noise schedule": (260, 300),
    "initial state": (430, 300),
    "random state": (80, 620),
    "noise latent": (260, 620),
    "start latent": (430, 620),
}
"""What is typed in the palette -> where the node stands on the screen."""
Role = Literal["textbox", "spinbutton"]
VALUES: tuple[tuple[str, Role, str, str], ...] = (
    ("tokenize", "textbox", "text", "a red heart"),
    ("noise schedule", "spinbutton", "steps", str(STEPS)),
    ("random state", "spinbutton", "seed", "7"),
    ("noise latent", "spinbutton", "width", "64"),
    ("noise latent", "spinbutton", "height", "64"),
)
WIRES_BEFORE_THE_LOOP = (
    ("load model", "out:tokenizer", "tokenize", "in:tokenizer"),
    ("load model", "out:text_encoder", "encode text", "in:text_encoder"),
    ("tokenize", "out:tokens", "encode text", "in:tokens"),
    ("load model", "out:scheduler", "noise schedule", "in:scheduler"),
    ("noise schedule", "out:schedule", "initial state", "in:schedule"),
    ("load model", "out:denoiser", "noise latent", "in:denoiser"),
    ("random state", "out:random_state", "noise latent", "in:random"),
    ("noise schedule", "out:schedule", "start latent", "in:schedule"),
    ("noise latent", "out:latent", "start latent", "in:noise"),
)
CARRIED = (("start latent", "out:latent"), ("initial state", "out:scheduler_state"), ("noise latent", "out:random"))
BODY = {"scale input": (730, 320), "denoise": (850, 420), "scheduler step": (980, 320)}
WIRES_IN_THE_BODY = (
    *(("loop", "inner:timesteps", target, "in:timestep") for target in BODY),
    ("noise schedule", "out:schedule", "scale input", "in:schedule"),
    ("loop", "inner:latent", "scale input", "in:latent"),
    ("scale input", "out:latent", "denoise", "in:latent"),
    ("load model", "out:denoiser", "denoise", "in:denoiser"),
    ("encode text", "out:embedding", "denoise", "in:embedding"),
    ("noise schedule", "out:schedule", "scheduler step", "in:schedule"),
    ("loop", "inner:latent", "scheduler step", "in:latent"),
    ("denoise", "out:prediction", "scheduler step", "in:prediction"),
    ("loop", "inner:scheduler_state", "scheduler step", "in:state"),
    ("loop", "inner:random", "scheduler step", "in:random"),
    ("scheduler step", "out:latent", "loop", "next:latent"),
    ("scheduler step", "out:state", "loop", "next:scheduler_state"),
    ("scheduler step", "out:random", "loop", "next:random"),
)
BEHIND_THE_LOOP = {"decode": (1300, 240), "encode image": (1480, 240)}
WIRES_BEHIND_THE_LOOP = (
    ("loop", "out:latent", "decode", "in:latent"),
    ("load model", "out:autoencoder", "decode", "in:autoencoder"),
    ("decode", "out:image", "encode image", "in:image"),
)


def zoom_out(page: Page) -> None:
    for zoom in (83, 69, 58):
        page.get_by_role("button", name="Zoom out").click()
        expect(page.locator(".zoom")).to_have_text(re.compile(rf"^{zoom}\s?%"))


def place(page: Page, places: Mapping[str, tuple[float, float]]) -> dict[str, str]:
    """Adds nodes; what was typed for each -> its id."""
    return {name: add(page, name, *at) for name, at in places.items()}


def plug(page: Page, nodes: Mapping[str, str], wires: Iterable[tuple[str, str, str, str]]) -> None:
    for source, output, target, input_ in wires:
        end = socket(page, nodes[target], input_)
        wire(page, socket(page, nodes[source], output), end)
        expect(end).to_have_attribute("data-filled", "true")


def loop_from_a_wire(page: Page, nodes: Mapping[str, str]) -> str:
    """A wire that is dropped on the empty canvas becomes a loop; further ones are dropped on its edge."""
    before = set(ids(page))
    drag(page, middle(socket(page, nodes["noise schedule"], "out:timesteps")), (640, 240))
    page.get_by_role("combobox", name="Search nodes").fill("loop")
    page.keyboard.press("Enter")
    (loop,) = set(ids(page)) - before
    for source, output in CARRIED:
        wire(page, socket(page, nodes[source], output), socket(page, loop, "add:input"))
    expect(socket(page, loop, "in:random")).to_have_attribute("data-filled", "true")
    return loop


def make_room(page: Page, loop: str) -> None:
    x, y = middle(node(page, loop).locator(".zone-resize"))
    drag(page, (x, y), (x + 330, y + 190))


def fill(page: Page, id_: str, role: Role, name: str, value: str) -> None:
    field = node(page, id_).get_by_role(role, name=name)
    field.click()
    field.fill(value)
    leave_field(page)


def test_text_to_image_is_built_from_nothing_by_mouse_and_run(page: Page) -> None:
    page.set_viewport_size({"width": 1800, "height": 1000})
    new_workflow(page)
    page.get_by_role("button", name="Inputs and outputs").click()
    zoom_out(page)

    nodes = place(page, BEFORE_THE_LOOP)
    for name, role, input_, value in VALUES:
        fill(page, nodes[name], role, input_, value)
    plug(page, nodes, WIRES_BEFORE_THE_LOOP)
    loop = nodes["loop"] = loop_from_a_wire(page, nodes)
    make_room(page, loop)
    nodes |= place(page, BODY)
    plug(page, nodes, WIRES_IN_THE_BODY)
    nodes |= place(page, BEHIND_THE_LOOP)
    plug(page, nodes, WIRES_BEHIND_THE_LOOP)
    socket(page, nodes["encode image"], "out:encoded_image").click(button="right")
    page.get_by_role("menuitem", name="Make it an output of the workflow").click()
    assert set(document(page)["nodes"][loop]["body"]) == {nodes[name] for name in BODY}

    page.get_by_role("button", name="Run", exact=True).click()
    expect_picture(page, nodes["encode image"])


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


def test_the_search_tells_what_to_do_where_there_is_no_such_node(page: Page) -> None:
    new_workflow(page)
    page.mouse.dblclick(700, 450)
    search = page.get_by_role("combobox", name="Search nodes")
    told = page.get_by_role("dialog", name="Add a node").get_by_role("status")
    expect(told).to_have_text("")
    search.fill("save image")
    expect(told).to_contain_text("make it an output of the workflow")
    expect(page.get_by_role("option")).to_have_count(0)
    search.fill("wombat")
    expect(told).to_have_text("No node is called that.")


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_canvas_keeps_nobody_out(new_page: NewPage, scheme: Scheme) -> None:
    page = new_page()
    page.emulate_media(color_scheme=scheme)
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
