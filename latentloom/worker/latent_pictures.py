"""Pictures of latents, cheaply: what a preview shows of a picture that is not decoded yet.

By the autoencoder itself where it is small. Else each cell's colour is taken as linear in its channels, which is good
enough to see what becomes of a picture: fitted to a latent and its picture as soon as some call decodes one, before
that by published numbers for the common latent spaces, or by the first three channels.

Works on copies of its own of weights, so that it needs no turn of the engine.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from latentloom.graph.one_thread import keep_to_one_thread
from latentloom.graph.running.watching import SeenCall
from latentloom.nodes.values import Autoencoder, Image, Latent, NoiseSchedule, Prediction, Timestep

if TYPE_CHECKING:
    import torch

SMALL_BYTES = 64 * 2**20
"""Weights of an autoencoder that decodes previews itself."""
SMALL_CELLS = 4096
"""Latents larger than this are too much for it: a preview must cost less than a step."""
PUBLISHED = {
    # https://discuss.huggingface.co/t/decoding-latents-to-rgb-without-upscaling/23204
    "4ch-f8-0.18215": (
        ((0.298, 0.207, 0.208), (0.187, 0.286, 0.173), (-0.158, 0.189, 0.264), (-0.184, -0.271, -0.473)),
        (0.0, 0.0, 0.0),
    ),
    # https://huggingface.co/blog/TimothyAlexisVass/explaining-the-sdxl-latent-space, over 255 and doubled for -1..1
    "4ch-f8-0.13025": (
        ((0.47, 0.47, 0.47), (-0.47, -0.04, 0.08), (0.20, 0.12, -0.04), (-0.55, -0.39, -0.27)),
        (0.18, 0.11, 0.09),
    ),
}
"""Latent space -> colours (-1..1) of its channels, and the colour of 0."""


class LatentPictures:
    """Knows the autoencoders and decoded pictures that went by."""

    def __init__(self, context: PreviewContext) -> None:
        self._context = context
        self._autoencoders: dict[str, Autoencoder] = {}
        self._pairs: dict[str, tuple[torch.Tensor, torch.Tensor]] = {}
        self._fitted: dict[str, tuple[torch.Tensor, torch.Tensor]] = {}
        self._prepared: set[str] = set()

    def note(self, call: SeenCall) -> None:
        """Keep what helps: autoencoders, and a latent with its picture. (In the engine's thread.)"""
        for value in call.outputs:
            if isinstance(value, Autoencoder):
                self._autoencoders[value.space] = value
            elif isinstance(value, Image) and call.inputs is not None:
                self._note_pair(call.inputs.values(), value)

    def _note_pair(self, inputs: Any, image: Image) -> None:
        for latent in inputs:
            if isinstance(latent, Latent) and latent.space not in self._fitted:
                height, width = latent.samples.shape[2:]
                if image.pixels.shape[2:] == (height * latent.factor, width * latent.factor):
                    self._pairs[latent.space] = (latent.samples, image.pixels)

    def prediction_picture(self, prediction: Prediction, step: Step | None) -> Image:
        """What the first of a batch of predictions says of the final picture; where its step is not known, as if it
        was a latent of the space that was met last.
        """
        if step is not None and step.latent.samples.shape[1:] == prediction.values.shape[1:]:
            return self.picture(final_latent(prediction, step, self._context))
        space, factor = next(((a.space, a.factor) for a in reversed(self._autoencoders.values())), ("", 8))
        return self.coloured(Latent(prediction.values[:1].detach().float(), space, factor))

    def picture(self, latent: Latent) -> Image:
        """The first picture of a latent: [1, 3, h, w], at the latent's resolution or decoded."""
        samples = latent.samples[:1].detach().float()
        if (autoencoder := self._small_autoencoder(latent)) is not None:
            from latentloom.nodes.autoencoder import decode

            return decode(autoencoder, replace(latent, samples=samples), self._context)
        return self.coloured(replace(latent, samples=samples))

    def coloured(self, latent: Latent) -> Image:
        """Each cell in a colour that is linear in its channels."""
        samples = latent.samples
        weights, centre = self._colours(latent.space, samples.shape[1])
        pixels = (samples.cpu().movedim(1, -1) @ weights + centre).movedim(-1, 1)
        return Image((pixels / 2 + 0.5).clamp(0, 1))

    def prepare(self, autoencoder: Autoencoder) -> None:
        """Load what the first picture would wait for: it comes a step after the model was opened."""
        digest = autoencoder.part.digest
        if digest not in self._prepared and _is_small(autoencoder):
            self._prepared.add(digest)
            import torch

            from latentloom.nodes.autoencoder import decode
            from latentloom.nodes.weights import vae

            keep_to_one_thread()
            channels = vae(self._context, autoencoder).config.latent_channels
            nothing = Latent(torch.zeros(1, channels, 16, 16), autoencoder.space, autoencoder.factor)
            decode(autoencoder, nothing, self._context)

    def _small_autoencoder(self, latent: Latent) -> Autoencoder | None:
        found = self._autoencoders.get(latent.space)
        if found is None or latent.samples.shape[2] * latent.samples.shape[3] > SMALL_CELLS:
            return None
        return found if _is_small(found) else None

    def _colours(self, space: str, channels: int) -> tuple[torch.Tensor, torch.Tensor]:
        import torch

        if (pair := self._pairs.pop(space, None)) is not None:
            self._fitted[space] = fit(*pair)
        if (fitted := self._fitted.get(space)) is not None:
            return fitted
        if space in PUBLISHED:
            weights, centre = PUBLISHED[space]
            return torch.tensor(weights), torch.tensor(centre)
        weights_of_first = torch.zeros(channels, 3)
        weights_of_first[:3] = 0.5 * torch.eye(min(channels, 3), 3)
        return weights_of_first, torch.zeros(3)


def fit(samples: torch.Tensor, pixels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Colours of the channels [C, 3] and of 0 [3], in -1..1: least squares over the cells of a latent."""
    import torch

    colours = torch.nn.functional.adaptive_avg_pool2d(pixels.detach().float().cpu() * 2 - 1, samples.shape[2:])
    cells = samples.detach().float().cpu().movedim(1, -1).flatten(0, 2)
    ones = torch.ones(len(cells), 1)
    # A little of the unit matrix keeps a plain picture from giving wild numbers.
    a = torch.cat([cells, ones], dim=1)
    gram = a.T @ a + 1e-3 * len(cells) * torch.eye(a.shape[1])
    solved = torch.linalg.solve(gram, a.T @ colours.movedim(1, -1).flatten(0, 2))
    return solved[:-1], solved[-1]


@dataclass(frozen=True, slots=True)
class Step:
    """What a denoising step is given besides a prediction."""

    schedule: NoiseSchedule
    timestep: Timestep
    latent: Latent


def estimate(call: SeenCall, context: PreviewContext) -> Latent | None:
    """What a scheduler's step says of the final latent; None where the call is no such step."""
    inputs = call.inputs or {}
    parts = [_only(inputs, kind) for kind in (NoiseSchedule, Timestep, Latent)]
    prediction = _only(inputs, Prediction)
    if prediction is None or any(part is None for part in parts):
        return None
    return final_latent(prediction, Step(*parts), context)


def final_latent(prediction: Prediction, step: Step, context: PreviewContext) -> Latent:
    """What the first of a batch of predictions says of the final latent, where it is taken in a step."""
    from latentloom.nodes.scheduler_step import predict_original

    first = replace(prediction, values=prediction.values[:1])
    latent = replace(step.latent, samples=step.latent.samples[:1])
    return predict_original(step.schedule, first, step.timestep, latent, context)


def _only(inputs: Any, kind: type) -> Any:
    found = [value for value in inputs.values() if isinstance(value, kind)]
    return found[0] if len(found) == 1 else None


def _is_small(autoencoder: Autoencoder) -> bool:
    return sum(file.stat().st_size for file in autoencoder.part.folder.glob("*.safetensors")) <= SMALL_BYTES


class PreviewContext:
    """The Context of functions that are called for a preview: a few resources of its own, nothing of a job's."""

    KEPT = 4

    def __init__(self, device: str, dtype: str, model_folders: Sequence[Path]) -> None:
        self.device = device
        self.dtype = dtype
        self.model_folders = model_folders
        self.cancelled = False
        self._resources: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = threading.Lock()
        """Held while something is looked up or loaded: previews and results are made in different threads."""

    def check_cancelled(self) -> None:
        pass

    def progress(self, done: float, total: float) -> None:
        pass

    def count(self, name: str, amount: int = 1) -> None:
        pass

    def resource(self, key: Hashable, load: Callable[[], Any]) -> Any:
        with self._lock:
            if key not in self._resources:
                self._resources[key] = load()
                if len(self._resources) > self.KEPT:
                    self._resources.popitem(last=False)
            self._resources.move_to_end(key)
            return self._resources[key]

    def file_digest(self, path: Path) -> str:
        raise NotImplementedError("previews read no files")

    def may_read(self, path: Path) -> bool:
        return False
