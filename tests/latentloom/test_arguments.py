from pathlib import Path
from typing import Any

import pytest

from latentloom.arguments import bytes_of, combinations, settings
from latentloom.graph import Parameter, Workflow, WorkflowError

WORKFLOW = Workflow(
    inputs={
        name: Parameter(type=type_)
        for name, type_ in {
            "prompt": "str",
            "seed": "int",
            "guidance": "float",
            "tiled": "bool",
            "scales": "list[float]",
            "image": "Path",
            "images": "list[Path]",
        }.items()
    }
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("prompt=a red fox", "a red fox"),
        ("prompt=5", "5"),
        ("prompt=true", "true"),
        ('prompt="quoted"', "quoted"),
        ("prompt=a=b, c", "a=b, c"),
        ("prompt=", ""),
        ('prompt="@fox"', "@fox"),
        ("seed=7", 7),
        ("seed=7.5", "7.5"),
        ("seed=seven", "seven"),
        ('seed="7"', '"7"'),
        ("seed=null", "null"),
        ('prompt=["a"]', '["a"]'),
        ("prompt=null", "null"),
        ("guidance=4", 4),
        ("guidance=4.5", 4.5),
        ("guidance=NaN", "NaN"),
        ("guidance=Infinity", "Infinity"),
        ("tiled=true", True),
        ("tiled=1", "1"),
        ("seed=true", "true"),
        ("scales=[1, 2.5]", [1, 2.5]),
        ('scales=["a"]', '["a"]'),
        ("unknown=3", 3),
    ],
)
def test_a_value_is_json_of_its_type_else_text(text: str, value: Any) -> None:
    name = text.partition("=")[0]
    found = settings([text], WORKFLOW)[name]
    assert found == value
    assert type(found) is type(value)


def test_paths_are_relative_to_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = settings(["image=cat.png", 'images=["a.png", "/b.png"]'], WORKFLOW)
    assert found == {"image": str(tmp_path / "cat.png"), "images": [str(tmp_path / "a.png"), "/b.png"]}
    assert settings(["image=@cat.png"], WORKFLOW) == {"image": str(tmp_path / "cat.png")}


def test_at_reads_a_file(tmp_path: Path) -> None:
    (tmp_path / "prompt.txt").write_text("a fox\n")
    (tmp_path / "scales.json").write_text("[1, 2]")
    texts = [f"prompt=@{tmp_path}/prompt.txt", f"scales=@{tmp_path}/scales.json"]
    assert settings(texts, WORKFLOW) == {"prompt": "a fox", "scales": [1, 2]}


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(WorkflowError) as caught:
        settings(["prompt", f"prompt=@{tmp_path}/none.txt", f"prompt=@{tmp_path}/binary", "=x"], WORKFLOW)
    assert [fault.code for fault in caught.value.faults] == ["bad-argument"] * 4
    assert "none.txt" in caught.value.faults[1].what


def test_sweeps_make_all_combinations() -> None:
    assert combinations([], None, WORKFLOW) == [{}]
    assert combinations(["guidance=1,2"], "3,4", WORKFLOW) == [
        {"guidance": 1, "seed": 3},
        {"guidance": 1, "seed": 4},
        {"guidance": 2, "seed": 3},
        {"guidance": 2, "seed": 4},
    ]
    assert combinations(['prompt=["a, b", "c"]'], None, WORKFLOW) == [{"prompt": "a, b"}, {"prompt": "c"}]
    assert combinations(["prompt=a fox, a cat"], None, WORKFLOW) == [{"prompt": "a fox"}, {"prompt": "a cat"}]
    assert combinations(["scales=[[1], [2]]"], None, WORKFLOW) == [{"scales": [1]}, {"scales": [2]}]


def test_values_of_a_sweep_are_read_from_files_as_those_of_set(tmp_path: Path) -> None:
    for name in ("fox", "cat"):
        (tmp_path / f"{name}.txt").write_text(f"a {name}\n")
    sweep = f"prompt=@{tmp_path}/fox.txt, @{tmp_path}/cat.txt"
    assert combinations([sweep], None, WORKFLOW) == [{"prompt": "a fox"}, {"prompt": "a cat"}]
    with pytest.raises(WorkflowError, match=r"none\.txt"):
        combinations([f"prompt=@{tmp_path}/none.txt"], None, WORKFLOW)


@pytest.mark.parametrize(
    ("sweeps", "seeds", "given"),
    [(["seed=1,2", "seed=3"], None, ()), (["seed=1"], "2", ()), (["seed=1"], None, ("seed",)), ([], "1", ("seed",))],
)
def test_an_input_is_given_once(sweeps: list[str], seeds: str | None, given: tuple[str, ...]) -> None:
    with pytest.raises(WorkflowError, match="'seed' is given twice"):
        combinations(sweeps, seeds, WORKFLOW, given)
    with pytest.raises(WorkflowError, match="'seed' is given twice"):
        settings(["seed=1", "seed=2"], WORKFLOW)


@pytest.mark.parametrize("sweep", ["seed", "seed=", "=1"])
def test_an_empty_sweep_is_a_fault(sweep: str) -> None:
    with pytest.raises(WorkflowError):
        combinations([sweep], None, WORKFLOW)


def test_a_sweep_has_a_limit() -> None:
    numbers = ",".join(map(str, range(200)))
    with pytest.raises(WorkflowError, match="40,000 jobs"):
        combinations([f"guidance={numbers}"], numbers, WORKFLOW)


@pytest.mark.parametrize(
    ("text", "size"), [("1000", 1000), ("2GiB", 2**31), ("1.5 GB", 1_500_000_000), ("64m", 64_000_000), ("1k", 1000)]
)
def test_sizes(text: str, size: int) -> None:
    assert bytes_of(text) == size


@pytest.mark.parametrize("text", ["", "GiB", "2 apples", "-5", "1e999", "nan"])
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(ValueError, match="is not a size"):
        bytes_of(text)
