"""A conversation as rows: days, authors, threads. Reads the workspace; draws each message's body."""

import json
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from sandbox.page.render.attachments import attachment, preview
from sandbox.page.render.blocks import blocks
from sandbox.page.render.dates import ago, day_label
from sandbox.page.render.emoji import with_emoji
from sandbox.page.render.files import file_card
from sandbox.page.render.markup import join, tag
from sandbox.page.render.mrkdwn import mrkdwn
from sandbox.page.render.scene import Scene
from sandbox.page.render.words import collapsible
from sandbox.slack.forms import fresh_state
from sandbox.slack.sight import seen_messages
from sandbox.slack.state import BOT_USER_ID, Channel, Message, User

GROUPED_SECONDS = 300.0
# A page that shows thousands of messages at once serves nobody.
SHOWN = 200


@dataclass(frozen=True)
class Author:
    """Who wrote: name, initials and a hue that stays the same for the same person."""

    name: str
    initials: str
    hue: int
    is_app: bool
    is_us: bool


@dataclass(frozen=True)
class Replies:
    """What stands under a message that has a thread."""

    count: int
    last: str
    authors: tuple[Author, ...]
    new: bool


@dataclass(frozen=True)
class Row:
    """One message to be shown. `day` is the heading above it or empty; `follows` means same author, just before."""

    ts: str
    where: str
    author: Author
    body: Markup
    time: str
    moment: str
    day: str
    follows: bool
    note: bool
    pings: bool
    edited: bool
    in_thread: bool
    replies: Replies | None
    reactions: tuple[tuple[str, int, str], ...]


def author_of(user: User | None, user_id: str) -> Author:
    """The author as shown; somebody unknown keeps their id."""
    name = (user.real_name or user.name) if user else user_id
    letters = [word[0] for word in name.split() if word[0].isalnum()]
    initials = "".join([*letters[:1], *(letters[-1:] if len(letters) > 1 else [])]).upper() or "?"
    # Turquoise is the app's own colour, so people get every other hue.
    hue = (200 + sum(ord(mark) * (place + 7) for place, mark in enumerate(user_id)) * 47 % 300) % 360
    return Author(name, initials, hue, bool(user and user.is_bot), user_id == BOT_USER_ID)


def channel_rows(channel: Channel, scene: Scene) -> list[Row]:
    """The channel: the last messages, no replies unless they were sent to the channel too."""
    seen = seen_messages(scene.workspace, scene.viewer, channel)
    return _rows([m for m in seen if m.thread_ts in (None, m.ts) or m.broadcast][-SHOWN:], seen, scene)


def thread_rows(channel: Channel, thread_ts: str, scene: Scene) -> list[Row]:
    """A thread with its first message on top; nothing when the message is not there for this person."""
    seen = seen_messages(scene.workspace, scene.viewer, channel)
    shown = [m for m in seen if thread_ts in (m.ts, m.thread_ts)]
    return _rows(shown, [], scene) if shown and shown[0].ts == thread_ts else []


def _rows(shown: list[Message], seen: list[Message], scene: Scene) -> list[Row]:
    rows: list[Row] = []
    before: Message | None = None
    for message in shown:
        rows.append(_row(message, before, seen, scene))
        before = message
    return rows


def _row(message: Message, before: Message | None, seen: list[Message], scene: Scene) -> Row:
    moment = scene.local(float(message.ts))
    now = scene.now.astimezone(moment.tzinfo)
    earlier = scene.local(float(before.ts)) if before else None
    new_day = earlier is None or earlier.date() != moment.date()
    note = message.ephemeral_to is not None
    close = earlier is not None and (moment - earlier).total_seconds() < GROUPED_SECONDS
    same = before is not None and before.user == message.user and (before.ephemeral_to is not None) == note
    return Row(
        ts=message.ts,
        where=json.dumps({"channel": message.channel, "ts": message.ts}),
        author=author_of(scene.workspace.users.get(message.user), message.user),
        body=body(message, scene),
        time=f"{moment:%H:%M}",
        moment=f"{moment:%A, %d %B %Y, %H:%M:%S}",
        day=day_label(moment, now) if new_day else "",
        follows=same and close and not new_day,
        note=note,
        pings=scene.viewer.id in message.pings and not _is_direct(message, scene),
        edited=message.edited,
        in_thread=bool(message.broadcast and message.thread_ts),
        replies=_replies(message, seen, scene, now),
        reactions=_reactions(message, scene),
    )


def _is_direct(message: Message, scene: Scene) -> bool:
    """In a direct message everything is for the viewer, so nothing is marked."""
    channel = scene.workspace.channels.get(message.channel)
    return channel is not None and channel.is_im


def body(message: Message, scene: Scene) -> Markup:
    """The blocks, or the text where there are none; then attachments."""
    held = fresh_state(message.blocks, message.state)
    place = Scene(scene.workspace, scene.viewer, scene.now, "message", f"{scene.scope}-{message.ts}", held)
    text = collapsible(mrkdwn(message.text, place), message.text, place, key=message.ts)
    parts = [blocks(message.blocks, place) if message.blocks else tag("div", text, class_="block")]
    parts += [attachment(item, place) for item in message.attachments]
    parts += [file_card(file) for file in message.files]
    if message.unfurl:
        parts.append(preview(message.text))
    return join(parts)


def _replies(message: Message, seen: list[Message], scene: Scene, now: datetime) -> Replies | None:
    replies = [m for m in seen if m.thread_ts == message.ts and m.ts != message.ts]
    if not replies:
        return None
    users = list(dict.fromkeys(reply.user for reply in replies))[:4]
    read = scene.workspace.last_read.get((scene.viewer.id, f"{message.channel}/{message.ts}"), "")
    return Replies(
        count=len(replies),
        last=ago(scene.local(float(replies[-1].ts)), now),
        authors=tuple(author_of(scene.workspace.users.get(user), user) for user in users),
        new=any(reply.ts > read and reply.user != scene.viewer.id for reply in replies),
    )


def _reactions(message: Message, scene: Scene) -> tuple[tuple[str, int, str], ...]:
    """Emoji, how many, and who."""
    return tuple(
        (with_emoji(f":{name}:"), len(users), ", ".join(scene.user_name(user) or user for user in users))
        for name, users in message.reactions.items()
    )
