"""Threads beside the engine's compute with one thread, and change no other's number."""

from __future__ import annotations

import threading
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


def test_threads_that_are_kept_together_do_not_set_back_each_others_number() -> None:
    with ThreadPoolExecutor(1) as older:
        before = older.submit(torch.get_num_threads).result()
        older.submit(torch.set_num_threads, 3).result()
        for _ in range(30):
            with ThreadPoolExecutor(8) as kept:
                together = threading.Barrier(8)
                for keeping in [kept.submit(_together, together) for _ in range(8)]:
                    keeping.result(60)
            with ThreadPoolExecutor(1) as newer:
                assert newer.submit(torch.get_num_threads).result() == 3
        older.submit(torch.set_num_threads, before).result()


def _together(together: threading.Barrier) -> None:
    together.wait(60)
    keep_to_one_thread()
