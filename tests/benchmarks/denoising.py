"""The 30-step denoising loop as nodes, against a hand-written loop over the same modules and the diffusers pipeline.

One process, in turns, the store emptied before each run of nodes (weights stay loaded, as they do for the others).
From the prompt's text to the final latent, guidance 5, 64x64 pixels, the embedded model. All of them in the engine's
thread: where a second thread computes too, OpenMP slows both (two times and a half on two cores).

The nodes' U-Net reads the text of a loop once, those of diffusers at each step. What the engine alone costs shows
against the loop by hand over a U-Net that does so too (no target).
"""

from __future__ import annotations

import copy
import statistics
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from diffusers import DPMSolverMultistepScheduler, StableDiffusionPipeline

import latentloom.demo
from latentloom.graph import Engine, Workflow, load_registry
from latentloom.nodes.text_projections import remember_texts

from .measure import Measurement, alternating

STEPS, GUIDANCE, SEED, PROMPT = 30, 5.0, 7, "a red heart"
ROUNDS = 21
RIVALS = {"hand-written, joined": 1.03, "diffusers pipeline": 1.03, "hand-written, text read once": None}
"""Those that the nodes are compared with, and the ratio that they may cost at most."""
DEMO = Path(latentloom.demo.__file__).parent
WORKFLOW = Path(__file__).parents[2] / "workflows" / "text-to-image.json"


def run() -> list[Measurement]:
    with Engine(load_registry()) as engine:

        def there(work: Callable[[], Any]) -> Any:
            return engine.between_calls(work).result()

        pipeline = there(load_pipeline)
        as_nodes = nodes(engine)
        same = there(lambda: reading_once(pipeline))
        assert torch.allclose(as_nodes(), there(lambda: by_hand(pipeline, joined=True)), atol=1e-4)
        assert torch.allclose(as_nodes(), there(lambda: by_pipeline(pipeline)), atol=1e-4)
        seconds = alternating(
            {
                "as nodes": as_nodes,
                "hand-written, joined": lambda: there(lambda: by_hand(pipeline, joined=True)),
                "hand-written, text read once": lambda: there(lambda: by_hand(same, joined=True)),
                "hand-written, two calls": lambda: there(lambda: by_hand(pipeline, joined=False)),
                "diffusers pipeline": lambda: there(lambda: by_pipeline(pipeline)),
            },
            ROUNDS,
        )
    return _measurements(seconds)


def load_pipeline() -> Any:
    pipeline = StableDiffusionPipeline.from_pretrained(DEMO, dtype=torch.float32, local_files_only=True)
    pipeline.set_progress_bar_config(disable=True)
    pipeline.scheduler = DPMSolverMultistepScheduler.from_config(pipeline.scheduler.config)
    return pipeline


def reading_once(pipeline: Any) -> Any:
    """The pipeline with a U-Net of its own, which reads the text of a loop once."""
    other = copy.copy(pipeline)
    other.unet = remember_texts(copy.deepcopy(pipeline.unet))
    return other


def _measurements(seconds: dict[str, list[float]]) -> list[Measurement]:
    measured = [
        Measurement(f"{STEPS} steps, {name}", statistics.median(values), "s", runs=len(values))
        for name, values in seconds.items()
    ]
    for rival, target in RIVALS.items():
        ratios = [ours / theirs for ours, theirs in zip(seconds["as nodes"], seconds[rival], strict=True)]
        ratio = statistics.median(ratios)
        name = f"{STEPS} steps, nodes / {rival}"
        measured.append(Measurement(name, ratio, "ratio", target, ratio / target if target else None, len(ratios)))
    return measured


def nodes(engine: Engine) -> Callable[[], torch.Tensor]:
    workflow = Workflow.load(WORKFLOW)
    inputs = {"steps": STEPS, "guidance": GUIDANCE, "seed": SEED, "prompt": PROMPT}
    prepared = engine.prepare(workflow, inputs, ["denoising.latent"])

    def work() -> torch.Tensor:
        forget_results(engine)
        latent = engine.submit(prepared).result().outputs["denoising.latent"]
        return latent.samples  # type: ignore[no-any-return]

    return work


def forget_results(engine: Engine) -> None:
    """Empty the store of results; weights stay."""
    store = engine.store
    for entry in list(store._entries.values()):
        if not (isinstance(entry.key, tuple) and entry.key[0] == "resource"):
            store._drop(entry)
    store._index.clear()


@torch.no_grad()
def by_hand(pipeline: Any, joined: bool) -> torch.Tensor:
    scheduler = pipeline.scheduler
    tokens = pipeline.tokenizer(
        [PROMPT, ""], padding="max_length", truncation=True, max_length=pipeline.tokenizer.model_max_length,
        return_tensors="pt",
    )  # fmt: skip
    positive, negative = pipeline.text_encoder(tokens.input_ids)[0].chunk(2)
    both = torch.cat([negative, positive])
    scheduler.set_timesteps(STEPS)
    latent = torch.randn((1, 4, 16, 16), generator=torch.Generator().manual_seed(SEED)) * scheduler.init_noise_sigma
    for timestep in scheduler.timesteps:
        scaled = scheduler.scale_model_input(latent, timestep)
        if joined:
            twice = torch.cat([scaled, scaled])
            unwanted, wanted = pipeline.unet(twice, timestep, encoder_hidden_states=both).sample.chunk(2)
        else:
            unwanted = pipeline.unet(scaled, timestep, encoder_hidden_states=negative).sample
            wanted = pipeline.unet(scaled, timestep, encoder_hidden_states=positive).sample
        latent = scheduler.step(unwanted + GUIDANCE * (wanted - unwanted), timestep, latent).prev_sample
    return latent


def by_pipeline(pipeline: Any) -> torch.Tensor:
    return pipeline(  # type: ignore[no-any-return]
        PROMPT, num_inference_steps=STEPS, guidance_scale=GUIDANCE, width=64, height=64, output_type="latent",
        generator=torch.Generator().manual_seed(SEED),
    ).images  # fmt: skip
