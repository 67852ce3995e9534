"""The workspace: the single truth for the bot's side and for the people's side.

Plain data and the few moves that keep it consistent. It checks no limits, no rights and talks to nobody; it is touched
from one event loop only, so it needs no lock.
"""

import asyncio
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]

TEAM_ID = "T0BATON"
APP_ID = "A0BATON"
BOT_USER_ID = "U0BATON"
BOT_ID = "B0BATON"


def new_id(prefix: str) -> str:
    """A fresh id in Slack's style, e.g. `V1A2B3C4D`."""
    return prefix + secrets.token_hex(5).upper()


@dataclass
class User:
    """A person or the bot. `name` is the handle without @."""

    id: str
    name: str
    real_name: str
    email: str | None = None
    title: str = ""
    tz: str = "Europe/Lisbon"
    tz_offset: int = 0
    deleted: bool = False
    is_bot: bool = False
    is_restricted: bool = False
    status_text: str = ""
    status_emoji: str = ""
    dnd_until: int = 0
    team_id: str = TEAM_ID


@dataclass
class Channel:
    """A channel, private channel or direct message. A direct message has `im_user` and no name."""

    id: str
    name: str
    members: set[str] = field(default_factory=set)
    is_private: bool = False
    is_archived: bool = False
    im_user: str | None = None
    is_mpim: bool = False  # a group direct message: private, with a made-up name

    @property
    def is_im(self) -> bool:
        """Whether this is the direct message between the bot and one person."""
        return self.im_user is not None


@dataclass
class File:
    """A file of the bot's. `content` is there once it was uploaded; people see it once it `is_shared`."""

    id: str
    name: str
    length: int
    title: str = ""
    content: bytes | None = None
    is_shared: bool = False


@dataclass
class Message:
    """One message; `ephemeral_to` makes it a private note that only that person sees."""

    channel: str
    ts: str
    user: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    broadcast: bool = False
    metadata: Json | None = None
    ephemeral_to: str | None = None
    edited: bool = False
    unfurl: bool = False
    pings: set[str] = field(default_factory=set)
    state: Json = field(default_factory=dict)  # block_id -> action_id -> value, of menus and pickers in the message
    reactions: dict[str, list[str]] = field(default_factory=dict)  # emoji name -> user ids, in order
    pinned: bool = False
    files: list[File] = field(default_factory=list)


@dataclass
class View:
    """A modal or a Home tab as one person has it before them. `payload` is what the bot sent, ids filled in."""

    id: str
    type: str
    user: str
    payload: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    state: Json = field(default_factory=dict)  # block_id -> action_id -> Slack's value object
    errors: dict[str, str] = field(default_factory=dict)
    banner: str | None = None


@dataclass
class Trigger:
    """The right to open one modal: single use, 3 seconds (`expires` in epoch seconds)."""

    id: str
    user: str
    expires: float
    view_id: str | None = None
    used: bool = False


@dataclass
class ResponseUrl:
    """Five uses in thirty minutes (`expires` in epoch seconds)."""

    token: str
    channel: str
    user: str
    expires: float
    message_ts: str | None = None
    thread_ts: str | None = None
    uses_left: int = 5


@dataclass
class Scheduled:
    """A message to be posted later (`post_at` in epoch seconds)."""

    id: str
    channel: str
    post_at: int
    text: str


@dataclass
class Workspace:
    """Everything the local Slack remembers. `version` rises with each change a page must see."""

    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    groups: dict[str, Json] = field(default_factory=dict)  # user group id -> {id, handle, name, users: [...]}
    messages: dict[str, list[Message]] = field(default_factory=dict)  # channel id -> oldest first
    views: dict[str, list[View]] = field(default_factory=dict)  # user id -> modal stack, top one last
    homes: dict[str, View] = field(default_factory=dict)  # user id -> Home tab
    triggers: dict[str, Trigger] = field(default_factory=dict)
    response_urls: dict[str, ResponseUrl] = field(default_factory=dict)
    scheduled: dict[str, Scheduled] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    last_read: dict[tuple[str, str], str] = field(default_factory=dict)  # (user id, channel id) -> ts
    version: int = 0
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    last_ts: int = 0

    def touch(self) -> None:
        """Say that something visible changed: wakes the pages that wait."""
        self.version += 1
        self.changed.set()
        self.changed = asyncio.Event()

    def new_ts(self) -> str:
        """A message ts: seconds with six digits, unique and rising in this workspace."""
        now = int(datetime.now(UTC).timestamp() * 1_000_000)
        self.last_ts = max(now, self.last_ts + 1)
        return f"{self.last_ts // 1_000_000}.{self.last_ts % 1_000_000:06d}"

    def find_user(self, who: str) -> User | None:
        """A person by id, handle (with or without @) or e-mail."""
        key = who.removeprefix("@").casefold()
        for user in self.users.values():
            if who == user.id or key in (user.name.casefold(), (user.email or "").casefold()):
                return user
        return None

    def find_channel(self, name: str) -> Channel | None:
        """A channel by id or name (with or without #); does not open direct messages."""
        if name in self.channels:
            return self.channels[name]
        wanted = name.removeprefix("#").casefold()
        return next((c for c in self.channels.values() if c.name and c.name.casefold() == wanted), None)

    def direct_message(self, user_id: str) -> Channel:
        """The direct message between the bot and this person, opened at first use."""
        for channel in self.channels.values():
            if channel.im_user == user_id:
                return channel
        channel = Channel(new_id("D"), "", {user_id, BOT_USER_ID}, im_user=user_id)
        self.channels[channel.id] = channel
        return channel

    def find_message(self, channel_id: str, ts: str) -> Message | None:
        """One message of a channel, private notes included."""
        return next((m for m in self.messages.get(channel_id, []) if m.ts == ts), None)

    def add_message(self, message: Message) -> None:
        """Append a message and wake the pages."""
        self.messages.setdefault(message.channel, []).append(message)
        self.touch()

    def find_view(self, view_id: str) -> View | None:
        """An open modal or a Home tab by id."""
        stacks = [view for stack in self.views.values() for view in stack]
        return next((v for v in [*stacks, *self.homes.values()] if v.id == view_id), None)
