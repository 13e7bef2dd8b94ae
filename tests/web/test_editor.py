"""Building, editing and running workflows in the browser."""

from __future__ import annotations

import re
import signal
import socket as socket_module
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ..server.serving import Server, serving
from .canvas import add, document, drag, ids, leave_field, middle, new_workflow, node, paste, socket, wire
from .conftest import RUN_MS, NewPage
from .running import expect_badge, run


def test_the_first_run_shows_a_picture(page: Page) -> None:
    page.get_by_role("button", name="Run", exact=True).click()
    picture = node(page, "picture").locator("img")
    expect(picture).to_have_attribute("src", re.compile("/api/v1/files/"), timeout=RUN_MS)
    expect(picture).to_have_js_property("naturalWidth", 256)


def test_an_edit_computes_only_what_depends_on_it(page: Page, server: Server) -> None:
    run(page, server)
    expect_badge(page, "picture", re.compile("computed|cached"))  # another test may have made this picture already
    page.get_by_role("spinbutton", name="enlarge").first.focus()
    page.keyboard.press("ArrowDown")
    run(page, server)
    expect_badge(page, "picture", "computed")
    expect_badge(page, "enlarged", "computed")
    for known in ("cond", "decoded"):
        expect(node(page, known).locator('.run-badge[data-kind="computed"]')).to_have_count(0)


def test_nodes_are_added_and_wired_by_mouse(page: Page) -> None:
    new_workflow(page)
    colour = add(page, "solid colour", 450, 200)
    encode = add(page, "encode image", 850, 200)
    wire(page, socket(page, colour, "out:image"), socket(page, encode, "in:image"))
    assert document(page)["nodes"][encode]["links"] == {"image": [colour, "image"]}


def test_a_wire_that_does_not_fit_is_refused_with_the_reason(page: Page) -> None:
    new_workflow(page)
    seed = add(page, "random state", 450, 200)
    encode = add(page, "encode image", 850, 200)
    page.mouse.move(*middle(socket(page, seed, "out:random_state")))
    page.mouse.down()
    page.mouse.move(*middle(socket(page, encode, "in:image")), steps=8)
    expect(socket(page, encode, "in:image")).to_have_attribute("data-verdict", "fades")
    expect(page.locator(".reason")).to_have_text("RandomState arrives where Image is expected.")
    page.mouse.up()
    assert "links" not in document(page)["nodes"][encode]


def test_a_wire_dropped_on_the_canvas_lists_what_fits_and_connects_it(page: Page) -> None:
    new_workflow(page)
    colour = add(page, "solid colour", 450, 200)
    drag(page, middle(socket(page, colour, "out:image")), (850, 300))
    search = page.get_by_role("combobox", name="Search nodes")
    search.fill("decode")
    expect(page.get_by_role("option", name="Decode", exact=False)).to_have_count(0)
    search.fill("blur")
    page.keyboard.press("Enter")
    blur = next(iter(set(ids(page)) - {colour}))
    assert document(page)["nodes"][blur]["links"] == {"image": [colour, "image"]}


def test_a_node_dropped_into_a_loop_moves_into_its_body_and_out_again(page: Page) -> None:
    new_workflow(page)
    loop = add(page, "loop", 500, 200)
    number = add(page, "integer", 480, 650)
    head = node(page, number).locator(".node-head")
    drag(page, middle(head), middle(node(page, loop)))
    nodes = document(page)["nodes"]
    assert number in nodes[loop]["body"]
    assert number not in nodes
    drag(page, middle(node(page, number).locator(".node-head")), (600, 750))
    assert number in document(page)["nodes"]


def test_a_node_dropped_on_a_wire_goes_into_it(page: Page) -> None:
    new_workflow(page)
    colour = add(page, "solid colour", 400, 200)
    encode = add(page, "encode image", 1050, 200)
    wire(page, socket(page, colour, "out:image"), socket(page, encode, "in:image"))
    blur = add(page, "blur image", 720, 500)
    start, end = middle(socket(page, colour, "out:image")), middle(socket(page, encode, "in:image"))
    drag(page, middle(node(page, blur).locator(".node-head")), ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2))
    nodes = document(page)["nodes"]
    assert nodes[blur]["links"] == {"image": [colour, "image"]}
    assert nodes[encode]["links"] == {"image": [blur, "image"]}


def test_undo_and_redo_of_fifty_edits_give_back_the_same_text(page: Page) -> None:
    before = document(page)
    node(page, "random").click(position={"x": 20, "y": 4})
    for _ in range(10):
        page.get_by_role("spinbutton", name="steps").first.press("ArrowUp")
        leave_field(page)
        for key in ("Control+d", "m", "b", "c"):
            page.keyboard.press(key)
    after = document(page)
    assert len(after["nodes"]) == len(before["nodes"]) + 10
    for _ in range(50):
        page.keyboard.press("Control+z")
    assert document(page) == before
    for _ in range(50):
        page.keyboard.press("Control+Shift+z")
    assert document(page) == after


def test_nodes_are_pasted_into_another_window_with_their_wires(new_page: NewPage) -> None:
    first, second = new_page(), new_page()
    first.locator(".node").first.wait_for()
    copied = document(first)
    second.locator(".node").first.wait_for()
    second.bring_to_front()
    new_workflow(second)
    paste(second)
    node(second, "denoising").wait_for()
    pasted = document(second)
    assert set(pasted["nodes"]) == set(copied["nodes"])
    assert pasted["nodes"]["denoising"]["links"] == copied["nodes"]["denoising"]["links"]
    assert pasted["nodes"]["denoising"]["body"]["step"] == copied["nodes"]["denoising"]["body"]["step"]
    assert pasted["nodes"]["random"]["values"] == {"seed": copied["inputs"]["seed"]["default"]}


