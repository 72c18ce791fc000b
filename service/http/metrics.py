"""What is counted, for Prometheus: one registry an application, no page text in any label."""

from collections.abc import Callable
from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest
from prometheus_client.gc_collector import GCCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import CollectorRegistry

MEDIA_TYPE: Final = CONTENT_TYPE_LATEST
ROUTES: Final = frozenset(
    (
        "/",
        "/v1/clean",
        "/v1/clean/batch",
        "/v1/labels",
        "/v1/version",
        "/livez",
        "/readyz",
        "/metrics",
        "/docs",
    )
)
"""Addresses counted by name; any other is `other`, lest a client fill the memory with labels."""
_METHODS: Final = frozenset(("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"))
_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15)


class Metrics:
    """Counters of one application."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        GCCollector(registry=registry)
        self._requests = Counter(
            "ghirbal_requests", "Requests answered.", ("route", "method", "status"), registry=registry
        )
        self._seconds = Histogram(
            "ghirbal_request_seconds", "From a request's head to the end of its answer.", ("route",),
            buckets=_SECONDS, registry=registry,
        )  # fmt: skip
        self._pages = Counter(
            "ghirbal_pages", "Pages analysed, batch lines among them.", ("decision", "language"),
            registry=registry,
        )  # fmt: skip
        self.worker_ends = Counter(
            "ghirbal_worker_restarts",
            "Workers replaced: recycled after many pages, died, slow or deadline for their page, "
            "abandoned by their client.",
            ("reason",),
            registry=registry,
        )
        self.deadlines = Counter("ghirbal_deadlines", "Pages stopped by the deadline.", registry=registry)
        self.refused = Counter(
            "ghirbal_refused_connections", "Connections ended for their framing or slowness.", ("status",),
            registry=registry,
        )  # fmt: skip
        self._waiting = Gauge("ghirbal_queue_depth", "Pages waiting for a worker.", registry=registry)
        self._running = Gauge("ghirbal_pages_running", "Pages being cleaned.", registry=registry)

    def watch(self, waiting: Callable[[], float], running: Callable[[], float]) -> None:
        """Where the gauges are read from."""
        self._waiting.set_function(waiting)
        self._running.set_function(running)

    def count_request(self, path: str, method: str, status: int, seconds: float) -> None:
        """One request, answered."""
        route = path if path in ROUTES else "other"
        self._requests.labels(route, method if method in _METHODS else "other", status).inc()
        self._seconds.labels(route).observe(seconds)

    def count_page(self, decision: str, language: str | None) -> None:
        """One page, analysed."""
        self._pages.labels(decision, language or "unknown").inc()

    def text(self) -> bytes:
        """All of it, as Prometheus reads it."""
        return generate_latest(self._registry)
