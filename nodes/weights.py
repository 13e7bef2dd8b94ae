"""The one place where weights are loaded: each component once per device and dtype, held by the engine's budget.

Loaded modules are shared by all calls and frozen: no node changes one, and no gradients are kept. Nothing here needs
accelerate or peft.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from latentloom.graph import Context, InputError

from .libraries import diffusers_class, leanly, transformers_class
from .model_files import check_safetensors, read_config, weights_of
from .text_projections import remember_texts
from .values import Autoencoder, Component, Denoiser, TextEncoder, Tokenizer

if TYPE_CHECKING:
    import torch


def unet(context: Context, denoiser: Denoiser) -> Any:
    """The U-Net (diffusers `UNet2DConditionModel`) in the context's dtype. Consecutive steps read a text once."""

    def load() -> Any:
        return remember_texts(
            _load(diffusers_class("UNet2DConditionModel"), denoiser.part, context.dtype, context.device)
        )

    return context.resource(("unet", denoiser.part.digest, context.dtype), load)


def vae(context: Context, autoencoder: Autoencoder) -> Any:
    """The autoencoder (diffusers `AutoencoderKL`), in float32 where it overflows in float16 (`force_upcast`)."""
    upcast = context.dtype == "float16" and read_config(autoencoder.part.folder / "config.json").get("force_upcast")
    dtype = "float32" if upcast else context.dtype

    def load() -> Any:
        return _load(diffusers_class("AutoencoderKL"), autoencoder.part, dtype, context.device)

    return context.resource(("vae", autoencoder.part.digest, dtype), load)


def text_encoders(context: Context, encoder: TextEncoder) -> list[Any]:
    """The text encoders (transformers' CLIP models), one or two."""
    return [_text_encoder(context, part) for part in encoder.parts]


def _text_encoder(context: Context, part: Component) -> Any:
    def load() -> Any:
        config = read_config(part.folder / "config.json")
        name = (config.get("architectures") or ["CLIPTextModel"])[0]
        if name not in ("CLIPTextModel", "CLIPTextModelWithProjection"):
            raise InputError(f"{part.folder.name} is a {name}; a CLIPTextModel was expected.")
        return _load(transformers_class(name), part, context.dtype, context.device)

    return context.resource(("text_encoder", part.digest, context.dtype), load)


def tokenizers(context: Context, tokenizer: Tokenizer) -> list[Any]:
    """The tokenizers (transformers' CLIP tokenizers that know character offsets), one or two."""
    return [_tokenizer(context, part) for part in tokenizer.parts]


def _tokenizer(context: Context, part: Component) -> Any:
    def load() -> Any:
        tokenizer_class = transformers_class("CLIPTokenizerFast")
        return _read(part.folder, lambda: tokenizer_class.from_pretrained(part.folder, local_files_only=True))

    return context.resource(("tokenizer", part.digest), load)


def torch_dtype(name: str) -> torch.dtype:
    """`float16` -> torch.float16. Raises InputError for anything that is no floating-point type."""
    import torch

    dtype = getattr(torch, name, None)
    if not isinstance(dtype, torch.dtype) or not dtype.is_floating_point:
        raise InputError(f"{name!r} is no dtype for models. Use 'float32', 'float16' or 'bfloat16'.")
    return dtype


def _load(cls: Any, part: Component, dtype: str, device: str) -> Any:
    weights = weights_of(part.folder)
    for file in weights.files:
        check_safetensors(file)
    options: dict[str, Any] = {"low_cpu_mem_usage": False} if cls.__module__.startswith("diffusers") else {}

    def load() -> Any:
        module, found = cls.from_pretrained(
            part.folder,
            dtype=torch_dtype(dtype),
            variant=weights.variant,
            use_safetensors=True,
            local_files_only=True,
            output_loading_info=True,
            **options,
        )
        # The libraries fill what is missing with random numbers, and only print it.
        if missing := sorted(found["missing_keys"]):
            raise ValueError(f"its files lack {len(missing)} tensors, such as {missing[0]!r}.")
        return module

    return _read(part.folder, load).eval().requires_grad_(False).to(device)


def _read(folder: Path, load: Callable[[], Any]) -> Any:
    # The libraries raise these for files that do not fit each other; anything else is a bug and keeps its traceback.
    try:
        return leanly(load)
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        if type(error).__name__ == "OutOfMemoryError":
            raise
        message = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise InputError(f"The model's {folder.name} cannot be loaded: {message} Copy its folder again.") from error
