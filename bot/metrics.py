"""Figures for Prometheus. Each serving process has its own."""

import time

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from retrieval.model import Abstention, Outcome

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The counters and gauges. `text()` returns the page that Prometheus reads."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "laofashi_requests", "HTTP requests", ["method", "route", "status"], registry=self.registry
        )
        self.request_seconds = Histogram(
            "laofashi_request_seconds",
            "Time to answer an HTTP request",
            ["route"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.outcomes = Counter(
            "laofashi_answers", "What questions came to", ["kind", "reason"], registry=self.registry
        )
        self.answer_seconds = Histogram(
            "laofashi_answer_seconds", "Time from question to outcome", buckets=_SECONDS, registry=self.registry
        )
        self.ratings = Counter(
            "laofashi_rated_answers", "Answers applicants called helpful or not", ["useful"], registry=self.registry
        )
        self.deliveries = Counter(
            "laofashi_deliveries", "Messages sent out, by how it ended", ["outcome"], registry=self.registry
        )
        self.queued = Gauge("laofashi_queued_tickets", "Tickets waiting for a specialist", registry=self.registry)
        self.unhandled = Gauge("laofashi_unhandled_messages", "Messages not handled yet", registry=self.registry)
        self.attention = Gauge(
            "laofashi_uncertain_messages", "Messages that may not have arrived", registry=self.registry
        )

    def answered(self, outcome: Outcome, seconds: float) -> None:
        """Count one question that was dealt with."""
        reason = str(outcome.reason) if isinstance(outcome, Abstention) else ""
        self.outcomes.labels(outcome.kind, reason).inc()
        self.answer_seconds.observe(seconds)

    def rated(self, useful: bool) -> None:
        """Count an applicant's word on whether an answer helped him."""
        self.ratings.labels("yes" if useful else "no").inc()

    def delivered(self, outcome: str) -> None:
        """Count one attempt at sending, by how it ended: sent, retried, unknown or failed."""
        self.deliveries.labels(outcome).inc()

    def text(self) -> bytes:
        """Return the page in Prometheus' text format."""
        return generate_latest(self.registry)


class Measured:
    """ASGI middleware that counts requests by their route's pattern, so that ids in paths add no series."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        began, status = time.perf_counter(), 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            route = getattr(scope.get("route"), "path", "unknown")
            self._metrics.requests.labels(scope["method"], route, status).inc()
            self._metrics.request_seconds.labels(route).observe(time.perf_counter() - began)
