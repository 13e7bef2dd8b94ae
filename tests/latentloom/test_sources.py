import io
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import PIL.Image
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from latentloom.graph import WorkflowError
from latentloom.metadata import embed
from latentloom.record import Record
from latentloom.sources import file_name, read_source

from .conftest import STRIPES

RECORD = Record(name="stripes", workflow=STRIPES, inputs={"seed": 5}, output="image", device="cpu", dtype="float32")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)


def picture(text: str) -> bytes:
    file = io.BytesIO()
    PIL.Image.new("RGB", (2, 2)).save(file, "PNG")
    return embed(file.getvalue(), text)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_a_picture_gives_its_workflow_and_inputs(tmp_path: Path, form: str) -> None:
    file = io.BytesIO()
    PIL.Image.new("RGB", (2, 2)).save(file, form)
    (tmp_path / "renamed").write_bytes(embed(file.getvalue(), RECORD.text()))
    source = read_source(tmp_path / "renamed")
    assert json.loads(source.workflow.dump()) == STRIPES
    assert (source.name, source.inputs, source.record) == ("stripes", {"seed": 5}, RECORD)


def test_the_document_keeps_its_order() -> None:
    assert list(json.loads(RECORD.text())["workflow"]["inputs"]) == ["seed", "strength", "prompt"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from([*Record.model_fields, "bogus"]), JSON)
def test_any_change_of_a_record_is_read_or_told(tmp_path: Path, name: str, value: Any) -> None:
    text = json.dumps(RECORD.model_dump(mode="json") | {name: value})
    (tmp_path / "x.png").write_bytes(picture(text))
    with suppress(WorkflowError):
        read_source(tmp_path / "x.png")


@pytest.mark.parametrize("text", ["", "{}", "[]", "nonsense", "[" * 200_000, '{"record": 2}', "\x00"])
def test_a_hostile_record_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.png").write_bytes(picture(text))
    with pytest.raises(WorkflowError, match=r"x\.png"):
        read_source(tmp_path / "x.png")


@pytest.mark.parametrize(
    ("text", "name"),
    [("text-to-image", "text-to-image"), ("../../etc/x", "etc-x"), ("ein Bild", "ein-Bild"), ("...", "workflow")],
)
def test_names_of_files_are_safe(text: str, name: str) -> None:
    assert file_name(text) == name
