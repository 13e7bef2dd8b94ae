"""Stage 6, the model folder: the trained parts together, in float16 and diffusers' layout."""

import json
import shutil
from pathlib import Path

import torch
from diffusers import AutoencoderKL, DDIMScheduler, StableDiffusionPipeline, UNet2DConditionModel
from transformers import CLIPTextModel, CLIPTokenizer

PARTS = ("vae", "text_encoder", "tokenizer", "unet", "scheduler")


def load_pipeline(model: Path) -> StableDiffusionPipeline:
    """A model folder's parts as diffusers' pipeline, in float32."""
    return StableDiffusionPipeline(
        vae=AutoencoderKL.from_pretrained(model / "vae", torch_dtype=torch.float32, low_cpu_mem_usage=False).eval(),
        text_encoder=CLIPTextModel.from_pretrained(model / "text_encoder", dtype=torch.float32).eval(),
        tokenizer=CLIPTokenizer.from_pretrained(model / "tokenizer"),
        unet=UNet2DConditionModel.from_pretrained(
            model / "unet", torch_dtype=torch.float32, low_cpu_mem_usage=False
        ).eval(),
        scheduler=DDIMScheduler.from_pretrained(model / "scheduler"),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )


def export(work: Path, target: Path) -> None:
    """Writes the model of `work/model` to a folder; each of its parts is replaced when all are written."""
    partial = work / "export"
    shutil.rmtree(partial, ignore_errors=True)
    load_pipeline(work / "model").to(torch.float16).save_pretrained(partial)
    for name in ("vocab.json", "merges.txt"):  # for readers that do not know tokenizer.json
        shutil.copy(work / "model" / "tokenizer" / name, partial / "tokenizer" / name)
    for path in partial.rglob("*.json"):
        without_origin(path)
    for path in partial.rglob("*.safetensors"):
        path.chmod(0o644)
    target.mkdir(parents=True, exist_ok=True)
    for part in PARTS:
        shutil.rmtree(target / part, ignore_errors=True)
        shutil.move(partial / part, target / part)
    shutil.move(partial / "model_index.json", target / "model_index.json")
    shutil.rmtree(partial)


def without_origin(path: Path) -> None:
    """Takes the folder that a part was loaded from out of its configuration."""
    config = json.loads(path.read_text(encoding="utf-8"))
    if isinstance(config, dict) and config.keys() & {"_name_or_path", "name_or_path"}:
        kept = {key: value for key, value in config.items() if key not in ("_name_or_path", "name_or_path")}
        path.write_text(json.dumps(kept, indent=2, sort_keys=True) + "\n", encoding="utf-8")
