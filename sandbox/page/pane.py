"""What one person has before them: everything the template of a pane needs. Changes nothing in the workspace."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup

from sandbox.page.render.blocks import blocks
from sandbox.page.render.scene import Scene
from sandbox.page.render.words import plain
from sandbox.page.timeline import SHOWN, Author, author_of, channel_rows, thread_rows
from sandbox.slack.manifest import Manifest
from sandbox.slack.sight import conversations
from sandbox.slack.state import BOT_USER_ID, Channel, Json, User, View, Workspace

# Where somebody who has not chosen yet begins, if they are there; everybody else begins with the app.
FIRST_CHANNEL = "delivery"


@dataclass(frozen=True)
class Wish:
    """What a pane was asked to show; everything but the side may be empty or out of date."""

    side: str
    user: str = ""
    channel: str = ""
    thread: str = ""
    tab: str = ""

    @classmethod
    def of(cls, side: str, query: Mapping[str, str], prefix: str = "") -> "Wish":
        """From a query string; the whole page has both sides in it, each with a prefix."""
        user = query.get(side if prefix else "user", "")
        names = ("channel", "thread", "tab")
        return cls(side, user, *(query.get(f"{prefix}{name}", "") for name in names))


def people(workspace: Workspace) -> list[User]:
    """Everybody one can be, in the workspace's order."""
    return [user for user in workspace.users.values() if not user.is_bot]


def person(workspace: Workspace, wish: Wish) -> User:
    """The person asked for; else the first one on the left, and on the right the first in the delivery channel."""
    found = workspace.find_user(wish.user) if wish.user else None
    everybody = people(workspace)
    if found is not None and found in everybody:
        return found
    if wish.side == "left":
        return everybody[0]
    channel = workspace.find_channel(FIRST_CHANNEL)
    others = [user for user in everybody[1:] if channel is None or user.id in channel.members]
    titled = [user for user in others if FIRST_CHANNEL in user.title.casefold()]
    return next(iter(titled or others or everybody))


def room(workspace: Workspace, user: User, wish: Wish) -> Channel:
    """The conversation asked for if this person sees it; else where they begin."""
    direct = workspace.direct_message(user.id)
    asked = workspace.find_channel(wish.channel) if wish.channel else None
    if asked is not None and (user.id in asked.members or not (asked.is_private or asked.is_im)):
        return asked
    first = workspace.find_channel(FIRST_CHANNEL)
    begins_there = wish.side == "right" and first is not None and user.id in first.members
    return first if begins_there and first is not None else direct


def pane(workspace: Workspace, manifest: Manifest, wish: Wish, now: datetime) -> dict[str, Any]:
    """The template's variables for one side."""
    user = person(workspace, wish)
    channel = room(workspace, user, wish)
    scene = Scene(workspace, user, now, scope=wish.side)
    tab = "home" if wish.tab == "home" and channel.im_user == user.id else "messages"
    thread = thread_rows(channel, wish.thread, scene) if wish.thread and tab == "messages" else []
    listed = conversations(workspace, user)
    bot = workspace.users.get(BOT_USER_ID)
    return {
        "side": wish.side,
        "me": user,
        "author": author_of(user, user.id),
        "clock": f"{scene.local(now.timestamp()):%a %H:%M}",
        "people": people(workspace),
        "rooms": [room for room in listed if not room["is_im"] and _is_listed(room, channel)],
        "direct": [room for room in listed if room["is_im"]],
        "pings": sum(room["pings"] for room in listed),
        "unread": next((room["unread"] for room in listed if room["id"] == channel.id), 0),
        "room": channel,
        "title": scene.channel_name(channel),
        "app": author_of(bot, BOT_USER_ID),
        "members": _members(workspace, channel),
        "closed": _closed(user, channel),
        "rows": channel_rows(channel, scene) if tab == "messages" else [],
        "shortened": SHOWN,
        "thread": wish.thread if thread else "",
        "thread_rows": thread,
        "tab": tab,
        "home": _surface(workspace.homes.get(user.id), scene, "home"),
        "modal": modal(workspace.views.get(user.id, []), scene),
        "manifest": manifest,
    }


def _is_listed(room: Json, channel: Channel) -> bool:
    return not room["is_archived"] or room["id"] == channel.id


def _members(workspace: Workspace, channel: Channel) -> list[Author]:
    return [author_of(workspace.users.get(one), one) for one in sorted(channel.members) if one in workspace.users]


def _closed(user: User, channel: Channel) -> str:
    """Why nothing can be written here; empty when it can."""
    if user.deleted:
        return f"{user.real_name} is deactivated."
    if channel.is_archived:
        return f"#{channel.name} is archived."
    return "" if user.id in channel.members else f"{user.real_name} is not in #{channel.name}."


def modal(stack: list[View], scene: Scene) -> dict[str, Any] | None:
    """The modal on top, as the template draws it; None when there is none."""
    if not stack:
        return None
    view = stack[-1]
    return {
        "id": view.id,
        "title": plain(view.payload.get("title")),
        "submit": plain(view.payload.get("submit")),
        "close": plain(view.payload.get("close")) or "Cancel",
        "depth": len(stack),
        "banner": view.banner,
        "wrong": len(view.errors),
        "body": _surface(view, scene, "modal"),
    }


def _surface(view: View | None, scene: Scene, surface: str) -> Markup | None:
    if view is None:
        return None
    scope = f"{scene.scope}-{view.id}"
    place = Scene(scene.workspace, scene.viewer, scene.now, surface, scope, view.state, view.errors)
    return blocks(view.payload.get("blocks", []), place)
