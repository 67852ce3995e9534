"""One call of a method: what it was given and what it may touch. The lookups that many methods share."""

from dataclasses import dataclass, field

from sandbox.slack.api.args import Args
from sandbox.slack.api.errors import ApiError
from sandbox.slack.state import BOT_USER_ID, Channel, User, Workspace
from sandbox.world import Sandbox

Scopes = tuple[str, ...]


@dataclass
class Call:
    """A call under way. Methods leave in `user`, `channel` and `pings` what the traffic log should say."""

    sandbox: Sandbox
    args: Args
    host: str = ""
    user: str | None = None
    channel: str | None = None
    pings: set[str] = field(default_factory=set)

    @property
    def workspace(self) -> Workspace:
        """The workspace of this moment."""
        return self.sandbox.workspace

    def need(self, *scopes: str) -> None:
        """Refuse with `missing_scope` unless the token has one of these scopes."""
        manifest = self.sandbox.manifest
        if not any(manifest.grants(scope) for scope in scopes):
            provided = ",".join(manifest.scopes or ())
            raise ApiError("missing_scope", needed=",".join(scopes), provided=provided)

    def person(self, user_id: str, error: str = "user_not_found") -> User:
        """A user by id."""
        user = self.workspace.users.get(user_id)
        if user is None:
            raise ApiError(error)
        return user

    def conversation(self, name: str = "channel") -> Channel:
        """The conversation with the id in this argument, if the bot may know of it."""
        channel = self.workspace.channels.get(self.args.text(name))
        if channel is None or hidden_from_bot(channel):
            raise ApiError("channel_not_found")
        self.channel = channel.id
        return channel


def kind_of(channel: Channel) -> str:
    """The word with which scopes for this kind of conversation begin."""
    if channel.is_im:
        return "im"
    if channel.is_mpim:
        return "mpim"
    return "groups" if channel.is_private else "channels"


def hidden_from_bot(channel: Channel) -> bool:
    """A private conversation the bot is not in: Slack answers as if it did not exist."""
    return (channel.is_private or channel.is_im) and BOT_USER_ID not in channel.members
