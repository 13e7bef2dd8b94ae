"""The workflow library over HTTP, and as files in the data folder."""

from __future__ import annotations

import json
import threading
from itertools import count
from typing import Any

import pytest

from latentloom.graph import Workflow

from .conftest import node, stripes
from .serving import Server

NUMBERS = count(1)


def new_name() -> str:
    """One that no other test uses."""
    return f"Sketch {next(NUMBERS)}"


def create(server: Server, name: str, workflow: dict[str, Any] | None = None) -> dict[str, Any]:
    answer = server.post("/workflows", {"name": name, "workflow": workflow or stripes()})
    assert answer.status_code == 201, answer.text
    saved: dict[str, Any] = answer.json()
    return saved


def test_what_is_saved_is_read_again(server: Server) -> None:
    name = new_name()
    saved = create(server, name)
    assert saved["revision"] == 1
    assert server.get(f"/workflows/{name}").json() == saved
    assert saved["workflow"] == stripes()


def test_the_file_holds_the_document_s_own_bytes(server: Server) -> None:
    name = new_name()
    create(server, name)
    assert (server.data / "workflows" / f"{name}.json").read_text() == Workflow.from_json(stripes()).dump()


def test_the_list_counts_nodes_and_can_be_searched(server: Server) -> None:
    name = new_name()
    create(server, name, stripes(dark=node("darker")) | {"description": "Zebras at dusk"})
    (entry,) = server.get("/workflows", params={"q": "zebras dusk"}).json()["workflows"]
    assert (entry["name"], entry["nodes"], entry["title"], entry["revision"]) == (name, 2, "Stripes", 1)


def test_a_name_is_taken_once(server: Server) -> None:
    name = new_name()
    create(server, name)
    answer = server.post("/workflows", {"name": name, "workflow": stripes()})
    assert answer.status_code == 409


def test_a_lost_update_is_a_conflict_that_names_the_present_revision(server: Server) -> None:
    name = new_name()
    create(server, name)
    first = server.put(f"/workflows/{name}", {"workflow": stripes(2), "revision": 1})
    assert first.json()["revision"] == 2
    second = server.put(f"/workflows/{name}", {"workflow": stripes(3), "revision": 1})
    assert second.status_code == 409
    assert "revision 2" in second.json()["error"]
    assert server.get(f"/workflows/{name}").json()["workflow"] == stripes(2)


def test_of_many_saves_at_once_one_wins(server: Server) -> None:
    name = new_name()
    create(server, name)
    statuses: list[int] = []

    def save(seed: int) -> None:
        statuses.append(server.put(f"/workflows/{name}", {"workflow": stripes(seed), "revision": 1}).status_code)

    threads = [threading.Thread(target=save, args=[seed]) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, *[409] * 7]


def test_an_edit_by_other_means_is_a_new_revision(server: Server) -> None:
    name = new_name()
    create(server, name)
    Workflow.from_json(stripes(77)).save(server.data / "workflows" / f"{name}.json")
    read = server.get(f"/workflows/{name}").json()
    assert (read["revision"], read["workflow"]) == (2, stripes(77))
    assert server.put(f"/workflows/{name}", {"workflow": stripes(3), "revision": 1}).status_code == 409
    assert server.get(f"/workflows/{name}/versions/1").json()["workflow"] == stripes()


def test_the_last_twenty_versions_are_kept(server: Server) -> None:
    name = new_name()
    create(server, name)
    for revision in range(1, 25):
        assert server.put(f"/workflows/{name}", {"workflow": stripes(revision), "revision": revision}).ok
    versions = [version["revision"] for version in server.get(f"/workflows/{name}/versions").json()["versions"]]
    assert versions == list(range(25, 5, -1))
    assert server.get(f"/workflows/{name}/versions/6").json()["workflow"] == stripes(5)
    assert server.get(f"/workflows/{name}/versions/5").status_code == 404


def test_a_renamed_workflow_keeps_its_versions(server: Server) -> None:
    old, new = new_name(), new_name()
    create(server, old)
    server.put(f"/workflows/{old}", {"workflow": stripes(2), "revision": 1})
    answer = server.post(f"/workflows/{old}/rename", {"name": new})
    assert (answer.json()["name"], answer.json()["revision"]) == (new, 2)
    assert server.get(f"/workflows/{old}").status_code == 404
    assert len(server.get(f"/workflows/{new}/versions").json()["versions"]) == 2


