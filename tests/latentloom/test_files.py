from pathlib import Path
from typing import Any

import pytest

from latentloom.files import anchored, found_again, map_inputs, map_paths, portable, used_files
from latentloom.graph import Catalogue, InputSpec, NodeSpec, Workflow, WorkflowError

INPUTS = (
    InputSpec(name="path", type="Path"),
    InputSpec(name="paths", type="list[Path]"),
    InputSpec(name="model", type="str", widget="model"),
    InputSpec(name="text", type="str"),
)
CATALOGUE = Catalogue(nodes={"load": NodeSpec(type="load", title="Load", category="x", doc="X.", inputs=INPUTS)})


def load(**values: Any) -> dict[str, Any]:
    return {"type": "load", "values": values}


WORKFLOW = Workflow.from_json(
    {
        "latentloom": 1,
        "inputs": {"image": {"type": "Path", "default": "pictures/a.png"}, "name": {"type": "str", "default": "b.png"}},
        "nodes": {
            "one": load(path="pictures/a.png", text="c.png", model="demo"),
            "loop": {"type": "loop", "values": {"x": ["d.png"]}, "body": {"two": load(paths=["a.png", "/abs/e.png"])}},
            "used": {"type": "inner", "values": {"file": "f.png"}},
            "unknown": {"type": "gone", "values": {"path": "g.png"}},
        },
        "subgraphs": {
            "inner": {"inputs": {"file": {"type": "Path", "default": "h.png"}}, "nodes": {"three": load(path="i.png")}}
        },
    }
)


def test_all_paths_are_found_and_nothing_else_is_touched() -> None:
    places: list[str] = []
    same = map_paths(WORKFLOW, CATALOGUE, lambda place, path: places.append(f"{place.where} {path}") or path)  # type: ignore[func-returns-value]
    assert same == WORKFLOW
    assert sorted(places) == [
        "inputs.image pictures/a.png",
        "nodes.loop.body.two.values.paths.0 a.png",
        "nodes.loop.body.two.values.paths.1 /abs/e.png",
        "nodes.one.values.model demo",
        "nodes.one.values.path pictures/a.png",
        "nodes.used.values.file f.png",
        "subgraphs.inner.inputs.file h.png",
        "subgraphs.inner.nodes.three.values.path i.png",
    ]


def test_paths_are_anchored_at_the_document_and_made_portable_again() -> None:
    there = map_paths(WORKFLOW, CATALOGUE, anchored(Path("/home/me")))
    assert there.nodes["one"].values == {"path": "/home/me/pictures/a.png", "text": "c.png", "model": "demo"}
    assert there.inputs["image"].default == "/home/me/pictures/a.png"
    text = map_paths(there, CATALOGUE, portable).dump()
    assert "/home/me" not in text
    assert "/abs" not in text
    assert '"a.png"' in text


def test_a_model_folder_is_told_by_its_name() -> None:
    workflow = Workflow.from_json({"latentloom": 1, "nodes": {"m": load(model="/home/me/models/sd15")}})
    assert map_paths(workflow, CATALOGUE, portable).nodes["m"].values == {"model": "sd15"}
    assert map_paths(workflow, CATALOGUE, anchored(Path("/x"))) == workflow


def test_used_files_have_their_digest_and_are_found_again(tmp_path: Path) -> None:
    for folder, content in (("here", "1"), ("there", "1"), ("wrong", "2")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.png").write_text(content)
    workflow = Workflow.from_json({"latentloom": 1, "nodes": {"one": load(path=str(tmp_path / "here" / "a.png"))}})
    files = used_files(workflow, CATALOGUE, {})
    assert list(files) == ["nodes.one.values.path"]
    assert files["nodes.one.values.path"].name == "a.png"
    found = found_again(files, [tmp_path / "wrong", tmp_path / "there"], [])
    carried = map_paths(workflow, CATALOGUE, portable)
    assert map_paths(carried, CATALOGUE, found).nodes["one"].values == {"path": str(tmp_path / "there" / "a.png")}
    for folders, told in (([tmp_path / "wrong"], "another content"), ([tmp_path], "which is not in")):
        with pytest.raises(WorkflowError, match=told):
            found_again(files, folders, [])


def test_given_inputs_count_instead_of_defaults(tmp_path: Path) -> None:
    (tmp_path / "x.png").write_text("x")
    workflow = map_paths(WORKFLOW, CATALOGUE, anchored(tmp_path))
    given = {"image": str(tmp_path / "x.png"), "name": "y"}
    files = used_files(workflow, CATALOGUE, given)
    assert {where: file.name for where, file in files.items()} == {"inputs.image": "x.png"}
    assert map_inputs(workflow, given, portable) == {"image": "x.png", "name": "y"}
    assert found_again(files, [tmp_path / "elsewhere"], ["image"])
