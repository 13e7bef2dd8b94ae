"""Building workflows with the keyboard alone."""

from __future__ import annotations

import re
from typing import Literal

from playwright.sync_api import Page, expect

from .canvas import document, expect_picture, ids, node
from .commands import palette, run_command
from .keyboard import add_here, choose, chooser, connect_to, go_to, said, to_socket, walk


def set_value(page: Page, input_: str, value: str, end: str = "Enter") -> None:
    """At the node of the cursor."""
    to_socket(page, input_, "input")
    page.keyboard.press("Enter")
    page.keyboard.type(value)
    page.keyboard.press(end)


def connect(page: Page, side: Literal["input", "output"], **ends: str) -> None:
    """Sockets of the node at the cursor, each with the end that is typed for it."""
    for name, end in ends.items():
        to_socket(page, name.replace("_", " "), side)
        connect_to(page, end)


def build_the_prompt(page: Page) -> None:
    """Each new node is wired to the socket where it is added."""
    add_here(page, "load model")
    to_socket(page, "tokenizer", "output")
    add_here(page, "tokenize")
    set_value(page, "text", "a red heart", end="Escape")
    to_socket(page, "tokens", "output")
    add_here(page, "encode text")
    connect(page, "input", text_encoder="load model encoder")


def build_the_schedule(page: Page) -> None:
    go_to(page, "Load model")
    to_socket(page, "scheduler", "output")
    add_here(page, "noise schedule")
    set_value(page, "steps", "6")
    to_socket(page, "schedule", "output")
    add_here(page, "initial state")


def build_the_noise(page: Page) -> None:
    go_to(page, "Load model")
    to_socket(page, "denoiser", "output")
    add_here(page, "noise latent")
    set_value(page, "width", "64")
    set_value(page, "height", "64")
    to_socket(page, "random", "input")
    add_here(page, "random state")
    set_value(page, "seed", "7")
    go_to(page, "Noise latent")
    to_socket(page, "latent", "output")
    add_here(page, "start latent")
    connect(page, "input", schedule="noise schedule · schedule")


def build_the_loop(page: Page) -> None:
    """It walks the timesteps and carries three values."""
    go_to(page, "Noise schedule")
    to_socket(page, "timesteps", "output")
    add_here(page, "loop")
    page.keyboard.press("Home")
    walk(page, "ArrowDown", "takes a wire")
    connect_to(page, "start latent", "initial state", "noise latent · random")


def build_its_body(page: Page) -> None:
    walk(page, "ArrowUp", "latent, input")
    page.keyboard.press("ArrowRight")
    walk(page, "ArrowRight", "latent, inside the loop")
    add_here(page, "scale input")
    connect(page, "input", schedule="noise schedule · schedule", timestep="loop · timesteps")
    to_socket(page, "latent", "output")
    add_here(page, "denoise")
    connect(page, "input", denoiser="load model", timestep="loop · timesteps", embedding="encode text")
    to_socket(page, "prediction", "output")
    add_here(page, "scheduler step")
    connect(
        page,
        "input",
        schedule="noise schedule · schedule",
        timestep="loop · timesteps",
        latent="loop · latent",
        state="loop · scheduler state",
        random="loop · random",
    )
    connect(page, "output", latent="latent handed", state="state handed", random="random handed")


def build_the_picture(page: Page) -> None:
    page.keyboard.press("u")
    expect(said(page)).to_have_text("Loop")
    to_socket(page, "latent", "output")
    add_here(page, "decode")
    connect(page, "input", autoencoder="load model")
    to_socket(page, "image", "output")
    add_here(page, "encode image")
    to_socket(page, "encoded image", "output")
    page.keyboard.press("e")
    expect(said(page)).to_have_text("encoded_image is an output of the workflow.")


def test_text_to_image_is_built_from_nothing_by_keyboard_and_run(page: Page) -> None:
    page.keyboard.press("Alt+n")
    expect(page.locator(".node")).to_have_count(0)
    build_the_prompt(page)
    build_the_schedule(page)
    build_the_noise(page)
    build_the_loop(page)
    build_its_body(page)
    build_the_picture(page)
    page.keyboard.press("Control+Enter")
    expect_picture(page, "encode_image")


def fresh(page: Page, *names: str) -> list[str]:
    """A workflow of nodes that stand side by side and are not connected."""
    page.keyboard.press("Alt+n")
    expect(page.locator(".node")).to_have_count(0)
    for name in names:
        add_here(page, name)
    return ids(page)


def test_an_end_that_does_not_fit_is_listed_with_the_reason_and_refused(page: Page) -> None:
    seed, encode = fresh(page, "random state", "encode image")
    go_to(page, "Random state")
    to_socket(page, "random state", "output")
    page.keyboard.press("w")
    image = chooser(page).get_by_role("option", name="Encode image · image")
    expect(image).to_have_attribute("aria-disabled", "true")
    expect(image).to_contain_text("RandomState arrives where Image is expected.")
    chooser(page).get_by_role("combobox").fill("encode image")
    page.keyboard.press("Enter")
    expect(chooser(page)).to_be_visible()
    expect(page.locator(".message")).to_contain_text("Not connected. RandomState arrives")
    page.keyboard.press("Escape")
    assert "links" not in document(page)["nodes"][encode]
    assert set(ids(page)) == {seed, encode}


