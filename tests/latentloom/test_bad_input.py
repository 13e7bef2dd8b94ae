"""Bad input, as a user meets it at the command line: the place, a mend, the exit code, and nothing written."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import PIL.Image
import pytest

from latentloom.cli import call
from tests.nodes.tiny_models import write_model

from .conftest import save, with_node

Capture = pytest.CaptureFixture[str]
Document = dict[str, Any]
Edit = Callable[[Document], object]
TEXT_TO_IMAGE = Path(__file__).parents[2] / "workflows" / "text-to-image.json"
WEIGHTS = Path("unet") / "diffusion_pytorch_model.safetensors"


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two models whose autoencoders differ."""
    folder = tmp_path_factory.mktemp("models")
    for family in ("sd1", "sdxl"):
        write_model(folder / family, family)
    return folder


def text_to_image(edit: Edit = lambda document: None) -> Document:
    document: Document = json.loads(TEXT_TO_IMAGE.read_text())
    edit(document)
    return document


def nodes(document: Document) -> Document:
    return document["nodes"]  # type: ignore[no-any-return]


def body(document: Document) -> Document:
    return nodes(document)["denoising"]["body"]  # type: ignore[no-any-return]


def set_value(document: Document, node: str, name: str, value: Any) -> None:
    nodes(document)[node]["links"].pop(name, None)
    nodes(document)[node].setdefault("values", {})[name] = value


def link(document: Document, node: str, name: str, source: list[str]) -> None:
    nodes(document)[node]["links"][name] = source


def steps_from(document: Document, type_: str, **values: Any) -> None:
    nodes(document)["count"] = {"type": type_, "values": values}
    link(document, "schedule", "steps", ["count", "value"])


def model_from_text(document: Document) -> None:
    nodes(document)["name"] = {"type": "text", "values": {"value": "sd11"}}
    link(document, "model", "name", ["name", "value"])


def in_a_circle(document: Document) -> None:
    nodes(document)["again"] = {"type": "invert_image", "links": {"image": ["enlarged", "image"]}}
    link(document, "enlarged", "image", ["again", "image"])


def another_autoencoder(document: Document) -> None:
    nodes(document)["other"] = {"type": "load_model", "values": {"name": "sdxl"}}
    link(document, "decoded", "autoencoder", ["other", "autoencoder"])


def entries(folder: Path) -> set[Path]:
    """Everything in a folder, but for the cache of the plugins' declarations."""
    return {path for path in folder.rglob("*") if "cache-home" not in path.parts and "__pycache__" not in path.parts}


def refused(folder: Path, capsys: Capture, *arguments: str) -> str:
    """What a command that ends with code 2 says, once it is sure that it wrote nothing."""
    before = entries(folder)
    code = call(arguments)
    told = capsys.readouterr()
    assert code == 2, told.err
    assert not told.out
    assert "Traceback" not in told.err
    assert entries(folder) == before
    return told.err


@pytest.mark.parametrize(
    ("text", "place", "mend"),
    [
        ("{nope", "bad.json", "Check that the file is a saved workflow"),
        ("\xff\xfe\xff", "bad.json", "Check that the file is a saved workflow"),
        ('{"latentloom": 99}', "the version is 99; this release reads versions 1 to 1", "Update latentloom"),
        ('{"latentloom": "1"}', "the version is '1'", "correct the number"),
        ("{}", "the version is missing", 'Add "latentloom": 1'),
    ],
)
def test_what_is_no_workflow(folder: Path, capsys: Capture, text: str, place: str, mend: str) -> None:
    (folder / "bad.json").write_text(text, encoding="latin-1")
    told = refused(folder, capsys, "run", "bad.json")
    assert place in told
    assert mend in told


