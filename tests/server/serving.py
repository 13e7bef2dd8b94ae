"""`latentloom serve` as a user starts it: a process on a free port, with a data folder of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

READY_SECONDS = 120.0
ENGINE_SECONDS = 240.0


class Server:
    """A running server and a client of it. Paths given to the methods stand under /api/v1."""

    def __init__(self, data: Path, *flags: str, environment: dict[str, str] | None = None) -> None:
        self.data = data
        self.log = data.parent / f"{data.name}.log"
        self.http = requests.Session()
        # A connection that is kept may be closed as idle in the very moment in which it is used again.
        self.http.headers["Connection"] = "close"
        self._flags = flags
        self._environment = environment or {}
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "latentloom", "serve", "--data", str(self.data), "--port", "0", "--log-json"]
        environment = os.environ | {"OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE"} | self._environment
        with self.log.open("wb") as log:
            self.process = subprocess.Popen([*command, *self._flags], stderr=log, env=environment)
        self.port = self._announced_port()
        self.scheme = "https" if "--tls-cert" in self._flags else "http"
        self.origin = f"{self.scheme}://127.0.0.1:{self.port}"

    def _announced_port(self) -> int:
        end = time.monotonic() + READY_SECONDS
        while time.monotonic() < end:
            for line in self.lines():
                if "port" in line:
                    return int(line["port"])
            if self.process.poll() is not None:
                break
            time.sleep(0.01)
        raise AssertionError(f"the server did not start:\n{self.log.read_text()}")

    def lines(self) -> list[dict[str, Any]]:
        """What it has logged so far."""
        return [
            json.loads(line)
            for line in self.log.read_text().splitlines()
            if line.startswith("{") and line.endswith("}")
        ]

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Tell it to end; returns its exit code."""
        self.process.send_signal(number)
        return self.process.wait(timeout=120)

    def request(self, method: str, path: str, **given: Any) -> requests.Response:
        return self.http.request(method, f"{self.origin}/api/v1{path}", timeout=120, **given)

    def get(self, path: str, **given: Any) -> requests.Response:
        return self.request("GET", path, **given)

    def post(self, path: str, json: Any = None, **given: Any) -> requests.Response:
        return self.request("POST", path, json=json, **given)

    def put(self, path: str, json: Any) -> requests.Response:
        return self.request("PUT", path, json=json)

    def delete(self, path: str) -> requests.Response:
        return self.request("DELETE", path)

    def submit(self, workflow: dict[str, Any], **fields: Any) -> list[dict[str, Any]]:
        """Accepted jobs."""
        answer = self.post("/jobs", {"workflow": workflow, **fields})
        assert answer.status_code == 201, answer.text
        jobs: list[dict[str, Any]] = answer.json()["jobs"]
        return jobs

    def wait(self, job: str, *states: str) -> dict[str, Any]:
        """The job, as soon as it is in one of the states (by default: ended)."""
        wanted = states or ("done", "failed", "cancelled")
        end = time.monotonic() + ENGINE_SECONDS
        while time.monotonic() < end:
            found: dict[str, Any] = self.get(f"/jobs/{job}").json()
            if found["state"] in wanted:
                return found
            time.sleep(0.02)
        raise AssertionError(f"the job is still {found['state']}:\n{self.log.read_text()[-3000:]}")

    def upload(self, content: bytes, name: str = "file.png", media_type: str = "image/png") -> dict[str, Any]:
        answer = self.post("/uploads", params={"name": name}, data=content, headers={"Content-Type": media_type})
        assert answer.status_code == 201, answer.text
        uploaded: dict[str, Any] = answer.json()
        return uploaded


@contextmanager
def serving(data: Path, *flags: str, environment: dict[str, str] | None = None) -> Iterator[Server]:
    """A server for the length of a block; whatever happens in it, no process stays."""
    server = Server(data, *flags, environment=environment)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.stop()
        server.http.close()
