"""What people write and open: messages, the app's Home tab. Pressing is in clicks.py, modals in modals.py."""

import html
import re

from sandbox.slack.commands import as_tokens
from sandbox.slack.desk import Desk, RefusedError
from sandbox.slack.payloads import view_part
from sandbox.slack.pings import pinged
from sandbox.slack.state import BOT_USER_ID, TEAM_ID, Channel, Json, Message, User, Workspace, new_id
from sandbox.slack.walk import fill_ids

_KNOWN_TOKEN = re.compile(r"&lt;([@#!][^&<>]+)&gt;")


def say(desk: Desk, user: User, channel: Channel, text: str, thread_ts: str | None = None) -> Json:
    """A person writes; the bot hears of it if it is there and subscribed. Answers `ts` and the ids of events sent."""
    _may_write(user, channel)
    if not text.strip():
        raise RefusedError("An empty message cannot be sent.")
    thread_ts = _root_of(desk.workspace, channel, thread_ts)
    message = Message(channel.id, desk.workspace.new_ts(), user.id, typed(desk.workspace, text), thread_ts=thread_ts)
    return _publish(desk, channel, message, {"client_msg_id": new_id("").lower()})


def post_as_app(desk: Desk, channel: Channel, app: str, content: Json) -> Json:
    """Another app (say, a CRM's own) posts `content`: text, blocks, attachments, as they are. Answers as `say` does."""
    message = Message(
        channel.id,
        desk.workspace.new_ts(),
        app_user(desk.workspace, app).id,
        str(content.get("text") or ""),
        fill_ids(content.get("blocks") or []),
        content.get("attachments") or [],
    )
    return _publish(desk, channel, message, {"subtype": "bot_message", "bot_id": "B0OTHER", "username": app})


def app_user(workspace: Workspace, app: str) -> User:
    """The bot user of another app, made at its first post."""
    user = workspace.find_user(app)
    if user is None:
        user = User(new_id("U"), app, app, is_bot=True)
        workspace.users[user.id] = user
    return user


def _may_write(user: User, channel: Channel) -> None:
    where = "this conversation" if channel.is_im else f"#{channel.name}"
    if channel.is_archived:
        raise RefusedError(f"Nobody can write in {where}: it is archived.", 403)
    if user.id not in channel.members:
        raise RefusedError(f"{user.real_name} is not a member of {where}.", 403)


def _root_of(workspace: Workspace, channel: Channel, thread_ts: str | None) -> str | None:
    """The first message of the thread that a person replies in."""
    if thread_ts is None:
        return None
    parent = workspace.find_message(channel.id, thread_ts)
    if parent is None:
        raise RefusedError(f"There is no message {thread_ts} to reply to.", 404)
    return parent.thread_ts or parent.ts


def typed(workspace: Workspace, text: str) -> str:
    """Typed text as Slack stores it: escaped, names as mentions. A token of somebody who exists counts as a mention."""

    def known(match: re.Match[str]) -> str:
        target = match[1].lstrip("@#!").split("|")[0].removeprefix("subteam^")
        exists = target in workspace.users or target in workspace.channels or target in workspace.groups
        return f"<{match[1]}>" if exists else match[0]

    return as_tokens(workspace, _KNOWN_TOKEN.sub(known, html.escape(text, quote=False)), labels=False)


def _publish(desk: Desk, channel: Channel, message: Message, more: Json) -> Json:
    message.pings = pinged(desk.workspace, channel, message)
    desk.workspace.add_message(message)
    desk.workspace.last_read[message.user, channel.id] = message.ts
    event = message_event(desk.workspace, channel, message) | more
    events = []
    if BOT_USER_ID in channel.members:
        events.append(desk.events.send(_kind(channel), event))
        if f"<@{BOT_USER_ID}>" in message.text and not channel.is_im:
            names = ("user", "ts", "text", "channel", "event_ts", "thread_ts", "client_msg_id", "team")
            mention = {key: event[key] for key in names if key in event}
            events.append(desk.events.send("app_mention", mention | {"type": "app_mention"}))
    return {"ts": message.ts, "channel": channel.id, "events": [event_id for event_id in events if event_id]}


def _kind(channel: Channel) -> str:
    if channel.is_im:
        return "message.im"
    return "message.groups" if channel.is_private else "message.channels"


def message_event(workspace: Workspace, channel: Channel, message: Message) -> Json:
    """A message event: https://docs.slack.dev/reference/events/message."""
    event: Json = {
        "type": "message",
        "user": message.user,
        "text": message.text,
        "ts": message.ts,
        "team": TEAM_ID,
        "channel": channel.id,
        "event_ts": message.ts,
        "channel_type": {"message.im": "im", "message.groups": "group"}.get(_kind(channel), "channel"),
    }
    if message.blocks:
        event["blocks"] = message.blocks
    if message.attachments:
        event["attachments"] = message.attachments
    if message.thread_ts:
        parent = workspace.find_message(channel.id, message.thread_ts)
        event |= {"thread_ts": message.thread_ts, "parent_user_id": parent.user if parent else None}
    return event


def open_home(desk: Desk, user: User, tab: str) -> Json:
    """A person opens the app's Home or Messages tab. Answers the ids of the events."""
    if tab not in ("home", "messages"):
        raise RefusedError("The tab is home or messages.")
    event: Json = {
        "type": "app_home_opened",
        "user": user.id,
        "channel": desk.workspace.direct_message(user.id).id,
        "tab": tab,
        "event_ts": desk.workspace.new_ts(),
    }
    if tab == "home" and user.id in desk.workspace.homes:
        event["view"] = view_part(desk.workspace.homes[user.id])
    event_id = desk.events.send("app_home_opened", event)
    return {"ok": True, "events": [event_id] if event_id else []}
