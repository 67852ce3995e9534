"""All parts of the sandbox in one object, which every route is given. Imports no route."""

from dataclasses import dataclass, field

from sandbox.crm.state import Crm
from sandbox.seed import fresh_workspace
from sandbox.slack.faults import Faults
from sandbox.slack.limits import Limits
from sandbox.slack.manifest import Manifest
from sandbox.slack.state import Workspace
from sandbox.slack.traffic import Traffic


@dataclass
class Settings:
    """Secrets shared with the bot and the addresses. Addresses have no path and no slash at the end."""

    bot_url: str = "http://127.0.0.1:3000"
    public_url: str | None = None  # what the bot believes its address is; None: `bot_url`
    bot_token: str = "xoxb-local"  # noqa: S105 -- worthless outside this machine, as are the next four
    app_token: str = "xapp-local"  # noqa: S105
    signing_secret: str = "local-signing-secret"  # noqa: S105
    hubspot_token: str = "pat-local"  # noqa: S105
    hubspot_client_secret: str = "local-client-secret"  # noqa: S105


@dataclass
class Sandbox:
    """The local Slack and the toy CRM. Touched from one event loop only; `base_url` is known once it listens."""

    settings: Settings = field(default_factory=Settings)
    manifest: Manifest = field(default_factory=Manifest)
    workspace: Workspace = field(default_factory=fresh_workspace)
    crm: Crm = field(default_factory=Crm.seeded)
    faults: Faults = field(default_factory=Faults)
    limits: Limits = field(default_factory=Limits)
    traffic: Traffic = field(default_factory=Traffic)
    tickets: set[str] = field(default_factory=set)  # handed out by apps.connections.open, used up by /link
    base_url: str = "http://127.0.0.1:4200"

    def __post_init__(self) -> None:
        self._follow_crm()

    @property
    def bot_url(self) -> str:
        """Where the bot listens now."""
        return self.settings.bot_url

    @property
    def public_url(self) -> str:
        """The address the bot believes it has; webhooks are signed against it."""
        return self.settings.public_url or self.settings.bot_url

    @property
    def hubspot_token(self) -> str:
        """The bearer token of the toy CRM's API."""
        return self.settings.hubspot_token

    @property
    def hubspot_client_secret(self) -> str:
        """The key with which the toy CRM's webhooks are signed."""
        return self.settings.hubspot_client_secret

    def reset(self) -> None:
        """A fresh workspace and CRM, no faults, limits as on the first day. Settings and open sockets stay."""
        old = self.workspace
        self.workspace = fresh_workspace()
        self.workspace.version = old.version
        self.crm.close()
        self.crm = Crm.seeded()
        self._follow_crm()
        self.faults.clear()
        self.limits = Limits(enabled=self.limits.enabled, factor=self.limits.factor, burst=self.limits.burst)
        old.touch()  # wakes the pages that still wait on the old workspace
        self.workspace.touch()

    def _follow_crm(self) -> None:
        self.crm.on_change = self.workspace.touch