def test_a_reload_loses_nothing(page: Page) -> None:
    page.get_by_role("textbox", name="prompt").first.fill("a green apple")
    before = document(page)
    page.reload()
    page.locator(".node").first.wait_for()
    assert document(page) == before
    assert before["inputs"]["prompt"]["default"] == "a green apple"


def test_a_fault_is_listed_and_jumps_to_its_node(page: Page) -> None:
    new_workflow(page)
    add(page, "encode image", 700, 300)
    page.get_by_role("button", name=re.compile("fault")).click()
    expect(page.locator(".faults li").first).to_contain_text("the input 'image' (Image) is missing")
    page.locator(".faults li button").first.click()
    expect(page.locator('.node[data-faulty="true"]')).to_have_count(1)


@pytest.mark.parametrize("name", ["Undo", "Redo"])
def test_there_is_nothing_to_undo_at_first(page: Page, name: str) -> None:
    expect(page.get_by_role("button", name=name, exact=True)).to_be_disabled()


def test_a_workflow_with_a_missing_plugin_is_kept_unharmed(page: Page, server: Server) -> None:
    workflow = (
        '{"latentloom": 1, "nodes": {"odd": {"type": "not_installed", "values": {"a": 1.0, "b": 2}, '
        '"links": {"image": ["base", "image"]}}, "base": {"type": "solid_colour"}}}'
    )
    new_workflow(page)
    page.evaluate("text => navigator.clipboard.writeText(text)", workflow)
    paste(page)
    expect(node(page, "odd").locator(".node")).to_have_attribute("data-kind", "missing")
    found = document(page)["nodes"]["odd"]
    assert found == {"type": "not_installed", "values": {"a": 1.0, "b": 2}, "links": {"image": ["base", "image"]}}


def save_as(page: Page, name: str) -> None:
    leave_field(page)
    page.keyboard.press("Control+s")
    page.get_by_role("textbox", name="Name").fill(name)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def expect_saved(page: Page) -> None:
    expect(page.locator(".tab[data-active=true] .save-mark")).to_have_count(0)


def test_a_named_workflow_is_saved_by_itself(page: Page, server: Server) -> None:
    save_as(page, "by-itself")
    page.get_by_role("textbox", name="prompt").first.fill("a blue star")
    expect_saved(page)
    saved = server.get("/workflows/by-itself").json()
    assert saved["workflow"]["inputs"]["prompt"]["default"] == "a blue star"
    assert saved["revision"] == 2


def test_what_somebody_else_has_saved_is_not_overwritten(page: Page, server: Server) -> None:
    save_as(page, "shared")
    found = server.get("/workflows/shared").json()
    page.route(
        "**/api/v1/workflows/shared",
        lambda route: route.abort() if route.request.method == "PUT" else route.continue_(),
    )
    page.get_by_role("textbox", name="prompt").first.fill("mine")
    found["workflow"]["title"] = "Theirs"
    answer = server.put("/workflows/shared", {"workflow": found["workflow"], "revision": found["revision"]})
    assert answer.status_code == 200
    expect(page.get_by_role("alert")).to_contain_text("Somebody else has saved")
    page.unroute("**/api/v1/workflows/shared")
    page.get_by_role("button", name="Save mine over it").click()
    expect_saved(page)
    expect(page.get_by_role("alert")).to_have_count(0)
    saved = server.get("/workflows/shared").json()
    assert saved["workflow"]["inputs"]["prompt"]["default"] == "mine"
    assert saved["revision"] == 3


def test_a_dropped_picture_gives_the_workflow_that_made_it(page: Page, server: Server) -> None:
    page.get_by_role("textbox", name="prompt").first.fill("a yellow star")
    run(page, server)
    job = server.get("/jobs").json()["jobs"][0]
    digest = job["outputs"]["image"][0]["digest"]
    before = document(page)
    page.get_by_role("button", name="Close Text to image").click()
    page.evaluate(
        """async address => {
            const file = new File([await (await fetch(address)).blob()], "star.png", { type: "image/png" });
            const held = new DataTransfer();
            held.items.add(file);
            const drop = new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: held });
            document.querySelector("main").dispatchEvent(drop);
        }""",
        f"/api/v1/files/{digest}",
    )
    node(page, "denoising").wait_for()
    assert document(page) == before


def free_port() -> int:
    with socket_module.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_the_editor_goes_on_when_the_server_was_gone(new_page: NewPage, tmp_path: Path) -> None:
    with serving(tmp_path / "data", "--port", str(free_port())) as own:
        page = new_page(own.origin)
        node(page, "denoising").wait_for()
        with page.expect_response("**/api/v1/jobs"):
            page.keyboard.press("Control+Enter")
        own.stop(signal.SIGKILL)
        expect(page.locator(".server-state")).to_contain_text("cannot be reached")
        page.get_by_role("textbox", name="prompt").first.fill("a green apple")
        own.start()
        picture = node(page, "picture").locator("img")
        expect(picture).to_have_attribute("src", re.compile("/api/v1/files/"), timeout=RUN_MS)
        assert document(page)["inputs"]["prompt"]["default"] == "a green apple"
