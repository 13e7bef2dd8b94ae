"""Pictures made from uploads: they tell the files' names and digests, and nothing of the server's folders."""

from __future__ import annotations

import hashlib
import io
import json

import PIL.Image

from latentloom.metadata import extract

from .serving import Server

FROM_A_FILE = {
    "latentloom": 1,
    "title": "From a file",
    "inputs": {"image": {"type": "Path"}},
    "outputs": {"image": ["darker", "image"], "width": ["size", "width"]},
    "nodes": {
        "load": {"type": "load_image", "links": {"path": ["$", "image"]}},
        "darker": {"type": "darker", "links": {"image": ["load", "image"]}},
        "size": {"type": "image_size", "links": {"image": ["load", "image"]}},
    },
}


def test_a_picture_names_the_upload_it_was_made_from(server: Server) -> None:
    file = io.BytesIO()
    PIL.Image.new("RGB", (24, 16), (200, 30, 40)).save(file, "PNG")
    uploaded = server.upload(file.getvalue(), "a rose.png")
    (job,) = server.submit(FROM_A_FILE, inputs={"image": uploaded["value"]})
    done = server.wait(job["id"])
    assert done["state"] == "done", done["error"]
    (made,) = done["outputs"]["image"]
    assert made["name"] == "From-a-file-image-1.png"
    text = extract(server.get(f"/files/{made['digest']}").content)
    assert text is not None
    record = json.loads(text)
    assert record["inputs"] == {"image": "a rose.png"}
    assert record["files"] == {
        "inputs.image": {"name": "a rose.png", "sha256": hashlib.sha256(file.getvalue()).hexdigest()}
    }
    assert str(server.data) not in text
    (width,) = done["outputs"]["width"]
    assert (width["name"], width["media_type"]) == ("From-a-file-width-1.json", "application/json")
    assert server.get(f"/files/{width['digest']}").json() == 24


def test_what_is_no_file_is_computed_and_can_be_asked_for(server: Server) -> None:
    state = {"type": "random_state", "values": {"seed": 1}}
    workflow = FROM_A_FILE | {"inputs": {}, "outputs": {}, "nodes": {"state": state}}
    (job,) = server.submit(workflow, outputs=["state.random_state"])
    assert server.wait(job["id"])["outputs"] == {}
    found = server.get(f"/jobs/{job['id']}/results/state/random_state", params={"form": "statistics"}).json()
    assert (found["type"], found["shape"]) == ("RandomState", [1, 5056])
