"""What hostile requests get: a clear refusal, and nothing else."""

from __future__ import annotations

import asyncio
import http.client
import io
import json
import pickle
import socket
import struct
import time
import zipfile
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import requests

from tests.nodes.tiny_models import write_model

from .conftest import node, stripes
from .serving import Server, serving

JSON = {"Content-Type": "application/json"}
SECRET = "top secret: outside of every folder"


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that no request may ever reach."""
    file = tmp_path_factory.mktemp("outside") / "secret.json"
    file.write_text(SECRET)
    return file


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a token, which has little patience."""
    flags = ("--token", "correct horse battery", "--body-timeout", "0.5", "--upload-limit", "1MB")
    with serving(tmp_path_factory.mktemp("guarded") / "data", *flags) as running:
        yield running


def raw(server: Server, target: str, method: str = "GET", headers: dict[str, str] | None = None) -> tuple[int, bytes]:
    """Exactly this target, which a proper client would tidy up."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    connection.putrequest(
        method, target, skip_host=headers is not None and "Host" in headers, skip_accept_encoding=True
    )
    for name, value in (headers or {}).items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, content


# --- paths


@pytest.mark.parametrize("root", ["/", "/assets/", "/api/v1/files/", "/api/v1/workflows/", "/api/v1/examples/"])
@pytest.mark.parametrize(
    "path",
    [
        "../../../../../../../../{}",
        "..%2f..%2f..%2f..%2f..%2f..%2f..%2f..%2f{}",
        "%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/{}",
        "..%252f..%252f..%252f{}",
        "..%5c..%5c..%5c{}",
        "....//....//....//{}",
        "/{}",
        "%2f{}",
        "file:///{}",
        "{}%00.json",
        "CON",
        "nul.json",
    ],
)
def test_no_address_leaves_the_folders(server: Server, outside: Path, root: str, path: str) -> None:
    status, content = raw(server, root + path.format(str(outside).lstrip("/")))
    assert SECRET.encode() not in content
    assert b"root:" not in content
    assert status in (400, 404) or (root == "/" and status == 200 and content.startswith(b"<!doctype html"))


def test_links_in_the_data_folder_are_not_followed(server: Server, outside: Path) -> None:
    (server.data / "workflows" / "linked.json").symlink_to(outside)
    (server.data / "workflows" / ".versions" / "linked").symlink_to(outside.parent)
    assert server.get("/workflows/linked").status_code == 404
    answer = server.get("/workflows/linked/versions")
    assert SECRET not in answer.text


def run(server: Server, workflow: dict[str, Any], **fields: Any) -> dict[str, Any]:
    (job,) = server.submit(workflow, **fields)
    return server.wait(job["id"])


def test_a_path_that_comes_about_while_running_is_refused(server: Server, outside: Path) -> None:
    """A switch takes any type: a text in it becomes a path where the other side is one."""
    upload = server.upload(json.dumps(stripes()).encode(), "w.json", "application/json")["value"]
    workflow = stripes(
        chosen={
            "type": "switch",
            "values": {"condition": False, "no": str(outside)},
            "links": {"yes": ["$", "file"]},
        },
        text={"type": "read_file", "links": {"path": ["chosen", "value"]}},
    )
    workflow["inputs"]["file"] = {"type": "Path", "default": upload}
    workflow["outputs"] = {"text": ["text", "value"]}
    answer = server.post("/jobs", {"workflow": workflow})
    if answer.status_code == 201:
        ended = server.wait(answer.json()["jobs"][0]["id"])
        assert ended["state"] == "failed"
        assert SECRET not in json.dumps(ended)
        assert "folder" in ended["error"]["message"]
    else:
        assert answer.status_code == 422


def test_a_model_s_path_that_comes_about_while_running_is_refused(server: Server, tmp_path: Path) -> None:
    (tmp_path / "model_index.json").write_text(json.dumps({"unet": [SECRET, SECRET]}))
    (tmp_path / "file").touch()
    workflow = server.get("/examples/text-to-image").json()["workflow"]
    loader = next(id_ for id_, each in workflow["nodes"].items() if each["type"] == "load_model")
    workflow["nodes"][loader]["links"]["name"] = ["path", "value"]
    told = []
    for path in (tmp_path, tmp_path / "file", tmp_path / "missing", Path("../../.."), tmp_path / "x" / ".."):
        workflow["nodes"]["path"] = {"type": "text", "values": {"value": str(path)}}
        ended = run(server, workflow)
        assert ended["state"] == "failed"
        assert SECRET not in json.dumps(ended["error"])
        told.append(ended["error"]["message"].replace(repr(str(path)), "X"))
    assert len(set(told)) == 1, "what is there cannot be told from what is not"
    assert "There is no model folder X" in told[0]


# --- sites, names, tokens


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8188", "127.0.0.1.evil.example", "", "[", "a@localhost", "10.0.0.1"]
)
def test_a_foreign_name_is_not_answered(server: Server, host: str) -> None:
    status, content = raw(server, "/api/v1/nodes", headers={"Host": host})
    assert status in (400, 421)
    assert b"stripes" not in content


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "localhost:9999"])
def test_our_names_are_answered(server: Server, host: str) -> None:
    assert raw(server, "/api/v1/queue", headers={"Host": host})[0] == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://["},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
@pytest.mark.parametrize(("method", "path"), [("PUT", "/queue"), ("GET", "/jobs"), ("DELETE", "/workflows/x")])
def test_pages_of_other_sites_are_not_answered(server: Server, headers: dict[str, str], method: str, path: str) -> None:
    body = {"paused": False} if method == "PUT" else None
    answer = server.request(method, path, json=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign-origin")


def test_our_own_page_and_a_followed_link_are_answered(server: Server) -> None:
    own = {"Origin": server.origin, "Sec-Fetch-Site": "same-origin"}
    assert server.request("PUT", "/queue", json={"paused": False}, headers=own).status_code == 200
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert requests.get(server.origin, headers=link, timeout=120).status_code == 200
    assert server.request("PUT", "/queue", json={"paused": True}, headers=link).status_code == 403


def handshake(server: Server, **headers: str) -> int:
    async def connect() -> int:
        async with aiohttp.ClientSession() as session:
            try:
                async with session.ws_connect(f"{server.origin}/api/v1/events", headers=headers):
                    return 101
            except aiohttp.WSServerHandshakeError as error:
                return error.status

    return asyncio.run(connect())


def test_a_handshake_from_another_site_is_refused(server: Server) -> None:
    assert handshake(server, Origin="https://evil.example") == 403
    assert handshake(server, Host="evil.example") == 421
    assert handshake(server, Origin=server.origin) == 101


@pytest.mark.parametrize(
    "given", [None, "Bearer wrong", "Bearer ", "correct horse battery", "Basic abc", "Bearer ünwahr"]
)
def test_without_the_token_nothing_is_answered(guarded: Server, given: str | None) -> None:
    headers = {"Authorization": given.encode()} if given else {}
    for path in ("/api/v1/nodes", "/api/v1/openapi.json", "/api/docs", "/metrics", "/"):
        answer = requests.get(guarded.origin + path, headers=headers, timeout=120)
        assert (answer.status_code, answer.json()["code"]) == (401, "no-token")
    assert handshake(guarded, **({"Authorization": "Bearer wrong"} if given else {})) == 401
    assert requests.get(f"{guarded.origin}/healthz", timeout=120).status_code == 200


def test_a_token_that_was_given_is_not_logged(guarded: Server) -> None:
    assert "correct horse" not in guarded.log.read_text()


def test_with_the_token_everything_is_answered(guarded: Server) -> None:
    headers = {"Authorization": "Bearer correct horse battery"}
    assert guarded.get("/queue", headers=headers).status_code == 200
    assert handshake(guarded, **headers) == 101


def test_a_browser_comes_in_by_a_visit_with_the_token(guarded: Server) -> None:
    browser = requests.Session()
    asked = browser.get(guarded.origin, headers={"Accept": "text/html"}, timeout=120)
    assert asked.status_code == 401
    assert 'name="token"' in asked.text
    assert browser.get(f"{guarded.origin}/?token=wrong", timeout=120).status_code == 401
    visit = browser.get(f"{guarded.origin}/", params={"token": "correct horse battery"}, timeout=120)
    assert visit.status_code == 200
    cookie = visit.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "correct" not in cookie
    assert browser.get(f"{guarded.origin}/api/v1/queue", timeout=120).status_code == 200
    forged = requests.get(f"{guarded.origin}/api/v1/queue", cookies={"latentloom": "0" * 64}, timeout=120)
    assert forged.status_code == 401


# --- bodies


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"null", b"1", b'"x"', b"{}", b'{"workflow": }', b"{'workflow': {}}", b'{"workflow": {}} x',
        b'{"workflow": {}, "workflow": {}}', b'{"workflow": NaN}', b'{"workflow": {"a": Infinity}}',
        b'{"workflow": []}',
        b"\xff\xfe", b'{"workflow": "\xff"}', b"\x00",
        b'{"workflow": {}, "inputs": []}', b"\xef\xbb\xbf{}",
        b'{"workflow": ' + b"9" * 5000 + b"}", b'{"workflow": {}, "outputs": "image"}',
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/check", "/jobs"])
def test_json_of_every_wrong_kind(server: Server, path: str, body: bytes) -> None:
    answer = server.post(path, data=body, headers=JSON)
    assert answer.status_code == 400, answer.text
    assert answer.json()["code"] in ("not-json", "bad-request")


@pytest.mark.parametrize("path", ["/check", "/jobs", "/workflows"])
def test_unknown_fields_are_named(server: Server, path: str) -> None:
    body = {"name": "x", "workflow": stripes(), "sudo": True} if path == "/workflows" else {"workflow": {}, "sudo": 1}
    answer = server.post(path, body)
    assert answer.status_code == 400
    assert [fault["where"] for fault in answer.json()["faults"]] == ["sudo"]


def test_a_body_that_is_no_json_is_refused_by_its_type(server: Server) -> None:
    """So that a form of another site, which needs no permission to be sent, is never taken for JSON."""
    for media_type in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        assert server.post("/check", data=b'{"workflow": {}}', headers={"Content-Type": media_type}).status_code == 415


@pytest.mark.parametrize("brackets", [("[", "]"), ('{"a":', "}")])
@pytest.mark.parametrize("depth", [100, 900, 100_000])
def test_deeply_nested_json(server: Server, brackets: tuple[str, str], depth: int) -> None:
    nested = brackets[0] * depth + "1" + brackets[1] * depth
    answer = server.post("/check", data=f'{{"workflow": {{"nodes": {nested}}}}}', headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (400, "too-deep")


def test_a_workflow_of_ten_thousand_nodes_is_checked_and_others_are_answered_meanwhile(server: Server) -> None:
    chain = {f"n{i}": node("darker", f"n{i - 1}" if i else "stripes") for i in range(10_000)}
    with ThreadPoolExecutor() as pool:
        checking = pool.submit(server.post, "/check", {"workflow": stripes(**chain)})
        time.sleep(0.05)
        assert requests.get(f"{server.origin}/api/v1/queue", timeout=120).status_code == 200
        assert not checking.done()
        assert checking.result().json()["faults"] == []
    wrong = {name: each | {"type": "darkest"} for name, each in chain.items()}
    faults = server.post("/check", {"workflow": stripes(**wrong)}).json()["faults"]
    assert len(faults) >= 10_000


def test_a_body_that_is_too_large_is_refused_before_it_is_read(server: Server) -> None:
    answer = server.post("/check", data=b'{"workflow": {"a": "' + b"x" * (17 * 2**20), headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


def test_an_upload_that_is_too_large_leaves_nothing(guarded: Server) -> None:
    headers = {"Authorization": "Bearer correct horse battery"}

    def endless() -> Iterator[bytes]:
        for _ in range(200):
            yield b"\x89PNG\r\n\x1a\n" + b"x" * 100_000

    try:
        answer = guarded.post("/uploads", data=endless(), headers=headers)
        assert answer.status_code == 413
    except requests.ConnectionError:
        pass  # it stopped listening
    assert not list((guarded.data / "temporary").iterdir())


def test_a_slow_body_is_not_waited_for(guarded: Server) -> None:
    with socket.create_connection(("127.0.0.1", guarded.port), timeout=120) as connection:
        connection.sendall(
            b"POST /api/v1/check HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b"Authorization: Bearer correct horse battery\r\nContent-Length: 1000\r\n\r\n{"
        )
        began = time.monotonic()
        answer = connection.recv(65536)
        assert b" 408 " in answer.split(b"\r\n")[0]
        assert time.monotonic() - began < 60


def test_a_connection_that_never_asks_is_closed(guarded: Server) -> None:
    """Three at once, since each takes as long as the server waits."""
    begun = (b"", b"GET /api/v1/he", b"GET /api/v1/healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
    connections = [socket.create_connection(("127.0.0.1", guarded.port), timeout=120) for _ in begun]
    for connection, sent in zip(connections, begun, strict=True):
        connection.sendall(sent)
    for connection in connections:
        assert connection.recv(65536) == b""
        connection.close()


def test_a_body_that_trickles_is_cut_off(guarded: Server) -> None:
    with socket.create_connection(("127.0.0.1", guarded.port), timeout=120) as connection:
        connection.sendall(
            b"POST /api/v1/uploads HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\n"
            b"Authorization: Bearer correct horse battery\r\nContent-Length: 1000\r\n\r\n"
        )
        connection.settimeout(0.1)
        began = time.monotonic()
        while time.monotonic() - began < 60:
            try:
                connection.sendall(b"x")
                answer = connection.recv(65536)
            except TimeoutError:
                continue
            assert b" 408 " in answer.split(b"\r\n")[0]
            break
        assert time.monotonic() - began < 60
    assert not list((guarded.data / "temporary").iterdir())


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (b"Content-Length: 1000", b"{"),
        (b"Transfer-Encoding: chunked", b"zz\r\n{"),
        (b"Content-Length: -5", b"{"),
        (b"Content-Length: 5\r\nContent-Encoding: deflate", b"abcde"),
        (b"Content-Length: 5\r\nContent-Encoding: br", b"abcde"),
        (b"X: " + b"a" * 20_000, b""),
        (b"\x16\x03\x01\x02\x00\x01\x00", b""),
    ],
)
def test_garbage_is_answered_and_fills_no_log(server: Server, head: bytes, body: bytes) -> None:
    before = len(server.lines())
    with socket.create_connection(("127.0.0.1", server.port), timeout=120) as connection:
        start = b"POST /api/v1/check HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        connection.sendall(start + head + b"\r\n\r\n" + body)
        connection.shutdown(socket.SHUT_WR)
        answer = connection.recv(65536)
    assert not answer or answer.split(b"\r\n")[0].split()[1] in (b"400", b"408", b"415")
    assert server.get("/queue").status_code == 200
    assert [line for line in server.lines()[before:] if line["level"] == "error"] == []


def test_a_compressed_bomb_is_not_unpacked(server: Server) -> None:
    bomb = zlib.compress(b"[" * 50_000_000)
    answer = server.post("/check", data=bomb, headers=JSON | {"Content-Encoding": "deflate"})
    assert (answer.status_code, answer.json()["code"]) == (415, "compressed")


# --- files


def png(width: int, height: int, pixels: bytes = b"", text: bytes = b"") -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    texts = chunk(b"iTXt", b"latentloom\0\1\0\0\0" + text) if text else b""
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + texts + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def archive() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("zeros", b"\0" * 50_000_000)
    return file.getvalue()


class Exploit:
    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (Path("/tmp/latentloom-was-here"),))


SAFETENSORS = struct.pack("<Q", 2) + b"{}"
FORGED = struct.pack("<Q", 2**60) + b'{"a": {}}'
HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (pickle.dumps(Exploit()), "model.safetensors", "application/octet-stream"),
        (SAFETENSORS, "model.safetensors", "application/octet-stream"),
        (FORGED, "model.safetensors", "application/octet-stream"),
        (FORGED, "picture.png", "image/png"),
        (HTML, "page.html", "text/html"),
        (HTML, "picture.png", "image/png"),
        (b"\xef\xbb\xbf" + HTML, "picture.png", "image/png"),
        (SVG, "picture.svg", "image/svg+xml"),
        (SVG, "picture.png", "image/png"),
        (b'<?xml version="1.0"?>' + SVG, "picture.png", "image/png"),
        (archive(), "workflow.zip", "application/zip"),
        (b"%PDF-1.4", "x.pdf", "application/pdf"),
        (b"#!/bin/sh\nrm -rf /", "x.sh", "text/plain"),
        (b"", "empty.png", "image/png"),
        (b"\x89PNG\r\n\x1a\n", "cut.png", "image/png"),
        (b"RIFF\x04\0\0\0WEBP", "cut.webp", "image/webp"),
        (b"RIFF\x04\0\0\0AVI ", "film.webp", "image/webp"),
        (b"BM" + b"\xff" * 60, "x.bmp", "image/bmp"),
        (b"GIF89a", "x.gif", "image/gif"),
        (b"II*\0" + b"\xff" * 100, "x.tiff", "image/tiff"),
        (b'{"a": 1}', "x.json", "application/json"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "x.eps", "image/png"),
    ],
)
def test_only_pictures_and_workflows_are_taken(server: Server, content: bytes, name: str, media_type: str) -> None:
    before = sorted(server.data.glob("files/*/*"))
    answer = server.post("/uploads", params={"name": name}, data=content, headers={"Content-Type": media_type})
    assert answer.status_code == 415, answer.text
    assert sorted(server.data.glob("files/*/*")) == before
    assert not list((server.data / "temporary").iterdir())
    assert not Path("/tmp/latentloom-was-here").exists()


@pytest.mark.parametrize(("width", "height"), [(20_000, 20_000), (2**31 - 1, 2**31 - 1), (9500, 9500)])
def test_a_picture_with_too_many_pixels_is_refused_by_its_header(server: Server, width: int, height: int) -> None:
    body = png(width, height, zlib.compress(b"\0" * 1000))
    answer = server.post("/uploads", data=body, headers={"Content-Type": "image/png"})
    assert (answer.status_code, answer.json()["code"]) == (415, "bad-picture")
    assert "pixels" in answer.json()["error"]


def test_a_picture_that_decompresses_without_end_costs_no_memory(server: Server) -> None:
    """Its header is modest, so it is taken; the small copy is not made of it, or of its declared pixels only."""
    pixels = zlib.compress(b"\0" * 100_000_000)
    digest = server.upload(png(16, 16, pixels))["digest"]
    assert server.get(f"/files/{digest}?thumbnail=128").status_code in (200, 404)
    assert server.get("/queue").status_code == 200


def test_a_record_that_decompresses_without_end_is_no_record(server: Server) -> None:
    bomb = png(1, 1, zlib.compress(b"\0\0\0\0"), zlib.compress(b" " * 100_000_000))
    answer = server.post("/uploads", data=bomb, headers={"Content-Type": "image/png"})
    assert answer.status_code in (201, 415)
    if answer.status_code == 201:
        assert answer.json()["record"] is None


def test_a_text_that_looks_like_a_page_is_never_shown_as_one(server: Server) -> None:
    workflow = stripes(page={"type": "text", "values": {"value": HTML.decode()}})
    workflow["outputs"] = {"text": ["page", "value"]}
    (file,) = run(server, workflow)["outputs"]["text"]
    answer = server.get(f"/files/{file['digest']}")
    assert answer.content == HTML
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_name_cannot_break_out_of_a_header(server: Server) -> None:
    name = 'x"\r\nSet-Cookie: a=b.png'
    uploaded = server.upload(png(1, 1, zlib.compress(b"\0\0\0\0")), name)
    assert "\n" not in uploaded["name"]
    answer = server.get(f"/files/{uploaded['digest']}", params={"download": name})
    assert "Set-Cookie" not in answer.headers


# --- models


@pytest.fixture(scope="module")
def modelled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose model folder holds a pickle, forged weights, and a link to elsewhere."""
    folder = tmp_path_factory.mktemp("modelled")
    for name, content in (("pickled", pickle.dumps(Exploit())), ("forged", FORGED), ("elsewhere", b"")):
        write_model(folder / "models" / name, "sd1")
        (folder / "models" / name / "unet" / "diffusion_pytorch_model.safetensors").write_bytes(content)
    (folder / "models" / "elsewhere").rename(folder / "elsewhere")
    (folder / "models" / "linked").symlink_to(folder / "elsewhere")
    with serving(folder / "data", "--models", str(folder / "models")) as running:
        yield running


def test_a_model_folder_that_is_a_link_out_is_not_a_model(modelled: Server) -> None:
    assert [model["name"] for model in modelled.get("/models").json()["models"]] == ["demo", "forged", "pickled"]
    workflow = modelled.get("/examples/text-to-image").json()["workflow"]
    answer = modelled.post("/jobs", {"workflow": workflow, "inputs": {"model": "linked"}})
    assert answer.status_code == 422


@pytest.mark.parametrize("name", ["pickled", "forged"])
def test_weights_that_are_forged_are_refused_by_the_node(modelled: Server, name: str) -> None:
    workflow = modelled.get("/examples/text-to-image").json()["workflow"]
    ended = run(modelled, workflow, inputs={"model": name})
    assert ended["state"] == "failed"
    assert "diffusion_pytorch_model.safetensors" in ended["error"]["message"]
    assert not Path("/tmp/latentloom-was-here").exists()
