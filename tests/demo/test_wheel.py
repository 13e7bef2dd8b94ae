"""The wheel holds the model, and nothing that is there only to make it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
MOST_BYTES = 30_000_000


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """The files of a wheel built from what git knows, with their sizes."""
    source, built = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("built")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=REPOSITORY, check=True, stdout=subprocess.PIPE).stdout
    for name in listed.decode().strip("\0").split("\0"):
        target = source / name
        if (REPOSITORY / name).exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(REPOSITORY / name, target, follow_symlinks=False)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(built), str(source)]
    subprocess.run(command, check=True)
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return {entry.filename: entry.file_size for entry in archive.infolist()}


def test_the_model_is_packed_whole_and_is_small(packed: dict[str, int]) -> None:
    model = {name: size for name, size in packed.items() if name.startswith("latentloom/demo/")}
    parts = {name.split("/")[2] for name in model}
    assert parts >= {"vae", "unet", "text_encoder", "tokenizer", "scheduler", "model_index.json", "NOTICE.md"}
    assert 25_000_000 < sum(model.values()) <= MOST_BYTES


def test_the_training_programs_and_sheets_are_not_packed(packed: dict[str, int]) -> None:
    assert (REPOSITORY / "latentloom" / "demo" / "training" / "concepts.txt").exists()
    assert not [name for name in packed if "training" in name or "sheets" in name or name.endswith(".webp")]
