"""Real files, made by Pillow or by hand: what they hold comes out, and what is wrong with them is said."""

import contextlib
import io
import struct
import zlib

import numpy
import PIL.Image
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from latentloom.graph import InputError
from latentloom.nodes.image_files import encode_image, load_image, load_mask
from latentloom.nodes.values import Image

RED, BLUE = (255, 0, 0), (0, 0, 255)


def saved(picture, path, **options):
    picture.save(path, **options)
    return path


def two_halves(mode="RGB"):
    """Left half red, right half blue, 8 x 4."""
    picture = PIL.Image.new("RGB", (8, 4), RED)
    picture.paste(BLUE, (4, 0, 8, 4))
    return picture.convert(mode)


def random_image(height=12, width=10, batch=1):
    return Image(torch.rand(batch, 3, height, width, generator=torch.Generator().manual_seed(1)))


@pytest.mark.parametrize("name", ["a.png", "a.bmp", "a.tiff", "a.gif", "a.webp", "a.jpg"])
def test_reads_each_format(tmp_path, name):
    options = {"lossless": True} if name.endswith("webp") else {"quality": 100} if name.endswith("jpg") else {}
    image, mask = load_image(saved(two_halves(), tmp_path / name, **options))
    assert image.pixels.shape == (1, 3, 4, 8)
    assert image.pixels.dtype == torch.float32
    tolerance = 0.02 if name.endswith("jpg") else 0
    assert torch.allclose(image.pixels[0, :, 0, 0], torch.tensor([1.0, 0, 0]), atol=tolerance)
    assert torch.allclose(image.pixels[0, :, 3, 7], torch.tensor([0, 0, 1.0]), atol=tolerance)
    assert torch.equal(mask.values, torch.zeros(1, 1, 4, 8))


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "LA", "RGBA", "PA"])
def test_reads_each_mode(tmp_path, mode):
    picture = PIL.Image.new("RGB", (3, 2), "white").convert("L" if mode in ("LA", "PA") else "RGB").convert(mode)
    image, mask = load_image(saved(picture, tmp_path / "a.tiff"))
    assert torch.equal(image.pixels, torch.ones(1, 3, 2, 3))
    assert mask.values.max() == 0


def test_transparent_parts_are_masked_and_keep_their_colour(tmp_path):
    picture = two_halves("RGBA")
    picture.putpixel((0, 0), (255, 0, 0, 0))
    picture.putpixel((1, 0), (255, 0, 0, 51))
    image, mask = load_image(saved(picture, tmp_path / "a.png"))
    assert mask.values[0, 0, 0, :3].tolist() == pytest.approx([1.0, 0.8, 0.0])
    assert image.pixels[0, :, 0, 0].tolist() == [1, 0, 0]


def test_transparency_of_a_palette_is_found(tmp_path):
    picture = two_halves().quantize(2)
    path = saved(picture, tmp_path / "a.gif", transparency=picture.getpixel((7, 0)))
    assert load_image(path).mask.values[0, 0, 0].tolist() == [0] * 4 + [1] * 4


@pytest.mark.parametrize(("orientation", "size", "corner"), [(3, (4, 8), BLUE), (6, (8, 4), RED), (8, (8, 4), BLUE)])
def test_the_cameras_orientation_is_applied(tmp_path, orientation, size, corner):
    exif = PIL.Image.Exif()
    exif[0x0112] = orientation
    image, _ = load_image(saved(two_halves(), tmp_path / "a.png", exif=exif))
    assert tuple(image.pixels.shape[-2:]) == size
    assert (image.pixels[0, :, 0, 0] * 255).tolist() == list(corner)


@pytest.mark.parametrize("suffix", [".png", ".tiff"])
def test_grey_of_16_bits_keeps_its_precision(tmp_path, suffix):
    values = numpy.array([[0, 1, 257, 65535]], dtype=numpy.uint16)
    image, _ = load_image(saved(PIL.Image.fromarray(values), tmp_path / f"a{suffix}"))
    assert image.pixels.shape == (1, 3, 1, 4)
    assert torch.allclose(image.pixels[0, 1, 0], torch.tensor([0, 1 / 65535, 257 / 65535, 1]), rtol=1e-6)


def test_floating_point_grey_needs_a_known_scale(tmp_path):
    path = saved(PIL.Image.fromarray(numpy.array([[0.25, 1.0]], dtype=numpy.float32)), tmp_path / "a.tiff")
    assert load_image(path).image.pixels[0, 0, 0].tolist() == [0.25, 1.0]
    saved(PIL.Image.fromarray(numpy.array([[0.0, 300.0]], dtype=numpy.float32)), path)
    with pytest.raises(InputError, match="from 0 to 300"):
        load_image(path)


