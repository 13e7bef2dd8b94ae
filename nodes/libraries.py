"""Classes of diffusers and transformers: imported when first asked for, and one at a time.

Both libraries import their parts when they are asked for, and these import each other in circles: in two threads at
once that fails. They also import much that making pictures never uses. Left out here, that halves their part of a
start (2.7 s to 1.4 s on two cores) and saves 100 MB.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from .postponed import caller, is_imported, postponed, really_imported

T = TypeVar("T")
IMPORTING = threading.RLock()
COMPILER = "torch._dynamo"
INDEXING = f"{COMPILER}._trace_wrapped_higher_order_op"


def diffusers_class(name: str) -> Any:
    def find() -> Any:
        import diffusers

        return getattr(diffusers, name)

    return leanly(find)


def transformers_class(name: str) -> Any:
    def find() -> Any:
        import transformers

        transformers.utils.logging.disable_progress_bar()  # the engine shows progress; theirs garbles a terminal
        return getattr(transformers, name)

    return leanly(find)


def leanly(make: Callable[[], T]) -> T:
    """Call what imports parts of the libraries, or makes them import some; with less of what few of them use."""
    with IMPORTING:
        try:
            with _lean():
                return make()
        except (ImportError, RuntimeError) as error:  # diffusers tells of ImportErrors in RuntimeErrors
            if not isinstance(error, ImportError) and not isinstance(error.__cause__, ImportError):
                raise
        return make()  # a version of them that needs more


@contextmanager
def _lean() -> Iterator[None]:
    stand_ins = {
        "scipy.stats": {},  # beta sigmas
        "scipy.integrate": {},  # LMS
        "scipy.optimize": {"linear_sum_assignment": caller("scipy.optimize", "linear_sum_assignment")},  # losses
        # torch's compiler, with sympy and all of its tracing: the libraries only decorate for it.
        COMPILER: {"allow_in_graph": _same, "assume_constant_result": _same, "disable": _disable},
        INDEXING: {"TransformGetItemToIndex": caller(INDEXING, "TransformGetItemToIndex")},
    }
    with postponed(stand_ins):
        _leave_out_sharding()
        yield


@functools.cache
def _leave_out_sharding() -> None:
    """transformers asks once whether torch can shard models over processes; here each process drives one device."""
    import torch

    is_available = torch.distributed.is_available
    torch.distributed.is_available = lambda: False
    try:
        from transformers.utils import is_torch_distributed_available

        is_torch_distributed_available()
    finally:
        torch.distributed.is_available = is_available


def _same(function: Any) -> Any:
    """Stands for decorators that only spare the compiler work."""
    return function


def _disable(function: Any = None, recursive: bool = True, **options: Any) -> Any:
    """Stands for `torch._dynamo.disable`: before anything is compiled, a function is as good as undecorated."""
    if function is None:
        return functools.partial(_disable, recursive=recursive, **options)
    disabled: list[Callable[..., Any]] = []

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        if not disabled:
            if not is_imported(COMPILER):
                return function(*args, **kwargs)
            disabled.append(really_imported(COMPILER).disable(function, recursive, **options))
        return disabled[0](*args, **kwargs)

    return call
