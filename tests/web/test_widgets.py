"""Values in the editor: numbers, seeds, prompts, choices, pictures, masks and curves."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from ..server.serving import Server
from .canvas import add, document, drag, middle, new_workflow, node
from .conftest import NewPage
from .waiting import becomes

HEART = Path(__file__).resolve().parents[2] / "workflows" / "red-heart.png"
KEPT = """() => new Promise((done) => {
    const opening = indexedDB.open("keyval-store");
    opening.onsuccess = () => {
        const name = `latentloom.tabs.${sessionStorage.getItem("latentloom.window")}`;
        const asking = opening.result.transaction("keyval").objectStore("keyval").get(name);
        asking.onsuccess = () => {
            const { tabs, active } = asking.result ?? { tabs: [] };
            done(tabs.find(({ key }) => key === active)?.text ?? "{}");
        };
    };
})"""


def default_of(page: Page, name: str) -> Any:
    """The value of one of the open workflow's inputs, as this browser keeps it."""
    return json.loads(page.evaluate(KEPT)).get("inputs", {}).get(name, {}).get("default")


@pytest.fixture
def inputs(page: Page) -> Locator:
    """The panel of the workflow's named inputs."""
    return page.locator(".inputs-panel")


def number(inputs: Locator, name: str) -> Locator:
    return inputs.get_by_role("spinbutton", name=name, exact=True)


def test_a_number_is_dragged_typed_calculated_and_stepped(page: Page, inputs: Locator) -> None:
    guidance, width = number(inputs, "guidance"), number(inputs, "width")
    x, y = middle(guidance)
    drag(page, (x, y), (x + 40, y))
    expect(guidance).not_to_have_value("5")
    becomes(float(guidance.input_value()), lambda: default_of(page, "guidance"))

    width.click()
    page.keyboard.type("64*1.5")
    page.keyboard.press("Enter")
    expect(width).to_have_value("96")
    width.press("ArrowUp")
    width.press("Shift+ArrowUp")
    expect(width).to_have_value("184")
    becomes(184, lambda: default_of(page, "width"))

    width.click()
    page.keyboard.type("wide")
    expect(width).to_have_attribute("aria-invalid", "true")
    page.keyboard.press("Escape")
    expect(width).to_have_value("184")


def test_no_key_is_lost_by_a_number_on_a_page_too_busy_to_draw(page: Page, inputs: Locator) -> None:
    width = number(inputs, "width")
    page.evaluate("window.requestAnimationFrame = () => 0")
    width.click()
    page.keyboard.type("96")
    page.keyboard.press("Enter")
    expect(width).to_have_value("96")


def test_a_number_stays_within_its_range(page: Page, inputs: Locator) -> None:
    steps = number(inputs, "steps")
    steps.click()
    page.keyboard.type("99999")
    page.keyboard.press("Enter")
    expect(steps).to_have_value("1000")
    assert steps.get_attribute("aria-valuemax") == "1000"


def test_a_number_that_was_taken_is_undone_where_it_stands(page: Page, inputs: Locator) -> None:
    steps = number(inputs, "steps")
    steps.click()
    page.keyboard.type("8")
    page.keyboard.press("Enter")
    becomes(8, lambda: default_of(page, "steps"))
    page.keyboard.press("Control+z")
    expect(steps).to_have_value("20")
    becomes(20, lambda: default_of(page, "steps"))
    page.keyboard.press("Control+z")
    expect(steps).to_have_value("20")
    page.keyboard.press("Control+Shift+z")
    expect(steps).to_have_value("8")


def test_a_drag_is_one_step_of_undo(page: Page, inputs: Locator) -> None:
    guidance = number(inputs, "guidance")
    x, y = middle(guidance)
    drag(page, (x, y), (x + 60, y))
    expect(guidance).not_to_have_value("5")
    page.locator(".react-flow__pane").focus()
    page.keyboard.press("Control+z")
    expect(guidance).to_have_value("5")


