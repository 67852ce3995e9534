"""What a person's action needs at hand, and finding who and what it is about. Refusals are sentences for people."""

import time
from dataclasses import dataclass

from sandbox.slack.deliver import Answer, BotLine
from sandbox.slack.events import Events
from sandbox.slack.forms import fresh_state
from sandbox.slack.manifest import Manifest
from sandbox.slack.payloads import Place
from sandbox.slack.state import Channel, Json, Message, ResponseUrl, Trigger, User, View, Workspace, new_id

TRIGGER_SECONDS = 3.0
RESPONSE_URL_SECONDS = 30 * 60.0
_TRIGGERS_KEPT_SECONDS = 600.0


class RefusedError(Exception):
    """A person cannot do this; the text says why, `status` is the HTTP code to say it with."""

    def __init__(self, why: str, status: int = 400) -> None:
        super().__init__(why)
        self.status = status


@dataclass(frozen=True)
class Desk:
    """The workspace, the way to the bot, what the app declared, and the address that response_urls begin with."""

    workspace: Workspace
    line: BotLine
    events: Events
    manifest: Manifest
    base_url: str

    def person(self, who: str) -> User:
        """A person by id, handle, e-mail or full name."""
        named = (user for user in self.workspace.users.values() if user.real_name.casefold() == who.casefold())
        user = self.workspace.find_user(who) or next(named, None)
        if user is None:
            raise RefusedError(f"There is nobody called {who}.", 404)
        return user

    def channel(self, name: str) -> Channel:
        """A channel by id or name, or the bot's direct message with the person of that name."""
        channel = self.workspace.find_channel(name)
        if channel is not None:
            return channel
        if name.startswith("#") or self.workspace.find_user(name) is None:
            raise RefusedError(f"There is no channel called {name}.", 404)
        return self.workspace.direct_message(self.person(name).id)

    def seen_channel(self, user: User, name: str) -> Channel:
        """A channel this person can open: public, or theirs. The bot's name means their direct message with it."""
        if name in ("bot", "baton"):
            return self.workspace.direct_message(user.id)
        channel = self.channel(name)
        if not sees(user, channel):
            raise RefusedError(f"{user.real_name} does not see {name}.", 403)
        return channel

    def seen_message(self, user: User, channel: Channel, ts: str) -> Message:
        """A message before this person's eyes: in the channel, and not somebody else's private note."""
        message = self.workspace.find_message(channel.id, ts)
        if message is None or message.ephemeral_to not in (None, user.id):
            raise RefusedError(f"There is no message {ts} for {user.real_name} in that conversation.", 404)
        return message

    def message_place(self, user: User, channel_name: str, ts: str) -> Place:
        """Where a person presses in a message; its fields' state is filled in."""
        channel = self.seen_channel(user, channel_name)
        place = Place(channel=channel, message=self.seen_message(user, channel, ts))
        state = fresh_state(place.blocks, place.state)
        place.state.clear()
        place.state.update(state)
        return place

    def top_view(self, user: User, view_id: str | None = None) -> View:
        """The modal on top of this person's stack; with an id, only if it is that one."""
        stack = self.workspace.views.get(user.id, [])
        if not stack:
            raise RefusedError(f"{user.real_name} has no modal open.", 404)
        if view_id not in (None, stack[-1].id):
            raise RefusedError(f"The modal {view_id} is not the one on top for {user.real_name}.", 404)
        return stack[-1]

    def home(self, user: User) -> View:
        """The Home tab of a person."""
        if user.id not in self.workspace.homes:
            raise RefusedError(f"The bot has published no Home tab for {user.real_name}.", 404)
        return self.workspace.homes[user.id]

    def trigger(self, user: User, view: View | None = None) -> str:
        """A fresh trigger_id: three seconds, one use; `view` is the modal the person is in."""
        now = time.time()
        triggers = self.workspace.triggers
        for old in [key for key, trigger in triggers.items() if trigger.expires < now - _TRIGGERS_KEPT_SECONDS]:
            del triggers[old]
        trigger_id = f"{time.time_ns()}.{new_id('')}".lower()
        triggers[trigger_id] = Trigger(trigger_id, user.id, now + TRIGGER_SECONDS, view.id if view else None)
        return trigger_id

    def response_url(self, user: User, channel: Channel, message: Message | None = None) -> str:
        """A fresh response_url: thirty minutes, five uses; `message` is the one that was pressed."""
        token = new_id("R")
        self.workspace.response_urls[token] = ResponseUrl(
            token,
            channel.id,
            user.id,
            time.time() + RESPONSE_URL_SECONDS,
            message.ts if message else None,
            message.thread_ts if message else None,
        )
        return f"{self.base_url.rstrip('/')}/response/{token}"


def sees(user: User, channel: Channel) -> bool:
    """Whether a person can open this channel; direct messages are between the bot and one person."""
    if channel.is_im:
        return channel.im_user == user.id
    return user.id in channel.members or not channel.is_private


def outcome(answer: Answer) -> Json:
    """What the person who pressed notices: ok, timeout or error, and how long it took in seconds."""
    word = answer.outcome if answer.outcome in ("ok", "timeout") else "error"
    told: Json = {"outcome": word, "status": answer.status, "seconds": answer.seconds}
    return told if answer.outcome == "ok" else told | {"error": answer.reason}


def action_ts() -> str:
    """The moment of a press, as payloads carry it."""
    return f"{time.time():.6f}"
