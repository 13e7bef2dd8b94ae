"""Small random models of each family in diffusers layout: what a downloaded folder looks like, in a megabyte."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import latentloom.demo
from latentloom.nodes.values import Scheduler

DEMO = Path(latentloom.demo.__file__).parent
VOCABULARY = 4304
LENGTH = 32

UNETS: dict[str, dict[str, Any]] = {
    "sd1": {"cross_attention_dim": 32, "attention_head_dim": 4},
    "sd2": {"cross_attention_dim": 64, "attention_head_dim": (2, 4), "use_linear_projection": True},
    "sdxl": {
        "cross_attention_dim": 96,
        "attention_head_dim": (2, 4),
        "use_linear_projection": True,
        "addition_embed_type": "text_time",
        "addition_time_embed_dim": 8,
        "projection_class_embeddings_input_dim": 6 * 8 + 64,
    },
    "inpaint": {"cross_attention_dim": 32, "attention_head_dim": 4, "in_channels": 9},
}
SCHEDULERS: dict[str, tuple[str, dict[str, Any]]] = {
    "sd1": ("PNDMScheduler", {"skip_prk_steps": True, "steps_offset": 1}),
    "sd2": ("DDIMScheduler", {"prediction_type": "v_prediction", "clip_sample": False, "steps_offset": 1}),
    "sdxl": ("EulerDiscreteScheduler", {"timestep_spacing": "leading", "steps_offset": 1}),
    "inpaint": ("DDIMScheduler", {"clip_sample": False, "steps_offset": 1}),
}
BETAS = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}
OPTIONS = {
    **BETAS,
    "clip_sample": False,
    "set_alpha_to_one": False,
    "steps_offset": 1,
    "timestep_spacing": "leading",
}
"""A scheduler config as Stable Diffusion's folders have it."""


def own(prediction: str = "epsilon") -> Scheduler:
    """A model's own scheduler, without a model."""
    return Scheduler("DDIMScheduler", json.dumps({**OPTIONS, "prediction_type": prediction}))


def write_model(folder: Path, family: str, unet_options: Mapping[str, Any] | None = None, **save: Any) -> Path:
    """Write a random model of a family (`sd1`, `sd2`, `sdxl`, `inpaint`); `save` goes to save_pretrained."""
    import diffusers
    import torch

    torch.manual_seed(len(family))
    index: dict[str, Any] = {
        "_class_name": "StableDiffusionXLPipeline" if family == "sdxl" else "StableDiffusionPipeline",
        "_diffusers_version": diffusers.__version__,
    }
    unet = diffusers.UNet2DConditionModel(
        block_out_channels=(32, 64),
        layers_per_block=1,
        norm_num_groups=16,
        sample_size=16,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        **{"in_channels": 4, "out_channels": 4, **UNETS[family], **(unet_options or {})},
    )
    blocks = (16, 32, 32) if family == "sdxl" else (16, 32)
    vae = diffusers.AutoencoderKL(
        block_out_channels=blocks,
        down_block_types=["DownEncoderBlock2D"] * len(blocks),
        up_block_types=["UpDecoderBlock2D"] * len(blocks),
        norm_num_groups=8,
        latent_channels=4,
        scaling_factor=0.13025 if family == "sdxl" else 0.18215,
        sample_size=32,
    )
    unet.save_pretrained(folder / "unet", **save)
    vae.save_pretrained(folder / "vae", **save)
    name, options = SCHEDULERS[family]
    getattr(diffusers, name)(**BETAS, **options).save_pretrained(folder / "scheduler")
    index |= {"unet": ["diffusers", "UNet2DConditionModel"], "vae": ["diffusers", "AutoencoderKL"]}
    index |= {"scheduler": ["diffusers", name], "feature_extractor": [None, None], "image_encoder": [None, None]}
    _write_text(folder, "", 32 if family in ("sd1", "inpaint", "sdxl") else 64, index, family == "sd2", save)
    if family == "sdxl":
        _write_text(folder, "_2", 64, index, True, save)
        index["force_zeros_for_empty_prompt"] = True
    else:
        index |= {"safety_checker": [None, None], "requires_safety_checker": False}
    (folder / "model_index.json").write_text(json.dumps(index))
    return folder


def _write_text(
    folder: Path, suffix: str, width: int, index: dict[str, Any], pads_with_first: bool, save: dict[str, Any]
) -> None:
    """Text encoder and tokenizer. SD 2.x and SDXL's second tokenizer pad with the word of number 0."""
    import transformers

    name = "CLIPTextModelWithProjection" if suffix else "CLIPTextModel"
    config = transformers.CLIPTextConfig(
        vocab_size=VOCABULARY,
        hidden_size=width,
        intermediate_size=2 * width,
        projection_dim=width,
        num_hidden_layers=4,
        num_attention_heads=4,
        max_position_embeddings=LENGTH,
        hidden_act="gelu" if width == 64 else "quick_gelu",
        bos_token_id=VOCABULARY - 2,
        eos_token_id=VOCABULARY - 1,
        pad_token_id=0 if pads_with_first else VOCABULARY - 1,
    )
    getattr(transformers, name)(config).eval().save_pretrained(folder / f"text_encoder{suffix}", **save)
    place = folder / f"tokenizer{suffix}"
    shutil.copytree(DEMO / "tokenizer", place)
    if pads_with_first:
        path = place / "tokenizer_config.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), "pad_token": "!"}))
    index[f"text_encoder{suffix}"] = ["transformers", name]
    index[f"tokenizer{suffix}"] = ["transformers", "CLIPTokenizer"]
