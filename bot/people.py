"""Who is who in Slack (implements `handoff.ports.People`), remembered for ten minutes."""

import threading
import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_sdk import WebClient

from bot.membership import Membership
from bot.presence import SlackPresence
from bot.slack_errors import asking
from handoff import rights
from handoff.courtesy import Presence
from handoff.errors import OutsideError, Refused
from handoff.model import Person
from handoff.terms import is_channel, is_email, may_be_group
from handoff.workflow import Workflow

_FRESH = 600.0  # seconds
_GUEST = ("is_restricted", "is_ultra_restricted", "is_stranger")  # https://docs.slack.dev/reference/objects/user-object


@dataclass(frozen=True)
class _Member:
    person: Person
    handle: str
    zone: str


@dataclass(frozen=True)
class _Remembered:
    at: float
    member: _Member | None


class SlackPeople:
    """Members and groups of one workspace. Raises Unreachable if Slack does not answer."""

    def __init__(self, client: WebClient, workspace: str | None = None, groups: Collection[str] = frozenset()) -> None:
        """`groups` are the user groups that matter to a person's working time; without any Slack is not asked."""
        self._client = client
        self._groups_noted = {group.casefold() for group in groups}
        self._workspace = workspace
        self._known: dict[str, _Remembered] = {}
        self._lock = threading.Lock()
        self._membership = Membership(client)
        self._presence = SlackPresence(client)

    def find(self, who: str) -> Person | None:
        """A member by e-mail, @handle or id; None if Slack does not know them, they have left or are no person.

        Guests, and people of another workspace in a shared channel, are marked as guests.
        """
        member = self._member(who)
        return member.person.model_copy(update={"groups": self._groups(member.person)}) if member else None

    def named(self, user_id: str, otherwise: str) -> Person:
        """The member who pressed a button. Never fails: if Slack does not say more, `otherwise` is their name."""
        try:
            return self.find(user_id) or Person(name=otherwise, slack_id=user_id)
        except OutsideError:  # a name is not worth losing a click for
            return Person(name=otherwise, slack_id=user_id)

    def called(self, names: Collection[str]) -> dict[str, str]:
        """What people read for each name of the config: a member's own name, else the name as it is written.

        Never fails. Groups and channels stay as they are. A member's @handle does so until they have been met: to look
        for it Slack must list everybody.
        """
        found = {name: name for name in names}
        try:
            for name in names:
                known = self._met(name) if name.startswith("@") else None if _is_several(name) else self._member(name)
                found[name] = known.person.name if known else name
        except OutsideError:  # a name is not worth waiting for
            pass
        return found

    def zone(self, slack_id: str) -> str:
        """The time zone a member has set in Slack, such as `Europe/Lisbon`. Never fails: UTC if Slack does not say."""
        try:
            member = self._member(slack_id)
        except OutsideError:
            return "UTC"
        return member.zone if member else "UTC"

    def presence(self, person: Person, now: datetime) -> Presence:
        """Whether somebody can be reminded now, as far as Slack tells. Never fails."""
        presence = self._presence.of(person, now)
        return presence.model_copy(update={"groups": self._groups(person)}) if self._groups_noted else presence

    def group(self, handle: str) -> str | None:
        """The id of a user group by its @handle."""
        with asking("usergroups.list"):
            answer = self._client.usergroups_list()
        wanted = handle.removeprefix("@").casefold()
        groups: list[dict[str, Any]] = answer.get("usergroups") or []
        return next((str(g["id"]) for g in groups if str(g.get("handle", "")).casefold() == wanted), None)

    def roles(self, person: Person) -> tuple[str, ...]:
        """The names by which config may mean a person: e-mail, id, @handle, and those of their user groups.

        Never fails: without Slack's answer it gives what is known.
        """
        return (*self._own_names(person), *self._membership.groups_of(person.slack_id or ""))

    def is_member(self, channel: str, slack_id: str) -> bool:
        """Whether somebody is in a channel (#name or id); False only if Slack says so. Never fails."""
        return self._membership.is_in(channel, slack_id)

    def roles_on(self, person: Person, *workflows: Workflow) -> tuple[str, ...]:
        """A person's roles for what workflows ask: their groups if any is named, and where they are an outsider.

        Never fails, and asks Slack for nothing that it said in the last ten minutes.
        """
        roles = self.roles(person) if any(map(rights.names_groups, workflows)) else self._own_names(person)
        channels = {channel for w in workflows for channel in rights.channels_asked(w)} if person.slack_id else set()
        outside = (c for c in sorted(channels) if not self.is_member(c, person.slack_id or ""))
        return (*roles, *map(rights.outsider_of, outside))

    def look_again(self) -> None:
        """Ask Slack anew about groups and channels at the next question: somebody may just have joined."""
        self._membership.look_again()

    def _groups(self, person: Person) -> tuple[str, ...]:
        """Those of a person's user groups that matter to their working time."""
        mine = self._membership.groups_of(person.slack_id or "") if self._groups_noted else ()
        return tuple(group for group in mine if group.casefold() in self._groups_noted)

    def _own_names(self, person: Person) -> tuple[str, ...]:
        known = self._known.get((person.slack_id or "").casefold())
        handle = f"@{known.member.handle}" if known and known.member and known.member.handle else None
        return tuple(name for name in (person.email, person.slack_id, handle) if name)

    def _met(self, handle: str) -> _Member | None:
        """Whoever has this @handle, among those whom Slack was asked about."""
        with self._lock:
            met = [known.member for known in self._known.values() if known.member]
        return next((one for one in met if f"@{one.handle}".casefold() == handle.casefold()), None)

    def _member(self, who: str) -> _Member | None:
        key = who.casefold()
        with self._lock:
            known = self._known.get(key)
        if known and time.monotonic() - known.at < _FRESH:
            return known.member
        member = self._ask(who)
        with self._lock:
            self._known[key] = _Remembered(time.monotonic(), member)
        return member

    def _ask(self, who: str) -> _Member | None:
        try:
            if is_email(who):
                with asking("users.lookupByEmail"):
                    return self._read(self._client.users_lookupByEmail(email=who)["user"])
            if not who.startswith("@"):
                with asking("users.info"):
                    return self._read(self._client.users_info(user=who)["user"])
        except Refused as e:
            if e.reason in ("users_not_found", "user_not_found", "user_not_visible"):
                return None
            raise
        return self._by_handle(who.removeprefix("@").casefold())

    def _by_handle(self, handle: str) -> _Member | None:
        with asking("users.list"):
            for page in self._client.users_list(limit=200):
                members: list[dict[str, Any]] = page["members"]
                for user in members:
                    if str(user.get("name", "")).casefold() == handle:
                        return self._read(user)
        return None

    def _read(self, user: dict[str, Any]) -> _Member | None:
        if user.get("deleted") or user.get("is_bot"):
            return None
        profile: dict[str, Any] = user.get("profile") or {}
        name = profile.get("real_name") or user.get("real_name") or profile.get("display_name") or user.get("name")
        person = Person(
            name=str(name or user["id"]),
            email=profile.get("email"),
            slack_id=user["id"],
            is_guest=any(user.get(mark) for mark in _GUEST) or self._is_of_others(user),
            zone=user.get("tz") or None,
        )
        return _Member(person, str(user.get("name") or ""), str(user.get("tz") or "UTC"))

    def _is_of_others(self, user: dict[str, Any]) -> bool:
        """Whether somebody belongs to another workspace; in an organisation a member has several of its own."""
        organisation: dict[str, Any] = user.get("enterprise_user") or {}
        homes = {user.get("team_id"), *(organisation.get("teams") or ())} - {None}
        return self._workspace is not None and bool(homes) and self._workspace not in homes


def _is_several(name: str) -> bool:
    """Whether a name of the config means a group or a channel."""
    return may_be_group(name) or is_channel(name)
