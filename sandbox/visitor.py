"""What a person of the story can do and see, through the outside interface."""

import time
from collections.abc import Callable
from typing import Any

import httpx

Json = dict[str, Any]

PATIENCE = 15.0  # seconds for anything to be seen
DEAL = "Fjordlight Robotics"


class NotSeen(Exception):
    """A step whose result was not seen from the outside."""


class Workspace:
    """The outside interface, as far as the story needs it."""

    def __init__(self, address: str) -> None:
        self._http = httpx.Client(base_url=address, timeout=30)

    def act(self, path: str, **what: Any) -> Json:
        """Do something as a person. Raises NotSeen if that is not possible."""
        answer = self._http.post(path, json=what)
        if not answer.is_success:
            raise NotSeen(f"{path}: {answer.json().get('error', answer.status_code)}")
        return dict(answer.json())

    def look(self, path: str, **query: str) -> Json:
        """See something as a person."""
        return dict(self._http.get(path, params=query).json())

    def messages(self, user: str, channel: str, **query: str) -> list[Json]:
        """What this person sees in a conversation, oldest first."""
        return list(self.look("/sandbox/messages", user=user, channel=channel, **query)["messages"])

    def deal(self, name: str = DEAL) -> Json:
        """A deal of the CRM by its name."""
        return next(d for d in self.look("/sandbox/crm/deals")["deals"] if d["name"] == name)

    def until(self, see: Callable[[], str | None]) -> tuple[str, float]:
        """Wait until something is seen; what it was and how many seconds it took. Raises NotSeen."""
        began = time.monotonic()
        while time.monotonic() - began < PATIENCE:
            if seen := see():
                return seen, time.monotonic() - began
            time.sleep(0.02)
        raise NotSeen(f"nothing within {PATIENCE:.0f} s")
