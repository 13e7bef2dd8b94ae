"""Example workflows against diffusers' own pipelines: same folder, seed, steps and guidance, same final latents.

float32 on the CPU, to 1e-4; the nodes alone, and other models, are in tests/nodes/test_pipelines.py.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import diffusers
import numpy
import PIL.Image
import pytest
import torch

import latentloom.demo
from latentloom.graph import Workflow

TOLERANCE = 1e-4
DEMO = Path(latentloom.demo.__file__).parent
EXAMPLES = Path(__file__).parents[2] / "workflows"
SCHEDULERS: dict[str, tuple[Any, str]] = {
    "ddim": (diffusers.DDIMScheduler, "default"),
    "euler": (diffusers.EulerDiscreteScheduler, "default"),
    "euler-ancestral": (diffusers.EulerAncestralDiscreteScheduler, "default"),
    "dpm++-2m": (diffusers.DPMSolverMultistepScheduler, "karras"),
    "unipc": (diffusers.UniPCMultistepScheduler, "default"),
    "lcm": (diffusers.LCMScheduler, "default"),
}
PROMPT = {"prompt": "a blue circle", "negative": "red", "seed": 11, "steps": 6, "guidance": 4.0}


@cache
def pipeline(kind: Any) -> Any:
    found = kind.from_pretrained(DEMO, dtype=torch.float32, local_files_only=True)
    found.set_progress_bar_config(disable=True)
    return found, found.scheduler.config


def reference(kind: Any, scheduler: str, **inputs: Any) -> torch.Tensor:
    """Final latents of the diffusers pipeline."""
    pipe, config = pipeline(kind)
    cls, sigmas = SCHEDULERS[scheduler]
    pipe.scheduler = cls.from_config(config, **({"use_karras_sigmas": True} if sigmas == "karras" else {}))
    return pipe(
        prompt=PROMPT["prompt"],
        negative_prompt=PROMPT["negative"],
        num_inference_steps=PROMPT["steps"],
        guidance_scale=PROMPT["guidance"],
        generator=torch.Generator().manual_seed(PROMPT["seed"]),
        output_type="latent",
        **inputs,
    ).images


def ours(examples: Any, name: str, scheduler: str, **inputs: Any) -> torch.Tensor:
    document = examples.load(name).model_dump(mode="json")
    document["nodes"]["schedule"]["values"]["sigmas"] = SCHEDULERS[scheduler][1]
    workflow = Workflow.from_json(document)
    result, _ = examples.run(workflow, ["denoising.latent"], scheduler=scheduler, **PROMPT, **inputs)
    return result.outputs["denoising.latent"].samples


def picture() -> torch.Tensor:
    pixels = numpy.asarray(PIL.Image.open(EXAMPLES / "red-heart.png").convert("RGB"), dtype=numpy.float32) / 255
    return torch.from_numpy(pixels).permute(2, 0, 1)[None]


def mask() -> torch.Tensor:
    values = numpy.asarray(PIL.Image.open(EXAMPLES / "lower-half.png").convert("L"), dtype=numpy.float32) / 255
    return torch.from_numpy(values)[None, None]


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_text_to_image(examples: Any, scheduler: str) -> None:
    expected = reference(diffusers.StableDiffusionPipeline, scheduler, width=64, height=64)
    assert (ours(examples, "text-to-image", scheduler) - expected).abs().max() < TOLERANCE


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_image_to_image(examples: Any, scheduler: str) -> None:
    expected = reference(diffusers.StableDiffusionImg2ImgPipeline, scheduler, image=picture(), strength=0.7)
    assert (ours(examples, "image-to-image", scheduler, strength=0.7) - expected).abs().max() < TOLERANCE


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_inpaint(examples: Any, scheduler: str) -> None:
    inputs = {"image": picture(), "mask_image": mask(), "strength": 0.8, "width": 64, "height": 64}
    expected = reference(diffusers.StableDiffusionInpaintPipeline, scheduler, **inputs)
    assert (ours(examples, "inpaint", scheduler, strength=0.8) - expected).abs().max() < TOLERANCE
