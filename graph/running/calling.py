"""Calling node functions: the context, the check that inputs stay untouched, the check of what comes back."""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from ..declare import NodeType, Output
from ..document.workflow import Graph
from ..errors import Cancelled, EnvironmentFault, InputError, RunError
from ..events import Address, Counted, Event, Progress
from ..store.store import Entry, Store

if TYPE_CHECKING:
    from .cells import CallCell
    from .job import Job


@dataclass(frozen=True, slots=True)
class Settings:
    """Where and how calls run; device type and dtype are part of every key."""

    device: str
    dtype: str
    model_folders: tuple[Path, ...]
    file_digest: Callable[[Path], str]
    readable: tuple[Path, ...] | None = None
    """Folders that a path in a workflow may lead into, resolved; None: any."""

    def may_read(self, path: Path) -> bool:
        return self.readable is None or any(path.resolve().is_relative_to(folder) for folder in self.readable)

    def path_digest(self, path: Path) -> str:
        """The digest of a file that a workflow names. Raises InputError where it may not be read."""
        if not self.may_read(path):
            told = f"{str(path)[:200]!r} lies outside of the folders that may be read here."
            raise InputError(f"{told} Upload the file, and give the value that stands for it.")
        return self.file_digest(path)


class CallContext:
    """The Context of one call."""

    __slots__ = ("_address", "_job", "_pinned", "_settings", "_store", "_tell")

    def __init__(
        self,
        settings: Settings,
        store: Store | None,
        job: Job | None,
        address: Address,
        tell: Callable[[Event], None] | None = None,
    ) -> None:
        self._settings = settings
        self._store = store
        self._job = job
        self._address = address
        self._tell = tell
        self._pinned: list[Entry] = []

    @property
    def device(self) -> str:
        return self._settings.device

    @property
    def dtype(self) -> str:
        return self._settings.dtype

    @property
    def model_folders(self) -> Sequence[Path]:
        return self._settings.model_folders

    @property
    def cancelled(self) -> bool:
        return self._job is not None and self._job.cancelled

    def check_cancelled(self) -> None:
        if self.cancelled:
            raise Cancelled("the job was cancelled")

    def progress(self, done: float, total: float) -> None:
        if self._job is not None and self._tell is not None:
            self._tell(Progress(self._job.id, self._address, done, total))

    def count(self, name: str, amount: int = 1) -> None:
        if self._job is not None and self._tell is not None:
            self._tell(Counted(self._job.id, self._address, name, amount))

    def resource(self, key: Hashable, load: Callable[[], Any]) -> Any:
        if self._store is None:
            raise TypeError("an async node runs beside the engine and cannot hold weights: make it a plain function")
        entry = self._store.resource((key, self.device), load)
        self._pinned.append(entry)
        assert entry.outputs is not None
        return self._store.values(entry)[0]

    def file_digest(self, path: Path) -> str:
        return self._settings.file_digest(path)

    def may_read(self, path: Path) -> bool:
        return self._settings.may_read(path)

    def close(self) -> None:
        """The call is over: what it held may leave."""
        for entry in self._pinned:
            entry.pins -= 1
        self._pinned.clear()


_version = attrgetter("_version")
"""Of a tensor: how often it was changed in place."""


class Purity:
    """Watches the tensors of a call's inputs, from before it to `changed` after."""

    __slots__ = ("_tensors", "_versions")

    def __init__(self, tensors: list[Any]) -> None:
        self._tensors = tensors
        self._versions = list(map(_version, tensors))

    def changed(self) -> bool:
        """Whether one of them was changed in place."""
        return self._versions != list(map(_version, self._tensors))


NOTHING_WATCHED = Purity([])


