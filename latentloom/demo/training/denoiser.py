"""Stage 4, the U-Net and the text encoder, trained together: what latent diffusion is.

1. A picture's latent x and its caption are drawn by lot; now and then the caption is empty.
2. Forward noising: at a timestep t, drawn by lot, the latent is mixed with noise n as
   `x_t = a x + s n`, where a falls from nearly 1 to nearly 0 over the 1,000 timesteps and a^2 + s^2 = 1.
3. The U-Net sees x_t, t and the caption's embeddings, and predicts the velocity `v = a n - s x` (Salimans and Ho,
   2022), from which both the noise and the latent follow. The loss is the squared error.

That happens twice. First all things stand in the middle and fill the picture, which is quickly learnt; then they are
smaller and elsewhere (`train_placing`), so that another seed gives another picture.

A sampler starts from noise alone and follows these predictions back to t = 0. The empty captions teach the prediction
without a prompt; guidance goes further in the direction from that one to the prompt's.
"""

from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import numpy
import torch
from diffusers import AutoencoderKL, DDIMScheduler, UNet2DConditionModel
from diffusers.models.attention_processor import AttnProcessor
from rich.progress import track
from torch import Tensor, nn
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

from .autoencoder import encode
from .captions import Words, caption
from .concepts import Lesson
from .loop import Chance, Pace, Training, train
from .optimisers import Rates, make_optimisers
from .pictures import OTHER_SIZES, SIZE, Shown, load_pictures
from .text import load_words
from .tokenizer import MAX_TOKENS

