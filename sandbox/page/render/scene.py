"""For whom and where blocks are drawn: everything the renderer may know."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sandbox.slack.state import BOT_USER_ID, Channel, Json, User, Workspace


def zone(user: User) -> tzinfo:
    """The person's time zone; UTC when the name is unknown."""
    try:
        return ZoneInfo(user.tz)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


@dataclass(frozen=True)
class Scene:
    """One surface before one person. `state` is block_id -> action_id -> value object; `errors` is block_id -> text.

    `scope` makes element ids unique on a page that shows two people. Reads the workspace, never changes it.
    """

    workspace: Workspace
    viewer: User
    now: datetime
    surface: str = "message"  # message, modal or home
    scope: str = "x"
    state: Json = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    def user_name(self, user_id: str) -> str | None:
        """How a person is called on screen, or None when nobody has this id."""
        user = self.workspace.users.get(user_id)
        return (user.real_name or user.name) if user else None

    def channel_name(self, channel: Channel) -> str:
        """A channel's name as this viewer reads it; a direct message is named for the other side."""
        if channel.im_user is None:
            return channel.name
        other = BOT_USER_ID if channel.im_user == self.viewer.id else channel.im_user
        return self.user_name(other) or "direct message"

    def local(self, seconds: float) -> datetime:
        """A moment in the viewer's own time zone."""
        return datetime.fromtimestamp(seconds, UTC).astimezone(zone(self.viewer))

    def pings_viewer(self, user_id: str) -> bool:
        """Whether a mention of this id is a mention of the person who looks."""
        return user_id == self.viewer.id

    def group_has_viewer(self, group_id: str) -> bool:
        """Whether the viewer belongs to this user group."""
        return self.viewer.id in self.workspace.groups.get(group_id, {}).get("users", [])