def test_a_seed_that_increases_goes_on_after_a_run(page: Page, inputs: Locator) -> None:
    seed = number(inputs, "seed")
    mode = inputs.get_by_role("button", name="After a run: Fixed")
    mode.click()
    inputs.get_by_role("button", name="After a run: Random").click()
    expect(inputs.get_by_role("button", name="After a run: Increase")).to_be_visible()
    page.get_by_role("button", name="Run", exact=True).click()
    expect(seed).to_have_value("8")
    inputs.get_by_role("button", name="Another seed").click()
    expect(seed).not_to_have_value("8")
    page.reload()
    expect(page.get_by_role("button", name="After a run: Increase").first).to_be_visible()


def test_a_prompt_tells_its_tokens_and_where_it_is_cut(page: Page, inputs: Locator, server: Server) -> None:
    prompt = inputs.get_by_role("textbox", name="prompt")
    meter = inputs.locator(".w-meter").first
    expect(meter).to_have_text("3 / 30")
    text = "a red heart, a blue circle and a green star 🦊, " * 4
    prompt.fill(text)
    counted = server.post("/tokens", {"model": "demo", "text": text}).json()
    expect(meter).to_have_text(f"{counted['count']} / {30 * len(counted['chunks'])} · {len(counted['chunks'])} chunks")
    pieces = inputs.locator(".w-text").first.locator(".w-chunk").all_inner_texts()
    assert [len(piece) for piece in pieces] == [end - start for start, end in counted["chunks"]]
    assert "".join(pieces) == text


def test_a_choice_is_found_by_typing(page: Page, inputs: Locator) -> None:
    scheduler = inputs.get_by_role("combobox", name="scheduler")
    scheduler.focus()
    page.keyboard.type("heuw")
    expect(page.get_by_role("option")).to_have_count(0)
    page.keyboard.press("Backspace")
    expect(page.get_by_role("searchbox")).to_have_value("heu")
    page.keyboard.press("Enter")
    expect(scheduler).to_contain_text("heun")
    expect(scheduler).to_be_focused()
    becomes("heun", lambda: default_of(page, "scheduler"))


def test_a_model_is_chosen_from_those_there_are(page: Page, inputs: Locator) -> None:
    inputs.get_by_role("combobox", name="model").click()
    expect(page.get_by_role("option", name="demo")).to_contain_text("Stable Diffusion · ")
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)


def test_a_picture_is_uploaded_and_cropped(page: Page, server: Server) -> None:
    new_workflow(page)
    id_ = add(page, "load image", 600, 300)
    box = node(page, id_)
    box.locator("input[type=file]").set_input_files(HEART)
    expect(box.get_by_role("button", name="red-heart.png")).to_be_visible()
    first = document(page)["nodes"][id_]["values"]["path"]

    box.get_by_role("button", name="Crop").click()
    window = page.get_by_role("dialog", name="Crop the picture")
    expect(window.get_by_text("64 × 64 px")).to_be_visible()
    window.get_by_role("button", name="16:9").click()
    expect(window.get_by_text("64 × 36 px")).to_be_visible()
    window.get_by_role("button", name="Crop", exact=True).click()
    expect(window).to_have_count(0)
    expect(box.get_by_role("button", name="crop.png")).to_be_visible()
    second = document(page)["nodes"][id_]["values"]["path"]
    assert second != first
    assert picture(server, second).size == (64, 36)


def test_a_picture_is_dropped_and_pasted(page: Page, server: Server) -> None:
    new_workflow(page)
    id_ = add(page, "load image", 600, 300)
    for kind in ("drop", "paste"):
        page.evaluate(
            SEND, [f".react-flow__node[data-id={id_}] .w-file", kind, list(HEART.read_bytes()), f"{kind}.png"]
        )
        expect(node(page, id_).get_by_role("button", name=f"{kind}.png")).to_be_visible()
        assert picture(server, document(page)["nodes"][id_]["values"]["path"]).size == (64, 64)
    page.evaluate(SEND, [".react-flow__pane", "paste", list(HEART.read_bytes()), "elsewhere.png"])
    expect(page.get_by_role("button", name="Text to image", exact=True)).to_have_count(2)
    new_workflow(page)
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, "PNG")
    page.evaluate(SEND, [".react-flow__pane", "paste", list(file.getvalue()), "plain.png"])
    expect(node(page, "load_image").get_by_role("button", name="plain.png")).to_be_visible()


