"""chat.scheduleMessage, chat.deleteScheduledMessage, chat.scheduledMessages.list.

https://docs.slack.dev/reference/methods/chat.scheduleMessage; as documented there, a message scheduled with metadata
is accepted and never posted.
"""

import asyncio
import time
from dataclasses import dataclass

from sandbox.slack.api.call import Call
from sandbox.slack.api.chat import postable, put
from sandbox.slack.api.checks import Content, read_content
from sandbox.slack.api.errors import ApiError
from sandbox.slack.state import Channel, Json, Scheduled, new_id

FARTHEST = 120 * 24 * 3600
WINDOW = 5 * 60
MOST_IN_WINDOW = 30
LAST_MINUTE = 60


@dataclass(frozen=True)
class Posting:
    """Puts a scheduled message into its conversation when the time comes, unless it was deleted or archived."""

    call: Call
    channel: Channel
    content: Content
    scheduled: Scheduled

    def __call__(self) -> None:
        """Post it."""
        still_wanted = self.call.workspace.scheduled.pop(self.scheduled.id, None) is self.scheduled
        if still_wanted and not self.content.metadata and not self.channel.is_archived:
            put(self.call, self.channel, self.content, None)


def schedule_message(call: Call) -> Json:
    """Post later; `post_at` is in epoch seconds."""
    user = call.workspace.users.get(call.args.text("channel"))
    found = call.workspace.direct_message(user.id) if user else call.workspace.find_channel(call.args.text("channel"))
    channel = postable(call, found)
    content = read_content(call.args, call.workspace)
    if content.is_empty:
        raise ApiError("no_text")
    post_at = _time(call, channel)
    scheduled = Scheduled(new_id("Q"), channel.id, post_at, content.text or "")
    call.workspace.scheduled[scheduled.id] = scheduled
    loop = asyncio.get_running_loop()
    loop.call_later(max(0.0, post_at - time.time()), Posting(call, channel, content, scheduled))
    message = {"text": scheduled.text, "type": "delayed_message", "blocks": content.blocks or []}
    return {
        "channel": channel.id,
        "scheduled_message_id": scheduled.id,
        "post_at": post_at,
        "message": message,
    }


def delete_scheduled(call: Call) -> Json:
    """Take a scheduled message back, until one minute before its time."""
    channel = call.conversation()
    scheduled = call.workspace.scheduled.get(call.args.text("scheduled_message_id"))
    if scheduled is None or scheduled.channel != channel.id or scheduled.post_at - time.time() < LAST_MINUTE:
        raise ApiError("invalid_scheduled_message_id")
    del call.workspace.scheduled[scheduled.id]
    return {}


def list_scheduled(call: Call) -> Json:
    """What is still to be posted."""
    wanted = call.args.maybe("channel")
    shown = [
        {"id": item.id, "channel_id": item.channel, "post_at": item.post_at, "date_created": 0, "text": item.text}
        for item in call.workspace.scheduled.values()
        if wanted in (None, item.channel)
    ]
    return {"scheduled_messages": shown, "response_metadata": {"next_cursor": ""}}


def _time(call: Call, channel: Channel) -> int:
    given = call.args.text("post_at")
    if not given.isdecimal():
        raise ApiError("invalid_time")
    post_at = int(given)
    if post_at <= time.time():
        raise ApiError("time_in_past")
    if post_at > time.time() + FARTHEST:
        raise ApiError("time_too_far")
    waiting = [item for item in call.workspace.scheduled.values() if item.channel == channel.id]
    if sum(item.post_at // WINDOW == post_at // WINDOW for item in waiting) >= MOST_IN_WINDOW:
        raise ApiError("restricted_too_many")
    return post_at
