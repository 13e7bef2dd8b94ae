"""Previews: pictures of what a job is at, made beside the engine, and only while somebody watches.

The engine's thread leaves a call's values in the job's slot, where the next one replaces them; a thread of this
module's own makes a picture of what it finds there, as often as the rate allows, and sends it.
"""

from __future__ import annotations

import io
import logging
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from latentloom.graph import Address
from latentloom.graph.one_thread import keep_to_one_thread
from latentloom.graph.running.watching import SeenCall
from latentloom.nodes.image_files import as_pictures
from latentloom.nodes.values import Autoencoder, Denoiser, Image, Latent, Mask, Prediction
from latentloom.server.api import PreviewHeader

from .channel import ServerGone
from .latent_pictures import LatentPictures, PreviewContext, estimate

if TYPE_CHECKING:
    import PIL.Image
    import torch

LOG = logging.getLogger(__name__)
MEDIA_TYPE = "image/jpeg"
QUALITY = 80

Send = Callable[[PreviewHeader, bytes], None]


class Previews:
    """Makes previews in a thread of its own. `rate`: previews a second and job at most; 0 makes none."""

    def __init__(self, context: PreviewContext, send: Send, rate: float, side_px: int) -> None:
        self.latents = LatentPictures(context)
        self._context = context
        self._send = send
        self._gap_s = 1 / rate if rate > 0 else None
        """Between two previews of a job; None makes none."""
        self._side_px = side_px
        self._watched: frozenset[str] | bool = False
        self._slots: dict[str, SeenCall] = {}
        self._met: Autoencoder | None = None
        """To be made ready: a job has just opened its model, and its first step comes soon."""
        self._due: dict[str, float] = {}
        """Job -> when its next preview may be made, where that is not yet. The thread's own."""
        self._changed = threading.Condition()
        """Guards the slots and what was met."""
        threading.Thread(target=self._work, name="latentloom-previews", daemon=True).start()

    def watch(self, jobs: frozenset[str] | bool) -> None:
        self._watched = jobs

    def seen(self, job: str, call: SeenCall) -> None:
        """A call's values are there. (In the engine's thread.)"""
        self.latents.note(call)
        watched = self._watched if isinstance(self._watched, bool) else job in self._watched
        if not watched or self._gap_s is None:
            return
        met = next((value for value in call.outputs if isinstance(value, Autoencoder)), None)
        if met is not None or _is_shown(call):
            with self._changed:
                if met is not None:
                    self._met = met
                else:
                    self._slots[job] = call
                self._changed.notify()

    def forget(self, job: str) -> None:
        """A job ended: nothing more of it is shown."""
        with self._changed:
            self._slots.pop(job, None)

    # --- the thread

    def _work(self) -> None:
        while True:
            work = self._next()
            try:
                if isinstance(work, Autoencoder):
                    self.latents.prepare(work)
                else:
                    self._make(*work)
            except ServerGone:
                return
            except Exception:  # a preview is never worth a job
                LOG.warning("a preview could not be made", exc_info=True)
            if not isinstance(work, Autoencoder):
                self._rest(work[0])

    def _rest(self, job: str) -> None:
        now = time.monotonic()
        self._due = {each: due for each, due in self._due.items() if due > now}
        self._due[job] = now + (self._gap_s or 0.0)

    def _next(self) -> tuple[str, SeenCall] | Autoencoder:
        """Wait for an autoencoder that was met, or for a slot that is due, and empty it."""
        with self._changed:
            while True:
                if (met := self._met) is not None:
                    self._met = None
                    return met
                now = time.monotonic()
                waits = {job: self._due.get(job, 0.0) - now for job in self._slots}
                job = min(waits, key=lambda each: waits[each], default=None)
                if job is not None and waits[job] <= 0:
                    return job, self._slots.pop(job)
                self._changed.wait(min(waits[job], 3600.0) if job is not None else None)

    def _make(self, job: str, call: SeenCall) -> None:
        keep_to_one_thread()
        output, picture = self._picture(call)
        picture.thumbnail((self._side_px, self._side_px))
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=QUALITY)
        header = PreviewHeader(
            job=job, **_place(call.address), output=output, media_type=MEDIA_TYPE, width=picture.width,
            height=picture.height,
        )  # fmt: skip
        self._send(header, file.getvalue())

    def _picture(self, call: SeenCall) -> tuple[str, PIL.Image.Image]:
        """The first output that can be shown. Of a denoising step, what it says of the final picture."""
        for output, value in zip(call.declared.outputs, call.outputs, strict=True):
            match value:
                case Latent():
                    shown = estimate(call, self._context) or value
                    return output.name, as_pictures(self.latents.picture(shown))[0]
                case Image(pixels=pixels):
                    return output.name, self._reduced(pixels)
                case Mask(values=values):
                    return output.name, self._reduced(values.expand(-1, 3, -1, -1))
        raise TypeError("nothing to show")

    def _reduced(self, pixels: torch.Tensor) -> PIL.Image.Image:
        """The first of a batch, of a large picture only every so many pixels."""
        step = max(max(pixels.shape[2:]) // (2 * self._side_px), 1)
        return as_pictures(Image(pixels[:1, :, ::step, ::step]))[0]


def _is_shown(call: SeenCall) -> bool:
    """Pictures, and latents that a prediction went into. What was known already goes by too quickly.

    Encoded files are left out: they were shown as pictures before, and come as the job's outputs.
    """
    if call.inputs is None:
        return False
    if any(isinstance(value, Image | Mask) for value in call.outputs):
        return True
    is_step = any(isinstance(value, Prediction | Denoiser) for value in call.inputs.values())
    return is_step and any(isinstance(value, Latent) for value in call.outputs)


def _place(address: Address) -> dict[str, Any]:
    return {"node": address.node, "path": list(address.path), "iterations": list(address.iterations)}
