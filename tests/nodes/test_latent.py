"""Latents as pictures."""

import pytest
import torch
from tiny_models import own

from latentloom.graph import InputError
from latentloom.nodes.latent import (
    composite_latents,
    crop_latent,
    flip_latent,
    latent_batch,
    latent_from_batch,
    latent_mask,
    latent_size,
    latent_statistics,
    masked_blend,
    repeat_latent,
    resize_latent,
    split_latents,
)
from latentloom.nodes.noise import add_noise
from latentloom.nodes.schedule import noise_schedule
from latentloom.nodes.values import Latent, Mask


def latent(batch=1, height=4, width=6, start=0.0):
    numbers = torch.arange(batch * 4 * height * width, dtype=torch.float32) + start
    return Latent(numbers.view(batch, 4, height, width), "test", 8)


def test_sizes_are_those_of_the_picture():
    assert latent_size(latent()) == (48, 32)
    assert latent_size(resize_latent(latent(), 96, 64)) == (96, 64)
    assert latent_size(crop_latent(latent(), 8, 16, 24, 16)) == (24, 16)


@pytest.mark.parametrize("method", ["nearest", "bilinear", "bicubic"])
def test_resizing_keeps_an_even_latent_even(method):
    even = Latent(torch.full((1, 4, 4, 4), 3.0), "test", 8)
    assert torch.allclose(resize_latent(even, 80, 40, method).samples, torch.full((1, 4, 5, 10), 3.0), atol=1e-5)


def test_cropping_takes_the_rectangle_and_tells_what_reaches_beyond():
    whole = latent()
    assert torch.equal(crop_latent(whole, 8, 16, 24, 16).samples, whole.samples[:, :, 2:4, 1:4])
    with pytest.raises(InputError, match="stands for 48x32 px"):
        crop_latent(whole, 32, 0, 24, 16)
    with pytest.raises(InputError, match=r"left is 5 px.*multiple of 8"):
        crop_latent(whole, 5, 0, 24, 16)
    with pytest.raises(InputError, match=r"width is 20 px.*Use 16 or 24"):
        crop_latent(whole, 0, 0, 20, 16)


def test_flipping_twice_is_nothing():
    whole = latent()
    for axis, dimension in (("horizontal", 3), ("vertical", 2)):
        assert torch.equal(flip_latent(whole, axis).samples, whole.samples.flip(dimension))
        assert torch.equal(flip_latent(flip_latent(whole, axis), axis).samples, whole.samples)


def test_pasting_shows_the_part_that_is_inside():
    base, over = Latent(torch.zeros(1, 4, 4, 4), "test", 8), Latent(torch.ones(1, 4, 2, 2), "test", 8)
    pasted = composite_latents(base, over, 24, -8).samples[0, 0]
    assert pasted.nonzero().tolist() == [[0, 3]]
    mask = Mask(torch.tensor([[[[1.0, 0.0], [0.0, 1.0]]]]))
    pasted = composite_latents(base, over, 8, 8, mask).samples[0, 0]
    assert pasted.nonzero().tolist() == [[1, 1], [2, 2]]
    assert composite_latents(base, over, 320, 0) is base
    assert not base.samples.any()


def test_batching_and_splitting_are_each_other_s_reverse():
    parts = [latent(start=0), latent(start=500), latent(2, start=900)]
    batch = latent_batch(parts)
    assert [tuple(p.samples.shape) for p in split_latents(batch)] == [(1, 4, 4, 6)] * 4
    assert torch.equal(latent_batch(split_latents(batch)).samples, batch.samples)
    assert torch.equal(latent_from_batch(batch, 1).samples, parts[1].samples)
    assert torch.equal(repeat_latent(latent_from_batch(batch, 1), 3).samples[2:], parts[1].samples)
    with pytest.raises(InputError, match="has 4 latents"):
        latent_from_batch(batch, 4)
    with pytest.raises(InputError, match="empty"):
        latent_batch([])
    with pytest.raises(InputError, match="48x32 px meets one of 48x40"):
        latent_batch([latent(), latent(height=5)])


def test_statistics_are_those_of_the_numbers():
    found = latent_statistics(Latent(torch.tensor([[[[1.0, 3.0]]]]), "test", 8))
    assert found == pytest.approx((2.0, 2**0.5, 1.0, 3.0))


def test_a_mask_is_cut_at_half_and_sampled_for_each_cell():
    mask = torch.zeros(1, 1, 32, 48)
    mask[:, :, :, 8:] = 0.5
    found = latent_mask(Mask(mask), latent()).values
    assert found[0, 0, 0].tolist() == [0, 1, 1, 1, 1, 1]
    assert torch.equal(latent_mask(Mask(found), latent()).values, found)


@pytest.mark.parametrize("name", ["ddim", "euler", "heun"])
def test_blending_keeps_the_unmasked_part_at_the_next_noise_level(name, context):
    schedule, timesteps = noise_schedule(own(), name, 4)
    painted, original, noise = latent(start=7), latent(), latent(start=-50)
    mask = Mask(torch.zeros(1, 1, 4, 6))
    mask.values[..., 3:] = 1
    for timestep, following in zip(timesteps, [*timesteps[1:], None], strict=True):
        found = masked_blend(schedule, painted, original, noise, mask, timestep, context).samples
        kept = original if following is None else add_noise(schedule, original, noise, following, context=context)
        assert torch.equal(found[..., 3:], painted.samples[..., 3:])
        assert torch.equal(found[..., :3], kept.samples[..., :3])
    with pytest.raises(InputError, match="2 masks for 1 latents"):
        masked_blend(schedule, painted, original, noise, Mask(torch.zeros(2, 1, 4, 6)), timesteps[0], context)
