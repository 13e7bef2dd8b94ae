"""Jobs over HTTP: accepted, run, changed, looked into."""

from __future__ import annotations

import io
import time
from typing import Any

import pytest
from PIL import Image

from latentloom.metadata import extract

from .conftest import node, stripes
from .serving import Server


def slow(seconds: float = 30.0) -> dict[str, Any]:
    return stripes(wait=node("waiting", seconds=seconds), dark=node("darker", "wait"))


@pytest.fixture
def paused(server: Server) -> Any:
    """The queue stands still during a test."""
    server.put("/queue", {"paused": True})
    yield
    server.put("/queue", {"paused": False})


def test_a_job_makes_a_file_that_carries_its_workflow(server: Server) -> None:
    (job,) = server.submit(stripes(), inputs={"seed": 11})
    assert job["state"] == "queued"
    assert job["title"] == "Stripes"
    done = server.wait(job["id"])
    assert done["state"] == "done", done["error"]
    (file,) = done["outputs"]["image"]
    content = server.get(f"/files/{file['digest']}").content
    assert Image.open(io.BytesIO(content)).size == (file["width"], file["height"]) == (8, 8)
    assert '"seed":11' in (extract(content) or "")
    assert done["finished"] >= done["started"] >= done["created"]
    listed = server.get("/files", params={"kind": "output"}).json()["files"]
    assert (file["digest"], job["id"]) in [(each["digest"], each["job"]) for each in listed]


def test_a_job_can_read_an_upload(server: Server) -> None:
    example = server.get("/examples/image-to-image").json()["workflow"]
    example["inputs"]["steps"]["default"] = 2
    done = server.wait(server.submit(example)[0]["id"])
    assert done["state"] == "done", done["error"]


def test_a_sweep_is_one_group(server: Server) -> None:
    jobs = server.submit(stripes(), sweep={"seed": [1, 2, 3], "prompt": ["a", "b"]})
    assert len({job["group"] for job in jobs}) == 1
    assert [(job["inputs"]["seed"], job["inputs"]["prompt"]) for job in jobs] == [
        (1, "a"), (1, "b"), (2, "a"), (2, "b"), (3, "a"), (3, "b"),
    ]  # fmt: skip
    assert {server.wait(job["id"])["state"] for job in jobs} == {"done"}
    group = server.get("/jobs", params={"group": jobs[0]["group"]}).json()["jobs"]
    assert {job["id"] for job in group} == {job["id"] for job in jobs}


def test_too_large_a_sweep_is_refused(server: Server) -> None:
    answer = server.post("/jobs", {"workflow": stripes(), "sweep": {"seed": [1] * 101, "prompt": ["a"] * 100}})
    assert answer.status_code == 422
    assert answer.json()["faults"][0]["code"] == "too-many-jobs"


def test_a_faulty_workflow_is_not_accepted(server: Server) -> None:
    answer = server.post("/jobs", {"workflow": stripes(dark=node("darkest"))})
    assert answer.status_code == 422
    assert {fault["node"] for fault in answer.json()["faults"]} == {"dark"}


def test_a_job_asks_for_an_output(server: Server) -> None:
    answer = server.post("/jobs", {"workflow": stripes(), "outputs": []})
    assert answer.status_code == 400
    assert answer.json()["faults"][0]["where"] == "outputs"


def test_a_failing_node_is_named_with_its_traceback(server: Server) -> None:
    failed = server.wait(server.submit(stripes(worse=node("broken")))[0]["id"])
    assert failed["state"] == "failed"
    assert failed["error"]["node"] == "worse"
    assert "no_such_thing" in failed["error"]["traceback"]
    assert [error["node"] for error in failed["errors"]] == ["worse"]


def test_a_running_job_stops_when_it_is_cancelled_and_can_be_tried_again(server: Server) -> None:
    job = server.submit(slow())[0]["id"]
    server.wait(job, "running")
    began = time.monotonic()
    assert server.post(f"/jobs/{job}/cancel").status_code == 200
    assert server.wait(job)["state"] == "cancelled"
    assert time.monotonic() - began < 10
    assert server.post(f"/jobs/{job}/retry").json()["state"] == "queued"
    server.post(f"/jobs/{job}/cancel")
    assert server.wait(job)["state"] == "cancelled"


def test_order_priority_and_moving(server: Server, paused: None) -> None:
    low, first, second = (server.submit(stripes(), priority=p)[0]["id"] for p in (-1, 0, 0))
    front = server.submit(stripes(), front=True)[0]["id"]
    assert server.get("/queue").json() == {"paused": True, "queued": 4, "running": 0}
    moved = server.request("PATCH", f"/jobs/{second}", json={"before": first})
    assert moved.status_code == 200, moved.text
    raised = server.request("PATCH", f"/jobs/{low}", json={"priority": 5})
    assert raised.json()["priority"] == 5
    server.put("/queue", {"paused": False})
    ended = [server.wait(job) for job in (low, front, second, first)]
    assert [job["state"] for job in ended] == ["done"] * 4
    assert [job["started"] for job in ended] == sorted(job["started"] for job in ended)
    assert server.request("PATCH", f"/jobs/{first}", json={"priority": 1}).status_code == 409