def test_wires_are_connected_moved_and_unplugged_by_keyboard(page: Page) -> None:
    colour, first, second = fresh(page, "solid colour", "blur image", "encode image")
    go_to(page, "Solid colour")
    page.keyboard.press("w")
    choose(page, "blur")
    expect(said(page)).to_have_text("Connected Solid colour · image to Blur image · image.")
    to_socket(page, "image", "output")
    page.keyboard.press("ArrowRight")
    expect(said(page)).to_have_text("image, input, Image, from Solid colour · image")
    page.keyboard.press("Shift+W")
    choose(page, "encode")
    nodes = document(page)["nodes"]
    assert "links" not in nodes[first]
    assert nodes[second]["links"] == {"image": [colour, "image"]}
    go_to(page, "Encode image")
    to_socket(page, "image", "input")
    page.keyboard.press("Delete")
    expect(said(page)).to_have_text("Unplugged.")
    assert "links" not in document(page)["nodes"][second]
    page.keyboard.press("Control+z")
    expect(said(page)).to_have_text("Undone: Unplug.")
    expect(page.locator(".wire")).to_have_count(1)


def test_what_is_selected_is_connected_from_left_to_right(page: Page) -> None:
    colour, blur, encode = fresh(page, "solid colour", "blur image", "encode image")
    page.keyboard.press("Control+a")
    page.keyboard.press("j")
    nodes = document(page)["nodes"]
    assert nodes[blur]["links"] == {"image": [colour, "image"]}
    assert nodes[encode]["links"] == {"image": [blur, "image"]}


def test_a_node_goes_into_the_wire_at_the_cursor(page: Page) -> None:
    colour, encode = fresh(page, "solid colour", "encode image")
    page.keyboard.press("Control+a")
    page.keyboard.press("j")
    go_to(page, "Encode image")
    to_socket(page, "image", "input")
    add_here(page, "blur")
    nodes = document(page)["nodes"]
    (blur,) = set(nodes) - {colour, encode}
    assert nodes[blur]["links"] == {"image": [colour, "image"]}
    assert nodes[encode]["links"] == {"image": [blur, "image"]}


def test_a_node_is_put_into_a_loop_and_out_again(page: Page) -> None:
    number, loop = fresh(page, "integer", "loop")
    go_to(page, "Integer")
    run_command(page, "move into a loop")
    assert number in document(page)["nodes"][loop]["body"]
    go_to(page, "Loop")
    page.keyboard.press("i")
    expect(said(page)).to_have_text("Integer, in Loop")
    page.keyboard.press("u")
    expect(said(page)).to_have_text("Loop")
    page.keyboard.press("i")
    run_command(page, "move out of the loop")
    assert number in document(page)["nodes"]


def test_a_loop_without_a_body_asks_for_its_first_node(page: Page) -> None:
    (loop,) = fresh(page, "loop")
    page.keyboard.press("i")
    page.get_by_role("combobox", name="Search nodes").fill("integer")
    page.keyboard.press("Enter")
    expect(said(page)).to_have_text("Integer, in Loop")
    assert list(document(page)["nodes"][loop]["body"]) == ["integer"]


def test_nodes_are_moved_and_sized_in_one_step_each(page: Page) -> None:
    (number,) = fresh(page, "integer")
    before = document(page)["layout"]["nodes"][number]
    go_to(page, "Integer")
    for _ in range(3):
        page.keyboard.press("Control+ArrowRight")
    page.keyboard.press("Control+Shift+ArrowDown")
    for _ in range(2):
        page.keyboard.press("Alt+ArrowRight")
    after = document(page)["layout"]["nodes"][number]
    assert (after["x"] - before["x"], after["y"] - before["y"], after["width"]) == (24, 80, 232)
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    assert document(page)["layout"]["nodes"][number] == before


def test_arrow_keys_select_several_and_escape_steps_back(page: Page) -> None:
    fresh(page, "integer", "integer", "integer")
    page.keyboard.press("Shift+ArrowLeft")
    expect(said(page)).to_have_text("Integer, 2 selected")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(said(page)).to_have_text("Nothing selected.")
    expect(page.locator(".react-flow__node.selected")).to_have_count(0)


def test_the_menu_of_the_socket_at_the_cursor_opens_by_key(page: Page) -> None:
    fresh(page, "solid colour")
    to_socket(page, "image", "output")
    page.keyboard.press("Shift+F10")
    expect(page.get_by_role("menuitem", name="Make it an output of the workflow")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("menu")).to_have_count(0)


def test_a_key_leads_through_the_parts_of_the_window(page: Page) -> None:
    inside = "selector => document.querySelector(selector).contains(document.activeElement)"
    node(page, "denoising").wait_for()
    for part in (".statusbar", ".topbar", ".rail", ".side", ".react-flow"):
        page.keyboard.press("F6")
        page.wait_for_function(inside, arg=part)
    page.keyboard.press("Shift+F6")
    page.wait_for_function(inside, arg=".side")


def test_keys_of_the_canvas_stand_in_the_sheet_and_the_palette(page: Page) -> None:
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Shortcuts")
    row = sheet.locator("dl > div").filter(has_text="Go from node to node; at a socket, along the wire")
    expect(row.locator("kbd")).to_have_text(["←", "→", "↑", "↓"])
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="What do you want to do?").fill("connect to")
    expect(palette(page).get_by_role("option").first).to_contain_text(re.compile("Connect to ….*W"))
