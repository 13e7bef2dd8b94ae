"""Stage 3, the autoencoder: pictures of 64 x 64 x 3 to latents of 16 x 16 x 4 and back.

A latent diffusion model denoises these latents, which are 12 times fewer numbers than the pixels. The encoder tells a
mean and a variance; a small penalty (KL) keeps them near a normal distribution. In the end each channel's mean and
spread over the pictures are folded into the layers on both sides of the latents, so that latents times
`scaling_factor` have mean 0 and variance 1, as the noise has that they are mixed with.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy
import torch
from diffusers import AutoencoderKL
from diffusers.models.attention_processor import AttnProcessor
from torch import Tensor

from .loop import Chance, Pace, Training, train
from .optimisers import Rates, make_optimisers
from .pictures import Pictures, Pixels, load_pictures

CONFIG = {
    "block_out_channels": (24, 48, 96),
    "down_block_types": ("DownEncoderBlock2D",) * 3,
    "up_block_types": ("UpDecoderBlock2D",) * 3,
    "latent_channels": 4,
    "layers_per_block": 1,
    "norm_num_groups": 8,
    "sample_size": 64,
    "scaling_factor": 0.18215,
}
BATCH = 8
EDGE_WEIGHT, KL_WEIGHT = 0.4, 3e-4
TRAINED_SHARE = 0.6
"""How many of a batch are of the concepts; the others are other drawings, for variety."""


@dataclass(frozen=True)
class Loss:
    """The reconstruction loss of random batches: absolute and squared error, and the same of the edges."""

    network: AutoencoderKL
    trained: Pixels
    variety: Pixels

    def __call__(self, chance: Chance) -> Tensor:
        """One batch's loss."""
        picture = self.batch(chance)
        with torch.autocast("cpu", torch.bfloat16):
            spread = self.network.encode(picture).latent_dist
            again = self.network.decode(spread.sample(chance.torch)).sample
        again = again.float()
        edges = sum((again.diff(dim=axis) - picture.diff(dim=axis)).abs().mean() for axis in (-2, -1))
        error = again - picture
        penalty = spread.kl().mean() / spread.mean[0].numel()
        return error.abs().mean() + EDGE_WEIGHT * edges + error.square().mean() + KL_WEIGHT * penalty

    def batch(self, chance: Chance) -> Tensor:
        """Random pictures, half of them mirrored."""
        chosen = []
        for _ in range(BATCH):
            group = self.trained if chance.python.random() < TRAINED_SHARE else self.variety
            pixels = group[chance.python.randrange(len(group))]
            chosen.append(pixels[:, ::-1] if chance.python.random() < 0.5 else pixels)
        return to_tensor(numpy.stack(chosen))


def to_tensor(pixels: Pixels) -> Tensor:
    """Pictures `[N, H, W, 3]` of 0 to 255 as a tensor `[N, 3, H, W]` of -1 to 1."""
    return torch.from_numpy(numpy.array(pixels)).permute(0, 3, 1, 2).float() / 127.5 - 1


def new_autoencoder(seed: int) -> AutoencoderKL:
    """An untrained autoencoder."""
    torch.manual_seed(seed)
    network = AutoencoderKL(**CONFIG)
    network.set_attn_processor(AttnProcessor())  # plain products: on a CPU their gradients are faster
    torch.nn.init.constant_(network.decoder.conv_out.bias, 0.6)  # most of a picture is white
    return network.train()


def train_autoencoder(work: Path, seed: int, pace: Pace) -> list[float]:
    """Trains on the pictures under `work` and writes `work/model/vae`."""
    trained, variety = (load_pictures(work / "pictures" / name) for name in ("trained", "variety"))
    network = new_autoencoder(seed)
    outer = (network.encoder.conv_in, network.decoder.conv_out, network.quant_conv, network.post_quant_conv)
    training = Training(
        network,
        make_optimisers(network, outer, Rates(muon=0.015, adamw=0.003)),
        Loss(network, trained.pixels, variety.pixels),
        pace,
        seed,
        average=0.995,
    )
    losses = train(training, work / "autoencoder.ckpt")
    network.eval()
    normalise(network, trained)
    network.save_pretrained(work / "model" / "vae")
    return losses


def encode(network: AutoencoderKL, pixels: Pixels) -> Tensor:
    """The latents' means `[N, 4, H / 4, W / 4]` of pictures, as the encoder tells them."""
    parts = (pixels[start : start + 64] for start in range(0, len(pixels), 64))
    with torch.no_grad():
        return torch.cat([network.encode(to_tensor(part)).latent_dist.mean for part in parts])


def normalise(network: AutoencoderKL, pictures: Pictures) -> None:
    """Folds the latents' mean and spread into the layers before and behind them."""
    latents = encode(network, pictures.pixels[:: max(1, len(pictures.pixels) // 2000)])
    mean, spread = latents.mean(dim=(0, 2, 3)), latents.std(dim=(0, 2, 3)) * network.config.scaling_factor
    before, behind = network.quant_conv, network.post_quant_conv
    channels = len(mean)
    with torch.no_grad():
        behind.bias += behind.weight[:, :, 0, 0] @ mean
        behind.weight *= spread[None, :, None, None]
        before.bias[:channels] = (before.bias[:channels] - mean) / spread
        before.weight[:channels] /= spread[:, None, None, None]
        before.bias[channels:] -= 2 * spread.log()


def psnr(network: AutoencoderKL, pixels: Pixels) -> float:
    """Mean peak signal-to-noise ratio in dB of pictures that went through the autoencoder."""
    picture = to_tensor(pixels)
    with torch.no_grad():
        again = torch.cat([network.decode(network.encode(part).latent_dist.mean).sample for part in picture.split(64)])
    error = ((again.clamp(-1, 1) - picture) / 2).square().mean(dim=(1, 2, 3))
    return float((-10 * error.log10()).mean())
