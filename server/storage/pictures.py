"""Pictures as files: which there are, how large they are, small copies. Pillow is imported when it is first needed.

Everything here is for a thread. A picture's size is looked at before any pixel of it is decoded, and files of other
formats than these six are never handed to a decoder.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import PIL.Image

FORMATS = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "WEBP": "image/webp",
    "BMP": "image/bmp",
    "GIF": "image/gif",
    "TIFF": "image/tiff",
}
PICTURES = frozenset(FORMATS.values())
STARTS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF", b"BM", b"GIF8", b"II*\0", b"MM\0*")
MAX_PIXELS = 89_478_485
TELL_THEIR_END = ("PNG", "WEBP")
MAX_LOOKED_THROUGH = 2**24
"""These are as the nodes that read pictures have them."""


class BadPicture(ValueError):
    """The message says what is wrong with the file."""


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
    with _opened(path) as picture:
        looks = Looks(FORMATS[str(picture.format)], *picture.size)
        if picture.format in TELL_THEIR_END or looks.width * looks.height > MAX_LOOKED_THROUGH:
            picture.verify()
        else:
            picture.draft("L", (1, 1))
            picture.load()
    return looks


def size_of(path: Path) -> tuple[int, int] | tuple[None, None]:
    """Width and height; None for what cannot be read."""
    try:
        with _opened(path) as picture:
            return picture.size
    except BadPicture:
        return None, None


def write_thumbnail(source: Path, path: Path, temporary: Path, side_px: int) -> bool:
    """Write a WebP copy that fits a square; False where the source is no readable picture."""
    from PIL import ImageOps

    try:
        with _opened(source) as picture:
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


@contextmanager
def _opened(path: Path) -> Iterator[PIL.Image.Image]:
    """A picture within the limits. What the decoder raises, here or in the block, becomes BadPicture."""
    import PIL.Image

    try:
        with PIL.Image.open(path, formats=tuple(FORMATS)) as picture:
            width, height = picture.size
            if width * height > MAX_PIXELS:
                raise BadPicture(f"has {width} x {height} pixels; at most {MAX_PIXELS:,} are read")
            yield picture
    except BadPicture:
        raise
    except PIL.UnidentifiedImageError:
        raise BadPicture("is no picture that can be read") from None
    except PIL.Image.DecompressionBombError:
        raise BadPicture(f"has too many pixels; at most {MAX_PIXELS:,} are read") from None
    except (OSError, SyntaxError, ValueError, EOFError, ZeroDivisionError, KeyError, IndexError, TypeError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise BadPicture(f"is damaged: {error}") from None
