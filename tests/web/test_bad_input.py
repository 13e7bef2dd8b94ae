"""What cannot be taken is told in a sentence, and what is open stays as it was."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ..server.serving import serving
from .canvas import document, node, paste
from .conftest import NewPage

DROP = """([name, type, text]) => {
    const held = new DataTransfer();
    held.items.add(new File([text], name, { type }));
    const drop = new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: held });
    document.querySelector("main").dispatchEvent(drop);
}"""


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("later.json", json.dumps({"latentloom": 2, "nodes": {}}), "version is 2"),
        ("odd.json", json.dumps({"latentloom": 1, "nodez": {}}), "nodez"),
        (
            "other.json",
            json.dumps({"last_node_id": 1, "nodes": [], "links": []}),
            "other.json is a workflow of ComfyUI",
        ),
        ("broken.json", '{"latentloom": 1,', "broken.json"),
        ("picture.png", "no picture", "picture"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(page: Page, name: str, text: str, told: str) -> None:
    node(page, "denoising").wait_for()
    before = document(page)
    page.evaluate(DROP, [name, "image/png" if name.endswith("png") else "application/json", text])
    expect(page.locator(".message")).to_contain_text(told)
    assert document(page) == before


def test_pasted_text_that_is_another_workflow_is_told(page: Page) -> None:
    node(page, "denoising").wait_for()
    before = document(page)
    page.evaluate('navigator.clipboard.writeText(\'{"3": {"class_type": "KSampler"}}\')')
    paste(page)
    expect(page.locator(".message")).to_contain_text("What was copied is a workflow of ComfyUI")
    assert document(page) == before


def test_a_file_that_is_too_large_is_told(new_page: NewPage, tmp_path: Path) -> None:
    with serving(tmp_path / "data", "--upload-limit", "1KB") as own:
        page = new_page(own.origin)
        node(page, "denoising").wait_for()
        before = document(page)
        page.evaluate(DROP, ["large.png", "image/png", "x" * 5000])
        expect(page.locator(".message")).to_contain_text("too large")
        assert document(page) == before
