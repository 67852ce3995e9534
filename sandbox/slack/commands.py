"""A person's slash commands and shortcuts.

https://docs.slack.dev/interactivity/implementing-slash-commands, https://docs.slack.dev/interactivity/implementing-shortcuts
"""

import re

from sandbox.slack.desk import Desk, RefusedError, action_ts, outcome
from sandbox.slack.payloads import channel_name, command_fields, interaction, message_part
from sandbox.slack.responses import Respond, ResponseError
from sandbox.slack.state import Channel, Json, Message, User, Workspace

_NAMES = re.compile(r"(?<!\S)([@#])([\w.-]*\w)")


def as_tokens(workspace: Workspace, text: str, *, labels: bool) -> str:
    """Names a person typed (@priya, #delivery, @channel) as Slack's tokens; `labels` adds the name behind a bar."""

    def token(match: re.Match[str]) -> str:
        sign, name = match.groups()
        if sign == "#":
            channel = workspace.find_channel(name)
            return _token("#", channel.id, channel.name, labels) if channel and channel.name else match[0]
        user = workspace.find_user(name)
        if user is not None:
            return _token("@", user.id, user.name, labels)
        group = next((g for g in workspace.groups.values() if g["handle"] == name), None)
        if group is not None:
            return _token("!subteam^", group["id"], "@" + name, labels)
        return f"<!{name}>" if name in ("here", "channel", "everyone") else match[0]

    return _NAMES.sub(token, text)


def _token(sign: str, target: str, name: str, labels: bool) -> str:  # noqa: FBT001 -- private, always by position
    return f"<{sign}{target}|{name}>" if labels else f"<{sign}{target}>"


async def command(desk: Desk, user: User, channel: Channel, line: str) -> Json:
    """Run `/name text` in a channel: `outcome` is ok, operation_timeout or error, `text` what Slack or the bot says."""
    name, _, text = line.strip().partition(" ")
    declared = [entry.get("command") for entry in desk.manifest.commands]
    if desk.manifest.events is not None and name not in declared:
        return {"outcome": "error", "text": f"{name} is not a valid command."}
    text = text.strip()
    if desk.manifest.escapes(name):
        text = as_tokens(desk.workspace, text, labels=True)
    fields = command_fields(name, text, user, channel)
    fields["response_url"] = desk.response_url(user, channel)
    fields["trigger_id"] = desk.trigger(user)
    answer = await desk.line.command(fields)
    if answer.outcome != "ok":
        return _failure(name, answer.outcome, answer.reason)
    if not answer.body:
        return {"outcome": "ok", "text": ""}
    try:
        message = Respond(desk.workspace, channel, user).take(answer.body)
    except ResponseError as error:
        return _failure(name, "error", str(error))
    return {"outcome": "ok", "text": message.text if message else ""}


def _failure(name: str, kind: str, reason: str) -> Json:
    word = {"timeout": "operation_timeout", "dispatch_failed": "dispatch_failed"}.get(kind, reason)
    told = "operation_timeout" if kind == "timeout" else "error"
    return {"outcome": told, "text": f'{name} failed with the error "{word}"'}


async def shortcut(desk: Desk, user: User, callback_id: str, at: tuple[Channel, Message] | None = None) -> Json:
    """Run a global shortcut, or one on a message (`at`); refused if the app has not declared it."""
    kind = "message" if at else "global"
    known = any(
        entry.get("callback_id") == callback_id and entry.get("type") == kind for entry in desk.manifest.shortcuts
    )
    if desk.manifest.events is not None and not known:
        raise RefusedError(f"The app has no {kind} shortcut {callback_id}.", 404)
    more: Json = {"callback_id": callback_id, "trigger_id": desk.trigger(user), "action_ts": action_ts()}
    if at is None:
        return outcome(await desk.line.interaction(interaction("shortcut", user, **more)))
    channel, message = at
    more |= {"message_ts": message.ts, "message": message_part(message)}
    more["channel"] = {"id": channel.id, "name": channel_name(channel)}
    more["response_url"] = desk.response_url(user, channel, message)
    return outcome(await desk.line.interaction(interaction("message_action", user, **more)))
