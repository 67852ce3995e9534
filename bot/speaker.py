"""Slack, as far as notices go (implements `handoff.ports.Speaker`): texts are made here, from the handoff as it stands.

Posts carry the notice's key in their metadata, because Slack has no idempotency key: after an unknown outcome the
conversation is read back and a message with the key is adopted. The client must not retry by itself.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from slack_sdk import WebClient

from bot.messages import blocks, crm_notes, digest, table
from bot.messages.blocks import Block, Element
from bot.pacing import PER_CHANNEL, UNTIL_TOLD, Pace, Pacer
from bot.people import SlackPeople
from bot.slack_errors import NoRight, asking
from handoff.decide import is_update, standing_post
from handoff.errors import OutcomeUnknown, Refused, TooEarly
from handoff.leases import in_time
from handoff.model import Handoff, Post
from handoff.notices import Nag, Notice, PostBrief, PostReview, Tell, To, UpdateReview, WriteNote, thread_of
from handoff.ports import Waiting
from handoff.rights import deciders
from handoff.terms import is_channel, may_be_group
from handoff.workflow import Workflow

EVENT_TYPE = "baton_notice"

_PAGES = 5  # of 200 messages, when looking for a message that may have been posted


class SlackSpeaker:
    """Speaks for one workspace. `clock` tells how long somebody has waited, in words, and when it is too late."""

    def __init__(self, client: WebClient, people: SlackPeople, clock: Callable[[], datetime]) -> None:
        self._client = client
        self._people = people
        self._clock = clock
        self._pacer = Pacer()
        self._channels: dict[str, str] = {}
        self._lock = threading.Lock()

    def speak(self, notice: Notice, handoff: Handoff, workflow: Workflow, until: datetime) -> Post | None:
        """Post or update a message."""
        if isinstance(notice, Nag):
            mention = self._mention(notice, handoff)
        else:
            mention = self._reviewer(notice, handoff, workflow)
        text, body = table.message(notice, handoff, workflow, mention, self._clock(), self._names(notice, workflow))
        if not is_update(notice):
            return self._post(notice, handoff, text, body, until)
        there = standing_post(notice, handoff)
        if there is None:
            raise Refused("There is no message to change.", "message_not_found")
        with self._paced("chat.update", notice.key, UNTIL_TOLD, until):
            self._client.chat_update(channel=there.channel, ts=there.ts, text=text, blocks=body)
        return None

    def digest(self, about: Sequence[Waiting], until: datetime, instead_of: Post | None = None) -> Post | None:
        """Post one message with several reminders; or bring such a message up to date."""
        first = about[0]
        if instead_of is not None:
            text, body = digest.redrawn(about, self._clock())
            with self._paced("chat.update", first.handoff.id, UNTIL_TOLD, until):
                self._client.chat_update(channel=instead_of.channel, ts=instead_of.ts, text=text, blocks=body)
            return None
        text, body = digest.digest(about, self._mention(first.nag, first.handoff), self._clock())
        channel = self._meeting_place(about)
        payload = {"key": first.nag.key, "keys": [{"key": one.nag.key} for one in about]}
        return self._send(channel, payload, text, body, until)

    def note(self, notice: WriteNote, handoff: Handoff, workflow: Workflow) -> str:
        """The words of a note for the CRM."""
        return crm_notes.note(notice, handoff, workflow)

    def find(self, notice: Notice, handoff: Handoff, workflow: Workflow, since: datetime) -> Post | None:  # noqa: ARG002
        """The message that an earlier attempt left behind, if history has it. Raises Refused if it cannot be read."""
        channel, thread = self._place(notice, handoff, for_history=True)
        found = self._look_in(channel, thread, notice.key, since)
        if found is None and thread and isinstance(notice, Nag):  # said together with others, it is in no thread
            together = self._address(notice.to, for_history=True) if notice.to.person else channel
            found = self._look_in(together, None, notice.key, since)
        return found

    def _look_in(self, channel: str, thread: str | None, key: str, since: datetime) -> Post | None:
        cursor = ""
        for _ in range(_PAGES):
            page = self._history(channel, thread, since, cursor)
            for message in page.get("messages") or []:
                if key in keys_of(message):
                    return Post(channel=channel, ts=message["ts"])
            cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                break
        return None

    def _history(self, channel: str, thread: str | None, since: datetime, cursor: str) -> dict[str, Any]:
        common: dict[str, Any] = {
            "channel": channel,
            "oldest": f"{since.timestamp():.6f}",
            "limit": 200,
            "include_all_metadata": True,
            "cursor": cursor or None,
        }
        try:
            with asking("conversations.history"):
                if thread:
                    answer = self._client.conversations_replies(ts=thread, **common)
                else:
                    answer = self._client.conversations_history(**common)
        except NoRight as e:
            raise Refused(str(e), "missing_scope") from e
        return answer.data if isinstance(answer.data, dict) else {}

    def _post(self, notice: Notice, handoff: Handoff, text: str, body: list[Block], until: datetime) -> Post:
        channel, thread = self._place(notice, handoff)
        more: dict[str, Any] = {"thread_ts": thread, "reply_broadcast": _is_for_all(notice)} if thread else {}
        return self._send(channel, {"key": notice.key}, text, body, until, **more)

    def _send(
        self, channel: str, payload: dict[str, Any], text: str, body: list[Block], until: datetime, **more: Any
    ) -> Post:
        with self._paced(f"chat.postMessage in {channel}", payload["key"], PER_CHANNEL, until):
            answer = self._client.chat_postMessage(
                channel=channel,
                text=text,
                blocks=body,
                unfurl_links=False,
                unfurl_media=False,
                metadata={"event_type": EVENT_TYPE, "event_payload": payload},
                **more,
            )
        return Post(channel=str(answer["channel"]), ts=str(answer["ts"]))

    @contextmanager
    def _paced(self, lane: str, key: str, pace: Pace, until: datetime) -> Iterator[None]:
        """Say something at its moment and by `until`; if Slack still finds it too early, the lane waits."""
        self._pacer.enter(lane, key, pace, self._clock())
        in_time(until, self._clock())
        try:
            with asking(lane.partition(" ")[0]):
                yield
        except TooEarly as e:
            self._pacer.hold(lane, e.wait or timedelta(), self._clock())
            raise
        except OutcomeUnknown as e:
            raise OutcomeUnknown(str(e), self._clock()) from e

    def _place(self, notice: Notice, handoff: Handoff, *, for_history: bool = False) -> tuple[str, str | None]:
        """Channel and thread of a notice. History wants the id of a direct message where a post takes a user's."""
        if (post := thread_of(notice, handoff)) is not None:
            return post.channel, post.ts
        if isinstance(notice, PostBrief | PostReview):
            return self._channel(notice.channel), None
        to: To | None = getattr(notice, "to", None)
        if to is None:  # it belongs to a thread whose first message was refused
            raise Refused("The message whose thread this belongs to was never posted.", "no_thread")
        return self._address(to, for_history=for_history), None

    def _meeting_place(self, about: Sequence[Waiting]) -> str:
        """Where a message with several reminders goes: to the person; for a channel or group, where the briefs are.

        Briefs may stand elsewhere for a while, where their channel refused them: the newest says where they go now.
        """
        to = about[0].nag.to
        threads = [post for one in about if (post := thread_of(one.nag, one.handoff)) is not None]
        newest = max(threads, key=lambda post: post.ts, default=None)
        if newest is not None and to.person is None and (newest.instead or not is_channel(to.name or "")):
            return newest.channel
        return self._address(to, for_history=False)

    def _address(self, to: To, *, for_history: bool) -> str:
        person = to.person
        if person is None and to.name and not is_channel(to.name):
            person = self._people.find(to.name)
            if person is None:
                raise Refused(f"Slack does not know {to.name}.", "user_not_found")
        if person is None or person.slack_id is None:
            return self._channel(to.name or "")
        if not for_history:
            return person.slack_id
        with asking("conversations.open"):
            return str(self._client.conversations_open(users=person.slack_id)["channel"]["id"])

    def _mention(self, notice: Nag, handoff: Handoff) -> Element | None:
        """Who is meant by a reminder in the brief's thread: a person or a group; nobody by name if it is for all."""
        name = notice.to.name
        if thread_of(notice, handoff) is None or _is_for_all(notice) or not name:
            return None
        return self._called(name)

    def _reviewer(self, notice: Notice, handoff: Handoff, workflow: Workflow) -> Element | None:
        """Who is to decide on a flag, if config names somebody."""
        if not isinstance(notice, PostReview) or workflow.exceptions is None:
            return None
        names = deciders(workflow.exceptions, handoff.flags[notice.flag])
        return self._called(names[0]) if names else None

    def _names(self, notice: Notice, workflow: Workflow) -> Mapping[str, str]:
        """What the people whom a message about a flag names are called."""
        is_review = isinstance(notice, PostReview | UpdateReview)
        return self._people.called(workflow.exceptions.reviewers) if is_review and workflow.exceptions else {}

    def _called(self, name: str) -> Element:
        """A person or a group as Slack notifies them; the name itself if Slack does not know it."""
        group = self._people.group(name) if name.startswith("@") else name if may_be_group(name) else None
        if group:
            return {"type": "usergroup", "usergroup_id": group}
        person = self._people.find(name)
        if person is None or person.slack_id is None:
            return blocks.words(name)
        return {"type": "user", "user_id": person.slack_id}

    def _channel(self, name: str) -> str:
        """The id of a channel by its name, remembered: names change seldom, and a wrong one is refused by Slack."""
        if not name.startswith("#"):
            return name
        with self._lock:
            known = self._channels.get(name)
        if known:
            return known
        with asking("conversations.list"):
            pages = self._client.conversations_list(
                types="public_channel,private_channel", exclude_archived=False, limit=1000
            )
            for page in pages:
                with self._lock:
                    self._channels.update({f"#{c['name']}": c["id"] for c in page["channels"]})
        with self._lock:
            found = self._channels.get(name)
        if found is None:
            raise Refused(f"There is no channel {name} that Baton can see.", "channel_not_found")
        return found


def _is_for_all(notice: Notice) -> bool:
    """Whether a message in a thread is shown in the channel as well."""
    if isinstance(notice, Tell):
        return notice.is_for_all
    return isinstance(notice, Nag) and notice.to.person is None and (notice.to.name or "").startswith("#")


def key_of(message: dict[str, Any]) -> str | None:
    """The key of the notice that a message says; None if Baton did not write it. It begins with the handoff's id."""
    metadata: dict[str, Any] = message.get("metadata") or {}
    if metadata.get("event_type") != EVENT_TYPE:
        return None
    return (metadata.get("event_payload") or {}).get("key")


def keys_of(message: dict[str, Any]) -> Sequence[str]:
    """The keys of all notices that a message says."""
    key = key_of(message)
    if key is None:
        return ()
    others = message["metadata"]["event_payload"].get("keys") or ()
    return (key, *(str(other["key"]) for other in others))
