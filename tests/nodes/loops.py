"""The open loop in plain Python over the nodes: what a workflow does, without the engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from latentloom.nodes.autoencoder import encode, hide_masked
from latentloom.nodes.denoise import denoise
from latentloom.nodes.guidance import guide
from latentloom.nodes.latent import masked_blend
from latentloom.nodes.model import Model
from latentloom.nodes.noise import add_noise, noise_latent, noise_like, random_states, start_latent
from latentloom.nodes.schedule import noise_schedule
from latentloom.nodes.scheduler_step import scale_input, scheduler_step
from latentloom.nodes.text import encode_text, pad_pair, tokenize
from latentloom.nodes.values import Embedding, Image, Latent, Mask


@dataclass
class Job:
    """One run: the same names as a workflow's inputs."""

    model: Model
    context: Any
    prompt: str = "a red heart"
    negative: str = ""
    seeds: tuple[int, ...] = (7,)
    steps: int = 4
    guidance: float = 5.0
    scheduler: str = "default"
    sigmas: str = "default"
    strength: float = 1.0
    width: int = 64
    height: int = 64
    clip_skip: int = 0

    def embeddings(self) -> tuple[Embedding, Embedding]:
        tokens = [tokenize(self.model.tokenizer, text, self.context).tokens for text in (self.prompt, self.negative)]
        cond, uncond = pad_pair(*tokens)
        return (
            encode_text(self.model.text_encoder, cond, self.clip_skip, context=self.context),
            encode_text(self.model.text_encoder, uncond, self.clip_skip, True, context=self.context),
        )

    def schedule(self) -> Any:
        return noise_schedule(self.model.scheduler, self.scheduler, self.steps, self.sigmas, strength=self.strength)


def text_to_image(job: Job) -> Latent:
    schedule, timesteps = job.schedule()
    noise, random = noise_latent(job.model.denoiser, job.width, job.height, random_states(list(job.seeds)), job.context)
    return _loop(job, schedule, timesteps, start_latent(schedule, noise, context=job.context), random)


def image_to_image(job: Job, image: Image) -> Latent:
    schedule, timesteps = job.schedule()
    original, random = encode(job.model.autoencoder, image, random_states(list(job.seeds)), job.context)
    noise, random = noise_like(original, random)
    return _loop(job, schedule, timesteps, add_noise(schedule, original, noise, context=job.context), random)


def inpaint(job: Job, image: Image, mask: Mask) -> Latent:
    """With an ordinary U-Net by blending, with an inpainting U-Net by its own inputs."""
    schedule, timesteps = job.schedule()
    reads_mask = job.model.denoiser.part.folder.parent.name == "inpaint"
    random = random_states(list(job.seeds))
    original = None
    if not reads_mask or job.strength < 1:
        original, random = encode(job.model.autoencoder, image, random, job.context)
    noise, random = noise_latent(job.model.denoiser, job.width, job.height, random, job.context)
    masked, random = encode(job.model.autoencoder, hide_masked(image, mask), random, job.context)
    latent = start_latent(schedule, noise, original, context=job.context)
    if reads_mask:
        return _loop(job, schedule, timesteps, latent, random, {"mask": mask, "masked": masked})

    def blend(latent: Latent, timestep: Any) -> Latent:
        assert original is not None
        return masked_blend(schedule, latent, original, noise, mask, timestep, job.context)

    return _loop(job, schedule, timesteps, latent, random, after=blend)


def _loop(
    job: Job, schedule: Any, timesteps: Any, latent: Latent, random: Any, inputs: Any = None, after: Any = None
) -> Latent:
    cond, uncond = job.embeddings()
    state, denoiser, context = None, job.model.denoiser, job.context
    for timestep in timesteps:
        scaled = scale_input(schedule, latent, timestep, context)
        said = [denoise(denoiser, scaled, timestep, e, context=context, **(inputs or {})) for e in (cond, uncond)]
        prediction = guide(*said, job.guidance)
        latent, state, random = scheduler_step(schedule, prediction, timestep, latent, state, random, context)
        if after:
            latent = after(latent, timestep)
    return latent
