"""Measures for Prometheus, in a registry of their own. Counts only; they never hold names or answers."""

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0, 600.0)


class Metrics:
    """What Baton counts about itself."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._hints = Counter(
            "baton_webhook_events",
            "Webhook events by what became of them.",
            ["system", "outcome"],
            registry=self._registry,
        )
        self._requests = Counter(
            "baton_requests_refused",
            "Requests refused at the front door.",
            ["route", "status"],
            registry=self._registry,
        )
        self._work = Counter("baton_work", "Pieces of work by what became of them.", ["what"], registry=self._registry)
        self._rows = Gauge(
            "baton_queue_rows", "Rows that are due, and rows given up.", ["queue", "state"], registry=self._registry
        )
        self._age = Gauge(
            "baton_queue_age_seconds", "How long the oldest due row has waited.", ["queue"], registry=self._registry
        )
        self._late = Gauge(
            "baton_rows_overdue", "Rows due five minutes ago that nobody works on.", registry=self._registry
        )
        self._waits = Histogram(
            "baton_seconds", "How long it took until it was done.", ["what"], buckets=_SECONDS, registry=self._registry
        )

    def queue(self, name: str, *, due: int, dead: int, age: float) -> None:
        """How a queue stands. `age` in seconds."""
        self._rows.labels(name, "due").set(due)
        self._rows.labels(name, "dead").set(dead)
        self._age.labels(name).set(age)

    def late(self, rows: int) -> None:
        """How many rows the last audit found."""
        self._late.set(rows)

    def took(self, what: str, seconds: float) -> None:
        """How long something took that a person or a CRM waited for."""
        self._waits.labels(what).observe(seconds)

    def webhook(self, system: str, *, new: int, known: int, ignored: int) -> None:
        """Count the events of one webhook."""
        for outcome, number in (("new", new), ("known", known), ("ignored", ignored)):
            if number:
                self._hints.labels(system, outcome).inc(number)

    def refused(self, route: str, status: int) -> None:
        """Count a refused request."""
        self._requests.labels(route, str(status)).inc()

    def watch(self, what: str, facts: Mapping[str, object]) -> None:
        """Count a piece of work of the flow."""
        notice = facts.get("notice")
        name = f"{what}:{notice}" if notice else what
        self._work.labels(name).inc()
        if isinstance(seconds := facts.get("seconds"), float):
            self._waits.labels(name).observe(seconds)

    def page(self) -> bytes:
        """The page for Prometheus."""
        return generate_latest(self._registry)
