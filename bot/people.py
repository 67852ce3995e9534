"""Who is who in Slack (implements `handoff.ports.People`), remembered for ten minutes."""

import threading
import time
from dataclasses import dataclass
from typing import Any

from slack_sdk import WebClient

from bot.slack_errors import asking
from handoff.errors import OutsideError, Refused
from handoff.model import Person
from handoff.terms import is_email

_FRESH = 600.0  # seconds


@dataclass(frozen=True)
class _Remembered:
    at: float
    person: Person | None


class SlackPeople:
    """Members and groups of one workspace. Raises Unreachable if Slack does not answer."""

    def __init__(self, client: WebClient) -> None:
        self._client = client
        self._known: dict[str, _Remembered] = {}
        self._lock = threading.Lock()

    def find(self, who: str) -> Person | None:
        """A member by e-mail, @handle or id; None if Slack does not know them or they have left."""
        key = who.casefold()
        with self._lock:
            known = self._known.get(key)
        if known and time.monotonic() - known.at < _FRESH:
            return known.person
        person = self._ask(who)
        with self._lock:
            self._known[key] = _Remembered(time.monotonic(), person)
        return person

    def named(self, user_id: str, otherwise: str) -> Person:
        """The member who pressed a button. Never fails: if Slack does not say more, `otherwise` is their name."""
        try:
            return self.find(user_id) or Person(name=otherwise, slack_id=user_id)
        except OutsideError:  # a name is not worth losing a click for
            return Person(name=otherwise, slack_id=user_id)

    def group(self, handle: str) -> str | None:
        """The id of a user group by its @handle."""
        with asking("usergroups.list"):
            answer = self._client.usergroups_list()
        wanted = handle.removeprefix("@").casefold()
        groups: list[dict[str, Any]] = answer.get("usergroups") or []
        return next((str(g["id"]) for g in groups if str(g.get("handle", "")).casefold() == wanted), None)

    def roles(self, person: Person) -> tuple[str, ...]:
        """The names by which config may mean a person: the @handles of their user groups. Never fails."""
        return ()

    def _ask(self, who: str) -> Person | None:
        try:
            if is_email(who):
                with asking("users.lookupByEmail"):
                    return _person(self._client.users_lookupByEmail(email=who)["user"])
            if not who.startswith("@"):
                with asking("users.info"):
                    return _person(self._client.users_info(user=who)["user"])
        except Refused as e:
            if e.reason in ("users_not_found", "user_not_found", "user_not_visible"):
                return None
            raise
        return self._by_handle(who.removeprefix("@").casefold())

    def _by_handle(self, handle: str) -> Person | None:
        with asking("users.list"):
            for page in self._client.users_list(limit=200):
                members: list[dict[str, Any]] = page["members"]
                for user in members:
                    if str(user.get("name", "")).casefold() == handle:
                        return _person(user)
        return None


def _person(user: dict[str, Any]) -> Person | None:
    if user.get("deleted"):
        return None
    profile: dict[str, Any] = user.get("profile") or {}
    name = profile.get("real_name") or user.get("real_name") or profile.get("display_name") or user.get("name")
    return Person(name=str(name or user["id"]), email=profile.get("email"), slack_id=user["id"])
