"""Starts the engine process. It ends when the server's end of the connection closes, whatever it is doing."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from latentloom.graph import Engine, EnvironmentFault, LatentloomError, load_registry
from latentloom.graph.one_thread import keep_to_one_thread
from latentloom.running import Machine, check_device
from latentloom.server.api import ResultOutput
from latentloom.server.engine.protocol import (
    Cancel,
    Configure,
    EngineOptions,
    Found,
    Inspect,
    Inspected,
    NotFound,
    NotThisForm,
    Read,
    Ready,
    Refused,
    Request,
    Shutdown,
    Source,
    StepSources,
    Submit,
    WatchPreviews,
)
from latentloom.server.workflows.models import demo_folder
from latentloom.tuning import tune_process
from latentloom.versions import versions

from .channel import Channel
from .latent_pictures import PreviewContext, Step
from .machine import devices, tiers
from .previews import Previews
from .results import rendered
from .runs import Runs
from .warming import warm_up

READ_SECONDS = 60.0
"""A result waits for the call that runs now, at most this long."""
IDLE_S = 0.5
PR_SET_PDEATHSIG = 1


def main(fd: int) -> None:
    _die_with_the_server()
    tune_process()
    channel = Channel(socket.socket(fileno=fd))
    first = channel.receive()
    if not isinstance(first, Configure):
        return
    try:
        worker = Worker(first.options, channel)
    except LatentloomError as error:
        channel.send(Refused(message=str(error)))
        return
    worker.serve()


class Worker:
    """One engine, and what the server asks of it."""

    def __init__(self, options: EngineOptions, channel: Channel) -> None:
        if options.device != "cpu":
            check_device(options.device)
        registry = load_registry(options.plugins)
        self._channel = channel
        self._engine = Engine(
            registry,
            device=options.device,
            dtype=options.dtype,
            memory=options.memory_bytes,
            cache=options.cache,
            cache_size=options.cache_bytes,
            model_folders=options.models,
            readable=None if options.files is None else (options.files, demo_folder(), *options.models),
        )
        machine = Machine(device=options.device, dtype=options.dtype, models=options.models)
        context = PreviewContext(self._engine.settings.device, options.dtype, options.models)
        self._previews = Previews(context, channel.send_preview, options.preview_rate, options.preview_side)
        self._runs = Runs(self._engine, machine, channel, self._previews)
        self._readers = ThreadPoolExecutor(2, "latentloom-read")
        self._is_used = False
        problems = [f"{problem.plugin}: {problem.message}" for problem in registry.catalogue.problems]
        outputs = {
            name: [ResultOutput(name=output.name, type=str(output.type)) for output in declared.outputs]
            for name, declared in registry.node_types.items()
        }
        channel.send(Ready(versions=versions(), problems=problems, outputs=outputs))

    def serve(self) -> None:
        """Answer requests until the server is gone or says that it is enough."""
        threading.Timer(IDLE_S, self._warm_up).start()
        while (request := self._channel.receive()) is not None and not isinstance(request, Shutdown):
            self._handle(request)
        if request is None:
            _end_soon()
        self._runs.close()
        os._exit(0)  # threads that wait for something else do not matter any more

    def _handle(self, request: Request) -> None:
        match request:
            case Submit():
                self._is_used = True
                self._runs.submit(request)
            case Cancel(job=job):
                self._runs.cancel(job)
            case WatchPreviews(jobs=jobs):
                self._previews.watch(jobs)
            case Read():
                self._readers.submit(self._read, request)
            case Inspect(request=number):
                self._readers.submit(self._inspect, number)

    def _warm_up(self) -> None:
        """Use the time until the first job. One that waits already loads only what it needs."""
        if not self._is_used:
            with contextlib.suppress(EnvironmentFault):  # closed meanwhile
                self._engine.between_calls(lambda: warm_up(self._engine.settings.device))

    def _read(self, read: Read) -> None:
        number = read.request
        try:
            found = self._value(Source(key=read.key, node_type=read.node_type, output=read.output))
            if found is None:
                self._channel.send(NotFound(request=number))
                return
            keep_to_one_thread()
            registry, latents = self._engine.registry, self._previews.latents
            step = self._step(read.step) if read.step else None
            media_type, content = rendered(found[0], read.form, read.index, registry, latents, step)
            self._channel.send(Found(request=number, media_type=media_type), content)
        except NotThisForm as error:
            self._channel.send(NotFound(request=number, message=str(error)))
        except (KeyError, ValueError) as error:
            self._channel.send(NotFound(request=number, message=f"there is no such output ({error})."))
        except (LatentloomError, TimeoutError) as error:
            told = "the engine is busy with a long call: ask again." if isinstance(error, TimeoutError) else str(error)
            self._channel.send(NotFound(request=number, message=told))

    def _value(self, source: Source) -> tuple[Any] | None:
        """What a call gave, None where no tier holds it."""
        outputs = self._engine.known(bytes.fromhex(source.key), READ_SECONDS)
        if outputs is None:
            return None
        names = [output.name for output in self._engine.registry.node_types[source.node_type].outputs]
        value = outputs[names.index(source.output)]
        return (value if source.index is None else value[source.index],)

    def _step(self, sources: StepSources) -> Step | None:
        found = [self._value(source) for source in (sources.schedule, sources.timestep, sources.latent)]
        return Step(*(each[0] for each in found if each)) if all(found) else None

    def _inspect(self, number: int) -> None:
        self._channel.send(Inspected(request=number, devices=devices(self._engine), tiers=tiers(self._engine)))


def _die_with_the_server() -> None:
    """Where the system can: the kernel ends this process with its parent, even while it hangs in a library."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # if it is gone already, the socket tells
    # A terminal's Ctrl-C reaches the whole group: the server alone decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _end_soon() -> None:
    """The server is gone: a call that does not end must not keep this process."""
    timer = threading.Timer(5.0, lambda: os._exit(1))
    timer.daemon = True
    timer.start()


if __name__ == "__main__":
    main(int(sys.argv[1]))
