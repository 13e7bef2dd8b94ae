"""Keeping torch to one thread in the threads beside the engine's.

Each Python thread that computes with several gets a team of its own from OpenMP. As soon as there are more of these
threads than cores, all teams sleep between two operations instead of spinning shortly, which makes the engine's calls
2.5 times slower (measured: 55 ms for 22, the demo model's U-Net on two cores), for as long as the thread lives.
"""

from __future__ import annotations

import sys
import threading

_THREAD = threading.local()
_ONE_AT_A_TIME = threading.Lock()


def keep_to_one_thread() -> None:
    """To be called in a thread before it computes; it costs nothing the second time, and imports nothing."""
    torch = sys.modules.get("torch")
    if torch is None or not hasattr(torch, "set_num_threads"):  # perhaps being imported
        return
    if getattr(_THREAD, "is_kept", False):
        return
    # Threads that begin to compute later take the number that was set last, in whichever thread. So it is set back at
    # once, in one that ends; and no two do this together, or the second would set back the first one's 1.
    with _ONE_AT_A_TIME:
        count = torch.get_num_threads()
        torch.set_num_threads(1)
        other = threading.Thread(target=torch.set_num_threads, args=(count,))
        other.start()
        other.join()
    _THREAD.is_kept = True