def test_a_rename_never_takes_a_name_away(server: Server) -> None:
    first, second = new_name(), new_name()
    create(server, first, stripes(1))
    create(server, second, stripes(2))
    assert server.post(f"/workflows/{first}/rename", {"name": second}).status_code == 409
    assert server.get(f"/workflows/{second}").json()["workflow"] == stripes(2)


def test_a_deleted_workflow_can_be_had_back(server: Server) -> None:
    name = new_name()
    create(server, name)
    assert server.delete(f"/workflows/{name}").status_code == 200
    assert server.get(f"/workflows/{name}").status_code == 404
    assert server.delete(f"/workflows/{name}").status_code == 404
    (version,) = server.get(f"/workflows/{name}/versions").json()["versions"]
    old = server.get(f"/workflows/{name}/versions/{version['revision']}").json()["workflow"]
    assert create(server, name, old)["revision"] == 2


def test_a_name_freed_by_a_deletion_can_be_taken_by_a_rename(server: Server) -> None:
    gone, name = new_name(), new_name()
    create(server, gone)
    server.delete(f"/workflows/{gone}")
    create(server, name, stripes(9))
    renamed = server.post(f"/workflows/{name}/rename", {"name": gone}).json()
    assert (renamed["revision"], renamed["workflow"]) == (2, stripes(9))


@pytest.mark.parametrize(
    "name",
    [
        "../x",
        "a/b",
        "..",
        ".",
        ".hidden",
        "a\\b",
        "nul",
        "CON.json",
        "COM1",
        "a\0b",
        "a\nb",
        " a",
        "a ",
        "a:b",
        "x" * 101,
        "",
    ],
)
def test_names_that_are_no_file_names_are_refused(server: Server, name: str) -> None:
    answer = server.post("/workflows", {"name": name, "workflow": stripes()})
    assert answer.status_code == 400
    assert answer.json()["faults"][0]["where"] == "name"


def test_names_in_other_scripts_are_names(server: Server) -> None:
    create(server, "Füchse und 狐")
    assert server.get("/workflows/Füchse und 狐").json()["revision"] == 1


def test_a_link_out_of_the_folder_is_not_followed(server: Server) -> None:
    (server.data / "workflows" / "leak.json").symlink_to("/etc/hostname")
    assert server.get("/workflows/leak").status_code == 404
    assert "leak" not in [entry["name"] for entry in server.get("/workflows").json()["workflows"]]


def test_a_file_that_is_no_workflow_hides_no_other(server: Server) -> None:
    (server.data / "workflows" / "broken.json").write_text("{]")
    (server.data / "workflows" / "a:b.json").write_text(json.dumps(stripes()))
    name = new_name()
    create(server, name)
    listed = [entry["name"] for entry in server.get("/workflows").json()["workflows"]]
    assert name in listed
    assert not {"broken", "a:b"}.intersection(listed)
    assert server.get("/workflows/broken").status_code == 422


def test_a_faulty_document_is_not_saved(server: Server) -> None:
    name = new_name()
    answer = server.post("/workflows", {"name": name, "workflow": {"latentloom": 1, "nods": {}}})
    assert answer.status_code == 422
    assert answer.json()["faults"][0]["code"] == "unknown-field"
    assert server.get(f"/workflows/{name}").status_code == 404


def test_unfinished_work_can_be_saved(server: Server) -> None:
    """What does not run yet is a document all the same."""
    create(server, new_name(), {"latentloom": 1, "nodes": {"a": {"type": "no_such_type"}}})


def test_examples_are_read_only_and_bring_their_pictures(server: Server) -> None:
    example = server.get("/examples/image-to-image").json()
    value = example["workflow"]["inputs"]["image"]["default"]
    assert value.startswith("sha256:")
    assert server.get(f"/files/{value.removeprefix('sha256:')}").content.startswith(b"\x89PNG")
    assert server.put("/examples/image-to-image", {"workflow": stripes(), "revision": 0}).status_code == 405
