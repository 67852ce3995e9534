"""Who is in which user group and channel, remembered for ten minutes.

What is remembered is answered without any request. Slack is asked for a whole list at once, so that one answer serves
everybody; when it does not answer, what was known before holds, and nothing is asked for a few seconds.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from slack_sdk import WebClient

from bot.slack_errors import asking
from handoff.errors import OutsideError

Known = Mapping[str, tuple[str, ...]] | None  # None: Slack did not say

_FRESH = 600.0  # seconds
_AGAIN = 3.0  # seconds between two looks at the same thing
_REST = 5.0  # seconds in which a Slack that did not answer is left alone
_PAGE = 200


@dataclass(frozen=True)
class _Remembered:
    at: float
    value: Known
    is_old: bool = False


class Membership:
    """User groups and channels of one workspace. No method raises because of Slack."""

    def __init__(self, client: WebClient) -> None:
        self._client = client
        self._known: dict[str, _Remembered] = {}
        self._rests_until = 0.0
        self._asking = threading.Lock()  # held while Slack is asked; never needed for what is remembered

    def groups_of(self, slack_id: str) -> tuple[str, ...]:
        """The ids and @handles of the user groups somebody is in, as far as Slack says."""
        return (self._get("", self._groups) or {}).get(slack_id, ())

    def is_in(self, channel: str, slack_id: str) -> bool:
        """Whether somebody is in a channel (#name or id); False only if Slack says so."""
        members = self._get(channel, lambda: self._members(channel))
        return members is None or slack_id in members

    def look_again(self) -> None:
        """Believe nothing any more that is older than three seconds: somebody may just have joined."""
        before = time.monotonic() - _AGAIN
        for name, known in list(self._known.items()):
            if known.at < before:
                self._known[name] = _Remembered(known.at, known.value, is_old=True)

    def _get(self, name: str, ask: Callable[[], Known]) -> Known:
        if (known := self._fresh(name)) is not None:
            return known.value
        with self._asking:
            if (known := self._fresh(name)) is not None:  # somebody else has asked meanwhile
                return known.value
            before = self._known.get(name)
            try:
                value = ask()
            except OutsideError:  # what a person may do must not hang on it
                value = before.value if before else None
                self._rests_until = time.monotonic() + _REST
            else:
                self._known[name] = _Remembered(time.monotonic(), value)
            return value

    def _fresh(self, name: str) -> _Remembered | None:
        """What is remembered and may still be believed, or all there is while Slack is left alone."""
        known, now = self._known.get(name), time.monotonic()
        if now < self._rests_until:
            return known or _Remembered(now, None)
        return known if known and not known.is_old and now - known.at < _FRESH else None

    def _groups(self) -> Known:
        with asking("usergroups.list"):
            answer = self._client.usergroups_list(include_users=True)
        found: dict[str, tuple[str, ...]] = {}
        groups: list[dict[str, Any]] = answer.get("usergroups") or []
        for group in groups:
            for user in group.get("users") or []:
                found[user] = (*found.get(user, ()), str(group["id"]), f"@{group.get('handle', '')}")
        return found

    def _members(self, channel: str) -> Known:
        if (channel_id := self._id_of(channel)) is None:
            return None
        with asking("conversations.members"):
            pages = self._client.conversations_members(channel=channel_id, limit=_PAGE)
            return {str(user): () for page in pages for user in page["members"]}

    def _id_of(self, channel: str) -> str | None:
        if not channel.startswith("#"):
            return channel
        return next((id_ for name, id_ in self._channels() if f"#{name}" == channel), None)

    def _channels(self) -> Iterator[tuple[str, str]]:
        with asking("conversations.list"):
            pages = self._client.conversations_list(
                types="public_channel,private_channel", exclude_archived=False, limit=1000
            )
            for page in pages:
                yield from ((str(c["name"]), str(c["id"])) for c in page["channels"])