FAULTY: dict[str, tuple[Edit, str, str]] = {
    "unknown field": (
        lambda d: body(d)["step"].update(bogus=1),
        "nodes.denoising.body.step.bogus: unknown field",
        "Remove the field",
    ),
    "link of three": (
        lambda d: link(d, "decoded", "latent", ["a", "b", "c"]),
        "nodes.decoded.links.latent",
        "A link is a list of a node's id and the name of its output",
    ),
    "unknown node type": (
        lambda d: nodes(d)["decoded"].update(type="decod"),
        "nodes.decoded.type: there is no node type 'decod'",
        "Did you mean 'decode'",
    ),
    "missing input": (
        lambda d: nodes(d)["decoded"]["links"].pop("latent"),
        "nodes.decoded: the input 'latent' (Latent) is missing",
        "Link a node that gives a Latent",
    ),
    "missing node": (
        lambda d: link(d, "decoded", "latent", ["denoisin", "latent"]),
        "nodes.decoded.links.latent: there is no node 'denoisin'",
        "Did you mean 'denoising'",
    ),
    "missing output": (
        lambda d: body(d)["step"]["links"].update(prediction=["guided", "predicion"]),
        "nodes.denoising.body.step.links.prediction: the node 'guided' has no output 'predicion'",
        "Did you mean 'prediction'?",
    ),
    "type mismatch": (
        lambda d: link(d, "decoded", "latent", ["model", "denoiser"]),
        "nodes.decoded.links.latent: Denoiser arrives where Latent is expected",
        "A node between the two could be 'noise_latent'",
    ),
    "cycle": (
        in_a_circle,
        "these nodes wait for each other: 'again' -> 'enlarged' -> 'again'",
        "Remove one of the links. To repeat something, use a loop",
    ),
    "out of range": (
        lambda d: set_value(d, "schedule", "strength", 1.5),
        "nodes.schedule.values.strength: 1.5 is out of range",
        "Choose a value from 0 to 1",
    ),
    "latent space": (
        another_autoencoder,
        "nodes.decoded: The latent is of space 4ch-f2-0.18215, this autoencoder reads 4ch-f4-0.13025",
        "from models of the same family",
    ),
    "missing model folder": (
        model_from_text,
        "nodes.model: There is no model folder 'sd11'",
        "Did you mean 'sd1'",
    ),
    "carry of another type": (
        lambda d: nodes(d)["denoising"]["next"].update(latent=["step", "state"]),
        "nodes.denoising.next.latent: the loop carries 'latent' as Latent but hands on SchedulerState",
        "Start it with SchedulerState, or hand on Latent",
    ),
    "no steps": (
        lambda d: set_value(d, "schedule", "steps", 0),
        "nodes.schedule.values.steps: 0 is out of range",
        "Choose a value from 1 to 1000",
    ),
    "no steps over a link": (
        lambda d: steps_from(d, "integer", value=0),
        "nodes.schedule: The schedule has 0 steps",
        "Give it more steps",
    ),
    "no steps left": (
        lambda d: set_value(d, "schedule", "strength", 0.01),
        "nodes.schedule: With 20 steps a strength of 0.01 leaves none",
        "Use a strength of at least 0.05, or more steps",
    ),
    "prompt a number": (
        lambda d: d["inputs"]["prompt"].update(default=5),
        "inputs.prompt.default: 5 is a whole number, but text (str) is expected",
        'Put it into quotes: "5"',
    ),
    "prompt an object": (
        lambda d: set_value(d, "tokens", "text", {"a": 1}),
        "nodes.tokens.values.text: {'a': 1} is an object, but text (str) is expected",
        "Give text (str)",
    ),
    "prompt of timesteps": (
        lambda d: link(d, "tokens", "text", ["schedule", "timesteps"]),
        "nodes.tokens.links.text: list[Timestep] arrives where str is expected",
        "Link an output of the expected type",
    ),
}


@pytest.mark.parametrize("command", ["run", "check"])
@pytest.mark.parametrize("fault", FAULTY)
def test_a_faulty_workflow(folder: Path, models: Path, capsys: Capture, fault: str, command: str) -> None:
    edit, place, mend = FAULTY[fault]
    save(folder / "bad.json", text_to_image(edit))
    told = refused(folder, capsys, command, "bad.json", "--models", str(models), "--set", "model=sd1")
    assert place in told
    assert mend in told


def test_a_fault_in_the_document_names_its_node_for_programs(folder: Path, capsys: Capture) -> None:
    save(folder / "bad.json", text_to_image(lambda d: body(d)["step"].update(bogus=1)))
    assert call(["run", "bad.json", "--json"]) == 2
    (fault,) = json.loads(capsys.readouterr().out)["faults"]
    assert (fault["node"], fault["code"]) == ("step", "unknown-field")


@pytest.mark.parametrize(
    ("arguments", "place", "mend"),
    [
        (["--set", "steps=0"], "inputs.steps: 0 is out of range", "from 1 to 1000"),
        (["--sweep", "steps=5,0"], "inputs.steps: 0 is out of range", "from 1 to 1000"),
        (["--set", "guidance=99"], "inputs.guidance", "from 1 to 30"),
        (["--set", "scheduler=eulr"], "inputs.scheduler", "Did you mean 'euler'"),
        (["--set", "model=sd11"], "nodes.model: There is no model folder 'sd11'", "Did you mean 'sd1'"),
        (["--set", "width=65"], "nodes.noise: The width is 65 px", "Use 64 or"),
        (["--set", "prompt=@binary"], "--set prompt: the file 'binary' cannot be read", "Give the path of a text file"),
        (["--out", "binary"], "--out", "Choose another folder"),
        (["--out", "binary/deep/down"], "--out", "Choose another folder"),
        (["--out", "x" * 300], "--out", "Choose another folder"),
        (["--report", "."], "--report: '.' is a folder", "Give a file's name"),
        (["--trace", "plugins"], "--trace: 'plugins' is a folder", "Give a file's name"),
    ],
)
def test_bad_arguments(
    folder: Path, models: Path, capsys: Capture, arguments: list[str], place: str, mend: str
) -> None:
    (folder / "binary").write_bytes(b"\xff\xfe\x00")
    save(folder / "good.json", text_to_image())
    command = "check" if arguments[0] == "--set" else "run"
    told = refused(folder, capsys, command, "good.json", "--models", str(models), *arguments)
    assert place in told
    assert mend in told


