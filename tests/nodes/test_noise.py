"""Random states and noise."""

import pytest
import torch
from diffusers.utils.torch_utils import randn_tensor
from tiny_models import own

from latentloom.graph import InputError
from latentloom.nodes.noise import add_noise, noise_latent, noise_like, random_state, random_states, start_latent
from latentloom.nodes.schedule import noise_schedule
from latentloom.nodes.values import Latent


def test_noise_is_that_of_diffusers_and_the_chain_goes_on(demo, context):
    generators = [torch.Generator().manual_seed(seed) for seed in (1, 2)]
    random = random_states([1, 2])
    for _ in range(2):
        noise, random = noise_latent(demo.denoiser, 64, 32, random, context)
        assert torch.equal(noise.samples, randn_tensor((2, 4, 8, 16), generators))
    assert (noise.space, noise.factor) == (demo.denoiser.space, 4)


def test_an_image_is_the_same_in_any_batch(demo, context):
    alone, _ = noise_latent(demo.denoiser, 32, 32, random_state(5), context)
    among, _ = noise_latent(demo.denoiser, 32, 32, random_states([4, 5, 6]), context)
    assert torch.equal(alone.samples[0], among.samples[1])


def test_a_state_is_a_value_that_drawing_does_not_change():
    random, latent = random_state(5), Latent(torch.zeros(1, 4, 3, 3), "test", 1)
    before = random.states.clone()
    first, after = noise_like(latent, random)
    assert torch.equal(random.states, before)
    assert not torch.equal(after.states, before)
    assert torch.equal(first.samples, noise_like(latent, random).latent.samples)
    assert not torch.equal(first.samples, noise_like(latent, after).latent.samples)


@pytest.mark.parametrize(("side", "mend"), [(65, "64 or 68"), (2, "4 or 8"), (63, "60 or 64")])
def test_sizes_that_do_not_fit_are_told_with_the_nearest(side, mend, demo, context):
    with pytest.raises(InputError, match=f"width is {side} px.*multiple of 4. Use {mend}"):
        noise_latent(demo.denoiser, side, 64, random_state(1), context)


def test_seeds_out_of_range_are_told():
    with pytest.raises(InputError, match="out of range"):
        random_states([1, -1])
    with pytest.raises(InputError, match="empty"):
        random_states([])


def test_forward_diffusion_goes_from_the_picture_to_noise(context):
    clean, noise = Latent(torch.full((1, 4, 40, 40), 0.5), "test", 1), Latent(torch.randn(1, 4, 40, 40), "test", 1)
    schedule, timesteps = noise_schedule(own(), "ddim", 10)
    deviations = [add_noise(schedule, clean, noise, t, context=context).samples.std().item() for t in timesteps]
    assert deviations == sorted(deviations, reverse=True)
    assert deviations[0] > 0.9
    assert deviations[-1] < 0.1
    first = add_noise(schedule, clean, noise, context=context)
    assert torch.equal(first.samples, add_noise(schedule, clean, noise, timesteps[0], context=context).samples)


def test_the_start_is_pure_noise_or_at_lower_strength_the_noised_original(context):
    clean, noise = Latent(torch.ones(1, 4, 5, 5), "test", 1), Latent(torch.randn(1, 4, 5, 5), "test", 1)
    full, _ = noise_schedule(own(), "euler", 10)
    part, timesteps = noise_schedule(own(), "euler", 10, strength=0.5)
    pure = start_latent(full, noise, context=context).samples
    assert pure.std() > 5 * noise.samples.std()
    assert torch.equal(pure, start_latent(full, noise, clean, context=context).samples)
    noised = add_noise(part, clean, noise, timesteps[0], context=context).samples
    assert torch.equal(start_latent(part, noise, clean, context=context).samples, noised)


def test_latents_that_do_not_fit_are_told(context):
    schedule, _ = noise_schedule(own(), "ddim", 3)
    latent = Latent(torch.zeros(2, 4, 5, 5), "test", 8)
    for other, message in (
        (Latent(torch.zeros(2, 4, 5, 5), "other", 8), "space test meets one of other"),
        (Latent(torch.zeros(2, 4, 5, 6), "test", 8), "40x40 px meets one of 48x40"),
        (Latent(torch.zeros(3, 4, 5, 5), "test", 8), "batch of 2 latents meets one of 3"),
    ):
        with pytest.raises(InputError, match=message):
            add_noise(schedule, latent, other, context=context)
