"""Pictures to latents and back, whole and in tiles."""

from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from latentloom.graph import InputError
from latentloom.nodes.autoencoder import (
    decode,
    decode_facts,
    decode_tiled,
    encode,
    encode_mean,
    encode_tiled,
    hide_masked,
)
from latentloom.nodes.model import load_model
from latentloom.nodes.noise import random_state, random_states
from latentloom.nodes.tiles import blend, tiles_of
from latentloom.nodes.values import Image, Latent, Mask
from latentloom.nodes.weights import vae


def scene(width=64, height=64, batch=1):
    """A smooth picture: colours that change slowly, as the demo model knows them."""
    x = torch.linspace(0, 1, width).expand(batch, 1, height, width)
    y = torch.linspace(0, 1, height)[:, None].expand(batch, 1, height, width)
    return Image(torch.cat([x, y, 1 - x], dim=1).contiguous())


def test_a_picture_survives_the_round_trip(demo, context):
    image = scene()
    latent = encode_mean(demo.autoencoder, image, context)
    assert latent.samples.shape == (1, 4, 16, 16)
    assert (latent.space, latent.factor) == ("4ch-f4-0.18215", 4)
    back = decode(demo.autoencoder, latent, context).pixels
    assert back.shape == image.pixels.shape
    assert back.min() >= 0
    assert back.max() <= 1
    assert (back - image.pixels).abs().mean() < 0.05


def test_the_sample_is_that_of_diffusers(demo, context):
    image = scene(batch=2)
    model = vae(context, demo.autoencoder)
    generators = [torch.Generator().manual_seed(seed) for seed in (1, 2)]
    expected = model.encode(image.pixels * 2 - 1).latent_dist.sample(generators) * model.config.scaling_factor
    found, random = encode(demo.autoencoder, image, random_states([1, 2]), context)
    assert torch.allclose(found.samples, expected, atol=1e-5)
    assert torch.equal(random.states, torch.stack([generator.get_state() for generator in generators]))


def test_an_autoencoder_that_centres_its_channels_makes_the_round_trip(tiny, tmp_path, context):
    import json
    import shutil

    folder = shutil.copytree(tiny("sdxl"), tmp_path / "centred")
    path = folder / "vae" / "config.json"
    config = {**json.loads(path.read_text()), "latents_mean": [0.5, -0.5, 1, 2], "latents_std": [2.0, 1, 1, 4]}
    path.write_text(json.dumps(config))
    plain = load_model(str(tiny("sdxl")), context=context).autoencoder
    centred = load_model(str(folder), context=context).autoencoder
    assert centred.space != plain.space
    raw = encode_mean(plain, scene(), context).samples / 0.13025
    mean, std = (torch.tensor(config[name]).view(1, 4, 1, 1) for name in ("latents_mean", "latents_std"))
    found = encode_mean(centred, scene(), context)
    assert torch.allclose(found.samples, (raw - mean) / std * 0.13025, atol=1e-5)
    as_plain = Latent(raw * 0.13025, plain.space, plain.factor)
    assert torch.allclose(decode(centred, found, context).pixels, decode(plain, as_plain, context).pixels, atol=1e-5)


def test_tiles_agree_with_the_whole(demo, context, make_context):
    image = scene(128, 96)
    counting = make_context(resources=context.resources)
    whole, _ = encode(demo.autoencoder, image, random_state(1), context)
    tiled, _ = encode_tiled(demo.autoencoder, image, random_state(1), 64, 16, context=counting)
    assert tiled.samples.shape == whole.samples.shape
    assert (tiled.samples - whole.samples).abs().mean() < 0.2  # the middle of the encoder attends to all of its tile
    assert counting.reports[-1] == (6, 6)
    expected = decode(demo.autoencoder, whole, context).pixels
    found = decode_tiled(demo.autoencoder, whole, 64, 16, context=context).pixels
    assert found.shape == expected.shape
    assert (found - expected).abs().mean() < 0.04


def test_a_picture_of_one_tile_is_the_same_as_the_whole(demo, context):
    latent = encode_mean(demo.autoencoder, scene(), context)
    expected = decode(demo.autoencoder, latent, context).pixels
    assert torch.allclose(decode_tiled(demo.autoencoder, latent, context=context).pixels, expected, atol=1e-5)
    whole, state = encode(demo.autoencoder, scene(), random_state(3), context)
    tiled, tiled_state = encode_tiled(demo.autoencoder, scene(), random_state(3), context=context)
    assert torch.allclose(whole.samples, tiled.samples, atol=1e-5)
    assert torch.equal(state.states, tiled_state.states)


@given(
    st.integers(1, 60),
    st.integers(1, 60),
    st.integers(4, 20).flatmap(lambda t: st.tuples(st.just(t), st.integers(0, t // 2))),
)
def test_blended_tiles_of_a_picture_are_the_picture(height, width, tiling):
    tile, overlap = tiling
    picture = torch.rand(1, 2, height, width)
    places = tiles_of(height, width, tile, overlap)
    parts = [picture[:, :, top:bottom, left:right] for top, left, bottom, right in places]
    assert all(part.shape[2] <= tile and part.shape[3] <= tile for part in parts)
    assert torch.allclose(blend(parts, places, (height, width), overlap), picture, atol=1e-6)


def test_what_does_not_fit_is_told_with_the_mend(demo, context):
    with pytest.raises(InputError, match=r"height is 62 px.*Use 60 or 64"):
        encode_mean(demo.autoencoder, scene(64, 62), context)
    latent = Latent(torch.zeros(1, 4, 8, 8), "4ch-f8-0.13025", 8)
    for node in (decode, decode_tiled):
        with pytest.raises(InputError, match=r"space 4ch-f8-0\.13025, this autoencoder reads 4ch-f4-0\.18215"):
            node(demo.autoencoder, latent, context=context)
    with pytest.raises(InputError, match="Use at most 32"):
        decode_tiled(demo.autoencoder, replace(latent, space=demo.autoencoder.space), 64, 48, context=context)
    with pytest.raises(InputError, match="one an image"):
        encode(demo.autoencoder, scene(batch=2), random_state(1), context)
    with pytest.raises(InputError, match="space a, this autoencoder reads b"):
        decode_facts({"space": "b"}, {"space": "a"})


def test_the_masked_part_is_painted_grey():
    image, mask = scene(4, 2), Mask(torch.tensor([[[[0.0, 0.4, 0.5, 1.0]] * 2]]))
    hidden = hide_masked(image, mask).pixels
    assert torch.equal(hidden[..., :2], image.pixels[..., :2])
    assert (hidden[..., 2:] == 0.5).all()
    with pytest.raises(InputError, match="8x2 px, the picture 4x2"):
        hide_masked(image, Mask(torch.zeros(1, 1, 2, 8)))
