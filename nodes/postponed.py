"""Imports that wait until something in the module is used, where a library imports more than it needs."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import ModuleType
from typing import Any


@contextmanager
def postponed(stand_ins: Mapping[str, Mapping[str, Any]]) -> Iterator[None]:
    """In here `import name` costs nothing by itself, for each name; those who import it keep something that loads it.

    stand_ins: module name -> attribute -> what it is in here: for those that are used while others import the module,
        as a decorator is, or taken hold of with `from name import function`. Any other attribute imports the module.

    Names that are imported already or not installed are left alone. A module of a postponed package that is not
    postponed itself cannot be imported in here.
    """
    ours = {name: _Postponed(name, given) for name, given in stand_ins.items() if _is_to_come(name)}
    for name, module in ours.items():
        sys.modules[name] = module
        parent, _, child = name.rpartition(".")
        if parent not in ours:
            setattr(importlib.import_module(parent), child, module)
    try:
        yield
    finally:
        for module in ours.values():
            module.step_aside()


def caller(module: str, function: str) -> Callable[..., Any]:
    """Stands for a function: a call imports its module."""

    def call(*args: Any, **kwargs: Any) -> Any:
        return getattr(really_imported(module), function)(*args, **kwargs)

    return call


def is_imported(name: str) -> bool:
    return not isinstance(sys.modules.get(name), _Postponed | None)


def really_imported(name: str) -> ModuleType:
    known = sys.modules.get(name)
    return known.really() if isinstance(known, _Postponed) else importlib.import_module(name)


class _Postponed(ModuleType):
    """Stands for a module until the first attribute that it lacks is asked for.

    (`importlib.util.LazyLoader` will not do: a second `import` statement already loads such a module.)
    """

    def __init__(self, name: str, stand_ins: Mapping[str, Any]) -> None:
        super().__init__(name)
        self.__dict__.update(stand_ins)

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("__"):  # `inspect` asks every module for its file: that is no use of it
            raise AttributeError(f"module {self.__name__!r} has no attribute {attribute!r} before it is used")
        return getattr(self.really(), attribute)

    def really(self) -> ModuleType:
        for module in [sys.modules[name] for name in sys.modules if f"{name}.".startswith(f"{self.__name__}.")]:
            if isinstance(module, _Postponed):
                module.step_aside()
        return importlib.import_module(self.__name__)

    def step_aside(self) -> None:
        """Leave the place to the module itself."""
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        parent, _, child = self.__name__.rpartition(".")
        if vars(sys.modules.get(parent, self)).get(child) is self:
            delattr(sys.modules[parent], child)


def _is_to_come(name: str) -> bool:
    if name in sys.modules:
        return False
    top = name.partition(".")[0]
    return importlib.util.find_spec(top) is not None