def not_a_picture(path: Path) -> None:
    path.write_text("# Read me")


def cut_short(format_: str) -> Callable[[Path], object]:
    def make(path: Path) -> None:
        with PIL.Image.open(TEXT_TO_IMAGE.parent / "red-heart.png") as picture:
            picture.convert("RGB").save(path, format_)
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    return make


@pytest.mark.parametrize("command", ["run", "check"])
@pytest.mark.parametrize(
    ("make", "told"),
    [
        (not_a_picture, "nodes.loaded: 'given.png' is not a picture that can be read"),
        *(
            (cut_short(format_), "nodes.loaded: 'given.png' is damaged or cut short")
            for format_ in ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF")
        ),
        (lambda path: None, "inputs.image: the file given.png cannot be read"),
        (Path.mkdir, "inputs.image: the file given.png cannot be read: Is a directory"),
    ],
)
def test_a_picture_that_cannot_be_read_is_told_before_anything_runs(
    folder: Path, capsys: Capture, make: Callable[[Path], object], told: str, command: str
) -> None:
    make(folder / "given.png")
    shutil.copy(TEXT_TO_IMAGE.parent / "image-to-image.json", folder)
    faults = refused(folder, capsys, command, "image-to-image.json", "--set", "image=given.png")
    assert told in faults.replace(f"{folder}/", "")


def test_a_check_asks_for_what_a_run_asks_for(folder: Path, capsys: Capture) -> None:
    """An input that must be given; an output that cannot be written."""
    save(folder / "asking.json", text_to_image(lambda d: d["inputs"]["prompt"].pop("default")))
    save(folder / "latent.json", text_to_image(lambda d: d["outputs"].update(latent=["denoising", "latent"])))
    for command in ("check", "run"):
        told = refused(folder, capsys, command, "asking.json")
        assert "inputs.prompt: this input must be given" in told
        told = refused(folder, capsys, command, "latent.json")
        assert "outputs.latent: is of type Latent" in told


@pytest.mark.parametrize("out", [".", "stripes.json/graph.svg"])
def test_a_drawing_that_cannot_be_written(folder: Path, capsys: Capture, out: str) -> None:
    assert "--out: " in refused(folder, capsys, "graph", "stripes.json", "--out", out)


def test_a_read_only_out_folder(folder: Path, capsys: Capture) -> None:
    """Modes do not stop root, so the folder is one in which nobody makes files."""
    if not Path("/proc/self").is_dir():
        pytest.skip("needs Linux")
    told = refused(folder, capsys, "run", "stripes.json", "--out", "/proc/self")
    assert "--out: the folder '/proc/self' cannot be written to" in told
    (folder / "locked").mkdir(mode=0o500)
    if not os.access(folder / "locked", os.W_OK):
        assert "Permission denied" in refused(folder, capsys, "run", "stripes.json", "--out", "locked/deep")


DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "truncated": (lambda path: path.write_bytes(path.read_bytes()[:-100]), "corrupt or truncated"),
    "empty": (lambda path: path.write_bytes(b""), "is cut off"),
    "text": (lambda path: path.write_bytes(b"hello world" * 99), "no safetensors file"),
    "header": (lambda path: path.write_bytes(path.read_bytes().replace(b'"F32"', b'"F?2"', 1)), "is mangled"),
    "pickle": (lambda path: path.rename(path.with_suffix(".bin")), "is a pickle"),
    "absent": (lambda path: path.unlink(), "no safetensors file"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_model(folder: Path, models: Path, capsys: Capture, damage: str) -> None:
    shutil.copytree(models / "sd1", folder / "models" / "damaged")
    spoil, reason = DAMAGES[damage]
    spoil(folder / "models" / "damaged" / WEIGHTS)
    save(folder / "good.json", text_to_image())
    told = refused(folder, capsys, "run", "good.json", "--models", "models", "--set", "model=damaged")
    assert "nodes.model: " in told
    assert reason in told
    assert "again" in told or "convert" in told


def test_what_only_a_run_can_tell_names_its_node(folder: Path, capsys: Capture) -> None:
    """A number that a node computes is not known before: the node that gets it fails, and nothing is written."""
    save(folder / "late.json", text_to_image(lambda d: steps_from(d, "round_number", value=0.2)))
    before = entries(folder)
    assert call(["run", "late.json"]) == 1
    told = capsys.readouterr().err
    assert "schedule: The schedule has 0 steps; at least 1 was expected. Give it more steps." in told
    assert "Traceback" not in told
    assert entries(folder) == before


FAILING = '''
import sys

from latentloom import node
from latentloom.nodes.values import Image

LEVEL = 0.5


@node(category="test")
def darken(image: Image) -> Image:
    """Changes what it was given."""
    image.pixels.mul_(LEVEL)
    return image


@node(category="test")
def dim(image: Image) -> Image:
    """Darker, as a picture of its own."""
    return Image(image.pixels * LEVEL)


@node(category="test")
def leave(image: Image) -> Image:
    """Ends the process, or tries to."""
    sys.exit(0)


@node(category="test")
async def leave_later(image: Image) -> Image:
    """Ends the process from a coroutine, or tries to."""
    sys.exit(0)
'''


@pytest.fixture
def plugin(folder: Path) -> Path:
    path = folder / "plugins" / "failing_nodes.py"
    path.write_text(FAILING)
    return path


def failed(folder: Path, capsys: Capture, *arguments: str) -> str:
    """What a command that ends with code 1 says, once it is sure that it wrote nothing."""
    before = entries(folder)
    code = call(arguments)
    told = capsys.readouterr()
    assert code == 1, told.err
    assert entries(folder) == before
    return told.err


def test_a_node_that_changes_its_input_is_caught(folder: Path, plugin: Path, capsys: Capture) -> None:
    save(folder / "darken.json", with_node("darken"))
    told = failed(folder, capsys, "run", "darken.json")
    assert "between: the node type 'darken' changed one of its inputs in place" in told
    assert "its author should make a copy first" in told


@pytest.mark.parametrize(
    ("type_", "reason"),
    [
        ("broken", "AttributeError: 'Image' object has no attribute 'no_such_thing'"),
        ("leave", "SystemExit"),
        ("leave_later", "SystemExit"),
    ],
)
def test_a_plugin_that_crashes(folder: Path, plugin: Path, capsys: Capture, type_: str, reason: str) -> None:
    save(folder / "crash.json", with_node(type_))
    told = failed(folder, capsys, "run", "crash.json")
    (line,) = [line for line in told.splitlines() if line.startswith("between: ")]
    assert reason in line
    assert f"in {type_}\n" in told[told.index("Traceback") :]


def calls(capsys: Capture, *arguments: str) -> dict[str, int]:
    """Node id -> how many of its calls ran."""
    assert call(["run", *arguments, "--cache", "known", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    return {id_: node["calls"] for id_, node in report["nodes"].items()} | report["totals"]


def test_an_edited_plugin_is_not_served_what_it_gave_before(folder: Path, plugin: Path, capsys: Capture) -> None:
    slow = "import time\n" + FAILING.replace("    return Image(", "    time.sleep(0.3)\n    return Image(")
    plugin.write_text(slow)  # what is made at once is not worth keeping on disk
    save(folder / "dim.json", with_node("dim"))
    assert calls(capsys, "dim.json")["between"] == 1
    assert calls(capsys, "dim.json").get("between", 0) == 0
    plugin.write_text(slow.replace("LEVEL = 0.5", "LEVEL = 0.25"))
    assert calls(capsys, "dim.json")["between"] == 1
    first, same, edited = ((folder / "outputs" / f"dim-image-{i}.png").read_bytes() for i in (1, 2, 3))
    assert first == same != edited


def test_another_dtype_is_not_served_what_the_first_gave(folder: Path, models: Path, capsys: Capture) -> None:
    save(folder / "good.json", text_to_image())
    arguments = ["good.json", "--models", str(models), "--set", "model=sd1", "--set", "steps=3"]
    assert calls(capsys, *arguments)["denoiser_forwards"] == 3
    assert calls(capsys, *arguments)["denoiser_forwards"] == 0
    assert calls(capsys, *arguments, "--dtype", "bfloat16")["denoiser_forwards"] == 3


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
def test_being_told_to_end_leaves_no_half_written_file(folder: Path) -> None:
    save(folder / "long.json", text_to_image())
    process = subprocess.Popen(
        [sys.executable, "-m", "latentloom", "run", "long.json", "--set", "steps=1000", "--cache", "known"],
        stderr=subprocess.PIPE, text=True, env=os.environ | {"OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    end = time.monotonic() + 120
    while len(list((folder / "known").rglob("*"))) < 6 and process.poll() is None and time.monotonic() < end:
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    _, told = process.communicate(timeout=120)
    assert process.returncode == 130, told
    assert "Interrupted" in told
    assert "Traceback" not in told
    assert not (folder / "outputs").exists()
    assert not [path for path in entries(folder) if path.suffix == ".part"]
