"""chat.postMessage, chat.postEphemeral, chat.update, chat.delete, chat.getPermalink.

https://docs.slack.dev/reference/methods/chat.postMessage and its siblings.
"""

import time

from sandbox.slack.api.call import Call, hidden_from_bot
from sandbox.slack.api.checks import Content, read_content
from sandbox.slack.api.errors import ApiError, RateLimited
from sandbox.slack.api.shapes import message_json, replies_to
from sandbox.slack.forms import fresh_state
from sandbox.slack.pings import pinged
from sandbox.slack.state import BOT_USER_ID, Channel, Json, Message

MOST_UPDATE_BYTES = 4000
CUSTOM_AUTHOR = ("username", "icon_emoji", "icon_url")
GONE = "This message was deleted."


def post_message(call: Call) -> Json:
    """Post as the bot; a user's id opens the direct message. Answers with the conversation's own id."""
    channel = _target(call)
    content = read_content(call.args, call.workspace)
    if content.is_empty:
        raise ApiError("no_text")
    if any(call.args.has(name) for name in CUSTOM_AUTHOR):
        call.need("chat:write.customize")
    parent = _thread(call, channel)
    _take_turn(call, channel)
    message = put(call, channel, content, parent, broadcast=call.args.flag("reply_broadcast"))
    call.pings = message.pings
    shown = message_json(call.workspace, message, with_metadata=True)
    answer: Json = {"channel": channel.id, "ts": message.ts, "message": shown}
    if content.warnings:
        answer |= {"warning": ",".join(content.warnings), "response_metadata": {"warnings": content.warnings}}
    return answer


def post_ephemeral(call: Call) -> Json:
    """Show a private note to one member of a conversation. It cannot be updated or deleted with chat.*."""
    reader = call.workspace.users.get(call.args.text("user"))
    channel = _target(call)
    content = read_content(call.args, call.workspace)
    if content.is_empty:
        raise ApiError("no_text")
    if reader is None or reader.id not in channel.members:
        raise ApiError("user_not_in_channel")
    parent = _thread(call, channel)
    message = _message(call, channel, content, parent)
    message.ephemeral_to = reader.id
    call.workspace.add_message(message)
    call.user = reader.id
    return {"message_ts": message.ts}


def update(call: Call) -> Json:
    """Change a message of the bot's. Text without blocks removes the blocks; metadata stays unless sent."""
    channel = call.conversation()
    message = call.workspace.find_message(channel.id, call.args.text("ts"))
    content = read_content(call.args, call.workspace)
    if message is None or message.ephemeral_to is not None:
        raise ApiError("message_not_found")
    if message.user != BOT_USER_ID:
        raise ApiError("cant_update_message")
    if content.text is None and content.blocks is None and content.attachments is None:
        raise ApiError("no_text")
    if len((content.text or "").encode()) > MOST_UPDATE_BYTES:
        raise ApiError("msg_too_long")
    rewrite(message, content)
    message.broadcast = message.broadcast or (message.thread_ts is not None and call.args.flag("reply_broadcast"))
    call.workspace.touch()
    shown = message_json(call.workspace, message, with_metadata=True)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shown}


def rewrite(message: Message, content: Content) -> None:
    """Put new content into a message. Raises `no_text` if nothing visible would be left. Pings nobody."""
    blocks = content.blocks if content.blocks is not None else ([] if content.text is not None else message.blocks)
    attachments = content.attachments if content.attachments is not None else message.attachments
    text = content.text if content.text is not None else message.text
    if not text.strip() and not blocks and not attachments:
        raise ApiError("no_text")
    # Slack marks a message as edited only when its text changes, not when its blocks do.
    message.edited = message.edited or (not blocks and text != message.text)
    message.text, message.blocks, message.attachments = text, blocks, attachments
    message.state = fresh_state(blocks, message.state)
    if content.metadata is not None:
        message.metadata = content.metadata or None


def delete(call: Call) -> Json:
    """Delete a message of the bot's; one with replies leaves a mark in its place."""
    channel = call.conversation()
    message = call.workspace.find_message(channel.id, call.args.text("ts"))
    if message is None or message.ephemeral_to is not None:
        raise ApiError("message_not_found")
    if message.user != BOT_USER_ID:
        raise ApiError("cant_delete_message")
    if replies_to(call.workspace, message):
        rewrite(message, Content(GONE, [], [], {}))
    else:
        call.workspace.messages[channel.id].remove(message)
    call.workspace.touch()
    return {"channel": channel.id, "ts": message.ts}


def get_permalink(call: Call) -> Json:
    """A link to a message; it leads to the local page."""
    channel = call.conversation()
    message = call.workspace.find_message(channel.id, call.args.text("message_ts"))
    if message is None:
        raise ApiError("message_not_found")
    link = f"{call.sandbox.base_url}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    thread = f"?thread_ts={message.thread_ts}&cid={channel.id}" if message.thread_ts else ""
    return {"channel": channel.id, "permalink": link + thread}


def put(call: Call, channel: Channel, content: Content, parent: Message | None, *, broadcast: bool = False) -> Message:
    """Write the bot's message into a conversation and notify. Checks nothing."""
    message = _message(call, channel, content, parent)
    message.broadcast = broadcast and parent is not None
    message.pings = pinged(call.workspace, channel, message)
    call.workspace.add_message(message)
    return message


def postable(call: Call, channel: Channel | None) -> Channel:
    """The conversation if the bot may write in it. https://docs.slack.dev/reference/scopes/chat.write.public"""
    if channel is None or hidden_from_bot(channel):
        raise ApiError("channel_not_found")
    if channel.is_archived:
        raise ApiError("is_archived")
    if BOT_USER_ID not in channel.members and not call.sandbox.manifest.grants("chat:write.public"):
        raise ApiError("not_in_channel")
    return channel


def _target(call: Call) -> Channel:
    """Where to post: a conversation's id, a channel's name, or a user's id, whose direct message is opened."""
    name = call.args.text("channel")
    user = call.workspace.users.get(name)
    if user is None:
        channel = postable(call, call.workspace.find_channel(name))
    elif user.is_bot:
        raise ApiError("cannot_dm_bot")
    elif user.deleted:
        raise ApiError("channel_not_found")
    else:
        channel = call.workspace.direct_message(user.id)
    if channel.is_im and not call.sandbox.manifest.messages_tab:
        raise ApiError("messages_tab_disabled")
    call.user, call.channel = channel.im_user, channel.id
    return channel


def _thread(call: Call, channel: Channel) -> Message | None:
    """The parent of the thread to reply in; a reply's ts leads to its thread."""
    ts = call.args.maybe("thread_ts")
    if ts is None:
        return None
    message = call.workspace.find_message(channel.id, ts)
    if message is None or message.ephemeral_to is not None:
        raise ApiError("cannot_reply_to_message")
    if message.thread_ts in (None, message.ts):
        return message
    return call.workspace.find_message(channel.id, str(message.thread_ts)) or message


def _message(call: Call, channel: Channel, content: Content, parent: Message | None) -> Message:
    blocks = content.blocks or []
    return Message(
        channel=channel.id,
        ts=call.workspace.new_ts(),
        user=BOT_USER_ID,
        text=content.text or "",
        blocks=blocks,
        attachments=content.attachments or [],
        thread_ts=parent.ts if parent else None,
        metadata=content.metadata or None,
        unfurl=call.args.flag("unfurl_links"),
        state=fresh_state(blocks),
    )


def _take_turn(call: Call, channel: Channel) -> None:
    wait = call.sandbox.limits.wait_for_channel(channel.id, time.monotonic())
    if wait > 0:
        raise RateLimited(wait)
