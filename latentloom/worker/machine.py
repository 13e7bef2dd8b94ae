"""What the engine's machine has: devices with their memory, tiers with what they hold."""

from __future__ import annotations

import os
import platform
import sys

from latentloom.graph import Engine
from latentloom.server.api import Device, Tier


def devices(engine: Engine) -> list[Device]:
    """The host, and the engine's device where it is another."""
    name = engine.settings.device
    host = Device(
        name="cpu",
        description=platform.processor() or platform.machine(),
        memory_bytes=_pages("SC_PHYS_PAGES"),
        free_bytes=_pages("SC_AVPHYS_PAGES"),
    )
    if name == "cpu":
        return [host]
    import torch

    if not name.startswith("cuda"):
        return [host, Device(name=name)]
    free, total = torch.cuda.mem_get_info(name)
    description = torch.cuda.get_device_name(name)
    return [host, Device(name=name, description=description, memory_bytes=total, free_bytes=free)]


def tiers(engine: Engine) -> list[Tier]:
    """The tiers from the nearest to the farthest."""
    store, limits = engine.store, engine.store.limits
    found = [
        Tier(name=name, bytes=used, limit_bytes=limits.get(name), entries=store.count(name))
        for name, used in sorted(store.bytes_used.items(), key=lambda item: item[0] != store.device)
    ]
    if store.disk is not None:
        entries, size = store.disk.measure()
        found.append(Tier(name="disk", bytes=size, limit_bytes=store.disk.limit_bytes, entries=entries))
    return found


def _pages(name: str) -> int | None:
    if sys.platform == "win32" or name not in os.sysconf_names:
        return None
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf(name)
