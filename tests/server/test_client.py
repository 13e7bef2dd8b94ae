"""`latentloom submit`, `jobs` and `gc` against the real server."""

from __future__ import annotations

import json
import os
import shutil
import time
from pathlib import Path
from typing import Any

import pytest
import requests
from PIL import Image

from latentloom.cli import call
from latentloom.metadata import extract

from .conftest import node, stripes
from .serving import Server, serving

Capture = pytest.CaptureFixture[str]
WORKFLOWS = Path(__file__).parents[2] / "workflows"
LOOSE = (WORKFLOWS / "lower-half.png").read_bytes()


def save(path: Path, workflow: dict[str, Any]) -> str:
    path.write_text(json.dumps(workflow))
    return str(path)


@pytest.fixture
def at(server: Server) -> list[str]:
    return ["--server", server.origin]


def test_submit_and_fetch(server: Server, at: list[str], tmp_path: Path, capsys: Capture) -> None:
    file = save(tmp_path / "mine.json", stripes())
    assert call(["submit", file, *at, "--set", "seed=5", "--out", str(tmp_path / "out")]) == 0
    path = Path(capsys.readouterr().out.strip())
    assert path == tmp_path / "out" / "mine-image-1.png"
    assert '"seed":5' in (extract(path.read_bytes()) or "")


def test_a_sweep_writes_a_file_for_each_job(at: list[str], tmp_path: Path, capsys: Capture) -> None:
    file = save(tmp_path / "mine.json", stripes())
    code = call(
        ["submit", file, *at, "--seed-list", "1,2,3", "--sweep", "prompt=a,b", "--out", str(tmp_path), "--json"]
    )
    told = json.loads(capsys.readouterr().out)
    assert code == 0
    assert len(told["files"]) == len(told["jobs"]) == 6
    assert {job["state"] for job in told["jobs"]} == {"done"}


def test_files_that_a_workflow_reads_are_uploaded(
    server: Server, at: list[str], tmp_path: Path, capsys: Capture
) -> None:
    shutil.copytree(WORKFLOWS, tmp_path / "w")
    quick = ["--set", "steps=2"]
    assert call(["submit", str(tmp_path / "w" / "image-to-image.json"), *at, *quick, "--out", str(tmp_path)]) == 0
    picture = tmp_path / "other.png"
    Image.new("RGB", (64, 64), (1, 2, 3)).save(picture)
    file = str(tmp_path / "w" / "image-to-image.json")
    assert call(["submit", file, *at, *quick, "--set", f"image={picture}", "--wait"]) == 0
    names = [each["name"] for each in server.get("/files", params={"kind": "upload"}).json()["files"]]
    assert "other.png" in names
    capsys.readouterr()


def test_a_picture_made_by_the_server_runs_again_without_its_files(
    server: Server, at: list[str], tmp_path: Path, capsys: Capture
) -> None:
    example = server.get("/examples/image-to-image").json()["workflow"]
    file = save(tmp_path / "from-the-server.json", example)
    assert call(["submit", file, *at, "--set", "steps=2", "--out", str(tmp_path / "out")]) == 0
    picture = capsys.readouterr().out.strip()
    assert call(["submit", picture, *at, "--set", "seed=9", "--wait"]) == 0
    value = example["inputs"]["image"]["default"]
    assert call(["submit", file, *at, "--set", "steps=2", "--set", f"image={value}", "--wait"]) == 0


def test_a_missing_file_is_told_before_anything_is_sent(at: list[str], tmp_path: Path, capsys: Capture) -> None:
    file = str(WORKFLOWS / "image-to-image.json")
    assert call(["submit", file, *at, "--set", f"image={tmp_path / 'none.png'}"]) == 2
    assert "inputs.image" in capsys.readouterr().err


def test_faults_of_the_server_are_shown_as_at_home(at: list[str], tmp_path: Path, capsys: Capture) -> None:
    assert call(["submit", save(tmp_path / "w.json", stripes(dark=node("darkr"))), *at]) == 2
    told = capsys.readouterr().err
    assert "nodes.dark" in told
    assert "'darker'" in told


def test_a_failed_job_is_exit_code_1(at: list[str], tmp_path: Path, capsys: Capture) -> None:
    assert call(["submit", save(tmp_path / "w.json", stripes(worse=node("broken"))), *at, "--wait"]) == 1
    assert "failed" in capsys.readouterr().err


def test_no_server_is_told_with_a_mend(tmp_path: Path, capsys: Capture) -> None:
    for url in ("http://127.0.0.1:1", "http://[", "ftp://x"):
        assert call(["submit", save(tmp_path / "w.json", stripes()), "--server", url]) == 1
        assert "latentloom serve" in capsys.readouterr().err


def test_another_program_s_server_is_told(server: Server, capsys: Capture) -> None:
    assert call(["jobs", "--server", f"{server.origin}/healthz"]) == 1
    assert "no Latentloom server" in capsys.readouterr().err


