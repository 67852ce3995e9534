"""What an app may say through a response_url or in a slash command's answer: private notes, posts, replacements.

https://docs.slack.dev/interactivity/handling-user-interaction#message_responses. Works where the app is no member.
"""

from dataclasses import dataclass
from typing import Any

from sandbox.slack.pings import pinged
from sandbox.slack.state import BOT_USER_ID, Channel, Json, Message, User, Workspace
from sandbox.slack.validate import message_problems
from sandbox.slack.walk import fill_ids


class ResponseError(Exception):
    """The answer cannot be shown; the text is Slack's name for why."""


@dataclass(frozen=True)
class Respond:
    """Says things in a channel to the person who pressed or commanded. `original` is the message they pressed in."""

    workspace: Workspace
    channel: Channel
    user: User
    original: Message | None = None

    def take(self, body: Json | str) -> Message | None:
        """Do what the app's answer asks for; the message written or changed. Raises ResponseError."""
        body = {"text": body} if isinstance(body, str) else body
        if body.get("delete_original"):
            self._delete()
            return None
        content = read_content(body)
        if body.get("replace_original") and self._in_place() is not None:
            return self._replace(content)
        return self._post(content, body)

    def _in_place(self) -> Message | None:
        """The original, if it is still there."""
        if self.original is None:
            return None
        return self.workspace.find_message(self.channel.id, self.original.ts)

    def _delete(self) -> None:
        message = self._in_place()
        if message is not None:
            self.workspace.messages[self.channel.id].remove(message)
            self.workspace.touch()

    def _replace(self, content: "Content") -> Message | None:
        message = self._in_place()
        if message is not None:
            message.text, message.blocks, message.attachments = content.text, content.blocks, content.attachments
            if content.metadata is not None:
                message.metadata = content.metadata or None
            message.edited = message.ephemeral_to is None and not content.blocks
            self.workspace.touch()
        return message

    def _post(self, content: "Content", body: Json) -> Message:
        private = body.get("response_type", "ephemeral") != "in_channel"
        message = Message(
            self.channel.id,
            self.workspace.new_ts(),
            BOT_USER_ID,
            content.text,
            content.blocks,
            content.attachments,
            thread_ts=body.get("thread_ts"),
            metadata=content.metadata,
            ephemeral_to=self.user.id if private else None,
        )
        message.pings = pinged(self.workspace, self.channel, message)
        self.workspace.add_message(message)
        return message


@dataclass(frozen=True)
class Content:
    """What a message shows."""

    text: str
    blocks: list[Json]
    attachments: list[Json]
    metadata: Json | None


def read_content(body: Json) -> Content:
    """The message in an app's answer, checked as Slack checks it. Raises ResponseError."""
    text, blocks, attachments = body.get("text") or "", body.get("blocks") or [], body.get("attachments") or []
    if not isinstance(text, str) or not (text or blocks or attachments):
        raise ResponseError("no_text")
    if not _list_of_objects(blocks) or not _list_of_objects(attachments):
        raise ResponseError("invalid_blocks_format")
    if blocks and message_problems(blocks):
        raise ResponseError("invalid_blocks")
    return Content(text, fill_ids(blocks), attachments, body.get("metadata"))


def _list_of_objects(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)
