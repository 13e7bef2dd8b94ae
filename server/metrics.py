"""Numbers for Prometheus, in a registry of this server's own."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.process_collector import ProcessCollector

SECONDS = (0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5, 30)
STATES = ("queued", "running", "done", "failed", "cancelled")


class Metrics:
    """Counted as it happens: requests. Set when asked: everything else."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._requests = Counter(
            "latentloom_requests", "HTTP requests.", ("method", "route", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "latentloom_request_seconds",
            "How long answers took.",
            ("method", "route"),
            buckets=SECONDS,
            registry=self._registry,
        )
        self._jobs = Gauge("latentloom_jobs", "Jobs by state.", ("state",), registry=self._registry)
        self._clients = Gauge("latentloom_event_clients", "Connected WebSocket clients.", registry=self._registry)
        self._events = Gauge("latentloom_last_event", "Number of the last event.", registry=self._registry)
        self._restarts = Gauge("latentloom_engine_restarts", "Engines started again.", registry=self._registry)
        self._ready = Gauge("latentloom_engine_ready", "1 while the engine takes jobs.", registry=self._registry)
        self._file_bytes = Gauge("latentloom_file_bytes", "Uploads and outputs together.", registry=self._registry)

    def count_request(self, method: str, route: str, status: int, seconds: float) -> None:
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def text(
        self, *, jobs: dict[str, int], clients: int, seq: int, restarts: int, ready: bool, file_bytes: int
    ) -> bytes:
        """All metrics in Prometheus' text format, with these as they are now."""
        for state in STATES:
            self._jobs.labels(state).set(jobs.get(state, 0))
        self._clients.set(clients)
        self._events.set(seq)
        self._restarts.set(restarts)
        self._ready.set(ready)
        self._file_bytes.set(file_bytes)
        return generate_latest(self._registry)