class Caller:
    """Calls node functions."""

    def __init__(self, settings: Settings, store: Store, libraries: Mapping[str, Sequence[str]]) -> None:
        self._settings = settings
        self._store = store
        self._libraries = libraries
        self._tensors: ModuleType | None = None
        self._gradients_off = False

    def context(self, job: Job | None, where: Address) -> CallContext:
        tell = job.emit if job is not None and job.listener is not None else None
        return CallContext(self._settings, self._store, job, where, tell)

    def context_beside(self, job: Job, where: Address) -> CallContext:
        """The context of an async call: only the engine's thread touches the store."""
        return CallContext(self._settings, None, job, where, job.emit_from_beside)

    def call(
        self, declared: NodeType, values: Mapping[str, Any], cell: CallCell
    ) -> tuple[tuple[Any, ...] | Graph, float]:
        """Run a node's function: its outputs, or the graph it returned, and the seconds it took.

        Raises RunError naming the node; out of device memory passes through for the caller to make room.
        """
        if not self._gradients_off and "torch" in self._libraries.get(declared.type, ()):
            self._switch_gradients_off()
        context = None
        if declared.context is not None:
            context = self.context(cell.frame.job, cell.address)
            values = {**values, declared.context: context}
        watched = self.watch(values)
        start = time.perf_counter()
        try:
            result = declared.function(**values)
        except BaseException as error:
            raise failure(error, cell.address) from error
        finally:
            if context is not None:
                context.close()
        seconds = time.perf_counter() - start
        return self.accept(declared, result, watched, cell), seconds

    def watch(self, values: Mapping[str, Any]) -> Purity:
        """Note the version of every tensor in a call's inputs."""
        if self._tensors is None:
            self._tensors = loaded_tensors()
            if self._tensors is None:
                return NOTHING_WATCHED
        tensors = self._tensors.tensors_in(*values.values())
        return Purity(tensors) if tensors else NOTHING_WATCHED

    def accept(self, declared: NodeType, result: Any, watched: Purity, cell: CallCell) -> tuple[Any, ...] | Graph:
        """The outputs of a call, checked at the plug-in edge."""
        if watched.changed():
            raise RunError(
                f"the node type {declared.type!r} changed one of its inputs in place. "
                "Results are shared and must stay as they are: its author should make a copy first.",
                node=cell.step.id,
                address=str(cell.address),
            )
        if isinstance(result, Graph):
            return result
        outputs = tuple(result) if declared.several_outputs else (result,)
        if len(outputs) != len(declared.outputs):
            raise _wrong(declared, f"{len(outputs)} outputs", f"{len(declared.outputs)}", cell.address)
        if not all(map(fits, declared.outputs, outputs)):
            spec, value = next(pair for pair in zip(declared.outputs, outputs, strict=True) if not fits(*pair))
            raise _wrong(declared, f"{spec.name} of type {type(value).__name__}", str(spec.type), cell.address)
        return outputs

    def _switch_gradients_off(self) -> None:
        """Once, in this thread, before the first call that may use torch."""
        from ..store import tensors

        tensors.prepare_thread()
        self._gradients_off = True


def loaded_tensors() -> ModuleType | None:
    """The tensor file of the engine, once anything has imported torch."""
    if "torch" not in sys.modules:
        return None
    from ..store import tensors

    return tensors


def fits(spec: Output, value: Any) -> bool:
    """Whether a value is of an output's type; of a list the outer shape is looked at."""
    if spec.type.is_list:
        return isinstance(value, list | tuple)
    return not spec.sockets or isinstance(value, spec.sockets[0].python)


def _wrong(declared: NodeType, found: str, expected: str, where: Address) -> RunError:
    return RunError(
        f"the node type {declared.type!r} returned {found}, expected {expected}: its author should mend it.",
        node=where.node,
        address=str(where),
    )


def failure(error: BaseException, where: Address) -> Exception:
    """What a node raised, as an error that names the node. A user's mistake goes without a traceback.

    A node has no say in when the process ends: SystemExit is a failure as any other, else the engine's thread would
    end and every job wait for ever.
    """
    if isinstance(error, Cancelled | RunError):
        return error
    if isinstance(error, Exception) and is_out_of_memory(error):
        return error
    if isinstance(error, InputError | EnvironmentFault):
        return RunError(str(error), node=where.node, address=str(where))
    told = ": ".join(filter(None, (type(error).__name__, _text(error))))
    lines = "".join(traceback.format_exception(error))
    return RunError(told, node=where.node, address=str(where), traceback=lines)


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - an error of a plugin's own that cannot say what it is
        return ""


def is_out_of_memory(error: BaseException) -> bool:
    tensors = loaded_tensors()
    return tensors is not None and bool(tensors.is_out_of_memory(error))
