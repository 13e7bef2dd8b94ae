"""Uploads and files: what is taken, how it is given back."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path

import pytest
from PIL import Image

from latentloom.metadata import extract

from .conftest import stripes
from .serving import Server, serving

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
CARRYING = (PICTURES / "inpaint.png").read_bytes()


def picture(colour: str = "red", format_: str = "PNG", side_px: int = 40) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (side_px, side_px // 2), colour).save(file, format_)
    return file.getvalue()


def test_an_upload_is_known_by_its_content(server: Server) -> None:
    content = picture("blue")
    uploaded = server.upload(content, "sky.png")
    digest = hashlib.sha256(content).hexdigest()
    assert (uploaded["digest"], uploaded["value"]) == (digest, f"sha256:{digest}")
    assert (uploaded["width"], uploaded["height"], uploaded["bytes"]) == (40, 20, len(content))
    assert server.get(f"/files/{digest}").content == content
    assert server.upload(content, "again.png")["digest"] == digest
    assert len(list((server.data / "files" / digest[:2]).glob(f"{digest}*"))) == 1


@pytest.mark.parametrize("format_", ["PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF"])
def test_the_content_tells_what_it_is(server: Server, format_: str) -> None:
    uploaded = server.upload(picture("green", format_), "lie.txt", "text/html")
    assert uploaded["media_type"] == f"image/{format_.lower()}"


@pytest.mark.parametrize("format_", ["PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF"])
def test_a_picture_that_was_cut_short_is_refused(server: Server, format_: str) -> None:
    whole = picture("green", format_)
    answer = server.post("/uploads", data=whole[: len(whole) * 3 // 4])
    assert (answer.status_code, answer.json()["code"]) == (415, "bad-picture")


def test_a_picture_of_ours_gives_its_workflow_back(server: Server) -> None:
    record = server.upload(CARRYING, "inpaint.png")["record"]
    carried = json.loads(extract(CARRYING) or "")
    assert record["inputs"]["seed"] == carried["inputs"]["seed"]
    assert record["workflow"]["nodes"].keys() == carried["workflow"]["nodes"].keys()
    assert record["inputs"]["image"] == f"sha256:{carried['files']['inputs.image']['sha256']}"
    for name in ("red-heart.png", "lower-half.png"):
        server.upload((PICTURES.parents[1] / "workflows" / name).read_bytes())
    answer = server.post("/check", {"workflow": record["workflow"], "inputs": record["inputs"]})
    assert answer.json()["faults"] == []


def test_a_workflow_can_be_uploaded(server: Server) -> None:
    uploaded = server.upload(json.dumps(stripes()).encode(), "stripes.json", "application/json")
    assert uploaded["record"]["workflow"] == stripes()
    assert uploaded["media_type"] == "application/json"


def test_a_faulty_workflow_is_told_with_its_places(server: Server) -> None:
    body = json.dumps({"latentloom": 1, "nods": {}})
    answer = server.post("/uploads", params={"name": "x.json"}, data=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["faults"][0]["where"] == "nods"


def test_a_file_is_immutable_and_asked_for_once(server: Server) -> None:
    digest = server.upload(picture("pink"))["digest"]
    first = server.get(f"/files/{digest}")
    assert first.headers["ETag"] == f'"{digest}"'
    assert "immutable" in first.headers["Cache-Control"]
    assert "sandbox" in first.headers["Content-Security-Policy"]
    again = server.get(f"/files/{digest}", headers={"If-None-Match": f'"{digest}"'})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("asked", "start", "stop"), [("bytes=0-9", 0, 10), ("bytes=10-", 10, None), ("bytes=-5", -5, None)]
)
def test_ranges(server: Server, asked: str, start: int, stop: int | None) -> None:
    content = picture("cyan")
    digest = server.upload(content)["digest"]
    answer = server.get(f"/files/{digest}", headers={"Range": asked})
    assert answer.status_code == 206
    assert answer.content == content[start:stop]
    assert answer.headers["Content-Range"].endswith(f"/{len(content)}")


def test_a_range_behind_the_end_cannot_be_had(server: Server) -> None:
    digest = server.upload(picture("cyan"))["digest"]
    assert server.get(f"/files/{digest}", headers={"Range": "bytes=999999-"}).status_code == 416


def test_a_small_copy_keeps_the_shape(server: Server) -> None:
    digest = server.upload(picture("navy", side_px=900))["digest"]
    answer = server.get(f"/files/{digest}?thumbnail=256")
    assert answer.headers["Content-Type"] == "image/webp"
    assert Image.open(io.BytesIO(answer.content)).size == (256, 128)
    assert answer.headers["ETag"] == f'"{digest}-256"'
    assert server.get(f"/files/{digest}?thumbnail=257").status_code == 400


def test_there_is_no_small_copy_of_a_text(server: Server) -> None:
    digest = server.upload(json.dumps(stripes(5)).encode(), "w.json", "application/json")["digest"]
    assert server.get(f"/files/{digest}?thumbnail=128").status_code == 404


def test_a_file_can_be_saved_under_a_name(server: Server) -> None:
    digest = server.upload(picture("gold"), "gold.png")["digest"]
    assert server.get(f"/files/{digest}").headers["Content-Disposition"] == "inline"
    own = server.get(f"/files/{digest}?download=").headers["Content-Disposition"]
    given = server.get(f"/files/{digest}", params={"download": 'a"b\\c ü.png'}).headers["Content-Disposition"]
    assert 'filename="gold.png"' in own
    assert given == "attachment; filename=\"a_b_c _.png\"; filename*=UTF-8''a%22b%5Cc%20%C3%BC.png"


def test_files_are_listed_newest_first_in_pages(server: Server) -> None:
    digests = [server.upload(picture(colour), f"paged-{colour}.png")["digest"] for colour in ("red", "lime", "teal")]
    first = server.get("/files", params={"q": "paged", "limit": 2, "kind": "upload"}).json()
    second = server.get("/files", params={"q": "paged", "limit": 2, "before": first["next"]}).json()
    assert [file["digest"] for file in first["files"] + second["files"]] == digests[::-1]
    assert second["next"] is None


def test_a_file_is_found_by_its_digest(server: Server) -> None:
    digest = server.upload(picture("plum"), "plum.png")["digest"]
    assert [file["name"] for file in server.get("/files", params={"digest": digest}).json()["files"]] == ["plum.png"]
    assert server.get("/files", params={"digest": "0" * 64}).json()["files"] == []
    assert server.get("/files", params={"digest": "plum"}).status_code == 400


def test_a_deleted_file_is_gone(server: Server) -> None:
    digest = server.upload(picture("brown"))["digest"]
    server.get(f"/files/{digest}?thumbnail=128")
    assert server.delete(f"/files/{digest}").status_code == 200
    assert server.get(f"/files/{digest}").status_code == 404
    assert server.delete(f"/files/{digest}").status_code == 404
    assert not list(server.data.rglob(f"{digest}*"))


def test_a_quota_refuses_and_takes_again_when_there_is_room(tmp_path: Path) -> None:
    with serving(tmp_path / "data", "--quota", "12000") as server:
        first = server.upload(picture("red", "BMP", 60))
        answer = server.post("/uploads", data=picture("blue", "BMP", 80), headers={"Content-Type": "image/bmp"})
        assert answer.status_code == 507
        assert "quota" in answer.json()["error"]
        assert not list((server.data / "temporary").iterdir())
        server.delete(f"/files/{first['digest']}")
        server.upload(picture("blue", "BMP", 80))