def test_jobs_lists_shows_and_changes(server: Server, at: list[str], capsys: Capture) -> None:
    server.put("/queue", {"paused": True})
    job = server.submit(stripes(), title="Gnu study", inputs={"prompt": "a gnu"})[0]["id"]
    assert call(["jobs", *at, "--search", "gnu", "--state", "queued"]) == 0
    listed = capsys.readouterr()
    assert job in listed.out
    assert "Gnu study" in listed.out
    assert "paused" in listed.err
    assert call(["jobs", job, *at, "--cancel"]) == 0
    assert call(["jobs", job, *at]) == 0
    assert "cancelled" in capsys.readouterr().out
    assert call(["jobs", job, *at, "--retry", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["state"] == "queued"
    assert call(["jobs", *at, "--resume"]) == 0
    server.wait(job)
    assert call(["jobs", job, *at, "--delete"]) == 0
    assert call(["jobs", job, *at]) == 1
    assert "no job" in capsys.readouterr().err.lower()
    assert call(["jobs", *at, "--cancel"]) == 2


def test_an_idle_queue_is_listed_without_asking_the_engine(server: Server, at: list[str], capsys: Capture) -> None:
    def asked() -> list[str]:
        lines = requests.get(f"{server.origin}/metrics", timeout=60).text.splitlines()
        return [line for line in lines if line.startswith("latentloom_requests_total") and "/system" in line]

    server.wait(server.submit(stripes())[0]["id"])
    before = asked()
    assert call(["jobs", *at]) == 0
    assert "0 queued, 0 running." in capsys.readouterr().err
    assert asked() == before


def test_the_token_is_asked_for_and_taken(tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(tmp_path / "data", "--token", "a long enough token") as server:
        assert call(["jobs", "--server", server.origin]) == 1
        assert "--token" in capsys.readouterr().err
        monkeypatch.setenv("LATENTLOOM_TOKEN", "a long enough token")
        assert call(["jobs", "--server", server.origin]) == 0


def test_gc_removes_what_nothing_refers_to(plugins: Path, tmp_path: Path, capsys: Capture) -> None:
    data = tmp_path / "data"
    with serving(data, "--plugins", str(plugins)) as server:
        used = server.get("/examples/image-to-image").json()["workflow"]
        kept = used["inputs"]["image"]["default"].removeprefix("sha256:")
        server.post("/workflows", {"name": "Keeps its picture", "workflow": used})
        loose = server.upload(LOOSE)["digest"]
        job = server.submit(stripes())[0]["id"]
        output = server.wait(job)["outputs"]["image"][0]["digest"]
        server.post("/workflows", {"name": "Gone", "workflow": stripes()})
        server.delete("/workflows/Gone")
        orphan = data / "files" / "ab" / ("ab" * 32)
        orphan.parent.mkdir(exist_ok=True)
        orphan.write_text("left by a crash")
        os.utime(orphan, (time.time() - 9999,) * 2)

        assert call(["gc", "--data", str(data), "--older", "1"]) == 0
        assert server.get(f"/files/{loose}").status_code == 200, "it is too young to go"
        assert not orphan.exists()
        assert call(["gc", "--data", str(data), "--older", "0", "--dry-run"]) == 0
        assert server.get(f"/files/{loose}").status_code == 200
        capsys.readouterr()
        assert call(["gc", "--data", str(data), "--older", "0", "--json"]) == 0
        assert json.loads(capsys.readouterr().out) == {"files": 1, "bytes": len(LOOSE), "jobs": 0, "workflows": 1}
        assert server.get(f"/files/{loose}").status_code == 404
        assert server.get(f"/files/{kept}").status_code == 200
        assert server.get(f"/files/{output}").status_code == 200
        assert server.get("/workflows/Gone/versions").status_code == 404

        everything = ["gc", "--data", str(data), "--older", "0", "--jobs-older", "0", "--json"]
        assert call([*everything, "--dry-run"]) == 0
        would = json.loads(capsys.readouterr().out)
        assert server.get(f"/jobs/{job}").status_code == 200
        assert call(everything) == 0
        assert json.loads(capsys.readouterr().out) == would
        assert (would["files"], would["jobs"]) == (1, 1)
        assert server.get(f"/jobs/{job}").status_code == 404
        assert server.get(f"/files/{output}").status_code == 404
        assert server.get(f"/files/{kept}").status_code == 200


def test_gc_of_a_folder_without_data_is_an_error(tmp_path: Path, capsys: Capture) -> None:
    assert call(["gc", "--data", str(tmp_path)]) == 2
    assert "serve" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_server_that_cannot_be_asked_is_told(server: Server, capsys: Capture) -> None:
    assert call(["jobs", "--server", f"127.0.0.1:{server.port}"]) == 1
    assert "Give --server http://127.0.0.1" in capsys.readouterr().err
    assert call(["jobs", "--server", "http://127.0.0.1:1"]) == 1
    told = capsys.readouterr().err
    assert "no server answers at http://127.0.0.1:1" in told
    assert "ssl" not in told


def test_one_thing_is_done_at_a_time(at: list[str], capsys: Capture) -> None:
    assert call(["jobs", "one", *at, "--cancel", "--delete"]) == 2
    assert call(["jobs", *at, "--pause", "--resume"]) == 2
    assert call(["jobs", "one", *at, "--pause"]) == 2
    told = capsys.readouterr().err
    assert "give one at a time" in told
    assert "leave the ids out" in told
