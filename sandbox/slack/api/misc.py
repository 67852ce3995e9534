"""The small methods: api.test, auth.test, team.info, bots.info, apps.connections.open, reactions.add, pins.add."""

import secrets

from sandbox.slack.api.call import Call
from sandbox.slack.api.errors import ApiError
from sandbox.slack.payloads import TEAM_DOMAIN
from sandbox.slack.state import APP_ID, BOT_ID, BOT_USER_ID, TEAM_ID, Json, Message

TEAM_NAME = "Baton Local"


def api_test(call: Call) -> Json:
    """Echo the arguments; `error` asks for that error."""
    error = call.args.maybe("error")
    if error:
        raise ApiError(error, args=call.args.given)
    return {"args": call.args.given}


def auth_test(call: Call) -> Json:
    """Who the token belongs to."""
    return {
        "url": f"{call.sandbox.base_url}/",
        "team": TEAM_NAME,
        "user": call.workspace.users[BOT_USER_ID].name,
        "team_id": TEAM_ID,
        "user_id": BOT_USER_ID,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }


def team_info(call: Call) -> Json:
    """The workspace."""
    team = {"id": TEAM_ID, "name": TEAM_NAME, "domain": TEAM_DOMAIN, "email_domain": "example.com", "icon": {}}
    return {"team": team | {"url": f"{call.sandbox.base_url}/"}}


def bots_info(call: Call) -> Json:
    """The bot."""
    if call.args.maybe("bot") not in (None, BOT_ID):
        raise ApiError("bot_not_found")
    bot = {"id": BOT_ID, "deleted": False, "name": call.workspace.users[BOT_USER_ID].real_name, "updated": 0}
    return {"bot": bot | {"app_id": APP_ID, "user_id": BOT_USER_ID, "icons": {}}}


def connections_open(call: Call) -> Json:
    """A Socket Mode address, good for one connection: https://docs.slack.dev/apis/events-api/using-socket-mode."""
    ticket = secrets.token_hex(16)
    call.sandbox.tickets.add(ticket)
    host = call.host or call.sandbox.base_url.partition("://")[2]
    return {"url": f"ws://{host}/link?ticket={ticket}&app_id={APP_ID}"}


def add_reaction(call: Call) -> Json:
    """Put an emoji under a message."""
    name = call.args.text("name").strip(":")
    message = _item(call, "timestamp")
    reactors = message.reactions.setdefault(name, [])
    if BOT_USER_ID in reactors:
        raise ApiError("already_reacted")
    reactors.append(BOT_USER_ID)
    call.workspace.touch()
    return {}


def add_pin(call: Call) -> Json:
    """Pin a message to its conversation."""
    message = _item(call, "timestamp")
    if message.pinned:
        raise ApiError("already_pinned")
    message.pinned = True
    call.workspace.touch()
    return {}


def _item(call: Call, name: str) -> Message:
    channel = call.conversation()
    if BOT_USER_ID not in channel.members:
        raise ApiError("not_in_channel")
    ts = call.args.maybe(name)
    if ts is None:
        raise ApiError("no_item_specified")
    message = call.workspace.find_message(channel.id, ts)
    if message is None or message.ephemeral_to is not None:
        raise ApiError("message_not_found")
    return message
