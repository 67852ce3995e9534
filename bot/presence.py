"""Whether somebody can be reminded now, as far as Slack tells: their zone, their status, do not disturb.

Remembered for a minute. What Slack does not say counts as there: a reminder too many is better than one too few.
https://docs.slack.dev/reference/methods/dnd.info, https://docs.slack.dev/reference/methods/users.profile.get
"""

import re
import threading
import time
from datetime import UTC, datetime
from typing import Any

from slack_sdk import WebClient

from bot.slack_errors import asking
from handoff.courtesy import Presence
from handoff.errors import OutsideError, Refused
from handoff.model import Person

_FRESH = 60.0  # seconds
_MOST = 10_000  # people remembered
_AWAY_EMOJI = (":palm_tree:", ":face_with_thermometer:")  # Slack's own suggestions: vacationing, out sick
_AWAY_WORDS = re.compile(
    r"\b(out of (the )?office|ooo|vacation(ing)?|on (parental |sick )?leave|pto|out sick|on holiday|annual leave)\b",
    re.IGNORECASE,
)
_GONE = ("user_not_found", "users_not_found", "user_not_visible", "account_inactive")


class SlackPresence:
    """Asks Slack how people are. Never raises."""

    def __init__(self, client: WebClient) -> None:
        self._client = client
        self._known: dict[str, tuple[float, Presence]] = {}
        self._lock = threading.Lock()

    def of(self, person: Person, now: datetime) -> Presence:
        """How somebody is now; with nothing to go by, as if they were there."""
        if person.slack_id is None:
            return Presence()
        with self._lock:
            known = self._known.get(person.slack_id)
        if known and time.monotonic() - known[0] < _FRESH:
            return known[1]
        presence = self._ask(person.slack_id, now)
        with self._lock:
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[person.slack_id] = (time.monotonic(), presence)
        return presence

    def _ask(self, slack_id: str, now: datetime) -> Presence:
        try:
            with asking("users.info"):
                user: dict[str, Any] = self._client.users_info(user=slack_id)["user"]
        except Refused as e:
            return Presence(is_gone=e.reason in _GONE)
        except OutsideError:
            return Presence()
        return Presence(
            zone=user.get("tz") or None,
            is_gone=bool(user.get("deleted")),
            is_away=self._is_away(slack_id, now),
            quiet_until=self._quiet_until(slack_id, now),
        )

    def _is_away(self, slack_id: str, now: datetime) -> bool:
        try:
            with asking("users.profile.get"):
                profile: dict[str, Any] = self._client.users_profile_get(user=slack_id)["profile"]
        except OutsideError:
            return False
        ends = int(profile.get("status_expiration") or 0)
        if ends and ends <= now.timestamp():
            return False
        text = str(profile.get("status_text") or "")
        return profile.get("status_emoji") in _AWAY_EMOJI or bool(_AWAY_WORDS.search(text))

    def _quiet_until(self, slack_id: str, now: datetime) -> datetime | None:
        try:
            with asking("dnd.info"):
                answer = self._client.dnd_info(user=slack_id)
        except OutsideError:
            return None
        moment = now.timestamp()
        if answer.get("snooze_enabled") and int(answer.get("snooze_endtime") or 0) > moment:
            return datetime.fromtimestamp(int(answer["snooze_endtime"]), UTC)
        begins, ends = int(answer.get("next_dnd_start_ts") or 0), int(answer.get("next_dnd_end_ts") or 0)
        if answer.get("dnd_enabled") and begins <= moment < ends:
            return datetime.fromtimestamp(ends, UTC)
        return None
