"""A reply in the thread of one of Baton's questions: which question that is, and what was written.

Which handoff a thread belongs to stands in the metadata of its first message, which Baton wrote itself: one reading of
the conversation, and no second index that could disagree with Slack.

Slack delivers an event again if it did not hear of the first delivery in time, perhaps to another replica at the same
instant. The moment of the event is the message's own `ts`, which no other message of the conversation has: the handoff
knows by it, in the one transaction, what was heard before.
https://docs.slack.dev/apis/events-api#retries
"""

import html
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.desk import Desk
from bot.messages import texts
from bot.people import SlackPeople
from bot.slack_errors import asking
from bot.speaker import key_of
from handoff import checklist
from handoff.decision import Reply, ReplyKind
from handoff.errors import OutsideError, Unreachable
from handoff.events import QuestionAnswered, Replied
from handoff.model import Handoff, Post, Status
from handoff.rights import may_read
from handoff.workflow import FieldType, Workflow

_KINDS = (None, "thread_broadcast", "file_share")  # subtypes of messages that a person wrote just now
_TOKEN = re.compile(r"<([^<>]*)>")
_MEMBER = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>")


@dataclass(frozen=True)
class Heard:
    """What a person wrote, and under which message."""

    user: str
    text: str
    at: datetime
    post: Post


def heard(event: dict[str, Any]) -> Heard | None:
    """A person's own words in a thread; None for all else: other messages, changes, what bots write."""
    thread, ts = event.get("thread_ts"), event.get("ts")
    by_bot = event.get("bot_id") or event.get("app_id") or event.get("hidden")
    if by_bot or event.get("subtype") not in _KINDS or event.get("channel_type") != "im":
        return None
    if not thread or not ts or thread == ts or not event.get("user") or not str(event.get("text") or "").strip():
        return None
    try:
        at = datetime.fromtimestamp(float(ts), UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return Heard(str(event["user"]), str(event["text"]), at, Post(channel=str(event["channel"]), ts=str(thread)))


def take(desk: Desk, said: Heard) -> None:
    """Let a reply answer the question above it; tell its writer if it did not.

    Raises:
        OutsideError, StorageError: Slack or the memory did not answer; Slack delivers the event again.
    """
    if (key := _key(desk, said.post)) is None:
        return
    store = desk.flow.store
    handoff = store.handoff(key.partition(":")[0])
    if handoff is None or said.at in handoff.heard:
        return
    event = _event(desk, said, handoff, store.workflow(handoff.edition), key)
    if isinstance(event, str):
        words: str | None = event
    elif (reply := desk.record(event, {})) is None:
        raise Unreachable("The reply could not be stored.")
    else:
        words = _answer(reply, event, handoff)
    if words:
        _say(desk, said, words)


def _key(desk: Desk, post: Post) -> str | None:
    """The key of the message at the top of a thread: handoff, what it says, …; None if it is not one of Baton's."""
    with asking("conversations.replies"):
        page = desk.client.conversations_replies(channel=post.channel, ts=post.ts, limit=1, include_all_metadata=True)
    messages: list[dict[str, Any]] = page.get("messages") or []
    return next((key_of(message) for message in messages if message.get("ts") == post.ts), None)


def _event(desk: Desk, said: Heard, handoff: Handoff, workflow: Workflow, key: str) -> Replied | QuestionAnswered | str:
    """What the reply is, by the message that it stands under; or what to say where it answers nothing.

    A message may be seen, and replied to, a moment before it is stored where it stands: then its key says what it is.
    """
    facts = {**desk.act({"user_id": said.user}, handoff.id, "thread"), "at": said.at}
    says = key.split(":")[1] if ":" in key else ""
    questions = enumerate(handoff.questions)
    asked = next((q for i, q in questions if (q.post or said.post) == said.post and says == f"question-{i}"), None)
    if asked is not None:
        return QuestionAnswered(question_id=asked.id, text=plain(desk.people, said.text), **facts)
    if not says.startswith("ask") or (handoff.ask_post or said.post) != said.post:
        return texts.reply_elsewhere(handoff)
    missing = checklist.missing(workflow, handoff) if handoff.status is Status.COLLECTING else ()
    if missing and not may_read(missing[0], facts["roles"], facts["by"]):
        return texts.answered_by_others(missing[0], desk.people.called(missing[0].visible_to))
    member = _MEMBER.fullmatch(said.text.strip())
    if member and missing and missing[0].type is FieldType.PERSON:
        return Replied(text=member[1], **facts)
    return Replied(text=plain(desk.people, said.text), **facts)


def plain(people: SlackPeople, text: str) -> str:
    """A message as it was typed: Slack writes links, names and some letters in its own way.

    https://docs.slack.dev/messaging/formatting-message-text#retrieving-messages
    """

    def typed(token: re.Match[str]) -> str:
        target, _, label = token[1].partition("|")
        if target.startswith("@"):
            return f"@{label or people.named(target[1:], target[1:]).name}"
        if target.startswith(("#", "!")):
            return f"{target[:1].replace('!', '@')}{label or target[1:]}"
        return target.removeprefix("mailto:")

    return html.unescape(_TOKEN.sub(typed, text)).strip()


def _answer(reply: Reply, event: Replied | QuestionAnswered, handoff: Handoff) -> str | None:
    """What is said in the thread at once: nothing to a repetition; what follows from an answer is said by the flow."""
    if reply.kind is ReplyKind.ALREADY_SO:
        return None
    asked = handoff.question(event.question_id) if isinstance(event, QuestionAnswered) else None
    if asked is not None and reply.kind is ReplyKind.DONE:
        return texts.reply_taken(asked)
    return texts.reply(reply)


def _say(desk: Desk, said: Heard, words: str) -> None:
    """A courtesy in the thread: it is not stored, and may be lost."""
    try:
        with asking("chat.postMessage"):
            desk.client.chat_postMessage(channel=said.post.channel, thread_ts=said.post.ts, text=words)
    except OutsideError:
        return