SEND = """([selector, kind, bytes, name]) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([new Uint8Array(bytes)], name, { type: "image/png" }));
    const given = { bubbles: true, cancelable: true };
    document.querySelector(selector).dispatchEvent(
        kind === "drop"
            ? new DragEvent("drop", { ...given, dataTransfer: transfer })
            : new ClipboardEvent("paste", { ...given, clipboardData: transfer }),
    );
}"""


def test_a_picture_has_its_name_again_after_a_reload(page: Page) -> None:
    new_workflow(page)
    id_ = add(page, "load image", 600, 300)
    node(page, id_).locator("input[type=file]").set_input_files(HEART)
    expect(node(page, id_).get_by_role("button", name="red-heart.png")).to_be_visible()
    page.reload()
    expect(node(page, id_).get_by_role("button", name="path: red-heart.png")).to_be_visible()


def test_a_file_that_is_no_picture_is_refused_in_words(page: Page, tmp_path: Path) -> None:
    new_workflow(page)
    id_ = add(page, "load image", 600, 300)
    (tmp_path / "broken.png").write_bytes(b"no picture")
    node(page, id_).locator("input[type=file]").set_input_files(tmp_path / "broken.png")
    expect(node(page, id_).get_by_role("alert")).to_contain_text("picture")
    assert "path" not in document(page)["nodes"][id_].get("values", {})


def test_a_mask_is_painted_over_its_picture(new_page: NewPage, server: Server) -> None:
    page = new_page("/?example=inpaint")
    page.get_by_role("button", name="Paint a mask").first.click()
    becomes("Inpaint", lambda: json.loads(page.evaluate(KEPT)).get("title"))
    before = default_of(page, "mask")
    window = page.get_by_role("dialog", name="Paint a mask")
    sheet = window.get_by_role("img", name="The mask")
    sheet.wait_for()
    assert window.locator("img").count() == 1, "the picture lies under the mask"
    window.get_by_role("button", name="Clear").click()
    x, y = middle(sheet)
    drag(page, (x - 80, y), (x + 80, y))
    drag(page, (x, y - 150), (x, y - 120))
    window.get_by_role("button", name="Undo").click()
    window.get_by_role("button", name="Eraser").click()
    sheet.press("ArrowRight")
    page.keyboard.press("Escape")
    expect(window.get_by_role("button", name="Throw it away")).to_be_visible()
    page.keyboard.press("Escape")
    expect(window.get_by_role("button", name="Throw it away")).to_have_count(0)
    window.get_by_role("button", name="Use this mask").click()
    expect(window).to_have_count(0)
    becomes(True, lambda: default_of(page, "mask") != before)
    mask = picture(server, default_of(page, "mask")).convert("L")
    assert mask.size == (64, 64)
    assert mask.getpixel((32, 32)) == 255
    assert mask.getpixel((32, 12)) == 0, "the second stroke was undone"
    assert mask.getpixel((2, 60)) == 0


def picture(server: Server, value: str) -> Image.Image:
    return Image.open(io.BytesIO(server.get(f"/files/{value.removeprefix('sha256:')}").content))


def test_a_curve_is_shaped_drawn_and_stepped(page: Page) -> None:
    new_workflow(page)
    id_ = add(page, "spread", 600, 300)

    def values() -> list[float]:
        found: list[float] = document(page)["nodes"][id_].get("values", {}).get("values", [])
        return found

    node(page, id_).get_by_role("button", name="values").click()
    window = page.get_by_role("dialog", name="Curve: values")
    window.get_by_label("Steps", exact=True).fill("5")
    window.get_by_label("From").fill("8")
    window.get_by_label("To").fill("2")
    window.get_by_role("button", name="Linear").click()
    graph = window.get_by_role("slider")
    graph.focus()
    for key in ("End", "ArrowUp"):
        page.keyboard.press(key)
    expect(window.get_by_label("Value of step 5")).to_have_value("2.1")
    window.get_by_label("Value of step 1").fill("9.5")
    page.keyboard.press("Escape")
    assert values() == [9.5, 6.5, 5, 3.5, 2.1]
    page.keyboard.press("Control+z")
    assert values() == [8, 6.5, 5, 3.5, 2.1]
