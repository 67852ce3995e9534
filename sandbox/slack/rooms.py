"""The workspace's own changes: new channels, members, archives, people. The bot hears of those it subscribed to."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sandbox.slack.desk import Desk, RefusedError
from sandbox.slack.state import BOT_USER_ID, TEAM_ID, Channel, Json, User, new_id

_TEXTS = ("real_name", "email", "title", "status_text", "status_emoji")
_FLAGS = ("deleted", "is_restricted")


def make_channel(desk: Desk, name: str, members: list[str], *, private: bool = False) -> Channel:
    """A new channel with these members (names or ids; `bot` for the bot)."""
    name = name.removeprefix("#")
    if not re.fullmatch(r"[\w-]{1,80}", name) or name != name.casefold():
        raise RefusedError("A channel's name is 1 to 80 lowercase letters, digits, - and _.")
    if desk.workspace.find_channel(name):
        raise RefusedError(f"There is a channel #{name} already.")
    channel = Channel(new_id("G" if private else "C"), name, {_member(desk, who).id for who in members}, private)
    desk.workspace.channels[channel.id] = channel
    desk.workspace.touch()
    return channel


def _member(desk: Desk, who: str) -> User:
    return desk.workspace.users[BOT_USER_ID] if who == "bot" else desk.person(who)


def archive(desk: Desk, channel: Channel, *, archived: bool) -> None:
    """Archive a channel or bring it back."""
    if channel.is_im:
        raise RefusedError("A direct message cannot be archived.")
    channel.is_archived = archived
    desk.workspace.touch()
    kind = "channel_archive" if archived else "channel_unarchive"
    _tell(desk, channel, {"type": kind, "channel": channel.id})


def set_member(desk: Desk, channel: Channel, who: str, *, inside: bool) -> None:
    """Put a person (or `bot`) into a channel, or take them out."""
    user = _member(desk, who)
    if channel.is_im:
        raise RefusedError("Nobody joins or leaves a direct message.")
    change = channel.members.add if inside else channel.members.discard
    change(user.id)
    desk.workspace.touch()
    kind = "member_joined_channel" if inside else "member_left_channel"
    letter = "G" if channel.is_private else "C"
    event = {"type": kind, "user": user.id, "channel": channel.id, "channel_type": letter, "team": TEAM_ID}
    _tell(desk, channel, event)


def _tell(desk: Desk, channel: Channel, event: Json) -> None:
    if BOT_USER_ID in channel.members:
        desk.events.send(event["type"], event | {"event_ts": desk.workspace.new_ts()})


def set_user(desk: Desk, name: str, changes: Json) -> User:
    """Add a person, or change the one of this handle. Takes real_name, email, title, tz, deleted, status, dnd_until."""
    user = desk.workspace.find_user(name)
    if user is None:
        if not re.fullmatch(r"[\w.-]+", name):
            raise RefusedError("A handle is letters, digits, dots and dashes.")
        user = User(new_id("U"), name, name.title())
        desk.workspace.users[user.id] = user
    for key in _TEXTS:
        if key in changes:
            value = changes[key]
            setattr(user, key, None if value is None else str(value))
    for key in _FLAGS:
        if key in changes:
            setattr(user, key, bool(changes[key]))
    if "tz" in changes:
        user.tz, user.tz_offset = str(changes["tz"]), offset(str(changes["tz"]))
    if "dnd_until" in changes:
        user.dnd_until = int(changes["dnd_until"])
    desk.workspace.touch()
    return user


def offset(tz: str) -> int:
    """A time zone's present distance from UTC in seconds."""
    try:
        zone = ZoneInfo(tz)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise RefusedError(f"There is no time zone {tz}.") from error
    distance = datetime.now(UTC).astimezone(zone).utcoffset()
    return int(distance.total_seconds()) if distance else 0
