"""Picture files that come from users: which formats are read, how large they may be, and whether one is whole.

Known to the nodes that read pictures and to the server that takes them in, so that both say the same of a file. Pillow
is imported when it is first needed. A picture's size is looked at before any pixel of it is decoded, and files of other
formats than these six are never handed to a decoder.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import PIL.Image

MEDIA_TYPES = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "WEBP": "image/webp",
    "BMP": "image/bmp",
    "GIF": "image/gif",
    "TIFF": "image/tiff",
}
FORMATS = tuple(MEDIA_TYPES)
MAX_PIXELS = 89_478_485
"""A quarter of a gibibyte at three bytes a pixel: where Pillow's own guard against bombs begins to warn."""
TELL_THEIR_END = ("PNG", "WEBP")
"""Formats of which a file that was cut short is known without decoding it."""
MAX_LOOKED_THROUGH = 2**24
"""Pixels. JPEGs of 12 million are looked through in 20 ms, as drafts; progressive ones in 100."""
DECODERS_RAISE = (
    OSError, SyntaxError, ValueError, EOFError, LookupError, TypeError, ZeroDivisionError, struct.error, zlib.error,
)  # fmt: skip
"""All that Pillow's decoders raise on damaged files."""


class BadPicture(ValueError):
    """What is wrong with a file, and how to mend it. The message goes on from the file's name: `is damaged ...`."""


@contextmanager
def opened(path: Path) -> Iterator[PIL.Image.Image]:
    """A picture within the limits. What its decoder raises, here or in the block, becomes BadPicture.

    Raises OSError where the file cannot be read at all.
    """
    import PIL.Image

    try:
        with PIL.Image.open(path, formats=FORMATS) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise _too_large(f" ({picture.width} x {picture.height})")
            yield picture
    except BadPicture:
        raise
    except PIL.UnidentifiedImageError:
        raise BadPicture(
            f"is not a picture that can be read: expected {', '.join(FORMATS)}. Convert it with an image editor."
        ) from None
    except PIL.Image.DecompressionBombError:
        raise _too_large() from None
    except DECODERS_RAISE as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise BadPicture(f"is damaged or cut short ({error}): save or copy it again.") from error


def look_through(picture: PIL.Image.Image) -> None:
    """See whether all of a file is there, where that is quick. For within `opened`; no pixel can be read after it."""
    if picture.format in TELL_THEIR_END or picture.width * picture.height > MAX_LOOKED_THROUGH:
        picture.verify()
    else:
        picture.draft("L", (1, 1))
        picture.load()


def _too_large(size: str = "") -> BadPicture:
    return BadPicture(f"has too many pixels{size}: expected at most {MAX_PIXELS:,}. Make it smaller first.")
