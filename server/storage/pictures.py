"""Pictures in the store: what a file is, how large its picture is, small copies. Everything here is for a thread."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from latentloom.picture_files import MEDIA_TYPES, BadPicture, look_through, opened

PICTURES = frozenset(MEDIA_TYPES.values())
STARTS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF", b"BM", b"GIF8", b"II*\0", b"MM\0*")


@dataclass(frozen=True, slots=True)
class Looks:
    """What a picture's header says."""

    media_type: str
    width: int
    height: int


def looks_like_picture(start: bytes) -> bool:
    return start.startswith(STARTS)


def inspect(path: Path) -> Looks:
    """Read a picture's header, and look whether all of it is there. Raises BadPicture."""
    with opened(path) as picture:
        looks = Looks(MEDIA_TYPES[str(picture.format)], *picture.size)
        look_through(picture)
    return looks


def size_of(path: Path) -> tuple[int, int] | tuple[None, None]:
    """Width and height; None for what cannot be read."""
    try:
        with opened(path) as picture:
            return picture.size
    except BadPicture:
        return None, None


def write_thumbnail(source: Path, path: Path, temporary: Path, side_px: int) -> bool:
    """Write a WebP copy that fits a square; False where the source is no readable picture."""
    from PIL import ImageOps

    try:
        with opened(source) as picture:
            picture.draft("RGB", (side_px * 2, side_px * 2))
            small = ImageOps.exif_transpose(picture)
            small.thumbnail((side_px, side_px))
            mode = "RGBA" if small.has_transparency_data else "RGB"
            small.convert(mode).save(temporary, "WEBP", quality=80)
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.replace(path)
    except BadPicture:
        return False
    finally:
        temporary.unlink(missing_ok=True)
    return True
