"""What is wrong with a picture file is said in the same words by the node that reads it and by the server."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import PIL.Image
import pytest

from latentloom.graph import Catalogue, Context, InputError
from latentloom.nodes.image_files import load_image, picture_facts
from latentloom.server.http.uploads import examine
from latentloom.server.problems import Refusal

NOISE = PIL.Image.effect_noise((64, 64), 100).convert("RGB")


def encoded(format_: str) -> bytes:
    file = io.BytesIO()
    NOISE.save(file, format_)
    return file.getvalue()


def half(format_: str) -> bytes:
    content = encoded(format_)
    return content[: len(content) // 2]


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def huge() -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 9_500, 9_500, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b""))


BAD = {
    "png": half("PNG"),
    "jpeg": half("JPEG"),
    "webp": half("WEBP"),
    "bmp": half("BMP"),
    "tiff": half("TIFF"),
    "header": encoded("PNG")[:20],
    "gif": b"GIF89a" + bytes(64),
    "other": b"RIFF" + bytes(64),
    "huge": huge(),
}


class Anywhere:
    """The part of a Context that reading needs."""

    def may_read(self, path: Path) -> bool:
        return True


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("kind", BAD)
def test_the_node_and_the_server_say_the_same_of_a_bad_picture(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "given"
    path.write_bytes(BAD[kind])
    context: Any = Anywhere()
    with pytest.raises(InputError) as checked:
        look(path, context)
    with pytest.raises(Refusal) as refused:
        examine(path, "given.png", Catalogue())
    assert str(checked.value) == f"{str(path)!r} {refused.value.problem.error.removeprefix('The picture ')}"
    with pytest.raises(InputError):
        load_image(path)


def look(path: Path, context: Context) -> None:
    picture_facts(str(path), context)


@pytest.mark.parametrize("format_", ["PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF"])
def test_a_whole_picture_is_taken_by_both(tmp_path: Path, format_: str) -> None:
    path = tmp_path / "given"
    path.write_bytes(encoded(format_))
    context: Any = Anywhere()
    look(path, context)
    assert examine(path, "given", Catalogue()).media_type == f"image/{format_.lower()}"
    assert load_image(path).image.pixels.shape == (1, 3, 64, 64)
