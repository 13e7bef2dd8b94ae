"""Loading what nearly every job needs, before the first one comes: it takes seconds, and a user would wait for them.

In the engine's thread, as the calls that would load them: libraries with circular imports must not be imported in two
threads at once.
"""

from __future__ import annotations

import gc
import logging

LOG = logging.getLogger(__name__)


def warm_up(device: str) -> None:
    """Import the libraries of the built-in nodes, and wake the device."""
    try:
        import torch

        from latentloom.nodes.libraries import diffusers_class, transformers_class

        for name in ("UNet2DConditionModel", "AutoencoderKL", "DPMSolverMultistepScheduler"):
            diffusers_class(name)
        for name in ("CLIPTextModel", "CLIPTokenizerFast"):
            transformers_class(name)
        torch.zeros(1, device=device)
        gc.collect()  # imports leave circles behind
    except ImportError as error:  # the job that needs it says so
        LOG.warning("%s", error)
