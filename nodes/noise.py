"""Randomness and noise: seeds, the latent that denoising begins with, forward diffusion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from latentloom.graph import Context, InputError, Range, Widget, node

from .generators import draw, seeded
from .schedulers import at, check_timestep, prepared
from .sizes import check_size
from .values import Denoiser, Latent, NoiseSchedule, RandomState, Timestep

if TYPE_CHECKING:
    import torch

LAST_SEED = 2**53 - 1
"""The largest whole number that JSON readers keep exactly."""
Seed = Annotated[int, Range(0, LAST_SEED), Widget("seed")]
Side = Annotated[int, Range(8, 16384, unit="px")]


class Noise(NamedTuple):
    latent: Latent
    random: RandomState


@node(category="noise")
def random_state(seed: Annotated[Seed, "the same seed draws the same noise, on every device"]) -> RandomState:
    """Begin a chain of random numbers, for one image.

    The state of a CPU generator: every node that draws takes one and hands on the next.
    """
    return random_states([seed])


@node(category="noise")
def random_states(seeds: Annotated[list[int], "one an image"]) -> RandomState:
    """Begin a chain of random numbers for several images, one seed each: a batch.

    Each image has its own generator, so it comes out the same in any batch.
    """
    if not seeds:
        raise InputError("The list of seeds is empty; one seed an image was expected.")
    if bad := [seed for seed in seeds if not 0 <= seed <= LAST_SEED]:
        raise InputError(f"The seed {bad[0]} is out of range. Use 0 to {LAST_SEED}.")
    return seeded(seeds)


def noise_facts(denoiser: Mapping[str, Any] | None, width: Any, height: Any) -> Mapping[str, Any]:
    if not denoiser:
        return {}
    if isinstance(width, int) and isinstance(height, int):
        check_size(width, height, denoiser["factor"])
    return {"latent": {"space": denoiser["space"], "factor": denoiser["factor"]}}


@node(category="noise", facts=noise_facts)
def noise_latent(
    denoiser: Denoiser,
    width: Annotated[Side, "a multiple of the model's cell (8 px for Stable Diffusion, 4 for the demo model)"],
    height: Annotated[Side, "a multiple of the model's cell"],
    random: RandomState,
    context: Context,
) -> Noise:
    """Draw the noise that an image is made from: a latent of unit normal numbers.

    [B, C, height / factor, width / factor], one image for each random state; drawn on the CPU in float32 as diffusers
    draws it, then moved to the device. Give it to `start_latent` for the noise schedule's own strength.
    """
    check_size(width, height, denoiser.factor)
    shape = (random.states.shape[0], denoiser.channels, height // denoiser.factor, width // denoiser.factor)
    noise, after = draw(shape, random)
    return Noise(Latent(noise.to(context.device), denoiser.space, denoiser.factor), after)


@node(category="noise")
def noise_like(latent: Latent, random: RandomState) -> Noise:
    """Draw noise of the same shape as a latent, one image for each random state."""
    noise, after = draw((random.states.shape[0], *latent.samples.shape[1:]), random)
    return Noise(replace(latent, samples=noise.to(latent.samples.device)), after)


@node(category="noise")
def start_latent(
    schedule: NoiseSchedule,
    noise: Latent,
    original: Annotated[
        Latent | None, "the latent to change; it counts when the schedule's strength is below 1"
    ] = None,
    *,
    context: Context,
) -> Latent:
    """Where denoising begins: noise as strong as the schedule begins with, or an original with noise added.

    noise * init_noise_sigma; with an original and a strength below 1 the original, diffused to the first timestep
    used, as diffusers' inpainting does. For image-to-image use `add_noise`, which keeps the original at strength 1.
    """
    if original is not None and schedule.start > 0:
        return _diffused(schedule, original, noise, schedule.start, context)
    sigma = prepared(context, schedule).scheduler.init_noise_sigma
    return replace(noise, samples=noise.samples * sigma)


@node(category="noise")
def add_noise(
    schedule: NoiseSchedule,
    latent: Latent,
    noise: Latent,
    timestep: Annotated[Timestep | None, "without one: the first that the schedule uses"] = None,
    *,
    context: Context,
) -> Latent:
    """Forward diffusion: bring a latent to a timestep by adding noise.

    sqrt(a) * latent + sqrt(1 - a) * noise with a the cumulative alpha of the timestep (Ho et al. 2020, eq. 4), or
    latent + sigma * noise for schedulers that count in sigmas (Euler, Heun, LMS, DPM2).
    """
    if timestep is not None:
        check_timestep(prepared(context, schedule), timestep)
    return _diffused(schedule, latent, noise, schedule.start if timestep is None else timestep.index, context)


def _diffused(schedule: NoiseSchedule, latent: Latent, noise: Latent, index: int, context: Context) -> Latent:
    check_alike(latent, noise)
    return replace(latent, samples=diffuse(schedule, latent.samples, noise.samples, index, context))


def diffuse(
    schedule: NoiseSchedule, samples: torch.Tensor, noise: torch.Tensor, index: int, context: Context
) -> torch.Tensor:
    """The samples with noise of the timestep at `index` of the schedule's timesteps."""
    ready = prepared(context, schedule)
    batch = max(samples.shape[0], noise.shape[0])
    tick = ready.ticks[index][None].expand(batch)
    return at(ready, index).add_noise(samples.expand(batch, -1, -1, -1), noise, tick)


def check_alike(latent: Latent, other: Latent) -> None:
    """Raises InputError unless two latents are of one space and size, and of one batch size, or 1."""
    if latent.space != other.space:
        raise InputError(f"A latent of space {latent.space} meets one of {other.space}. Use one model for both.")
    a, b = latent.samples.shape, other.samples.shape
    if a[1:] != b[1:]:
        f = latent.factor
        raise InputError(f"A latent of {a[3] * f}x{a[2] * f} px meets one of {b[3] * f}x{b[2] * f} px. Resize one.")
    if a[0] != b[0] and 1 not in (a[0], b[0]):
        raise InputError(f"A batch of {a[0]} latents meets one of {b[0]}. Give equally many, or one.")
