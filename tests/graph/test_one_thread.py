"""Threads beside the engine's compute with one thread, and change no other's number."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import torch

from latentloom.graph.one_thread import keep_to_one_thread


def test_a_thread_that_is_kept_to_one_leaves_older_and_newer_ones_theirs() -> None:
    with ThreadPoolExecutor(1) as older, ThreadPoolExecutor(1) as kept, ThreadPoolExecutor(1) as newer:
        before = older.submit(torch.get_num_threads).result()
        older.submit(torch.set_num_threads, 3).result()  # more than one also where there is one core
        kept.submit(keep_to_one_thread).result()
        kept.submit(keep_to_one_thread).result()
        assert kept.submit(torch.get_num_threads).result() == 1
        assert older.submit(torch.get_num_threads).result() == 3
        assert newer.submit(torch.get_num_threads).result() == 3
        older.submit(torch.set_num_threads, before).result()
