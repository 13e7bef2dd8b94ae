"""Classes of diffusers and transformers: imported when first asked for, and one at a time.

Both libraries import their parts when they are asked for, and these import each other in circles: in two threads at
once that fails.
"""

from __future__ import annotations

import threading
from typing import Any

from .postponed import postpone

RARELY_USED = ("scipy.stats", "scipy.integrate")
"""Imported by every model and scheduler of diffusers, used for beta sigmas and LMS: 0.4 s at every start."""
IMPORTING = threading.RLock()


def diffusers_class(name: str) -> Any:
    with IMPORTING:
        for unused in RARELY_USED:
            postpone(unused)
        import diffusers

        return getattr(diffusers, name)


def transformers_class(name: str) -> Any:
    with IMPORTING:
        import transformers

        transformers.utils.logging.disable_progress_bar()  # the engine shows progress; theirs garbles a terminal
        return getattr(transformers, name)
