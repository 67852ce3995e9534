"""The shapes of what Slack sends to an app. Pure: workspace in, dictionaries out; nothing is sent or remembered here.

Reference: https://docs.slack.dev/reference/interaction-payloads and https://docs.slack.dev/apis/events-api.
"""

import time
from dataclasses import dataclass

from sandbox.slack.forms import fields
from sandbox.slack.state import APP_ID, BOT_ID, BOT_USER_ID, TEAM_ID, Channel, Json, Message, User, View, new_id

TEAM_DOMAIN = "baton-local"
# Apps verify the signature; this older field is still sent by Slack and means nothing here.
OLD_TOKEN = "not-used-by-this-app"  # noqa: S105 -- a fixed word, not a secret


def user_part(user: User) -> Json:
    """A person as interaction payloads name them."""
    return {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team_id}


def channel_name(channel: Channel) -> str:
    """The name payloads carry: direct messages and private channels are not named."""
    if channel.is_im:
        return "directmessage"
    return "privategroup" if channel.is_private else channel.name


def view_part(view: View, *, inputs: bool = True) -> Json:
    """A view with its state, as payloads and answers of `views.*` carry it; `inputs=False` leaves input fields out."""
    sent = view.payload
    blocks = sent.get("blocks", [])
    part: Json = {
        "id": view.id,
        "team_id": TEAM_ID,
        "type": view.type,
        "blocks": blocks,
        "private_metadata": sent.get("private_metadata", ""),
        "callback_id": sent.get("callback_id", ""),
        "state": {"values": view.state if inputs else _without_inputs(view)},
        "hash": view.hash,
        "title": sent.get("title"),
        "clear_on_close": bool(sent.get("clear_on_close")),
        "notify_on_close": bool(sent.get("notify_on_close")),
        "close": sent.get("close"),
        "submit": sent.get("submit"),
        "previous_view_id": view.previous_id,
        "root_view_id": view.root_id,
        "app_id": APP_ID,
        "external_id": sent.get("external_id", ""),
        "app_installed_team_id": TEAM_ID,
        "bot_id": BOT_ID,
    }
    return part


def _without_inputs(view: View) -> Json:
    values: Json = {}
    for spot in fields(view.payload.get("blocks", [])):
        if not spot.is_input:
            values.setdefault(spot.block_id, {})[spot.action_id] = view.state[spot.block_id][spot.action_id]
    return values


def message_part(message: Message) -> Json:
    """A message of the app's, as block_actions and message shortcuts carry it."""
    part: Json = {"type": "message", "user": message.user, "ts": message.ts, "text": message.text, "team": TEAM_ID}
    if message.user == BOT_USER_ID:
        part |= {"bot_id": BOT_ID, "app_id": APP_ID}
    if message.blocks:
        part["blocks"] = message.blocks
    if message.attachments:
        part["attachments"] = message.attachments
    if message.thread_ts:
        part["thread_ts"] = message.thread_ts
    if message.metadata:
        part["metadata"] = message.metadata
    if message.edited:
        part["edited"] = {"user": message.user, "ts": message.ts}
    return part


def interaction(kind: str, user: User, **more: object) -> Json:
    """What every interaction payload has, plus `more`."""
    head: Json = {
        "type": kind,
        "user": user_part(user),
        "api_app_id": APP_ID,
        "token": OLD_TOKEN,
        "team": {"id": TEAM_ID, "domain": TEAM_DOMAIN},
        "enterprise": None,
        "is_enterprise_install": False,
    }
    return head | more


@dataclass(frozen=True)
class Place:
    """Where something was pressed: a message in its channel, or a view."""

    channel: Channel | None = None
    message: Message | None = None
    view: View | None = None

    @property
    def blocks(self) -> list[Json]:
        """The blocks before the person's eyes there."""
        if self.view:
            return list(self.view.payload.get("blocks", []))
        attached = [block for item in self._message.attachments for block in item.get("blocks", [])]
        return [*self._message.blocks, *attached]

    @property
    def state(self) -> Json:
        """The state of the fields there, to read and to change."""
        return self.view.state if self.view else self._message.state

    @property
    def _message(self) -> Message:
        if self.message is None:
            raise TypeError("A place is a message or a view.")
        return self.message


def place_part(place: Place, *, state: bool = True) -> Json:
    """Container, and the view or the channel and message, as block_actions and block_suggestion carry them."""
    if place.view:
        return {"container": {"type": "view", "view_id": place.view.id}, "view": view_part(place.view)}
    message, channel = place.message, place.channel
    if message is None or channel is None:
        raise TypeError("A message is pressed in its channel.")
    private = message.ephemeral_to is not None
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": private,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    part: Json = {"container": container, "channel": {"id": channel.id, "name": channel_name(channel)}}
    if not private:  # Slack does not repeat a private note's content
        part["message"] = message_part(message)
    return part | {"state": {"values": message.state}} if state else part


def command_fields(command: str, text: str, user: User, channel: Channel) -> dict[str, str]:
    """A slash command's form fields, without the response_url and trigger_id that its sending adds.

    https://docs.slack.dev/interactivity/implementing-slash-commands
    """
    return {
        "token": OLD_TOKEN,
        "team_id": TEAM_ID,
        "team_domain": TEAM_DOMAIN,
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": user.id,
        "user_name": user.name,
        "command": command,
        "text": text,
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
    }


def event_envelope(event: Json) -> Json:
    """An event as the Events API wraps it; its event_id stays the same over retries."""
    return {
        "token": OLD_TOKEN,
        "team_id": TEAM_ID,
        "api_app_id": APP_ID,
        "event": event,
        "type": "event_callback",
        "event_id": new_id("Ev"),
        "event_time": int(time.time()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": TEAM_ID,
                "user_id": BOT_USER_ID,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": new_id("4-"),
    }