def test_history_is_searched_by_prompt_title_and_state(server: Server) -> None:
    (job,) = server.submit(stripes(), inputs={"prompt": "an okapi in fog"}, title="Quagga study")
    server.wait(job["id"])
    for query in ({"q": "okapi fog"}, {"q": "QUAGGA"}, {"q": "okapi", "state": "done"}):
        assert [each["id"] for each in server.get("/jobs", params=query).json()["jobs"]] == [job["id"]]
    assert server.get("/jobs", params={"q": "okapi", "state": "failed"}).json()["jobs"] == []


def test_history_is_read_in_pages(server: Server) -> None:
    group = server.submit(stripes(), sweep={"seed": [1, 2, 3, 4, 5]})[0]["group"]
    seen: list[str] = []
    before: str | None = None
    while True:
        query = {"group": group, "limit": 2} | ({"before": before} if before else {})
        page = server.get("/jobs", params=query).json()
        seen += [job["id"] for job in page["jobs"]]
        before = page["next"]
        if before is None:
            break
    assert len(seen) == len(set(seen)) == 5


def test_a_deleted_job_is_gone_and_a_running_one_stays(server: Server) -> None:
    job = server.submit(slow())[0]["id"]
    server.wait(job, "running")
    assert server.delete(f"/jobs/{job}").status_code == 409
    server.post(f"/jobs/{job}/cancel")
    server.wait(job)
    assert server.delete(f"/jobs/{job}").status_code == 200
    assert server.get(f"/jobs/{job}").status_code == 404


def test_a_file_that_a_queued_job_reads_cannot_be_deleted(server: Server, paused: None) -> None:
    example = server.get("/examples/image-to-image").json()["workflow"]
    digest = example["inputs"]["image"]["default"].removeprefix("sha256:")
    job = server.submit(example)[0]["id"]
    assert server.delete(f"/files/{digest}").status_code == 409
    server.post(f"/jobs/{job}/cancel")
    server.wait(job)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""), ("DELETE", ""), ("PATCH", ""), ("POST", "/cancel"), ("POST", "/retry"), ("GET", "/calls"),
        ("GET", "/results/stripes/image"),
    ],
)  # fmt: skip
def test_an_unknown_job_is_not_found(server: Server, method: str, path: str) -> None:
    answer = server.request(method, f"/jobs/nobody{path}", json={} if method == "PATCH" else None)
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


def test_results_of_every_node_can_be_asked_for(server: Server) -> None:
    job = server.submit(stripes(dark=node("darker")), inputs={"seed": 21})[0]["id"]
    server.wait(job)
    calls = server.get(f"/jobs/{job}/calls").json()["calls"]
    assert {(call["node"], call["outputs"][0]["name"]) for call in calls} >= {("stripes", "image"), ("dark", "image")}
    picture = server.get(f"/jobs/{job}/results/stripes/image")
    assert picture.headers["Content-Type"].startswith("image/")
    assert Image.open(io.BytesIO(picture.content)).size == (8, 8)
    told = server.get(f"/jobs/{job}/results/dark/image?form=statistics").json()
    assert (told["shape"], told["dtype"]) == ([1, 3, 8, 8], "float32")
    assert 0 <= told["minimum"] < told["mean"] < told["maximum"] <= 0.9
    assert server.get(f"/jobs/{job}/results/nobody/image").status_code == 404


def test_results_inside_a_loop_are_asked_for_by_iteration(server: Server) -> None:
    example = server.get("/examples/text-to-image").json()["workflow"]
    example["inputs"]["steps"]["default"] = 3
    job = server.submit(example)[0]["id"]
    assert server.wait(job)["state"] == "done"
    path = f"/jobs/{job}/results/step/latent"
    means = [server.get(f"{path}?iteration={i}&form=statistics").json()["mean"] for i in range(3)]
    assert len(set(means)) == 3
    assert server.get(f"{path}?form=statistics").json()["mean"] == means[-1]
    assert server.get(f"{path}?iteration=99&form=statistics").status_code == 404
    assert server.get(f"{path}?iteration=1").headers["Content-Type"].startswith("image/")


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("stepp/latent", "Did you mean 'step'"),
        ("step/latents", "It has 'latent'"),
        ("step/latent?iteration=9", "the last one so far is 1"),
        ("step/latent?iteration=0,1", "give 1 number"),
        ("noise/latent?iteration=0", "leave the iteration out"),
        ("denoising/latent", "is a loop: ask for a node of its body"),
        ("step/latent?path=part", "'part', which is no subgraph"),
    ],
)
def test_where_no_result_can_be_the_answer_says_where_to_look(server: Server, place: str, told: str) -> None:
    example = server.get("/examples/text-to-image").json()["workflow"]
    job = server.submit(example, inputs={"steps": 2})[0]["id"]
    server.wait(job)
    answer = server.get(f"/jobs/{job}/results/{place}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    assert told in answer.json()["error"]


def test_an_input_has_one_value_or_many(server: Server) -> None:
    body = {"workflow": stripes(), "inputs": {"seed": 1}, "sweep": {"seed": [1, 2]}}
    answer = server.post("/jobs", body)
    assert answer.status_code == 422
    assert [fault["where"] for fault in answer.json()["faults"]] == ["sweep.seed"]


def test_what_a_node_cost_is_reported(server: Server) -> None:
    (job,) = server.submit(stripes(dark=node("darker")), inputs={"seed": 31})
    nodes = {each["node"]: each for each in server.wait(job["id"])["nodes"]}
    assert nodes["stripes"]["calls"] == nodes["dark"]["calls"] == 1
    assert nodes["stripes"]["type"] == "stripes"
