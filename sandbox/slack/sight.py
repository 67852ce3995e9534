"""What people see, as JSON for the outside interface. Changes nothing."""

from sandbox.slack.desk import sees
from sandbox.slack.payloads import Place
from sandbox.slack.plain import Plain
from sandbox.slack.state import BOT_USER_ID, Channel, Json, Message, User, View, Workspace


def user_json(user: User) -> Json:
    """A person."""
    names = ("id", "name", "real_name", "email", "title", "tz", "deleted", "is_bot", "is_restricted")
    return {name: getattr(user, name) for name in names}


def channel_json(channel: Channel) -> Json:
    """A channel with its members' ids."""
    names = ("id", "name", "is_private", "is_archived", "is_im")
    return {name: getattr(channel, name) for name in names} | {"members": sorted(channel.members)}


def conversations(workspace: Workspace, user: User) -> list[Json]:
    """The channels this person is in and their direct message with the bot, with unread messages and pings counted."""
    workspace.direct_message(user.id)
    mine = [channel for channel in workspace.channels.values() if user.id in channel.members and sees(user, channel)]
    return [_conversation(workspace, user, channel) for channel in mine]


def _conversation(workspace: Workspace, user: User, channel: Channel) -> Json:
    read = workspace.last_read.get((user.id, channel.id), "")
    visible = seen_messages(workspace, user, channel)
    new = [message for message in visible if message.ts > read and message.user != user.id]
    bot = workspace.users.get(BOT_USER_ID)
    return {
        "id": channel.id,
        "name": (bot.real_name if bot else "Baton") if channel.is_im else channel.name,
        "is_im": channel.is_im,
        "is_private": channel.is_private,
        "is_archived": channel.is_archived,
        "unread": len(new),
        "pings": sum(user.id in message.pings for message in new),
    }


def seen_messages(workspace: Workspace, user: User, channel: Channel) -> list[Message]:
    """Every message of a channel that this person sees, threads included, oldest first."""
    everything = workspace.messages.get(channel.id, [])
    return [message for message in everything if message.ephemeral_to in (None, user.id)]


def messages(workspace: Workspace, user: User, channel: Channel, thread_ts: str | None = None) -> list[Json]:
    """The channel without replies (unless sent to the channel too), or one thread with its first message."""
    seen = seen_messages(workspace, user, channel)
    if thread_ts is None:
        shown = [m for m in seen if m.thread_ts in (None, m.ts) or m.broadcast]
    else:
        shown = [m for m in seen if thread_ts in (m.ts, m.thread_ts)]
    return [_message(workspace, message, seen) for message in shown]


def _message(workspace: Workspace, message: Message, seen: list[Message]) -> Json:
    author = workspace.users.get(message.user)
    replies = [m for m in seen if m.thread_ts == message.ts and m.ts != message.ts and m.ephemeral_to is None]
    return {
        "ts": message.ts,
        "user": message.user,
        "name": author.real_name if author else message.user,
        "text": message.text,
        "blocks": message.blocks,
        "attachments": message.attachments,
        "files": [{"id": f.id, "name": f.name, "title": f.title, "size": f.length} for f in message.files],
        "plain": message_plain(workspace, message),
        "thread_ts": message.thread_ts,
        "reply_count": len(replies),
        "ephemeral": message.ephemeral_to is not None,
        "edited": message.edited,
        "metadata": message.metadata,
        "pings": sorted(message.pings),
    }


def message_plain(workspace: Workspace, message: Message) -> str:
    """A message's visible text; `text` shows only where there are no blocks."""
    plain = Plain(workspace, message.state)
    lines = [plain.lines(message.blocks) if message.blocks else plain.mrkdwn(message.text)]
    for attachment in message.attachments:
        lines += [plain.mrkdwn(str(attachment.get(key, ""))) for key in ("pretext", "title", "text")]
        lines.append(plain.lines(attachment.get("blocks", [])))
    lines += [f"{file.title} ({file.name})" for file in message.files]
    return "\n".join(line for line in lines if line)


def view_json(workspace: Workspace, view: View) -> Json:
    """A modal or a Home tab as the person has it before them."""
    payload = view.payload
    return {
        "id": view.id,
        "callback_id": payload.get("callback_id", ""),
        "title": (payload.get("title") or {}).get("text", ""),
        "submit": (payload.get("submit") or {}).get("text"),
        "close": (payload.get("close") or {}).get("text"),
        "private_metadata": payload.get("private_metadata", ""),
        "blocks": payload.get("blocks", []),
        "state": view.state,
        "errors": view.errors,
        "plain": Plain(workspace, view.state).lines(Place(view=view).blocks),
        "banner": view.banner,
    }
