"""conversations.open, list, info, members, join: https://docs.slack.dev/apis/web-api/using-the-conversations-api."""

from collections.abc import Callable

from sandbox.slack.api.call import Call, hidden_from_bot, kind_of
from sandbox.slack.api.errors import ApiError
from sandbox.slack.api.paging import page
from sandbox.slack.api.shapes import channel_json
from sandbox.slack.state import BOT_USER_ID, Channel, Json, User, new_id

KINDS = {"public_channel": "channels", "private_channel": "groups", "mpim": "mpim", "im": "im"}
MOST_PEOPLE = 8


def open_conversation(call: Call) -> Json:
    """Open the direct message with one person, or a group one with up to eight; again gives the same one."""
    if call.args.maybe("channel"):
        channel = call.conversation()
        if not channel.is_im and not channel.is_mpim:
            raise ApiError("method_not_supported_for_channel_type")
        existed = True
    else:
        users = _invited(call)
        existed, channel = _direct(call, users[0]) if len(users) == 1 else _group(call, users)
    call.user, call.channel = channel.im_user, channel.id
    call.workspace.touch()
    shown = channel_json(channel) if call.args.flag("return_im") else {"id": channel.id}
    return {"channel": shown, **({"no_op": True, "already_open": True} if existed else {})}


def everything(call: Call) -> Json:
    """All conversations of the asked types that the bot may know of, in pages."""
    return listed(call, lambda _: True)


def listed(call: Call, wanted: Callable[[Channel], bool]) -> Json:
    """A page of the conversations the bot may know of, of the asked `types`; each type needs its read scope."""
    types = [name.strip() for name in (call.args.maybe("types") or "public_channel").split(",")]
    if not set(types) <= KINDS.keys():
        raise ApiError("invalid_types")
    kinds = [KINDS[name] for name in types]
    for kind in kinds:
        call.need(f"{kind}:read")
    shown = [channel for channel in call.workspace.channels.values() if kind_of(channel) in kinds]
    if call.args.flag("exclude_archived"):
        shown = [channel for channel in shown if not channel.is_archived]
    shown = [channel for channel in shown if not hidden_from_bot(channel) and wanted(channel)]
    channels, cursor = page(shown, call.args)
    parts = [channel_json(channel, count_members=True) for channel in channels]
    return {"channels": parts, "response_metadata": {"next_cursor": cursor}}


def info(call: Call) -> Json:
    """One conversation."""
    channel = call.conversation()
    call.need(f"{kind_of(channel)}:read")
    return {"channel": channel_json(channel, count_members=call.args.flag("include_num_members"))}


def members(call: Call) -> Json:
    """The ids of the people in one conversation, in pages."""
    channel = call.conversation()
    call.need(f"{kind_of(channel)}:read")
    people, cursor = page(sorted(channel.members), call.args)
    return {"members": people, "response_metadata": {"next_cursor": cursor}}


def join(call: Call) -> Json:
    """Let the bot into a public channel."""
    channel = call.conversation()
    if kind_of(channel) != "channels":
        raise ApiError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise ApiError("is_archived")
    answer: Json = {}
    if BOT_USER_ID in channel.members:
        answer = {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
    channel.members.add(BOT_USER_ID)
    call.workspace.touch()
    return {"channel": channel_json(channel), **answer}


def _invited(call: Call) -> list[User]:
    given = call.args.given.get("users") or ""
    names = given if isinstance(given, list) else [name.strip() for name in str(given).split(",") if name.strip()]
    if not names:
        raise ApiError("users_list_not_supplied")
    if len(names) > MOST_PEOPLE:
        raise ApiError("too_many_users")
    users = [call.person(str(name)) for name in names]
    if any(user.deleted for user in users):
        raise ApiError("user_disabled")
    if any(user.is_bot for user in users):
        raise ApiError("cannot_dm_bot")
    return users


def _direct(call: Call, user: User) -> tuple[bool, Channel]:
    call.need("im:write")
    before = len(call.workspace.channels)
    channel = call.workspace.direct_message(user.id)
    return len(call.workspace.channels) == before, channel


def _group(call: Call, users: list[User]) -> tuple[bool, Channel]:
    call.need("mpim:write")
    together = {BOT_USER_ID, *(user.id for user in users)}
    for channel in call.workspace.channels.values():
        if channel.is_mpim and channel.members == together:
            return True, channel
    name = "mpdm-" + "--".join(sorted(user.name for user in users)) + "-1"
    channel = Channel(new_id("C"), name, together, is_private=True, is_mpim=True)
    call.workspace.channels[channel.id] = channel
    return False, channel
