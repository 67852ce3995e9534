"""Mentions of people, channels, groups and everybody; the one who looks sees their own name highlighted."""

from markupsafe import Markup

from sandbox.page.render.markup import tag
from sandbox.page.render.scene import Scene

_EVERYBODY = ("here", "channel", "everyone")


def user(scene: Scene, user_id: str, label: str = "") -> Markup:
    """`@Name`; an id that nobody has is shown as it came."""
    name = scene.user_name(user_id) or label or user_id
    mine = " me" if scene.pings_viewer(user_id) else ""
    return tag("bdi", f"@{name}", class_=f"mention{mine}", data_mention=user_id)


def channel(scene: Scene, channel_id: str, label: str = "") -> Markup:
    """`#name`; a private channel the viewer is not in keeps its name to itself."""
    found = scene.workspace.channels.get(channel_id)
    if found and found.is_private and scene.viewer.id not in found.members:
        return tag("bdi", "🔒 private channel", class_="mention")
    name = found.name if found and found.name else label or channel_id
    go = channel_id if found else None
    return tag(
        "bdi", f"#{name}", class_="mention", data_go=go, role="link" if go else None, tabindex="0" if go else None
    )


def group(scene: Scene, group_id: str, label: str = "") -> Markup:
    """`@handle` of a user group, highlighted for its members."""
    handle = scene.workspace.groups.get(group_id, {}).get("handle") or label.removeprefix("@") or group_id
    mine = " me" if scene.group_has_viewer(group_id) else ""
    return tag("bdi", f"@{handle}", class_=f"mention{mine}")


def everybody(name: str) -> Markup | None:
    """`@here`, `@channel`, `@everyone`; None for any other word."""
    return tag("bdi", f"@{name}", class_="mention me") if name in _EVERYBODY else None