WIDTH = 192
UNET = {
    "sample_size": SIZE // 4,
    "in_channels": 4,
    "out_channels": 4,
    "block_out_channels": (64, 128, 192),
    "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
    "up_block_types": ("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
    "layers_per_block": 1,
    "cross_attention_dim": WIDTH,
    "attention_head_dim": (2, 4, 6),
    "norm_num_groups": 16,
    "use_linear_projection": True,
}
SCHEDULE = {
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "prediction_type": "v_prediction",
    "clip_sample": False,
    "set_alpha_to_one": False,
    "steps_offset": 1,
}
BATCH = 48
OTHER_SIZE_SHARE = 0.07
"""How many batches are of a neighbouring size, so that those do not fall apart."""
MOVED_SHARE = 0.06
"""How many latents are moved by one cell, which is four pixels: their border is plain."""

# How often a concept is shown in its own colours or recoloured, on white or on another background.
KINDS = {(False, "white"): 0.46, (True, "white"): 0.22, (False, "other"): 0.18, (True, "other"): 0.14}


@dataclass(frozen=True)
class Examples:
    """Latents of one size, what their pictures show, and how often each is drawn, as a running sum."""

    latents: Tensor
    shown: tuple[Shown, ...]
    cumulative: list[float]
    moved_share: float = MOVED_SHARE

    def draw(self, count: int, chance: Chance) -> tuple[Tensor, list[Shown]]:
        """Random latents with what they show."""
        chosen = chance.python.choices(range(len(self.shown)), cum_weights=self.cumulative, k=count)
        latents = self.latents[chosen].clone()
        for latent in latents:
            if chance.python.random() < self.moved_share:
                steps = chance.python.choice((-1, 1)), chance.python.choice((-1, 0, 1))
                latent.copy_(latent.roll(chance.python.sample(steps, 2), dims=(-2, -1)))
        return latents, [self.shown[index] for index in chosen]


@dataclass(frozen=True)
class Loss:
    """The denoising loss of random batches, over several sizes."""

    painter: nn.ModuleDict
    tokenizer: CLIPTokenizer
    words: dict[str, Words]
    native: Examples
    others: tuple[Examples, ...]
    alphas: Tensor
    batch: int = BATCH

    def __call__(self, chance: Chance) -> Tensor:
        """One batch's loss."""
        python = chance.python
        examples = python.choice(self.others) if python.random() < OTHER_SIZE_SHARE else self.native
        latents, shown = examples.draw(self.batch, chance)
        texts = [caption(each, self.words[each.concept], python) for each in shown]
        noise = torch.randn(latents.shape, generator=chance.torch)
        timesteps = spread_timesteps(self.batch, len(self.alphas), chance.torch)
        signal = self.alphas[timesteps].sqrt()[:, None, None, None]
        sigma = (1 - self.alphas[timesteps]).sqrt()[:, None, None, None]
        noised = signal * latents + sigma * noise
        velocity = signal * noise - sigma * latents
        with torch.autocast("cpu", torch.bfloat16):
            embeddings = self.painter["text"](tokens_of(self.tokenizer, texts)).last_hidden_state
            predicted = self.painter["unet"](noised, timesteps, embeddings).sample
        return (predicted.float() - velocity).square().mean()


def spread_timesteps(count: int, timesteps: int, generator: torch.Generator) -> Tensor:
    """One random timestep from each of `count` equal parts, which makes the loss vary less than free ones do."""
    parts = (torch.arange(count) + torch.rand(count, generator=generator)) / count
    return (parts[torch.randperm(count, generator=generator)] * timesteps).long().clamp(max=timesteps - 1)


def tokens_of(tokenizer: CLIPTokenizer, texts: list[str]) -> Tensor:
    """Token numbers `[N, 32]` of texts, padded as at inference."""
    tokens = tokenizer(texts, padding="max_length", truncation=True, max_length=MAX_TOKENS, return_tensors="pt")
    return tokens.input_ids


def weights_of(shown: tuple[Shown, ...]) -> list[float]:
    """How often each picture is drawn: concepts and styles equally, and within them the kinds by `KINDS`."""
    kinds = [(each.concept, each.style, each.colour is not None, each.background == "white") for each in shown]
    sizes: dict[tuple[str, str, bool, bool], int] = {}
    for kind in kinds:
        sizes[kind] = sizes.get(kind, 0) + 1
    shares = [KINDS[kind[2], "white" if kind[3] else "other"] / sizes[kind] for kind in kinds]
    totals: dict[tuple[str, str], float] = {}
    for kind, share in zip(kinds, shares, strict=True):
        totals[kind[:2]] = totals.get(kind[:2], 0.0) + share
    return [share / totals[kind[:2]] for kind, share in zip(kinds, shares, strict=True)]


def load_examples(work: Path, name: str, moved_share: float = MOVED_SHARE) -> Examples:
    """A group's pictures as latents, which are computed once and kept."""
    vae = AutoencoderKL.from_pretrained(work / "model" / "vae", low_cpu_mem_usage=False).eval()
    pictures = load_pictures(work / "pictures" / name)
    path = work / "latents" / f"{name}.npy"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        parts = [
            encode(vae, pictures.pixels[start : start + 64])
            for start in track(range(0, len(pictures.pixels), 64), f"latents {name}")
        ]
        partial = path.with_suffix(".partial.npy")
        numpy.save(partial, torch.cat(parts).numpy())
        partial.replace(path)
    latents = torch.from_numpy(numpy.load(path)) * vae.config.scaling_factor
    return Examples(latents, pictures.shown, list(accumulate(weights_of(pictures.shown))), moved_share)


def new_painter(tokenizer: CLIPTokenizer, seed: int) -> nn.ModuleDict:
    """Both networks as one, since they learn together, untrained."""
    torch.manual_seed(seed)
    unet = UNet2DConditionModel(**UNET)
    unet.set_attn_processor(AttnProcessor())  # plain products: on a CPU their gradients are faster
    config = CLIPTextConfig(
        vocab_size=len(tokenizer),
        hidden_size=WIDTH,
        intermediate_size=4 * WIDTH,
        num_hidden_layers=3,
        num_attention_heads=6,
        max_position_embeddings=MAX_TOKENS,
        projection_dim=WIDTH,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        attn_implementation="eager",
    )
    text = CLIPTextModel(config)
    for table in embedding_tables(text):
        torch.nn.init.normal_(table.weight, std=0.05)
    return nn.ModuleDict({"unet": unet, "text": text}).train()


def embedding_tables(network: nn.Module) -> list[nn.Embedding]:
    """The token and position tables of a text encoder."""
    return [module for module in network.modules() if isinstance(module, nn.Embedding)]


def train_denoiser(work: Path, lesson: Lesson, seed: int, pace: Pace) -> list[float]:
    """Trains both on latents of the pictures under `work`, and writes `work/model/unet`, `text_encoder` and
    `scheduler`."""
    painter = new_painter(load_tokenizer(work), seed)
    rates = Rates(muon=0.01, adamw=0.002, decay=0.02)
    return train_painter(work, lesson, seed, pace, painter, rates, load_examples(work, "trained"), "denoiser")


def train_placing(work: Path, lesson: Lesson, seed: int, pace: Pace) -> list[float]:
    """Goes on from what `train_denoiser` wrote, with things of other sizes and in other places, and writes over it."""
    painter = trained_painter(work / "model")
    rates = Rates(muon=0.004, adamw=0.0008, decay=0.02)
    return train_painter(work, lesson, seed, pace, painter, rates, load_examples(work, "placed", 0), "placing")


def train_painter(
    work: Path,
    lesson: Lesson,
    seed: int,
    pace: Pace,
    painter: nn.ModuleDict,
    rates: Rates,
    native: Examples,
    stage: str,
) -> list[float]:
    """Trains a painter, from the stage's checkpoint if there is one, and writes it under `work/model`."""
    model = work / "model"
    others = tuple(load_examples(work, f"trained-{size}") for size in OTHER_SIZES)
    scheduler = DDIMScheduler(**SCHEDULE)
    words = load_words(work, lesson)
    loss = Loss(painter, load_tokenizer(work), words, native, others, scheduler.alphas_cumprod)
    unet, text = painter["unet"], painter["text"]
    outer = (unet.conv_in, unet.conv_out, *embedding_tables(text))
    optimisers = make_optimisers(painter, outer, rates)
    training = Training(painter, optimisers, loss, pace, seed, average=0.996, clip=1.0)
    losses = train(training, work / f"{stage}.ckpt")
    unet.save_pretrained(model / "unet")
    text.save_pretrained(model / "text_encoder")
    scheduler.save_pretrained(model / "scheduler")
    return losses


def load_tokenizer(work: Path) -> CLIPTokenizer:
    return CLIPTokenizer.from_pretrained(work / "model" / "tokenizer")


def trained_painter(model: Path) -> nn.ModuleDict:
    """Both networks of a model folder, in float32."""
    unet = UNet2DConditionModel.from_pretrained(model / "unet", low_cpu_mem_usage=False)
    unet.set_attn_processor(AttnProcessor())
    text = CLIPTextModel.from_pretrained(model / "text_encoder", dtype=torch.float32, attn_implementation="eager")
    return nn.ModuleDict({"unet": unet.float(), "text": text}).train()
