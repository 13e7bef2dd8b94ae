import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import PIL.Image
import pytest

from latentloom import run
from latentloom.cli import call
from latentloom.graph import WorkflowError
from latentloom.metadata import extract

from .conftest import STRIPES, save, with_node

Capture = pytest.CaptureFixture[str]


def record(path: Path) -> dict[str, object]:
    return json.loads(extract(path.read_bytes()) or "")


def test_run_writes_a_picture_that_carries_how_it_was_made(folder: Path, capsys: Capture) -> None:
    assert call(["run", "stripes.json", "--set", "seed=5", "--report", "report.json", "--trace", "trace.json"]) == 0
    assert capsys.readouterr().out == "outputs/stripes-image-1.png\n"
    carried = record(folder / "outputs" / "stripes-image-1.png")
    assert carried["inputs"] == {"seed": 5, "strength": 1.0, "prompt": "stripes"}
    assert carried["workflow"] == STRIPES
    assert (carried["output"], carried["index"], carried["device"], carried["dtype"]) == ("image", 0, "cpu", "float32")
    report = json.loads((folder / "report.json").read_text())
    assert report["outputs"]["image"][0]["path"] == "outputs/stripes-image-1.png"
    assert report["nodes"]["stripes"]["calls"] == 1
    assert set(report["totals"]) == {"seconds", "steps", "denoiser_forwards", "peak_bytes"}
    assert {"latentloom", "torch", "diffusers", "transformers"} <= set(report["versions"])
    spans = [e["name"] for e in json.loads((folder / "trace.json").read_text())["traceEvents"] if e["ph"] == "X"]
    assert sorted(spans) == ["encode", "stripes"]


def test_the_same_workflow_gives_the_same_bytes_and_tells_nothing_of_the_machine(folder: Path) -> None:
    (folder / "elsewhere").mkdir()
    save(folder / "elsewhere" / "stripes.json", STRIPES)
    assert call(["run", "stripes.json"]) == 0
    assert call(["run", "elsewhere/stripes.json", "--out", "other"]) == 0
    first = (folder / "outputs" / "stripes-image-1.png").read_bytes()
    assert first == (folder / "other" / "stripes-image-1.png").read_bytes()
    assert str(folder).encode() not in first


def test_a_sweep_runs_all_combinations(folder: Path, capsys: Capture) -> None:
    assert call(["run", "stripes.json", "--seed-list", "1,2", "--sweep", "strength=0.5,1", "--json"]) == 0
    files = json.loads(capsys.readouterr().out)["outputs"]["image"]
    assert [file["inputs"] for file in files] == [
        {"strength": 0.5, "seed": 1},
        {"strength": 0.5, "seed": 2},
        {"strength": 1, "seed": 1},
        {"strength": 1, "seed": 2},
    ]
    assert len({file["sha256"] for file in files}) == 4
    assert [record(Path(file["path"]))["inputs"]["seed"] for file in files] == [1, 2, 1, 2]  # type: ignore[index]


def test_a_picture_runs_again_with_its_inputs(folder: Path, capsys: Capture) -> None:
    call(["run", "stripes.json", "--set", "seed=5"])
    assert call(["run", "outputs/stripes-image-1.png", "--set", "strength=0.5"]) == 0
    again = record(folder / "outputs" / "stripes-image-2.png")
    assert again["inputs"] == {"seed": 5, "strength": 0.5, "prompt": "stripes"}


