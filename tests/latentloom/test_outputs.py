import io
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import PIL.Image
import pytest
import torch

from latentloom.graph import EnvironmentFault, WorkflowError, parse_type
from latentloom.metadata import extract
from latentloom.nodes.image_files import encoded
from latentloom.nodes.values import EncodedImage, Image, Latent, Mask
from latentloom.outputs import check_folder, check_writable_type, contents_of, write_output, write_whole

PIXELS = torch.rand(2, 3, 5, 7, generator=torch.Generator().manual_seed(0))


def written(folder: Path, value: Any, stem: str = "w-image") -> list[str]:
    files = write_output(folder, stem, contents_of(value, "image"), lambda index: f"record {index}")
    return [file.path.name for file in files]


def test_encoded_images_are_numbered_and_carry_their_record(tmp_path: Path) -> None:
    pictures = encoded(Image(PIXELS))
    assert written(tmp_path / "new" / "folder", pictures) == ["w-image-1.png", "w-image-2.png"]
    second = (tmp_path / "new" / "folder" / "w-image-2.png").read_bytes()
    assert extract(second) == "record 1"
    assert PIL.Image.open(io.BytesIO(second)).tobytes() == PIL.Image.open(io.BytesIO(pictures.files[1])).tobytes()
    assert written(tmp_path / "new" / "folder", pictures) == ["w-image-3.png", "w-image-4.png"]


def test_nothing_is_replaced_and_nothing_is_left_over(tmp_path: Path) -> None:
    (tmp_path / "w-image-7.txt").write_text("precious")
    (tmp_path / "w-image-x.png").write_text("other")
    assert written(tmp_path, encoded(Image(PIXELS[:1]))) == ["w-image-8.png"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["w-image-7.txt", "w-image-8.png", "w-image-x.png"]
    assert (tmp_path / "w-image-7.txt").read_text() == "precious"


def test_many_writers_never_take_the_same_name(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        names = list(pool.map(lambda i: written(tmp_path, f"text {i}")[0], range(64)))
    assert len(set(names)) == 64
    assert {(tmp_path / name).read_text() for name in names} == {f"text {i}" for i in range(64)}


@pytest.mark.parametrize(
    ("value", "suffixes"),
    [
        (Image(PIXELS), [".png", ".png"]),
        (Mask(PIXELS[:1, :1]), [".png"]),
        ([Image(PIXELS[:1]), Image(PIXELS[1:])], [".png", ".png"]),
        (EncodedImage((b"\xff\xd8\xff\xd9",), "image/jpeg"), [".jpg"]),
        ("text", [".txt"]),
        (["a", "b"], [".txt", ".txt"]),
        (3, [".json"]),
        (True, [".json"]),
        ([1.5, 2], [".json"]),
        ([[1], []], [".json"]),
        ({"a": 1, "b": "c"}, [".json"]),
        (None, [".json"]),
    ],
)
def test_what_values_become(value: Any, suffixes: list[str]) -> None:
    assert [content.suffix for content in contents_of(value, "x")] == suffixes


def test_numbers_are_json(tmp_path: Path) -> None:
    assert json.loads(contents_of([1.5, 2], "x")[0].data) == [1.5, 2]


def test_a_mask_is_a_grey_picture() -> None:
    picture = PIL.Image.open(io.BytesIO(contents_of(Mask(torch.tensor([[[[0.0, 1.0]]]])), "x")[0].data))
    assert list(picture.convert("L").tobytes()) == [0, 255]


def test_a_latent_names_the_nodes_to_add() -> None:
    with pytest.raises(WorkflowError, match=r"outputs\.image: is of type Latent.*decode and encode_image"):
        contents_of(Latent(PIXELS, "4ch", 8), "image")
    assert check_writable_type("image", parse_type("list[Latent]"))
    for type_ in ("EncodedImage", "list[Image]", "float", "~T"):
        assert check_writable_type("image", parse_type(type_)) is None


def test_a_folder_that_does_not_exist_yet_is_probed_without_a_trace(tmp_path: Path) -> None:
    check_folder(tmp_path / "a" / "b", "--out")
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(WorkflowError, match=r"--out.*cannot be written to"):
            check_folder(folder, "--out")


def test_a_folder_that_nobody_may_write_to() -> None:
    with pytest.raises(WorkflowError, match="cannot be written to"):
        check_folder(Path("/proc/latentloom"), "--out")


def test_a_failed_write_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("old")
    with pytest.raises(EnvironmentFault, match="cannot write"):
        write_output(tmp_path / "file", "stem", contents_of("x", "x"), lambda index: "")
    with pytest.raises(EnvironmentFault, match="cannot write"):
        write_whole(tmp_path / "file" / "report.json", "{}")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_named_file_is_replaced_whole(tmp_path: Path) -> None:
    write_whole(tmp_path / "report.json", "1")
    write_whole(tmp_path / "report.json", "2")
    assert (tmp_path / "report.json").read_text() == "2"
    assert len(list(tmp_path.iterdir())) == 1
