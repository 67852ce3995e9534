"""users.*, usergroups.*, dnd.info: who there is. https://docs.slack.dev/reference/methods?filter=users."""

import time

from sandbox.slack.api.call import Call
from sandbox.slack.api.conversations import listed
from sandbox.slack.api.errors import ApiError
from sandbox.slack.api.paging import page
from sandbox.slack.api.shapes import CREATED, profile_json, user_json
from sandbox.slack.state import BOT_USER_ID, TEAM_ID, Json, User


def info(call: Call) -> Json:
    """One person by id."""
    return {"user": _shown(call, call.person(call.args.text("user")))}


def everyone(call: Call) -> Json:
    """All people, deactivated ones included, in pages."""
    users, cursor = page(list(call.workspace.users.values()), call.args, otherwise=1000)
    members = [_shown(call, user) for user in users]
    return {"members": members, "cache_ts": int(time.time()), "response_metadata": {"next_cursor": cursor}}


def lookup_by_email(call: Call) -> Json:
    """One active person by e-mail address."""
    wanted = call.args.text("email").strip().casefold()
    for user in call.workspace.users.values():
        if (user.email or "").casefold() == wanted and not user.deleted:
            return {"user": _shown(call, user)}
    raise ApiError("users_not_found")


def profile(call: Call) -> Json:
    """One person's profile; the bot's own by default."""
    user = call.person(call.args.maybe("user") or BOT_USER_ID)
    return {"profile": profile_json(user, with_email=_sees_email(call))}


def conversations_of(call: Call) -> Json:
    """The conversations a person (by default the bot) is a member of, of those the bot may know."""
    who = call.args.maybe("user") or BOT_USER_ID
    call.person(who)
    return listed(call, lambda channel: who in channel.members)


def dnd_info(call: Call) -> Json:
    """Whether notifications are snoozed now. Times are epoch seconds; 1 means never, as in Slack."""
    user = call.person(call.args.maybe("user") or BOT_USER_ID)
    now = int(time.time())
    if user.dnd_until <= now:
        return {"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1, "snooze_enabled": False}
    return {
        "dnd_enabled": True,
        "next_dnd_start_ts": now,
        "next_dnd_end_ts": user.dnd_until,
        "snooze_enabled": True,
        "snooze_endtime": user.dnd_until,
        "snooze_remaining": user.dnd_until - now,
    }


def groups(call: Call) -> Json:
    """All user groups."""
    return {"usergroups": [_group(call, group) for group in call.workspace.groups.values()]}


def group_members(call: Call) -> Json:
    """The people of one user group."""
    group = call.workspace.groups.get(call.args.text("usergroup"))
    if group is None:
        raise ApiError("no_such_subteam")
    return {"users": list(group["users"])}


def _group(call: Call, group: Json) -> Json:
    part: Json = {
        "id": group["id"],
        "team_id": TEAM_ID,
        "is_usergroup": True,
        "is_subteam": True,
        "name": group["name"],
        "handle": group["handle"],
        "description": "",
        "is_external": False,
        "date_create": CREATED,
        "date_update": CREATED,
        "date_delete": 0,
    }
    if call.args.flag("include_users"):
        part["users"] = list(group["users"])
    if call.args.flag("include_count"):
        part["user_count"] = len(group["users"])
    return part


def _sees_email(call: Call) -> bool:
    return call.sandbox.manifest.grants("users:read.email")


def _shown(call: Call, user: User) -> Json:
    return user_json(user, with_email=_sees_email(call))