def test_one_node_only(folder: Path, capsys: Capture) -> None:
    assert call(["run", "stripes.json", "--node", "stripes.image", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert list(report["nodes"]) == ["stripes"]
    assert report["outputs"]["stripes.image"][0]["path"] == "outputs/stripes-stripes-image-1.png"


def test_the_cache_folder_knows_between_runs(folder: Path, capsys: Capture) -> None:
    save(folder / "slow.json", with_node("wait", seconds=0.3))
    for known in (0, 1):
        assert call(["run", "slow.json", "--cache", "known", "--json"]) == 0
        node = json.loads(capsys.readouterr().out)["nodes"]
        assert sum(entry["calls"] == 0 for entry in node.values()) >= known


def test_replay_makes_the_same_picture(folder: Path, capsys: Capture) -> None:
    call(["run", "stripes.json", "--set", "seed=3"])
    capsys.readouterr()
    assert call(["replay", "outputs/stripes-image-1.png", "--verify"]) == 0
    assert "Every pixel is the same." in capsys.readouterr().out
    first, second = ((folder / "outputs" / f"stripes-image-{i}.png").read_bytes() for i in (1, 2))
    assert first == second


def test_replay_tells_what_differs(folder: Path, capsys: Capture) -> None:
    call(["run", "stripes.json"])
    path = folder / "outputs" / "stripes-image-1.png"
    carried = record(path) | {"versions": {"torch": "1.0"}, "inputs": {"seed": 4}}
    pixels = PIL.Image.open(path)
    file = io.BytesIO()
    pixels.save(file, "PNG")
    from latentloom.metadata import embed

    (folder / "forged.png").write_bytes(embed(file.getvalue(), json.dumps(carried)))
    capsys.readouterr()
    assert call(["replay", "forged.png", "--verify", "--json"]) == 1
    outcome = json.loads(capsys.readouterr().out)
    assert not outcome["same"]
    assert outcome["differing_pixels"] > 0
    assert outcome["versions"]["torch"][0] == "1.0"
    assert call(["replay", "forged.png"]) == 0


@pytest.mark.parametrize("damage", ["plain", "cut", "forged", "text", "workflow"])
def test_replay_of_what_carries_nothing(folder: Path, damage: str, capsys: Capture) -> None:
    call(["run", "stripes.json"])
    capsys.readouterr()
    content = (folder / "outputs" / "stripes-image-1.png").read_bytes()
    if damage == "plain":
        file = io.BytesIO()
        PIL.Image.new("RGB", (4, 4)).save(file, "PNG")
        content = file.getvalue()
    elif damage == "cut":
        content = content[:300]
    elif damage == "forged":
        content = content.replace(b'"seed"', b'"dees"')
    elif damage == "text":
        content = b"hello"
    else:
        content = json.dumps(STRIPES).encode()
    (folder / "x.png").write_bytes(content)
    assert call(["replay", "x.png"]) == 2
    told = capsys.readouterr()
    assert "x.png" in told.err
    assert "Traceback" not in told.err


def test_files_are_found_by_name_and_digest(folder: Path, capsys: Capture) -> None:
    document = with_node("wait", seconds=0.0)
    document["inputs"]["note"] = {"type": "Path", "default": "texts/note.txt"}
    document["nodes"]["read"] = {"type": "read_text", "links": {"path": ["$", "note"]}}
    document["nodes"]["stripes"]["links"]["text"] = ["read", "value"]
    save(folder / "reading.json", document)
    (folder / "texts").mkdir()
    (folder / "texts" / "note.txt").write_text("from the default")
    (folder / "note.txt").write_text("given")
    assert call(["run", "reading.json", "--out", "a"]) == 0
    assert call(["run", "reading.json", "--out", "b", "--set", "note=note.txt"]) == 0
    carried = record(folder / "a" / "reading-image-1.png")
    assert carried["inputs"]["note"] == "note.txt"  # type: ignore[index]
    assert carried["files"]["inputs.note"]["name"] == "note.txt"  # type: ignore[index]
    assert record(folder / "b" / "reading-image-1.png")["files"] != carried["files"]
    assert call(["replay", "b/reading-image-1.png", "--verify"]) == 0
    capsys.readouterr()
    assert call(["replay", "a/reading-image-1.png"]) == 2
    told = capsys.readouterr().err
    assert "another content" in told
    assert "--set note=PATH" in told
    assert call(["replay", "a/reading-image-1.png", "--set", "note=texts/note.txt", "--verify"]) == 0
    (folder / "a" / "note.txt").write_text("from the default")
    assert call(["replay", "a/reading-image-1.png", "--verify"]) == 0


def test_a_node_that_fails_names_itself(folder: Path, capsys: Capture) -> None:
    save(folder / "broken.json", with_node("broken"))
    assert call(["run", "broken.json"]) == 1
    told = capsys.readouterr().err
    assert "between" in told
    assert "no_such_thing" in told
    assert "testing_nodes.py" in told
    save(folder / "refusing.json", with_node("refuse"))
    assert call(["run", "refusing.json", "--json"]) == 1
    told = capsys.readouterr()
    assert "too nice" in told.err
    assert "Traceback" not in told.err
    assert json.loads(told.out)["errors"][0]["node"] == "between"
    assert not (folder / "outputs").exists()


def test_what_a_plugin_prints_is_no_result_and_its_progress_is_shown(folder: Path, capsys: Capture) -> None:
    save(folder / "chatter.json", with_node("chatter"))
    assert call(["run", "chatter.json"]) == 0
    told = capsys.readouterr()
    assert told.out.splitlines() == [str(Path("outputs/chatter-image-1.png"))]
    assert "what a plugin says" in told.err
    assert "between 2/8" in told.err
    assert "between 8/8" in told.err
    assert call(["run", "chatter.json", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["outputs"]["image"]


def test_a_run_of_a_sweep_that_fails_says_which_one_it_was(folder: Path, capsys: Capture) -> None:
    workflow = with_node("dislike_ones")
    workflow["inputs"]["number"] = {"type": "int"}
    workflow["nodes"]["between"]["links"]["number"] = ["$", "number"]
    save(folder / "picky.json", workflow)
    assert call(["run", "picky.json", "--sweep", "number=0,1,2", "--json"]) == 1
    told = capsys.readouterr()
    assert "with number=1:" in told.err
    (error,) = json.loads(told.out)["errors"]
    assert (error["inputs"], error["node"]) == ({"number": 1}, "between")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--set", "seed=x"], "inputs.seed"),
        (["--set", "seeed=1"], "'seed'"),
        (["--set", "strength=2"], "inputs.strength"),
        (["--sweep", "strength=0.5,2"], "inputs.strength"),
        (["--set", "seed"], "--set"),
        (["--node", "stripes.picture"], "stripes"),
        (["--out", "stripes.json"], "--out"),
        (["--report", "stripes.json/report.json"], "--report"),
        (["--cache", "stripes.json"], "--cache"),
        (["--device", "cuda:99"], "--device"),
    ],
)
def test_bad_input_writes_nothing(folder: Path, arguments: list[str], told: str, capsys: Capture) -> None:
    assert call(["run", "stripes.json", *arguments]) == 2
    said = capsys.readouterr().err
    assert told in said
    assert "Traceback" not in said
    assert sorted(path.name for path in folder.iterdir() if path.name != "cache-home") == ["plugins", "stripes.json"]


def test_what_cannot_be_written_is_told_before_anything_runs(folder: Path, capsys: Capture) -> None:
    document = {
        "latentloom": 1,
        "outputs": {"state": ["random", "random_state"]},
        "nodes": {"random": {"type": "random_state", "values": {"seed": 1}}},
    }
    save(folder / "state.json", document)
    assert call(["run", "state.json"]) == 2
    assert "RandomState" in capsys.readouterr().err


def test_interrupting_cancels_cleanly(folder: Path) -> None:
    save(folder / "slow.json", with_node("wait", seconds=60.0))
    process = subprocess.Popen(
        [sys.executable, "-m", "latentloom", "run", "slow.json", "--report", "report.json"],
        stderr=subprocess.PIPE, text=True, env=os.environ | {"OMP_NUM_THREADS": "1"},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    end = time.monotonic() + 120
    while not (folder / "waiting").exists() and process.poll() is None and time.monotonic() < end:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=120)
    assert process.returncode == 130, told
    assert "Interrupted" in told
    assert "Traceback" not in told
    assert json.loads((folder / "report.json").read_text())["nodes"]["stripes"]["calls"] == 1
    assert not (folder / "outputs").exists()


def test_run_from_python(folder: Path) -> None:
    from latentloom import Workflow

    with pytest.raises(WorkflowError, match="strypes"):
        run(Workflow.from_json({**STRIPES, "nodes": {"stripes": {"type": "strypes"}}}))
    save(folder / "plain.json", {
        "latentloom": 1,
        "inputs": {"a": {"type": "float"}},
        "outputs": {"sum": ["sum", "value"]},
        "nodes": {"sum": {"type": "add", "values": {"b": 2}, "links": {"a": ["$", "a"]}}},
    })  # fmt: skip
    assert run("plain.json", a=1.5) == {"sum": 3.5}
