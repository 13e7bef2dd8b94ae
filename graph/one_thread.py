"""Keeping torch to one thread in the threads beside the engine's.

Each Python thread that computes with several gets a team of its own from OpenMP. As soon as there are more of these
threads than cores, all teams sleep between two operations instead of spinning shortly, which makes the engine's calls
2.5 times slower (measured: 55 ms for 22, the demo model's U-Net on two cores), for as long as the thread lives.
"""

from __future__ import annotations

import sys
import threading

_THREAD = threading.local()


def keep_to_one_thread() -> None:
    """To be called in a thread before it computes; it costs nothing the second time, and imports nothing."""
    torch = sys.modules.get("torch")
    if not hasattr(torch, "set_num_threads") or getattr(_THREAD, "is_kept", False):  # perhaps being imported
        return
    assert torch is not None
    count = torch.get_num_threads()
    torch.set_num_threads(1)
    _THREAD.is_kept = True
    # Threads that begin to compute later take the number that was set last, in whichever thread.
    other = threading.Thread(target=torch.set_num_threads, args=(count,))
    other.start()
    other.join()
