"""The people's calls of the outside interface: JSON in, what the person then sees as JSON out. Routes: control.py."""

from dataclasses import dataclass

from sandbox.slack import clicks, commands, modals, people, rooms, sight
from sandbox.slack.desk import Desk, RefusedError, outcome
from sandbox.slack.payloads import Place
from sandbox.slack.state import Channel, Json, Message, User


@dataclass(frozen=True)
class Call:
    """One call: who acts at which desk, and what was sent (a JSON object or the query)."""

    desk: Desk
    sent: Json

    def text(self, key: str) -> str:
        """A text that must be there."""
        value = self.maybe(key)
        if value is None:
            raise RefusedError(f"Say {key}.")
        return value

    def maybe(self, key: str) -> str | None:
        """A text that may be left out."""
        value = self.sent.get(key)
        if value is not None and not isinstance(value, str | int | float):
            raise RefusedError(f"{key} is a text.")
        return None if value is None else str(value)

    def mapping(self, key: str) -> Json:
        """An object, empty if left out."""
        value = self.sent.get(key) or {}
        if not isinstance(value, dict):
            raise RefusedError(f"{key} is an object.")
        return value

    def user(self) -> User:
        """The person who looks."""
        return self.desk.person(self.text("user"))

    def actor(self) -> User:
        """The person who does something; somebody deactivated cannot."""
        user = self.user()
        if user.deleted:
            raise RefusedError(f"{user.real_name} is deactivated.", 403)
        return user

    def channel(self, user: User) -> Channel:
        """The channel this person means; a person's name means that person's direct message with the bot."""
        return self.desk.seen_channel(user, self.text("channel"))

    def place(self, user: User) -> Place:
        """Where the person presses: the Home tab, a modal, or a message."""
        view_id, home = self.maybe("view_id"), self.desk.workspace.homes.get(user.id)
        if self.sent.get("home") or (home is not None and view_id == home.id):
            return Place(view=self.desk.home(user))
        if view_id is not None:
            return Place(view=self.desk.top_view(user, view_id))
        return self.desk.message_place(user, self.text("channel"), self.text("ts"))


async def users(call: Call) -> Json:
    """Everybody there is."""
    return {"users": [sight.user_json(user) for user in call.desk.workspace.users.values()]}


async def channels(call: Call) -> Json:
    """Every channel there is, direct messages left out."""
    everything = call.desk.workspace.channels.values()
    return {"channels": [sight.channel_json(channel) for channel in everything if not channel.is_im]}


async def conversations(call: Call) -> Json:
    """What is in this person's sidebar."""
    return {"conversations": sight.conversations(call.desk.workspace, call.user())}


async def messages(call: Call) -> Json:
    """A conversation or a thread as this person sees it."""
    user = call.user()
    shown = sight.messages(call.desk.workspace, user, call.channel(user), call.maybe("thread_ts"))
    return {"messages": shown}


async def read(call: Call) -> Json:
    """The person has read a conversation up to now."""
    user = call.user()
    channel, workspace = call.channel(user), call.desk.workspace
    seen = sight.seen_messages(workspace, user, channel)
    last = seen[-1].ts if seen else ""
    if last > workspace.last_read.get((user.id, channel.id), ""):
        workspace.last_read[user.id, channel.id] = last
        workspace.touch()
    return {"ok": True}


async def views(call: Call) -> Json:
    """The person's open modals, the top one last."""
    stack = call.desk.workspace.views.get(call.user().id, [])
    return {"views": [sight.view_json(call.desk.workspace, view) for view in stack]}


async def home(call: Call) -> Json:
    """The person's Home tab, null before the bot published one."""
    view = call.desk.workspace.homes.get(call.user().id)
    return {"view": sight.view_json(call.desk.workspace, view) if view else None}


async def click(call: Call) -> Json:
    """Press a button, pick in a menu."""
    user = call.actor()
    place = call.place(user)
    spot = clicks.spot_at(place, call.text("action_id"), call.maybe("block_id"))
    return await clicks.click(call.desk, user, place, spot, call.sent.get("value"))


async def options(call: Call) -> Json:
    """Type `query` into an external menu: the options that the bot offers."""
    user = call.actor()
    place = call.place(user)
    spot = clicks.spot_at(place, call.text("action_id"), call.maybe("block_id"))
    answer, offered = await clicks.suggest(call.desk, user, place, spot, call.maybe("query") or "")
    return outcome(answer) | {"options": offered}


async def fill(call: Call) -> Json:
    """Type into the fields of a modal."""
    user = call.actor()
    view = call.desk.top_view(user, call.maybe("view_id"))
    await modals.fill(call.desk, user, view, call.mapping("values"))
    return {"ok": True, "state": view.state}


async def submit(call: Call) -> Json:
    """Press the modal's submit, after typing `values` if there are any."""
    user = call.actor()
    view = call.desk.top_view(user, call.maybe("view_id"))
    await modals.fill(call.desk, user, view, call.mapping("values"))
    return await modals.submit(call.desk, user, view)


async def close(call: Call) -> Json:
    """Cancel the top modal, or close all of them."""
    user = call.actor()
    view = call.desk.top_view(user, call.maybe("view_id"))
    return await modals.close(call.desk, user, view, everything=bool(call.sent.get("all")))


async def command(call: Call) -> Json:
    """Run a slash command."""
    user = call.actor()
    return await commands.command(call.desk, user, call.channel(user), call.text("text"))


async def shortcut(call: Call) -> Json:
    """Run a shortcut, on a message if one is named."""
    user = call.actor()
    at: tuple[Channel, Message] | None = None
    if call.maybe("ts") is not None:
        channel = call.channel(user)
        at = channel, call.desk.seen_message(user, channel, call.text("ts"))
    return await commands.shortcut(call.desk, user, call.text("callback_id"), at)


async def say(call: Call) -> Json:
    """Write a message: a person, or another app (`app`), which may send blocks."""
    if call.maybe("app") is not None:
        return people.post_as_app(call.desk, call.desk.channel(call.text("channel")), call.text("app"), call.sent)
    user = call.actor()
    return people.say(call.desk, user, call.channel(user), call.text("text"), call.maybe("thread_ts"))


async def open_home(call: Call) -> Json:
    """Open the app's Home or Messages tab."""
    return people.open_home(call.desk, call.actor(), call.maybe("tab") or "home")


async def make_channel(call: Call) -> Json:
    """A new channel."""
    members = call.sent.get("members") or []
    if not isinstance(members, list):
        raise RefusedError("members is a list of names.")
    names = [str(member) for member in members]
    channel = rooms.make_channel(call.desk, call.text("name"), names, private=bool(call.sent.get("private")))
    return sight.channel_json(channel)


async def archive(call: Call) -> Json:
    """Archive a channel or bring it back."""
    channel = call.desk.channel(call.text("channel"))
    rooms.archive(call.desk, channel, archived=bool(call.sent.get("archived", True)))
    return sight.channel_json(channel)


async def member(call: Call) -> Json:
    """Put somebody into a channel or take them out."""
    channel = call.desk.channel(call.text("channel"))
    rooms.set_member(call.desk, channel, call.text("user"), inside=bool(call.sent.get("in", True)))
    return sight.channel_json(channel)


async def user(call: Call) -> Json:
    """Add or change a person."""
    return sight.user_json(rooms.set_user(call.desk, call.text("name"), call.sent))
