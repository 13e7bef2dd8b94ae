"""Load a model folder (diffusers layout) into handles. No weights are read here: `weights` does, when they are used."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from latentloom.graph import Context, InputError, Widget, node

from .model_files import check_safetensors, component_files, find_model, number, read_config, weights_of
from .values import Autoencoder, Component, Denoiser, Scheduler, TextEncoder, Tokenizer

PREDICTIONS = ("epsilon", "v_prediction", "sample")


class Model(NamedTuple):
    tokenizer: Tokenizer
    text_encoder: TextEncoder
    denoiser: Denoiser
    autoencoder: Autoencoder
    scheduler: Scheduler


@dataclass(frozen=True, slots=True)
class Layout:
    """What a model folder holds, read from its configs."""

    folder: Path
    tokenizers: tuple[str, ...]
    text_encoders: tuple[str, ...]
    lengths: tuple[int, ...]
    pooled: bool
    zero_empty: bool
    space: str
    factor: int
    channels: int
    prediction: str
    scheduler: str
    options: str

    @property
    def weighted(self) -> tuple[str, ...]:
        """The components that have weights."""
        return (*self.text_encoders, "unet", "vae")


def model_fingerprint(name: str, context: Context) -> Any:
    """Changes when a file of the model's folder does: names, sizes and times, without reading them."""
    folder = find_model(name, context.model_folders, context.may_read)
    return str(folder), *sorted(_stats(folder))


def _stats(folder: Path) -> Iterator[tuple[str, int, int]]:
    """Path, bytes and time of each file, as far as they can be read.

    It is asked for every job, and `Path.glob` takes four times as long.
    """
    for entry in _entries(folder):
        if entry.name.endswith(".json"):
            yield from _stat(entry.name, entry)
        for file in _entries(entry.path):
            yield from _stat(f"{entry.name}/{file.name}", file)


def _entries(folder: Path | str) -> list[os.DirEntry[str]]:
    with suppress(OSError), os.scandir(folder) as entries:
        return list(entries)
    return []


def _stat(name: str, file: os.DirEntry[str]) -> Iterator[tuple[str, int, int]]:
    with suppress(OSError):
        found = file.stat()
        if stat.S_ISREG(found.st_mode):
            yield name, found.st_size, found.st_mtime_ns


def model_facts(name: str | None, context: Context) -> Mapping[str, Any]:
    """Reads the configs and the headers of the weight files, so that a faulty model is told before anything runs."""
    if name is None:
        return {}
    layout = read_layout(find_model(name, context.model_folders, context.may_read))
    for component in layout.weighted:
        for file in weights_of(layout.folder / component).files:
            check_safetensors(file)
    space = {"space": layout.space, "factor": layout.factor}

    def digest(parts: Sequence[str]) -> dict[str, str]:
        return {"digest": "+".join(_digest(layout.folder / part, context) for part in parts)}

    return {
        "tokenizer": digest(layout.tokenizers),
        "text_encoder": digest(layout.text_encoders),
        "denoiser": {**space, "prediction": layout.prediction, **digest(["unet"])},
        "autoencoder": {**space, **digest(["vae"])},
        "scheduler": {"name": layout.scheduler},
    }


@node(category="model", fingerprint=model_fingerprint, facts=model_facts)
def load_model(
    name: Annotated[str, Widget("model"), "a folder's name under the model folders, `demo`, or a path"] = "demo",
    *,
    context: Context,
) -> Model:
    """Open a Stable Diffusion model folder (SD 1.x, 2.x or SDXL, diffusers layout).

    Gives handles: the weights are loaded when a node first uses them. safetensors only (one file, shards, or the
    `fp16` variant); pickles are refused. Sizes, latent space and prediction type are read from the configs.
    """
    layout = read_layout(find_model(name, context.model_folders, context.may_read))

    def component(part: str) -> Component:
        folder = layout.folder / part
        if part in layout.weighted:
            for file in weights_of(folder).files:
                # A resource, so that the same content is not looked through again.
                context.resource(("checked", context.file_digest(file)), partial(check_safetensors, file))
        return Component(folder, _digest(folder, context))

    return Model(
        Tokenizer(tuple(map(component, layout.tokenizers)), layout.lengths),
        TextEncoder(tuple(map(component, layout.text_encoders)), layout.pooled, layout.zero_empty),
        Denoiser(component("unet"), layout.space, layout.factor, layout.channels, layout.prediction),
        Autoencoder(component("vae"), layout.space, layout.factor),
        Scheduler(layout.scheduler, layout.options),
    )


def _digest(folder: Path, context: Context) -> str:
    digest = hashlib.blake2b(digest_size=20)
    for path in component_files(folder):
        digest.update(f"{path.name}\0{context.file_digest(path)}\n".encode())
    return digest.hexdigest()


