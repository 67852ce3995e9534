"""The contents page of the Web API: each method, its function, scopes, tier and token.

Scopes and tiers are those of Slack's reference, https://docs.slack.dev/reference/methods. A method's scopes are
alternatives: one is enough to come in; conversations are checked again by their kind.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from sandbox.slack.api import chat, conversations, files, history, misc, people, schedule, validation, views
from sandbox.slack.api.call import Call, Scopes
from sandbox.slack.state import Json

READ = ("channels:read", "groups:read", "im:read", "mpim:read")
HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
OPEN = ("im:write", "mpim:write", "groups:write", "channels:manage")
WRITE = ("chat:write",)
Token = Literal["bot", "app", "none"]


@dataclass(frozen=True)
class Method:
    """One method. `tier` is 1-4, or 5 for those with a limit of their own."""

    run: Callable[[Call], Json]
    scopes: Scopes = ()
    tier: int = 3
    token: Token = "bot"  # noqa: S105 -- a kind of token


METHODS = {
    "api.test": Method(misc.api_test, tier=4, token="none"),  # noqa: S106
    "apps.connections.open": Method(misc.connections_open, token="app"),  # noqa: S106
    "auth.test": Method(misc.auth_test, tier=5),
    "blocks.validate": Method(validation.validate, tier=4, token="none"),  # noqa: S106
    "bots.info": Method(misc.bots_info, ("users:read",)),
    "chat.delete": Method(chat.delete, WRITE),
    "chat.deleteScheduledMessage": Method(schedule.delete_scheduled, WRITE),
    "chat.getPermalink": Method(chat.get_permalink, tier=5),
    "chat.postEphemeral": Method(chat.post_ephemeral, WRITE, 4),
    "chat.postMessage": Method(chat.post_message, WRITE, 5),
    "chat.scheduleMessage": Method(schedule.schedule_message, WRITE),
    "chat.scheduledMessages.list": Method(schedule.list_scheduled),
    "chat.update": Method(chat.update, WRITE),
    "conversations.history": Method(history.history, HISTORY),
    "conversations.info": Method(conversations.info, READ),
    "conversations.join": Method(conversations.join, ("channels:join",)),
    "conversations.list": Method(conversations.everything, READ, 2),
    "conversations.members": Method(conversations.members, READ, 4),
    "conversations.open": Method(conversations.open_conversation, OPEN),
    "conversations.replies": Method(history.replies, HISTORY),
    "dnd.info": Method(people.dnd_info, ("dnd:read",)),
    "files.completeUploadExternal": Method(files.complete_upload, ("files:write",), 4),
    "files.getUploadURLExternal": Method(files.get_upload_url, ("files:write",), 4),
    "pins.add": Method(misc.add_pin, ("pins:write",), 2),
    "reactions.add": Method(misc.add_reaction, ("reactions:write",)),
    "team.info": Method(misc.team_info, ("team:read",)),
    "usergroups.list": Method(people.groups, ("usergroups:read",), 2),
    "usergroups.users.list": Method(people.group_members, ("usergroups:read",), 2),
    "users.conversations": Method(people.conversations_of, READ),
    "users.info": Method(people.info, ("users:read",), 4),
    "users.list": Method(people.everyone, ("users:read",), 2),
    "users.lookupByEmail": Method(people.lookup_by_email, ("users:read.email",)),
    "users.profile.get": Method(people.profile, ("users.profile:read",), 4),
    "views.open": Method(views.open_view, tier=4),
    "views.publish": Method(views.publish_view, tier=4),
    "views.push": Method(views.push_view, tier=4),
    "views.update": Method(views.update_view, tier=4),
}
