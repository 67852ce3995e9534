"""Measures for Prometheus, in a registry of their own. Counts only; they never hold names or answers."""

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, generate_latest


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

    def webhook(self, system: str, *, new: int, known: int, ignored: int) -> None:
        """Count the events of one webhook."""
        for outcome, number in (("new", new), ("known", known), ("ignored", ignored)):
            self._hints.labels(system, outcome).inc(number)

    def refused(self, route: str, status: int) -> None:
        """Count a refused request."""
        self._requests.labels(route, str(status)).inc()

    def watch(self, what: str, facts: Mapping[str, object]) -> None:
        """Count a piece of work of the flow."""
        notice = facts.get("notice")
        self._work.labels(f"{what}:{notice}" if notice else what).inc()

    def page(self) -> bytes:
        """The page for Prometheus."""
        return generate_latest(self._registry)
