"""Image files in and out: pictures and masks from files, pictures as PNG, JPEG or WebP bytes.

Reading is strict: six formats, a limit on pixels that is checked before anything is decoded, and a damaged file is an
error, never half a picture. Writing is deterministic: the same pixels give the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

from latentloom.graph import Context, InputError, Range, Widget, node
from latentloom.picture_files import BadPicture, look_through, opened

from .pixels import luminance, require_range, size_of
from .values import EncodedImage, Image, Mask

if TYPE_CHECKING:
    import numpy
    import PIL.Image
    import torch

MAX_ENCODED_SIDE_PX = {"png": 2**31 - 1, "jpeg": 65_500, "webp": 16_383}
MENDS_OF_OVERFLOWS = {"float16": "The models run in float16, which ends at 65,504: try --dtype float32 or bfloat16."}
"""By dtype. The others hold numbers up to 1e38: where those are left, the denoising itself has run away."""
CHANNELS = {"red": 0, "green": 1, "blue": 2}


class LoadedImage(NamedTuple):
    image: Image
    mask: Annotated[Mask, "1 where the picture is transparent, that is, to be painted; all 0 without transparency"]


def picture_facts(path: str | None, context: Context) -> Mapping[str, Any]:
    """Looks at a file before anything runs, to its end where that is quick: is it a picture, and all of it?"""
    file = Path(path) if path is not None else None
    if file is None or not context.may_read(file) or not file.is_file():
        return {}  # not known yet, or told by who reads the files that a workflow names
    with _opened(file) as picture:
        look_through(picture)
    return {}


@node(category="image/file", facts=picture_facts)
def load_image(
    path: Annotated[Path, Widget("image"), "PNG, JPEG, WebP, BMP, TIFF or GIF (its first frame)"],
) -> LoadedImage:
    """Load a picture from a file, with a mask from its transparency.

    `image` [1, 3, H, W] and `mask` [1, 1, H, W], float32 in 0..1, on the CPU. The camera's orientation (EXIF) is
    applied; colours under transparent parts stay as the file has them; colour profiles are not applied (sRGB is
    assumed). Grey pictures of 16 bits keep their precision, coloured ones are read with 8 bits a channel.
    """
    pixels, alpha = _read(path)
    return LoadedImage(Image(pixels), Mask(1 - alpha))


@node(category="image/file", facts=picture_facts)
def load_mask(
    path: Annotated[Path, Widget("mask"), "PNG, JPEG, WebP, BMP, TIFF or GIF (its first frame)"],
    channel: Annotated[
        Literal["luminance", "red", "green", "blue", "transparency"],
        "what of the picture counts: bright, or transparent, is painted",
    ] = "luminance",
) -> Mask:
    """Load a mask from a picture: white is painted anew, black is kept.

    [1, 1, H, W] float32 in 0..1, on the CPU. `transparency` is 1 where the picture is transparent.
    """
    pixels, alpha = _read(path)
    if channel == "transparency":
        return Mask(1 - alpha)
    if channel == "luminance":
        return Mask(luminance(pixels))
    index = CHANNELS[channel]
    return Mask(pixels[:, index : index + 1].clone())


@node(category="image/file")
def encode_image(
    image: Image,
    format: Annotated[  # noqa: A002 - the users' word
        Literal["png", "jpeg", "webp"], "PNG is exact to 8 bits; JPEG and WebP are smaller"
    ] = "png",
    quality: Annotated[int, Range(1, 100), "for JPEG and WebP: higher is better and larger; PNG is always exact"] = 92,
    *,
    context: Context,
) -> EncodedImage:
    """Encode pictures as PNG, JPEG or WebP files, one file a picture of the batch.

    Rounds to 8 bits a channel; values outside 0..1 are clipped. The same pixels give the same bytes: no time stamp
    and no version is written. JPEG keeps the full colour resolution from quality 90 on.
    """
    require_range("quality", quality, 1, 100)
    return encoded(image, format, quality, context.dtype)


def encoded(
    image: Image,
    format: Literal["png", "jpeg", "webp"] = "png",  # noqa: A002
    quality: int = 92,
    dtype: str = "float32",
) -> EncodedImage:
    """As the node does it. `dtype`: that of the models which made the picture, for advice where it overflowed."""
    pictures = as_pictures(image, dtype)
    limit = MAX_ENCODED_SIDE_PX[format]
    if max(pictures[0].size) > limit:
        raise InputError(
            f"The picture is {size_of(image.pixels)} pixels, and {format} files hold at most {limit} along a side: "
            "choose png, or make it smaller."
        )
    return EncodedImage(tuple(_encode(picture, format, quality) for picture in pictures), f"image/{format}")


def as_pictures(image: Image, dtype: str = "float32") -> list[PIL.Image.Image]:
    """The batch as Pillow pictures, 8 bits a channel. `dtype`: that of the models which made it."""
    import PIL.Image

    pixels = image.pixels.detach().float().cpu()
    if not bool(pixels.isfinite().all()):
        raise InputError(
            "The picture holds values that are not numbers (NaN or infinite): a node before it overflowed. "
            + MENDS_OF_OVERFLOWS.get(dtype, "Lower the guidance scale, take fewer steps, or choose another scheduler.")
        )
    rows = (pixels.clamp(0, 1) * 255).round().byte().permute(0, 2, 3, 1).contiguous()
    return [PIL.Image.fromarray(picture) for picture in rows.numpy()]


def _encode(picture: PIL.Image.Image, format: str, quality: int) -> bytes:  # noqa: A002
    file = io.BytesIO()
    if format == "png":
        picture.save(file, "PNG", compress_level=6)
    elif format == "jpeg":
        picture.save(file, "JPEG", quality=quality, subsampling="4:4:4" if quality >= 90 else "4:2:0")
    else:
        picture.save(file, "WEBP", quality=quality, method=4)
    return file.getvalue()


def _read(path: Path) -> tuple[torch.Tensor, torch.Tensor]:
    """Pixels [1, 3, H, W] and opacity [1, 1, H, W] of a file, float32 in 0..1."""
    import PIL.ImageOps

    with _opened(path) as picture:
        picture.load()
        is_png = picture.format == "PNG"
        return _tensors(PIL.ImageOps.exif_transpose(picture), path, is_png)


@contextmanager
def _opened(path: Path) -> Iterator[PIL.Image.Image]:
    """A picture within the limits; whatever is wrong with its file is said in the user's words."""
    try:
        with opened(path) as picture:
            yield picture
    except BadPicture as error:
        raise InputError(f"{str(path)!r} {error}") from error
    except FileNotFoundError as error:
        raise InputError(f"There is no file {str(path)!r}: check its name and folder.") from error
    except IsADirectoryError as error:
        raise InputError(f"{str(path)!r} is a folder: give the name of a picture in it.") from error
    except PermissionError as error:
        raise InputError(f"{str(path)!r} may not be read: check its permissions.") from error
    except OSError as error:
        raise InputError(f"{str(path)!r} cannot be read ({error.strerror}): copy it to another disk.") from error


