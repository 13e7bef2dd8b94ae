import io
import struct
import zlib

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from latentloom.metadata import LIMIT_BYTES, PNG, embed, extract, format_of

TEXT = '{"prompt": "ein Füchslein — 狐", "seed": 7}'


def encoded(form: str, size: tuple[int, int] = (37, 21), mode: str = "RGB", **options: object) -> bytes:
    pixels = numpy.random.default_rng(0).integers(0, 255, (size[1], size[0], len(mode)), numpy.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels, mode).save(file, form, **options)
    return file.getvalue()


FORMS = {
    "png": encoded("PNG"),
    "jpeg": encoded("JPEG"),
    "jpeg-progressive": encoded("JPEG", progressive=True),
    "webp-lossy": encoded("WEBP"),
    "webp-lossless": encoded("WEBP", lossless=True),
    "webp-alpha": encoded("WEBP", mode="RGBA", lossless=True),
    "webp-alpha-lossy": encoded("WEBP", mode="RGBA"),
}


@pytest.mark.parametrize("picture", FORMS.values(), ids=FORMS.keys())
@pytest.mark.parametrize("text", [TEXT, "", "x" * 200_001], ids=["short", "empty", "long"])
def test_text_comes_back_and_pixels_stay(picture: bytes, text: str) -> None:
    carrying = embed(picture, text)
    if text or format_of(picture) != "jpeg":
        assert extract(carrying) == text
    before, after = (Image.open(io.BytesIO(part)) for part in (picture, carrying))
    assert after.size == before.size
    assert after.mode == before.mode
    assert after.tobytes() == before.tobytes()


@pytest.mark.parametrize("picture", FORMS.values(), ids=FORMS.keys())
def test_the_picture_itself_is_not_encoded_again(picture: bytes) -> None:
    assert extract(picture) is None
    assert embed(picture, TEXT) == embed(picture, TEXT)
    assert picture[-200:-1] in embed(picture, TEXT)


def test_png_chunk_is_what_other_readers_expect() -> None:
    assert Image.open(io.BytesIO(embed(FORMS["png"], TEXT))).info["latentloom"] == TEXT


def test_other_files_come_back_unchanged() -> None:
    assert embed(b"GIF89a...", TEXT) == b"GIF89a..."
    assert extract(b"GIF89a...") is None


def test_compressed_text_is_read() -> None:
    body = b"iTXtlatentloom\0\1\0\0\0" + zlib.compress(TEXT.encode())
    assert extract(PNG + _chunk(b"IHDR" + bytes(13)) + _chunk(body)) == TEXT


def test_a_bomb_is_refused() -> None:
    body = b"iTXtlatentloom\0\1\0\0\0" + zlib.compress(bytes(LIMIT_BYTES * 4))
    with pytest.raises(ValueError, match="limit"):
        extract(PNG + _chunk(body))


def test_damage_is_told() -> None:
    picture = embed(FORMS["png"], TEXT)
    at = picture.index(b"seed")
    with pytest.raises(ValueError, match="checksum"):
        extract(picture[:at] + b"weed" + picture[at + 4 :])
    with pytest.raises(ValueError, match="cut short"):
        extract(picture[:at])


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(list(FORMS.values())), st.integers(0, 400), st.binary(max_size=8), st.integers(0, 3000))
def test_any_damage_gives_text_or_nothing_or_value_error(picture: bytes, at: int, junk: bytes, end: int) -> None:
    carrying = embed(picture, TEXT)
    try:
        found = extract((carrying[:at] + junk + carrying[at + len(junk) :])[:end])
    except ValueError:
        return
    assert found is None or isinstance(found, str)


def _chunk(body: bytes) -> bytes:
    return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
