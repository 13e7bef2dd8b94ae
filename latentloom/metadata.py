"""Text inside picture files: put in and read back, without touching the pixels' bytes.

PNG: an `iTXt` chunk with the keyword `latentloom` (PNG specification, 11.3.3.4). JPEG: comment segments that begin
with `latentloom:`; a long text spans several. WebP: a `LOOM` chunk of an extended file, which readers skip.

Reading takes any bytes whatever: damaged, hostile or endless files give None or a ValueError, never more memory than
`LIMIT_BYTES` beyond the file itself.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

LIMIT_BYTES = 16 * 2**20
"""Longest text read from a picture."""
PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"
KEYWORD = b"latentloom"
COMMENT = KEYWORD + b":"
SEGMENT_BYTES = 65_000
"""A JPEG segment holds at most 65,533 bytes."""
WEBP_CHUNK = b"LOOM"


def format_of(picture: bytes) -> str | None:
    """`png`, `jpeg` or `webp` by the first bytes, None for anything else."""
    if picture.startswith(PNG):
        return "png"
    if picture.startswith(JPEG):
        return "jpeg"
    if picture[:4] == b"RIFF" and picture[8:12] == b"WEBP":
        return "webp"
    return None


def embed(picture: bytes, text: str) -> bytes:
    """The picture with the text in it; a format that cannot carry text comes back unchanged."""
    content = text.encode()
    if len(content) > LIMIT_BYTES:
        raise ValueError(f"{len(content):,} bytes of text are more than a picture carries ({LIMIT_BYTES:,})")
    match format_of(picture):
        case "png":
            return _embed_png(picture, content)
        case "jpeg":
            return _embed_jpeg(picture, content)
        case "webp":
            return _embed_webp(picture, content)
    return picture


def extract(picture: bytes) -> str | None:
    """The text that `embed` put in, or None. Raises ValueError when it is there and damaged."""
    match format_of(picture):
        case "png":
            content = _extract_png(picture)
        case "jpeg":
            content = _extract_jpeg(picture)
        case "webp":
            content = next((body for name, body in _riff_chunks(picture) if name == WEBP_CHUNK), None)
        case _:
            content = None
    if content is None:
        return None
    if len(content) > LIMIT_BYTES:
        raise ValueError(f"it carries more text than the limit of {LIMIT_BYTES:,} bytes")
    return content.decode()


# --- PNG: length, name, content, checksum of name and content


def _embed_png(picture: bytes, content: bytes) -> bytes:
    body = b"iTXt" + KEYWORD + b"\0\0\0\0\0" + content
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    header_end = len(PNG) + 12 + int.from_bytes(picture[8:12], "big")
    return picture[:header_end] + chunk + picture[header_end:]


def _extract_png(picture: bytes) -> bytes | None:
    at = len(PNG)
    while at + 12 <= len(picture):
        length = int.from_bytes(picture[at : at + 4], "big")
        end = at + 12 + length
        if picture[at + 4 : at + 8] == b"iTXt" and picture.startswith(KEYWORD + b"\0", at + 8):
            if end > len(picture):
                raise ValueError("the file is cut short inside its workflow")
            if zlib.crc32(memoryview(picture)[at + 4 : end - 4]) != int.from_bytes(picture[end - 4 : end], "big"):
                raise ValueError("the checksum of its workflow is wrong: the file is damaged")
            return _international_text(picture[at + 8 : end - 4])
        at = end
    return None


def _international_text(body: bytes) -> bytes:
    """The text of an iTXt chunk: keyword, 0, compressed?, method, language, 0, translated keyword, 0, text."""
    flags = len(KEYWORD) + 1
    compressed = body[flags : flags + 1] == b"\1"
    parts = body[flags + 2 :].split(b"\0", 2)
    if len(parts) != 3:
        raise ValueError("the chunk with its workflow is malformed")
    if not compressed:
        return parts[2]
    try:
        return zlib.decompressobj().decompress(parts[2], LIMIT_BYTES + 1)
    except zlib.error as error:
        raise ValueError(f"its workflow cannot be decompressed ({error})") from error


# --- JPEG: segments of 0xFF, marker, length (itself included), content, up to the start of scan


def _embed_jpeg(picture: bytes, content: bytes) -> bytes:
    parts = [content[i : i + SEGMENT_BYTES] for i in range(0, len(content), SEGMENT_BYTES)]
    comments = [b"\xff\xfe" + struct.pack(">H", len(COMMENT) + len(p) + 2) + COMMENT + p for p in parts]
    # Application segments (JFIF, EXIF) stay in front: readers look for them right after the first marker.
    start = 2
    for marker, _, end in _jpeg_segments(picture):
        if not 0xE0 <= marker <= 0xEF:
            break
        start = end
    return picture[:start] + b"".join(comments) + picture[start:]


def _extract_jpeg(picture: bytes) -> bytes | None:
    comments = [
        picture[at + 4 + len(COMMENT) : end]
        for marker, at, end in _jpeg_segments(picture)
        if marker == 0xFE and picture.startswith(COMMENT, at + 4)
    ]
    return b"".join(comments) if comments else None


def _jpeg_segments(picture: bytes) -> Iterator[tuple[int, int, int]]:
    """Marker, start and end of each segment before the pixels."""
    at = 2
    while at + 4 <= len(picture) and picture[at] == 0xFF and picture[at + 1] != 0xDA:
        end = at + 2 + int.from_bytes(picture[at + 2 : at + 4], "big")
        if end > len(picture) or end < at + 4:
            return
        yield picture[at + 1], at, end
        at = end


# --- WebP: RIFF chunks of name, length, content, padded to even; further chunks need the extended form (VP8X)


def _embed_webp(picture: bytes, content: bytes) -> bytes:
    chunks = list(_riff_chunks(picture))
    if not chunks:
        return picture
    if chunks[0][0] != b"VP8X":
        header = _extended_header(*chunks[0])
        if header is None:
            return picture
        chunks.insert(0, (b"VP8X", header))
    chunks.append((WEBP_CHUNK, content))
    body = b"".join(
        name + struct.pack("<I", len(part)) + part + b"\0" * (len(part) % 2) for name, part in chunks
    )  # fmt: skip
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


def _extended_header(name: bytes, body: bytes) -> bytes | None:
    """VP8X: flags, three reserved bytes, width - 1 and height - 1 in 24 bits each. None if it holds no pixels."""
    if name == b"VP8L" and len(body) >= 5:
        bits = int.from_bytes(body[1:5], "little")
        width, height, alpha = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, bits >> 28 & 1
    elif name == b"VP8 " and len(body) >= 10:
        width, height, alpha = (*(side & 0x3FFF for side in struct.unpack("<HH", body[6:10])), 0)
    else:
        return None
    return bytes([alpha << 4, 0, 0, 0]) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")


def _riff_chunks(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 12
    while at + 8 <= len(picture):
        length = int.from_bytes(picture[at + 4 : at + 8], "little")
        if at + 8 + length > len(picture):
            return
        yield picture[at : at + 4], picture[at + 8 : at + 8 + length]
        at += 8 + length + length % 2
