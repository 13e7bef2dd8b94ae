"""The nodes against diffusers' own pipelines: the same folder, seed and steps give the same final latents."""

from functools import cache

import diffusers
import pytest
import torch
from loops import Job, image_to_image, inpaint, text_to_image

from latentloom.nodes.model import load_model
from latentloom.nodes.values import Image, Mask

TOLERANCE = 1e-4
SCHEDULERS = {
    "ddim": ("default", diffusers.DDIMScheduler, {}),
    "euler": ("default", diffusers.EulerDiscreteScheduler, {}),
    "euler-ancestral": ("default", diffusers.EulerAncestralDiscreteScheduler, {}),
    "dpm++-2m": ("karras", diffusers.DPMSolverMultistepScheduler, {"use_karras_sigmas": True}),
    "unipc": ("default", diffusers.UniPCMultistepScheduler, {}),
    "lcm": ("default", diffusers.LCMScheduler, {}),
}
CLASSES = {
    "text": diffusers.StableDiffusionPipeline,
    "image": diffusers.StableDiffusionImg2ImgPipeline,
    "inpaint": diffusers.StableDiffusionInpaintPipeline,
    "xl": diffusers.StableDiffusionXLPipeline,
}


@cache
def opened(kind, folder):
    """The pipeline, and its own scheduler."""
    pipeline = CLASSES[kind].from_pretrained(folder, dtype=torch.float32, local_files_only=True)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline, pipeline.scheduler


def reference(kind, job, folder, **inputs):
    """Final latents of the diffusers pipeline."""
    pipeline, own = opened(kind, folder)
    _, scheduler, options = SCHEDULERS.get(job.scheduler, ("", type(own), {}))
    pipeline.scheduler = scheduler.from_config(own.config, **options)
    generators = [torch.Generator().manual_seed(seed) for seed in job.seeds]
    if kind != "image":
        inputs |= {"width": job.width, "height": job.height}
    inputs.setdefault("negative_prompt", job.negative)
    return pipeline(
        prompt=job.prompt,
        num_images_per_prompt=len(job.seeds),
        num_inference_steps=job.steps,
        guidance_scale=job.guidance,
        generator=generators if len(generators) > 1 else generators[0],
        output_type="latent",
        **inputs,
    ).images


def picture(side=64):
    return torch.rand(1, 3, side, side, generator=torch.Generator().manual_seed(1))


def half_mask(side=64):
    mask = torch.zeros(1, 1, side, side)
    mask[:, :, side // 2 :] = 1
    return mask


def far_apart(latent, expected):
    """Largest difference, in units of the latents' deviation where it is above 1 (random models reach 60)."""
    assert latent.samples.shape == expected.shape
    return float((latent.samples - expected).abs().max() / expected.std().clamp(min=1))


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_text_to_image_equals_the_pipeline(scheduler, demo, context):
    job = Job(demo, context, scheduler=scheduler, sigmas=SCHEDULERS[scheduler][0], negative="blue")
    expected = reference("text", job, demo.denoiser.part.folder.parent)
    assert far_apart(text_to_image(job), expected) < TOLERANCE


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_image_to_image_equals_the_pipeline(scheduler, demo, context):
    job = Job(demo, context, scheduler=scheduler, sigmas=SCHEDULERS[scheduler][0], strength=0.6, steps=5)
    image = picture()
    expected = reference("image", job, demo.denoiser.part.folder.parent, image=image, strength=0.6)
    assert far_apart(image_to_image(job, Image(image)), expected) < TOLERANCE


@pytest.mark.parametrize("strength", [1.0, 0.6])
@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_inpainting_equals_the_pipeline(scheduler, strength, demo, context):
    job = Job(demo, context, scheduler=scheduler, sigmas=SCHEDULERS[scheduler][0], strength=strength, steps=5)
    inputs = {"image": picture(), "mask_image": half_mask(), "strength": strength}
    expected = reference("inpaint", job, demo.denoiser.part.folder.parent, **inputs)
    assert far_apart(inpaint(job, Image(picture()), Mask(half_mask())), expected) < TOLERANCE


def test_a_batch_of_seeds_equals_the_pipeline_with_a_list_of_generators(demo, context):
    job = Job(demo, context, scheduler="euler-ancestral", seeds=(7, 8, 9), steps=3)
    expected = reference("text", job, demo.denoiser.part.folder.parent)
    assert far_apart(text_to_image(job), expected) < TOLERANCE


@pytest.mark.parametrize("family", ["sd1", "sd2"])
@pytest.mark.parametrize("scheduler", ["default", "euler"])
def test_sd1_and_sd2_folders_equal_the_pipeline(family, scheduler, tiny, context):
    folder = tiny(family)
    job = Job(load_model(str(folder), context=context), context, scheduler=scheduler, width=32, height=24, steps=6)
    expected = reference("text", job, folder)
    assert far_apart(text_to_image(job), expected) < TOLERANCE


@pytest.mark.parametrize("negative", [None, "blue"])
@pytest.mark.parametrize("scheduler", ["default", "dpm++-2m"])
def test_sdxl_folders_equal_the_pipeline(scheduler, negative, tiny, context):
    folder = tiny("sdxl")
    model = load_model(str(folder), context=context)
    sigmas = "karras" if scheduler != "default" else "default"
    job = Job(model, context, scheduler=scheduler, sigmas=sigmas, negative=negative or "", width=64, height=48)
    expected = reference("xl", job, folder, negative_prompt=negative)
    assert far_apart(text_to_image(job), expected) < TOLERANCE


@pytest.mark.parametrize("strength", [1.0, 0.6])
def test_inpainting_unets_equal_the_pipeline(strength, tiny, context):
    folder = tiny("inpaint")
    model = load_model(str(folder), context=context)
    job = Job(model, context, width=32, height=32, strength=strength, steps=5)
    inputs = {"image": picture(32), "mask_image": half_mask(32), "strength": strength}
    expected = reference("inpaint", job, folder, **inputs)
    assert far_apart(inpaint(job, Image(picture(32)), Mask(half_mask(32))), expected) < TOLERANCE