def test_an_animation_gives_its_first_frame(tmp_path):
    frames = [PIL.Image.new("RGB", (4, 4), colour) for colour in (RED, BLUE)]
    path = saved(frames[0], tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    assert load_image(path).image.pixels[0, :, 0, 0].tolist() == [1, 0, 0]


@pytest.mark.parametrize(
    ("channel", "left", "right"),
    [("luminance", 0.299, 0.114), ("red", 1, 0), ("green", 0, 0), ("blue", 0, 1), ("transparency", 0, 0)],
)
def test_a_mask_is_read_from_a_channel(tmp_path, channel, left, right):
    mask = load_mask(saved(two_halves(), tmp_path / "a.png"), channel)
    assert mask.values.shape == (1, 1, 4, 8)
    assert mask.values[0, 0, 0, [0, 7]].tolist() == pytest.approx([left, right], abs=1e-6)


def test_missing_file_and_folder(tmp_path):
    with pytest.raises(InputError, match=r"There is no file .*missing\.png"):
        load_image(tmp_path / "missing.png")
    with pytest.raises(InputError, match="is a folder"):
        load_image(tmp_path)


def test_not_a_picture_and_not_a_known_format(tmp_path):
    (tmp_path / "a.png").write_text("not a picture")
    with pytest.raises(InputError, match="expected PNG, JPEG"):
        load_image(tmp_path / "a.png")
    with pytest.raises(InputError, match="expected PNG, JPEG"):
        load_image(saved(two_halves(), tmp_path / "a.png", format="PPM"))


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.webp", "a.tiff"])
def test_a_truncated_file_is_refused(tmp_path, name):
    noise = PIL.Image.effect_noise((64, 64), 100).convert("RGB")
    path = saved(noise, tmp_path / name)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(InputError, match=r"cut short|not a picture"):
        load_image(path)


def png_chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("side", [9_500, 60_000])
def test_a_bomb_is_refused_before_it_is_decoded(tmp_path, side):
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    (tmp_path / "bomb.png").write_bytes(b"\x89PNG\r\n\x1a\n" + header + png_chunk(b"IDAT", zlib.compress(b"")))
    with pytest.raises(InputError, match="too many pixels"):
        load_image(tmp_path / "bomb.png")


def test_a_bomb_in_a_text_chunk_is_refused(tmp_path):
    path = saved(two_halves(), tmp_path / "a.png")
    content = path.read_bytes()
    bomb = png_chunk(b"zTXt", b"k\0\0" + zlib.compress(b" " * 70_000_000))
    path.write_bytes(content[:33] + bomb + content[33:])
    with pytest.raises(InputError, match="damaged"):
        load_image(path)


@pytest.mark.filterwarnings("ignore::UserWarning")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(["a.png", "a.jpg", "a.webp", "a.tiff", "a.gif", "a.bmp"]),
    position=st.integers(0, 400),
    change=st.integers(0, 255),
)
def test_a_damaged_byte_gives_a_picture_or_a_clear_error(tmp_path, name, position, change):
    file = io.BytesIO()
    two_halves().save(file, "JPEG" if name.endswith("jpg") else name[2:])
    content = bytearray(file.getvalue())
    content[position % len(content)] = change
    (tmp_path / name).write_bytes(content)
    with contextlib.suppress(InputError):
        image, mask = load_image(tmp_path / name)
        assert image.pixels.shape[-2:] == mask.values.shape[-2:]
        assert 0 <= image.pixels.min() <= image.pixels.max() <= 1


def test_png_round_trip_is_exact_to_8_bits(tmp_path, context):
    levels = (torch.arange(256, dtype=torch.float32) / 255).view(1, 1, 16, 16).repeat(1, 3, 1, 1)
    levels[:, 1] = levels[:, 1].flip(-1)
    encoded = encode_image(Image(levels), "png", context=context)
    (tmp_path / "a.png").write_bytes(encoded.files[0])
    assert encoded.media_type == "image/png"
    assert torch.equal(load_image(tmp_path / "a.png").image.pixels, levels)


@pytest.mark.parametrize("form", ["jpeg", "webp"])
def test_quality_trades_size_for_closeness(tmp_path, form, context):
    smooth = torch.nn.functional.interpolate(random_image(4, 4).pixels, size=(64, 64), mode="bicubic").clamp(0, 1)
    good, bad = (encode_image(Image(smooth), form, quality, context=context).files[0] for quality in (95, 20))
    assert len(good) > len(bad)
    (tmp_path / "a").write_bytes(good)
    assert (load_image(tmp_path / "a").image.pixels - smooth).abs().mean() < 0.02


@pytest.mark.parametrize("form", ["png", "jpeg", "webp"])
def test_same_pixels_give_same_bytes_one_file_a_picture(form, context):
    image = random_image(batch=3)
    same = Image(image.pixels.clone())
    first, second = (encode_image(each, form, context=context) for each in (image, same))
    assert first == second
    assert len(first.files) == len(set(first.files)) == 3


def test_values_are_rounded_and_clipped(context):
    image = Image(torch.tensor([-0.5, 0.5 / 255 + 1e-4, 0.5 / 255 - 1e-4, 1.5]).view(1, 1, 1, 4).repeat(1, 3, 1, 1))
    picture = PIL.Image.open(io.BytesIO(encode_image(image, context=context).files[0]))
    assert [picture.getpixel((x, 0))[0] for x in range(4)] == [0, 1, 0, 255]


@pytest.mark.parametrize(
    ("dtype", "helps", "does_not"),
    [
        ("float16", "float32 or bfloat16", "guidance"),
        ("bfloat16", "guidance scale, take fewer steps, or choose another scheduler", "--dtype"),
        ("float32", "guidance scale, take fewer steps, or choose another scheduler", "--dtype"),
    ],
)
def test_what_is_not_a_number_is_not_encoded_and_the_advice_fits_the_dtype(make_context, dtype, helps, does_not):
    with pytest.raises(InputError, match="NaN") as told:
        encode_image(Image(torch.full((1, 3, 2, 2), float("nan"))), context=make_context(dtype=dtype))
    assert helps in str(told.value)
    assert does_not not in str(told.value)


def test_a_picture_too_wide_for_webp_says_so(context):
    with pytest.raises(InputError, match="at most 16383"):
        encode_image(Image(torch.zeros(1, 3, 1, 16384)), "webp", context=context)
