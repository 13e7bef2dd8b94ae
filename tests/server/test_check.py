"""Checking over HTTP: all faults at once, and no path of this machine is opened for a request."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import node, stripes
from .serving import Server


def faults(server: Server, workflow: dict[str, Any], **fields: Any) -> list[dict[str, Any]]:
    answer = server.post("/check", {"workflow": workflow, **fields})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["faults"]
    return found


def test_a_good_workflow_has_no_faults(server: Server) -> None:
    assert faults(server, stripes()) == []


def test_every_example_is_good(server: Server) -> None:
    names = [entry["name"] for entry in server.get("/examples").json()["workflows"]]
    assert len(names) >= 12
    for name in names:
        assert faults(server, server.get(f"/examples/{name}").json()["workflow"], inputs={}) == [], name


def test_all_faults_are_told_at_once(server: Server) -> None:
    workflow = stripes(dark=node("darkr"), worse=node("darker", step="many"))
    found = faults(server, workflow)
    assert {fault["node"] for fault in found} == {"dark", "worse"}
    assert any("'darker'" in fault["mend"] for fault in found)


def test_a_document_of_the_wrong_shape_is_422_with_places(server: Server) -> None:
    answer = server.post("/check", {"workflow": {"latentloom": 1, "nodes": {"a": {"tpye": "x"}}}})
    assert answer.status_code == 422
    assert any("nodes.a" in fault["where"] for fault in answer.json()["faults"])


def test_inputs_without_a_default_must_be_given_to_run(server: Server) -> None:
    workflow = stripes()
    del workflow["inputs"]["seed"]["default"]
    assert faults(server, workflow) == []
    assert [fault["where"] for fault in faults(server, workflow, inputs={})] == ["inputs.seed"]


def test_to_run_no_output_at_all_is_refused_by_the_check_as_by_a_run(server: Server) -> None:
    body = {"workflow": stripes(), "inputs": {}, "outputs": []}
    told = [server.post(path, body) for path in ("/check", "/jobs")]
    assert [answer.status_code for answer in told] == [400, 400]
    assert told[0].json() == told[1].json()
    assert [fault["where"] for fault in told[0].json()["faults"]] == ["outputs"]


def test_an_output_that_cannot_be_written_is_told_before_it_runs(server: Server) -> None:
    workflow = stripes(noise={"type": "random_state", "values": {"seed": 1}})
    workflow["outputs"] = {"state": ["noise", "random_state"]}
    assert [fault["code"] for fault in faults(server, workflow)] == ["unwritable-output"]


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "../../etc/passwd",
        "red-heart.png",
        "sha256:../../etc/passwd",
        "sha256:" + "A" * 64,
        "file:///etc/passwd",
        "C:\\Windows\\win.ini",
        "a\0b",
        "",
    ],
)
def test_only_uploads_can_be_read(server: Server, path: str) -> None:
    workflow = stripes(text={"type": "read_file", "values": {"path": path}})
    workflow["outputs"] = {"text": ["text", "value"]}
    told = [fault for fault in faults(server, workflow) if fault["node"] == "text" and fault["input"] == "path"]
    assert "not-uploaded" in [fault["code"] for fault in told]


def test_a_path_as_an_input_or_a_default_or_in_a_subgraph_is_refused_too(server: Server) -> None:
    workflow = stripes(text={"type": "read_file", "links": {"path": ["$", "file"]}})
    workflow["outputs"] = {"text": ["text", "value"]}
    workflow["inputs"]["file"] = {"type": "Path", "default": "/etc/passwd"}
    assert [fault["where"] for fault in faults(server, workflow)] == ["inputs.file"]
    del workflow["inputs"]["file"]["default"]
    assert [fault["code"] for fault in faults(server, workflow, inputs={"file": "/etc/passwd"})] == ["not-uploaded"]
    inner = {
        "outputs": {"text": ["inner", "value"]},
        "nodes": {"inner": {"type": "read_file", "values": {"path": "/etc/passwd"}}},
    }
    workflow = stripes(sub={"type": "reader"}) | {"subgraphs": {"reader": inner}, "outputs": {"text": ["sub", "text"]}}
    (fault,) = faults(server, workflow)
    assert (fault["where"], fault["code"]) == ("subgraphs.reader.nodes.inner.values.path", "not-uploaded")


def test_an_upload_that_is_gone_is_told(server: Server) -> None:
    workflow = stripes(text={"type": "read_file", "values": {"path": "sha256:" + "0" * 64}})
    workflow["outputs"] = {"text": ["text", "value"]}
    (fault,) = faults(server, workflow)
    assert fault["code"] == "lost-file"
    assert "Upload" in fault["mend"]


@pytest.mark.parametrize("name", ["/etc", "../demo", "demo/../demo", ".", "", "a\0b"])
def test_a_model_is_a_folder_s_name(server: Server, name: str) -> None:
    workflow = server.get("/examples/text-to-image").json()["workflow"]
    assert [fault["code"] for fault in faults(server, workflow, inputs={"model": name})] == ["no-model"]


def test_a_thousand_values_of_a_sweep_are_checked_once_each(server: Server) -> None:
    sweep = {"seed": [*range(999), "many"], "prompt": ["a", "b"]}
    answer = server.post("/jobs", {"workflow": stripes(), "sweep": sweep})
    assert answer.status_code == 422
    assert [fault["where"] for fault in answer.json()["faults"]] == ["inputs.seed"]
