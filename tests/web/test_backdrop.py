"""Frames, notes and colours: what people write and paint around their nodes."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from .canvas import add, document, drag, ids, leave_field, middle, new_workflow, node


def test_a_frame_is_named_coloured_and_moves_what_stands_in_it(page: Page) -> None:
    new_workflow(page)
    inside = add(page, "integer", 700, 300)
    outside = add(page, "integer", 1000, 600)
    node(page, inside).locator(".node-head").click()
    page.keyboard.press("Shift+F")
    page.get_by_role("textbox", name="Title", exact=True).fill("Numbers")
    page.keyboard.press("Enter")
    before = document(page)["layout"]
    head = page.locator(".frame-head")
    x, y = middle(head)
    drag(page, (x, y), (x - 80, y + 120))
    after = document(page)["layout"]
    assert after["frames"][0]["title"] == "Numbers"
    by = [after["frames"][0][axis] - before["frames"][0][axis] for axis in "xy"]
    assert by != [0, 0]
    assert [after["nodes"][inside][axis] - before["nodes"][inside][axis] for axis in "xy"] == by
    assert after["nodes"][outside] == before["nodes"][outside]
    head.click(button="right")
    page.get_by_role("menuitemradio", name="Teal").click()
    assert document(page)["layout"]["frames"][0]["colour"] == "teal"


def test_several_things_are_coloured_at_once(page: Page) -> None:
    new_workflow(page)
    number = add(page, "integer", 500, 250)
    loop = add(page, "loop", 700, 400)
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+k")
    page.get_by_role("combobox").fill("colour purple")
    page.keyboard.press("Enter")
    expect(page.locator('[data-tinted="true"]')).to_have_count(2)
    boxes = document(page)["layout"]["nodes"]
    assert {boxes[number]["colour"], boxes[loop]["colour"]} == {"purple"}
    page.keyboard.press("Control+z")
    expect(page.locator('[data-tinted="true"]')).to_have_count(0)


def test_a_subgraph_has_frames_and_notes_of_its_own(page: Page) -> None:
    new_workflow(page)
    number = add(page, "integer", 500, 250)
    node(page, number).locator(".node-head").click()
    page.keyboard.press("Control+Shift+g")
    node(page, "subgraph_node").wait_for()
    page.keyboard.press("i")
    node(page, number).wait_for()
    page.keyboard.press("n")
    page.get_by_role("textbox", name="Note").fill("The **number**.")
    leave_field(page)
    expect(page.locator(".note strong")).to_have_text("number")
    page.get_by_role("navigation", name="Subgraphs").get_by_role("button").first.click()
    node(page, "subgraph_node").wait_for()
    expect(page.locator(".note")).to_have_count(0)
    assert document(page)["layout"]["notes"][0]["graph"] == "subgraph"
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+k")
    page.get_by_role("combobox").fill("take the subgraph apart")
    page.keyboard.press("Enter")
    expect(page.locator(".note strong")).to_have_text("number")
    assert "subgraph_node" not in ids(page)


def test_a_value_of_a_loop_is_renamed_where_it_stands(page: Page) -> None:
    loop = node(page, "denoising")
    page.keyboard.press("1")
    page.keyboard.press("f")
    page.get_by_role("button", name="Zoom in").click()
    page.get_by_role("button", name="Zoom in").click()
    name = loop.locator('.edge-name[data-kind="carry"][data-side="left"]').first
    name.click(button="right")
    page.get_by_role("menuitem", name="Rename").click()
    field = page.get_by_role("textbox", name="Name in the loop")
    field.fill("picture")
    field.press("Enter")
    found = document(page)["nodes"]["denoising"]
    assert "picture" in found["carry"]
    assert "picture" in found["next"]
    name.dblclick()
    page.get_by_role("textbox", name="Name in the loop").press("Escape")
    assert document(page)["nodes"]["denoising"] == found
