"""What every answer has, and what is answered where there is no such route."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
import requests

from .faults import until
from .serving import Server, serving


def test_the_web_process_is_light_imports_no_plugin_and_ends_gracefully(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as server:
        assert "denoise" in server.get("/nodes").json()["nodes"]
        process = psutil.Process(server.process.pid)
        assert process.memory_info().rss < 120e6
        assert "libtorch" not in Path(f"/proc/{process.pid}/maps").read_text()
        children = process.children()
        assert server.stop(signal.SIGTERM) == 0
        assert not list((tmp_path / "data" / "temporary").iterdir())
    assert not psutil.wait_procs(children, timeout=120)[1]
    assert "ending" in " ".join(line["message"] for line in server.lines())


def test_health_tells_of_the_engine(server: Server) -> None:
    answer = requests.get(f"{server.origin}/healthz", timeout=120)
    assert answer.json()["status"] == "ok"
    assert answer.json()["engine"] in ("starting", "ready", "lost")


@pytest.mark.parametrize("path", ["/api/v1/nodes", "/api/v1/nothing", "/", "/api/docs", "/metrics", "/healthz"])
def test_every_answer_is_held_to_a_policy(server: Server, path: str) -> None:
    headers = requests.get(server.origin + path, timeout=120).headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in headers
    assert "Server" not in headers


def test_what_is_not_there_is_a_problem(server: Server) -> None:
    answer = server.get("/nothing")
    assert answer.status_code == 404
    assert answer.json()["code"] == "not-found"
    assert "/api/docs" in answer.json()["error"]


def test_a_wrong_method_names_the_right_ones(server: Server) -> None:
    answer = server.delete("/nodes")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
    assert answer.json()["code"] == "wrong-method"


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("limit=0", "limit"),
        ("limit=many", "limit"),
        ("state=sleeping", "state"),
        ("color=red", "color"),
        ("since=-1", "since"),
        ("before=nope", "before"),
    ],
)
def test_a_wrong_query_names_its_part(server: Server, query: str, where: str) -> None:
    answer = server.get(f"/jobs?{query}")
    assert answer.status_code == 400
    assert answer.json()["faults"][0]["where"] == where


def test_a_part_of_an_address_says_its_form(server: Server) -> None:
    answer = server.get("/jobs/any/results/node/output?iteration=first")
    (fault,) = answer.json()["faults"]
    assert answer.status_code == 400
    assert fault["what"] == "'first' is not of the form that is expected."
    assert "one number for each loop" in fault["mend"]


def test_a_parameter_given_twice_is_refused(server: Server) -> None:
    assert server.get("/jobs?limit=1&limit=2").status_code == 400


def test_the_catalogue_is_sent_once(server: Server) -> None:
    first = server.get("/nodes")
    assert "stripes" in first.json()["nodes"]
    again = server.get("/nodes", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.content == b""


def test_metrics_count_requests_and_jobs(server: Server) -> None:
    server.get("/nodes")
    text = requests.get(f"{server.origin}/metrics", timeout=120).text
    assert 'latentloom_requests_total{method="GET",route="/api/v1/nodes",status="200"}' in text
    assert 'latentloom_jobs{state="queued"}' in text
    assert "latentloom_engine_restarts 0.0" in text


def test_system_names_versions_and_devices(server: Server) -> None:
    end = time.monotonic() + 120
    while not (told := server.get("/system").json())["devices"] and time.monotonic() < end:
        time.sleep(0.1)
    assert told["versions"]["torch"]
    assert told["devices"][0]["name"] == "cpu"
    assert {"cpu", "disk"} <= {tier["name"] for tier in told["tiers"]}


def test_the_demo_model_is_found_and_digested(server: Server) -> None:
    end = time.monotonic() + 120
    while not (model := server.get("/models").json()["models"][0])["digest"] and time.monotonic() < end:
        time.sleep(0.05)
    assert (model["name"], model["kind"]) == ("demo", "StableDiffusionPipeline")
    assert {"unet", "vae", "text_encoder"} <= {component["name"] for component in model["components"]}
    assert len(model["digest"]) == 64


def test_the_description_can_be_read_without_a_script(server: Server) -> None:
    page = requests.get(f"{server.origin}/api/docs", timeout=120).text
    assert "/api/v1/jobs/{id}/results/{node}/{output}" in page
    assert "<section id='JobRequest'>" in page
    assert "<script" not in page
    assert "http://" not in page.replace(server.origin, "")
    assert "https://" not in page


def test_head_answers_as_get_does(server: Server) -> None:
    answer = requests.head(f"{server.origin}/api/v1/nodes", timeout=120)
    assert (answer.status_code, answer.content) == (200, b"")


def test_a_taken_port_is_told(tmp_path: Path, server: Server) -> None:
    with pytest.raises(AssertionError, match="cannot serve at"):
        Server(tmp_path / "data", "--port", str(server.port))


def test_a_data_folder_is_used_by_one_server(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as first:
        log = first.log.read_text()
        command = [sys.executable, "-m", "latentloom", "serve", "--port", "0", "--data", str(tmp_path / "data")]
        second = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        assert second.returncode == 1
        assert "another server" in second.stderr
        assert first.get("/queue").status_code == 200
        first.process.kill()
        first.process.wait()
        first.start()
        assert first.get("/queue").status_code == 200, log


def test_logs_are_json_lines(server: Server) -> None:
    raw = [line for line in server.log.read_text().splitlines() if line]
    assert all({"time", "level", "logger", "message"} <= set(json.loads(line)) for line in raw)


def test_one_connection_is_used_for_many_requests(server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    for _ in range(3):
        connection.request("GET", "/api/v1/queue")
        assert connection.getresponse().read()
    assert connection.sock is not None
    connection.close()


def test_a_changed_plugin_is_known_to_the_catalogue_and_to_the_engine(tmp_path: Path) -> None:
    plugin = tmp_path / "plugins" / "mine.py"
    plugin.parent.mkdir()
    plugin.write_text(
        'from latentloom import node\n\n@node(category="test")\ndef first() -> int:\n    """One."""\n    return 1\n'
    )
    with serving(tmp_path / "data", "--plugins", str(plugin.parent)) as server:
        assert "first" in server.get("/nodes").json()["nodes"]
        plugin.write_text(plugin.read_text().replace("first", "second"))
        os.utime(plugin)
        end = time.monotonic() + 120
        while "second" not in (nodes := server.get("/nodes").json()["nodes"]) and time.monotonic() < end:
            time.sleep(0.2)
        assert "second" in nodes
        assert "first" not in nodes
        workflow = {"latentloom": 1, "nodes": {"a": {"type": "second"}}, "outputs": {"one": ["a", "value"]}}
        ended = server.wait(server.submit(workflow)[0]["id"])
        assert ended["state"] == "done", "the engine knows it too"
        assert ended["attempts"] == 1
        plugin.write_text(plugin.read_text().replace("return 1", "return 2"))

        def said() -> str:
            ended = server.wait(server.submit(workflow)[0]["id"])
            (file,) = ended["outputs"]["one"]
            return server.get(f"/files/{file['digest']}").text

        until(lambda: said() == "2\n")  # the code counts, not only what it declares
