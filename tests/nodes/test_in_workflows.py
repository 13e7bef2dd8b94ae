"""Image, list, text and logic nodes in workflows: implicit conversions, mapping, choosing, what runs again."""

from pathlib import Path

import PIL.Image
import pytest
import torch

from latentloom.graph import Workflow, WorkflowError, load_registry
from latentloom.graph.events import CallFinished
from latentloom.graph.running.engine import Engine


@pytest.fixture(scope="module")
def engine():
    with Engine(load_registry()) as engine:
        yield engine


def run(engine, nodes, outputs, inputs=None):
    """The outputs by name, and the ids of the nodes that ran, sorted, one entry a call."""
    content = {"latentloom": 1, "nodes": nodes, "outputs": outputs}
    events = []
    job = engine.submit(Workflow.from_json(content), inputs, on_event=events.append)
    result = job.result(timeout=30)
    ran = [event.address.node for event in events if type(event) is CallFinished and event.key]
    return result.outputs, sorted(ran)


def node(type_, values=None, **links):
    return {"type": type_, "values": values or {}, "links": links}


def test_a_sweep_to_a_labelled_sheet(engine):
    nodes = {
        "levels": node("linear_space", {"first": 0.0, "last": 1.0, "count": 3}),
        "plain": node("solid_colour", {"width": 30, "height": 20, "colour": "#ffffff"}),
        "black": node("solid_colour", {"width": 30, "height": 20, "colour": "#000000"}),
        "faded": node("blend_images", first=["plain", "image"], second=["black", "image"], amount=["levels", "list"]),
        "labels": node("template", {"text": "amount {a}"}, a=["levels", "list"]),
        "sheet": node("contact_sheet", {"columns": 3}, images=["faded", "image"], labels=["labels", "value"]),
        "file": node("encode_image", image=["sheet", "image"]),
    }
    outputs, ran = run(engine, nodes, {"file": ["file", "encoded_image"], "sheet": ["sheet", "image"]})
    assert ran.count("faded") == ran.count("labels") == 3
    assert outputs["file"].files[0].startswith(b"\x89PNG")
    pixels = outputs["sheet"].pixels
    assert pixels.shape == (1, 3, 20 + 18 + 16, 3 * 38 + 8)
    assert pixels[0, 0, 10, [10, 48, 86]].tolist() == [1, 0.5, 0]


def test_a_switch_computes_only_what_it_hands_on(engine):
    def nodes(limit, other):
        return {
            "test": node("compare", {"a": 3.0, "operator": "<", "b": limit}),
            "small": node("solid_colour", {"width": 3, "height": 3, "colour": "#111111"}),
            "large": node("solid_colour", {"width": 9, "height": 9, "colour": other}),
            "chosen": node("switch", condition=["test", "value"], yes=["small", "image"], no=["large", "image"]),
            "negative": node("invert_image", image=["chosen", "value"]),
        }

    outputs, ran = run(engine, nodes(5.0, "#222222"), {"image": ["negative", "image"]})
    assert outputs["image"].pixels.shape[-1] == 3
    assert "large" not in ran
    assert run(engine, nodes(5.0, "#333333"), {"image": ["negative", "image"]})[1] == []
    assert run(engine, nodes(2.0, "#333333"), {"image": ["negative", "image"]})[0]["image"].pixels.shape[-1] == 9


def test_a_note_may_change_without_anything_running_again(engine):
    def nodes(remark):
        return {
            "plain": node("solid_colour", {"width": 3, "height": 3, "colour": "#444444"}),
            "note": node("note", {"text": remark}, value=["plain", "image"]),
            "negative": node("invert_image", image=["note", "value"]),
        }

    assert run(engine, nodes("try red"), {"image": ["negative", "image"]})[1] == ["negative", "plain"]
    assert run(engine, nodes("or blue"), {"image": ["negative", "image"]})[1] == []


def test_elements_keep_their_keys_when_lists_change(engine):
    def nodes(count):
        parts = {
            f"p{i}": node("solid_colour", {"width": 2 + i, "height": 5, "colour": "#555555"}) for i in range(count)
        }
        links = {f"item{i}": [f"p{i}", "image"] for i in range(count)}
        turned = {"turned": node("reverse_list", items=["all", "list"])}
        return {
            **parts,
            "all": node("make_list", **links),
            **turned,
            "n": node("invert_image", image=["turned", "list"]),
        }

    outputs, ran = run(engine, nodes(11), {"images": ["n", "image"]})
    assert [image.pixels.shape[-1] for image in outputs["images"]] == list(range(12, 1, -1))
    assert ran.count("n") == 11
    assert run(engine, nodes(12), {"images": ["n", "image"]})[1] == ["n", "p11"]


@pytest.mark.parametrize(
    ("type_", "values", "expected"),
    [
        ("item", {"index": -1}, 4.0),
        ("length", {}, 3),
        ("slice_list", {"start": 1}, [3.0, 4.0]),
        ("replace_from", {"start": -2, "value": 9.0}, [2.0, 9.0, 9.0]),
        ("reverse_list", {}, [4.0, 3.0, 2.0]),
    ],
)
def test_lists_in_the_engine(engine, type_, values, expected):
    nodes = {
        "numbers": node("linear_space", {"first": 2.0, "last": 4.0, "count": 3}),
        "changed": node(type_, values, items=["numbers", "list"]),
    }
    name = "list" if isinstance(expected, list) else "value"
    assert run(engine, nodes, {"result": ["changed", name]})[0]["result"] == expected


def test_implicit_conversions(engine):
    nodes = {
        "whole": node("integer", {"value": 7}),
        "half": node("divide", {"b": 2.0}, a=["whole", "value"]),
        "sum": node("calculate", {"expression": "a + b"}, a=["whole", "value"], b=["half", "value"]),
        "text": node("template", {"text": "{i} {f}"}, i=["whole", "value"], f=["sum", "value"]),
        "mask": node(
            "rectangle_mask", {"width": 4, "height": 4, "left": 0.0, "top": 0.0, "box_width": 2.0, "box_height": 4.0}
        ),
        "shown": node("encode_image", image=["mask", "mask"]),
    }
    outputs, _ = run(engine, nodes, {"text": ["text", "value"], "file": ["shown", "encoded_image"]})
    assert outputs["text"] == "7 10.5"
    assert len(outputs["file"].files) == 1


def test_a_file_that_changed_is_read_again(engine, tmp_path: Path):
    path = tmp_path / "a.png"
    nodes = {
        "file": node("load_image", {"path": str(path)}),
        "negative": node("invert_image", image=["file", "image"]),
        "size": node("image_size", image=["file", "image"]),
    }
    outputs = {"image": ["negative", "image"], "width": ["size", "width"]}
    for width, colour, value in [(3, "white", 0.0), (5, "black", 1.0)]:
        PIL.Image.new("RGB", (width, 4), colour).save(path)
        result, _ = run(engine, nodes, outputs)
        assert result["width"] == width
        assert torch.equal(result["image"].pixels, torch.full((1, 3, 4, width), value))
    assert run(engine, nodes, outputs)[1] == []


def test_a_bad_file_names_the_node_and_the_mend(engine, tmp_path: Path):
    (tmp_path / "a.png").write_text("no picture")
    nodes = {"file": node("load_image", {"path": str(tmp_path / "a.png")})}
    with pytest.raises(WorkflowError, match="expected PNG, JPEG") as caught:
        run(engine, nodes, {"image": ["file", "image"]})
    assert caught.value.faults[0].node == "file"