def read_layout(folder: Path) -> Layout:
    """Read a model folder's configs. Raises InputError where it is no model that these nodes can run."""
    if not (folder / "model_index.json").is_file():
        raise InputError(
            f"The folder {folder.name!r} is no diffusers model: it has no model_index.json. "
            "Give a folder that diffusers' save_pretrained wrote."
        )
    index = read_config(folder / "model_index.json")
    present = [name for name, value in index.items() if isinstance(value, list) and len(value) == 2 and all(value)]
    _check_components(folder, index, present)
    encoders = tuple(name for name in ("text_encoder", "text_encoder_2") if name in present)
    tokenizers = tuple(name.replace("text_encoder", "tokenizer") for name in encoders)
    unet = read_config(folder / "unet" / "config.json")
    scheduler = read_config(folder / "scheduler" / "scheduler_config.json")
    space, factor, channels = _latent_space(read_config(folder / "vae" / "config.json"))
    made = number(unet, "out_channels", 4)
    if made != channels:
        raise InputError(
            f"The U-Net makes latents of {made:g} channels, the autoencoder reads {channels}: "
            "unet and vae are of different models."
        )
    prediction = scheduler.get("prediction_type", "epsilon")
    if prediction not in PREDICTIONS:
        raise InputError(f"The model predicts {prediction!r}; one of {', '.join(PREDICTIONS)} was expected.")
    options = {k: v for k, v in scheduler.items() if not k.startswith("_")}
    return Layout(
        folder=folder,
        tokenizers=tokenizers,
        text_encoders=encoders,
        lengths=tuple(_chunk_length(folder, *pair) for pair in zip(tokenizers, encoders, strict=True)),
        pooled=unet.get("addition_embed_type") == "text_time",
        zero_empty=bool(index.get("force_zeros_for_empty_prompt", False)),
        space=space,
        factor=factor,
        channels=channels,
        prediction=prediction,
        scheduler=str(scheduler.get("_class_name") or index["scheduler"][1]),
        options=json.dumps(options, sort_keys=True, separators=(",", ":")),
    )


def _check_components(folder: Path, index: Mapping[str, Any], present: list[str]) -> None:
    kind = index.get("_class_name", "of an unknown kind")
    if "transformer" in present or "unet" not in present:
        raise InputError(
            f"The model {folder.name!r} is a {kind}; these nodes run Stable Diffusion 1.x, 2.x and XL, "
            "which have a U-Net. Choose such a model."
        )
    if "text_encoder" not in present and "text_encoder_2" not in present:
        raise InputError(f"The model {folder.name!r} ({kind}) has no text encoder. Choose another model.")
    encoders = [name for name in present if name.startswith("text_encoder")]
    needed = [*encoders, *(name.replace("text_encoder", "tokenizer") for name in encoders), "unet", "vae", "scheduler"]
    if missing := [name for name in needed if name not in present or not (folder / name).is_dir()]:
        raise InputError(
            f"The model {folder.name!r} lacks {', '.join(missing)}. Copy its folder again, with all sub-folders."
        )
    if index["vae"][1] != "AutoencoderKL":
        raise InputError(f"The model's autoencoder is a {index['vae'][1]}; an AutoencoderKL was expected.")


def _latent_space(vae: Mapping[str, Any]) -> tuple[str, int, int]:
    """Name of the latent space, pixels per cell, channels: such as `4ch-f8-0.18215`, with the shift where it has one.

    An autoencoder that centres each channel (`latents_mean`, `latents_std`) has these in its name as a digest.
    """
    blocks = vae.get("block_out_channels")
    if not isinstance(blocks, list) or not 1 <= len(blocks) <= 10:
        raise InputError("vae/config.json has no block_out_channels. Copy the model's folder again.")
    factor = int(2 ** (len(blocks) - 1))
    channels = int(number(vae, "latent_channels", 4))
    scale, shift = number(vae, "scaling_factor", 0.18215), number(vae, "shift_factor", 0)
    if scale <= 0:
        raise InputError(f"vae/config.json has a scaling_factor of {scale:g}. Copy the model's folder again.")
    space = f"{channels}ch-f{factor}-{scale:g}" + (f"-{shift:g}" if shift else "")
    if vae.get("latents_mean") and vae.get("latents_std"):
        centre = json.dumps([vae["latents_mean"], vae["latents_std"]]).encode()
        space += f"-{hashlib.blake2b(centre, digest_size=4).hexdigest()}"
    return space, factor, channels


def _chunk_length(folder: Path, tokenizer: str, encoder: str) -> int:
    """Tokens that the text encoder reads at once: what the tokenizer says, at most the encoder's positions.

    (Tokenizers saved without a length say about 1e30.)
    """
    config = read_config(folder / encoder / "config.json")
    positions = number(config, "max_position_embeddings", 77)
    path = folder / tokenizer / "tokenizer_config.json"
    said = number(read_config(path), "model_max_length", positions) if path.is_file() else positions
    length = int(min(said, positions))
    if length < 3:
        raise InputError(f"{tokenizer} has chunks of {length} tokens; at least 3 were expected. Copy its folder again.")
    return length
