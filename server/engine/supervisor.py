"""The supervisor: starts the engine process, watches it, starts it again.

The process talks over a socket pair of its own; what it (or a plugin) prints goes to the server's log, and its last
lines tell why it ended. A process that ends by itself is started again at once; ever later where several in a row ended
soon after their start, without having worked.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import os
import re
import signal
import socket
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Protocol

from latentloom.graph import EnvironmentFault

from ..api import EngineState, EngineStatus, ResultOutput
from .protocol import (
    LENGTHS,
    REPORTS,
    Configure,
    EngineOptions,
    Found,
    Inspected,
    Message,
    NotFound,
    Ready,
    Refused,
    Report,
    Shutdown,
    framed,
    lengths,
)

LOG = logging.getLogger(__name__)
ENGINE_LOG = logging.getLogger("latentloom.engine")
SOON_S = 30.0
"""Engines that end within this time without having worked are started again only after a wait."""
LONGEST_WAIT_S = 30.0
STOP_S = 20.0
"""A call under way may take this long when the engine is asked to stop."""
DRAIN_S = 5.0
ANSWER_S = 90.0
"""Longer than the engine itself waits for the call that runs now."""
LAST_LINES = 400
"""Enough for the stacks of all threads, which a crash prints."""

FRAME = re.compile(r'File "(?P<file>[^"]+)", line (?P<line>\d+)')
LIBRARY = re.compile(r"[/\\](site-packages|lib[/\\]python3\.\d+)[/\\]")

Answer = Found | NotFound | Inspected


class EngineAway(EnvironmentFault):
    """There is no engine just now; it is being started."""


class Owner(Protocol):
    """Who is told what the engine does."""

    async def reported(self, report: Report, payload: bytes) -> None:
        """A report of a job. The next one is read when this returns."""

    async def engine_changed(self, status: EngineStatus) -> None: ...

    async def engine_lost(self, reason: str) -> None:
        """The process ended by itself. It is started again when this returns."""


class Supervisor:
    """One engine process. `Dispatcher` starts and stops it: `Supervisor(EngineOptions(device="cpu", ...))`."""

    def __init__(self, options: EngineOptions) -> None:
        self.options = options
        self.status = EngineStatus(state="starting")
        self.outputs: dict[str, list[ResultOutput]] = {}
        """Node type -> its outputs, as the engine said when it was ready."""
        self.pid: int | None = None
        """Of the engine process."""
        self._owner: Owner | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._task: asyncio.Task[None] | None = None
        self._numbers = itertools.count(1)
        self._asked: dict[int, asyncio.Future[tuple[Answer, bytes]]] = {}
        self._stopping = False
        self._is_reloading = False
        self._kill_reason = ""
        self._has_worked = False
        """The process that runs now has reported of a job."""
        self._last_lines: deque[str] = deque(maxlen=LAST_LINES)

    @property
    def is_ready(self) -> bool:
        return self.status.state == "ready"

    def start(self, owner: Owner) -> None:
        self._owner = owner
        self._task = asyncio.create_task(self._keep_running(owner))

    async def stop(self) -> None:
        """Ask the engine to stop between two calls, wait for that; kill it when it takes too long."""
        self._stopping = True
        if self._task is None:
            return
        with contextlib.suppress(EngineAway):
            await self.send(Shutdown())
        # One that is still importing has nothing to finish.
        done, _ = await asyncio.wait([self._task], timeout=STOP_S if self.is_ready else 0)
        if not done:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def reload(self) -> None:
        """Another process in place of this one, which has no job: it imports the plugins as they are now."""
        self._is_reloading = True
        if self._owner is not None:
            await self._tell(self._owner, "starting", "plugins have changed", self.status.restarts)
        with contextlib.suppress(EngineAway):
            await self.send(Shutdown())

    def kill(self, reason: str) -> None:
        """End the engine now; it is started again, and its loss told with this reason."""
        if self.pid is not None:
            self._kill_reason = reason
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    async def send(self, message: Message) -> None:
        """Raises EngineAway."""
        if self._writer is None:
            raise EngineAway("the engine is being started: try again in a few seconds.")
        try:
            self._writer.writelines(framed(message))
            await self._writer.drain()
        except OSError as error:
            raise EngineAway("the engine has just ended: try again in a few seconds.") from error

    async def ask(self, make: Callable[[int], Message]) -> tuple[Answer, bytes]:
        """Send a question, made with its number, and wait for the answer. Raises EngineAway."""
        if not self.is_ready:
            raise EngineAway("the engine is being started: try again in a few seconds.")
        number = next(self._numbers)
        self._asked[number] = future = asyncio.get_running_loop().create_future()
        answer: tuple[Answer, bytes]
        try:
            await self.send(make(number))
            answer = await asyncio.wait_for(future, ANSWER_S)
        except TimeoutError as error:
            raise EngineAway("the engine has not answered: ask again later.") from error
        else:
            return answer
        finally:
            self._asked.pop(number, None)

    # --- one process after another

    async def _keep_running(self, owner: Owner) -> None:
        short_lives = restarts = 0
        while True:
            await self._tell(owner, "starting", restarts=restarts)
            began = time.monotonic()
            try:
                reason = await self._live(owner, restarts)
            except Refusal as refusal:
                LOG.error("the engine cannot run: %s", refusal)
                return await self._tell(owner, "stopped", str(refusal), restarts)
            except OSError as error:
                reason = f"the engine process cannot be started ({error})"
            if self._stopping:
                return await self._tell(owner, "stopped", restarts=restarts)
            if self._is_reloading:
                self._is_reloading = False
                continue
            restarts += 1
            was_short = not self._has_worked and time.monotonic() - began < SOON_S
            short_lives = short_lives + 1 if was_short else 0
            LOG.warning("%s; it is started again", reason)
            await self._tell(owner, "lost", reason, restarts)
            try:
                await owner.engine_lost(reason)
            except Exception:  # without an engine nothing would go on
                LOG.exception("the loss of the engine could not be handled")
            await asyncio.sleep(min(2.0**short_lives / 4, LONGEST_WAIT_S) if short_lives > 1 else 0)

    async def _tell(self, owner: Owner, state: EngineState, message: str = "", restarts: int = 0) -> None:
        self.status = EngineStatus(state=state, message=message, restarts=restarts)
        await owner.engine_changed(self.status)

    async def _live(self, owner: Owner, restarts: int) -> str:
        """Start a process and hear it to its end; returns why it ended. Raises Refusal."""
        here, there = socket.socketpair()
        with there, contextlib.ExitStack() as on_error:
            on_error.callback(here.close)
            # Modules in the working directory are found by the child only where they are found here.
            safe = [] if {"", os.getcwd()} & set(sys.path) else ["-P"]
            command = [sys.executable, *safe, "-u", "-X", "faulthandler", "-m", "latentloom.worker"]
            process = await asyncio.create_subprocess_exec(
                *command,
                str(there.fileno()),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                pass_fds=[there.fileno()],
                start_new_session=True,  # a terminal's Ctrl-C is for the server
            )
            on_error.pop_all()
        self.pid = process.pid
        self._has_worked, self._kill_reason = False, ""
        self._last_lines.clear()
        assert process.stdout is not None
        printing = asyncio.create_task(self._log(process.stdout))
        reader, self._writer = await asyncio.open_connection(sock=here)
        try:
            await self.send(Configure(options=self.options))
            hearing = asyncio.create_task(self._hear(reader, owner, restarts))
            ending = asyncio.create_task(process.wait())
            await asyncio.wait([hearing, ending], return_when=asyncio.FIRST_COMPLETED)
            # The connection ends with the process, unless a child of it holds it: what was sent is heard first.
            await asyncio.wait([hearing], timeout=DRAIN_S)
            hearing.cancel()
            await asyncio.wait([hearing])
            if not hearing.cancelled() and (error := hearing.exception()) is not None:
                raise error
            await asyncio.wait([ending], timeout=STOP_S if self._stopping else DRAIN_S)
        except EngineAway:
            pass
        finally:
            self._writer.close()
            self._writer, self.pid = None, None
            for future in self._asked.values():
                if not future.done():
                    future.set_exception(EngineAway("the engine ended meanwhile: ask again in a few seconds."))
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
            await asyncio.wait([printing], timeout=1)
            printing.cancel()
        return self._kill_reason or why(process.returncode or 0, self._last_lines)

    async def _hear(self, reader: asyncio.StreamReader, owner: Owner, restarts: int) -> None:
        """Hand on reports until the connection ends."""
        while True:
            try:
                head, size = lengths(await reader.readexactly(LENGTHS.size))
                report = REPORTS.validate_json(await reader.readexactly(head))
                payload = await reader.readexactly(size) if size else b""
            except (asyncio.IncompleteReadError, ConnectionError):
                return
            except ValueError:
                LOG.exception("the engine has sent what is no report; it is ended")
                return
            match report:
                case Ready() if self._is_reloading:
                    pass  # it was asked to end while it started
                case Ready():
                    self.outputs = report.outputs
                    for problem in report.problems:
                        LOG.warning("plugin %s", problem)
                    await self._tell(owner, "ready", restarts=restarts)
                case Refused(message=message):
                    raise Refusal(message)
                case Found() | NotFound() | Inspected():
                    if (future := self._asked.get(report.request)) is not None and not future.done():
                        future.set_result((report, payload))
                case _:
                    self._has_worked = True
                    await self._hand_on(owner, report, payload)

    @staticmethod
    async def _hand_on(owner: Owner, report: Report, payload: bytes) -> None:
        try:
            await owner.reported(report, payload)
        except Exception:  # one report that cannot be handled must not end the engine with all its jobs
            LOG.exception("a report of the engine could not be handled: %.200s", report)

    async def _log(self, output: asyncio.StreamReader) -> None:
        while True:
            try:
                raw = await output.readline()
            except ValueError:  # a line without end
                continue
            if not raw:
                return
            line = raw.decode(errors="replace").rstrip()
            self._last_lines.append(line)
            ENGINE_LOG.info("%s", line)


class Refusal(EnvironmentFault):
    """The engine says that it cannot run as it is configured."""


def why(code: int, last_lines: Sequence[str]) -> str:
    """How a process ended, for people."""
    if code == -signal.SIGKILL:
        return "the engine process was killed (SIGKILL): perhaps the system had no memory left"
    if code < 0:
        name = signal.Signals(-code).name if -code in set(signal.Signals) else str(-code)
        return f"the engine process crashed ({name}{_crash_place(last_lines)})"
    last = next((line for line in reversed(last_lines) if line.strip()), "")
    return f"the engine process ended with exit status {code}" + (f": {last}" if last else "")


def _crash_place(lines: Iterable[str]) -> str:
    """From what `faulthandler` prints: the innermost line of the crashed thread that is in nobody's library."""
    behind = itertools.dropwhile(lambda line: not line.startswith("Current thread"), lines)
    frames = [found for line in behind if (found := FRAME.search(line))]
    own = [frame for frame in frames if not LIBRARY.search(frame["file"])] or frames
    return f", at {Path(own[0]['file']).name}, line {own[0]['line']}" if own else ""