def _tensors(picture: PIL.Image.Image, path: Path, is_png: bool) -> tuple[torch.Tensor, torch.Tensor]:
    import numpy
    import torch

    if picture.mode in ("I", "F") or picture.mode.startswith("I;16"):
        grey = torch.from_numpy(_grey(picture, path, is_png))[None, None]
        return grey.expand(1, 3, -1, -1).contiguous(), torch.ones_like(grey)
    values = numpy.asarray(picture.convert("RGBA" if picture.has_transparency_data else "RGB"))
    channels = torch.from_numpy(values.copy()).permute(2, 0, 1)[None].float().div_(255)
    pixels = channels[:, :3].contiguous()
    alpha = channels[:, 3:].contiguous() if channels.shape[1] == 4 else torch.ones_like(pixels[:, :1])
    return pixels, alpha


def _grey(picture: PIL.Image.Image, path: Path, is_png: bool) -> numpy.ndarray:
    """A grey picture of more than 8 bits as float32 [H, W] in 0..1.

    16 bits are divided by 65535 (older Pillows open such a PNG in mode I). Floating-point TIFFs must be in 0..1.
    """
    import numpy

    values = numpy.asarray(picture).astype(numpy.float32)
    is_16_bit = picture.mode.startswith("I;16") or (picture.mode == "I" and is_png)
    if is_16_bit:
        values = values / numpy.float32(65535)
    if not (values.min() >= 0 and values.max() <= 1):
        raise InputError(
            f"{str(path)!r} has grey values from {values.min():g} to {values.max():g} with no known scale: "
            "expected 0 to 1. Save it with 8 or 16 bits a channel."
        )
    return values
