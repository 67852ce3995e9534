"""conversations.history and conversations.replies: https://docs.slack.dev/reference/methods/conversations.history."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from sandbox.slack.api.call import Call, kind_of
from sandbox.slack.api.errors import ApiError
from sandbox.slack.api.paging import page
from sandbox.slack.api.shapes import message_json, replies_to
from sandbox.slack.state import BOT_USER_ID, Channel, Json, Message

MOST = 999


def history(call: Call) -> Json:
    """A conversation's messages, newest first: no private notes, replies only if sent to the channel too."""
    channel, inside = _readable(call), _span(call)
    messages = [
        message
        for message in reversed(call.workspace.messages.get(channel.id, []))
        if message.ephemeral_to is None
        and (message.thread_ts in (None, message.ts) or message.broadcast)
        and inside(message)
    ]
    return _pages(call, messages) | {"pin_count": 0, "channel_actions_ts": None, "channel_actions_count": 0}


def replies(call: Call) -> Json:
    """A thread, oldest first; its parent leads every page, whatever the limits in time."""
    channel, inside = _readable(call), _span(call)
    message = call.workspace.find_message(channel.id, call.args.text("ts"))
    if message is None or message.ephemeral_to is not None:
        raise ApiError("thread_not_found")
    thread_ts = message.thread_ts or message.ts
    parent = call.workspace.find_message(channel.id, thread_ts) or message
    answer = _pages(call, [reply for reply in replies_to(call.workspace, parent) if inside(reply)])
    answer["messages"].insert(0, _shown(call, parent))
    return answer


def _readable(call: Call) -> Channel:
    channel = call.conversation()
    call.need(f"{kind_of(channel)}:history")
    if BOT_USER_ID not in channel.members:
        raise ApiError("not_in_channel")
    return channel


def _pages(call: Call, messages: list[Message]) -> Json:
    shown, cursor = page(messages, call.args, most=MOST)
    answer: Json = {"messages": [_shown(call, message) for message in shown], "has_more": bool(cursor)}
    return answer | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})


def _shown(call: Call, message: Message) -> Json:
    return message_json(call.workspace, message, with_metadata=call.args.flag("include_all_metadata"))


def _span(call: Call) -> Callable[[Message], bool]:
    """Whether a message lies between `oldest` and `latest`; the ends count only with `inclusive`."""
    oldest, latest, inclusive = _moment(call, "oldest"), _moment(call, "latest"), call.args.flag("inclusive")

    def inside(message: Message) -> bool:
        moment = Decimal(message.ts)
        if inclusive and moment in (oldest, latest):
            return True
        return (oldest is None or moment > oldest) and (latest is None or moment < latest)

    return inside


def _moment(call: Call, name: str) -> Decimal | None:
    given = call.args.maybe(name)
    if given is None:
        return None
    try:
        moment = Decimal(given)
    except InvalidOperation as error:
        raise ApiError(f"invalid_ts_{name}") from error
    if not moment.is_finite():
        raise ApiError(f"invalid_ts_{name}")
    return moment
