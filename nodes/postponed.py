"""Imports that wait until something in the module is used, where a library imports more than it needs."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from types import ModuleType
from typing import Any


class _Postponed(ModuleType):
    """Stands for a module until the first attribute that it lacks is asked for."""

    def __getattr__(self, attribute: str) -> Any:
        name = self.__name__
        if attribute.startswith("__"):  # `inspect` asks every module for its file: that is no use of it
            raise AttributeError(f"module {name!r} has no attribute {attribute!r} before it is used")
        if sys.modules.get(name) is self:
            del sys.modules[name]
        module = importlib.import_module(name)
        self.__dict__.update(module.__dict__)  # for those who hold this one
        return getattr(module, attribute)


def postpone(name: str) -> None:
    """Make `import name` cost nothing by itself. Does nothing where the module is imported already or not installed.

    (`importlib.util.LazyLoader` will not do: a second `import` statement already loads such a module.)
    """
    parent, _, child = name.rpartition(".")
    spec = None if name in sys.modules else importlib.util.find_spec(name)
    if spec is None:
        return
    module = sys.modules[name] = _Postponed(name)
    if spec.submodule_search_locations is not None:
        module.__path__ = spec.submodule_search_locations  # so that its own modules can be imported
    if parent:
        setattr(sys.modules[parent], child, module)
