"""What the app's manifest allows: scopes, events, commands, surfaces. Reads the file; does not check its schema.

https://docs.slack.dev/reference/app-manifest
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


class ManifestError(Exception):
    """The manifest cannot be used; the text says which file and why."""


@dataclass(frozen=True)
class Manifest:
    """The parts the local Slack obeys. None means there is no manifest and everything is allowed."""

    name: str = "Baton"
    scopes: tuple[str, ...] | None = None
    events: frozenset[str] | None = None
    commands: tuple[dict[str, Any], ...] = ()
    shortcuts: tuple[dict[str, Any], ...] = ()
    home_tab: bool = True
    messages_tab: bool = True
    interactivity: bool = True

    def grants(self, scope: str) -> bool:
        """Whether the bot token has this scope."""
        return self.scopes is None or scope in self.scopes

    def subscribed(self, event: str) -> bool:
        """Whether the app asked for this event, e.g. `message.im`."""
        return self.events is None or event in self.events

    def escapes(self, command: str) -> bool:
        """Whether a command's text is sent with users and channels as tokens (`should_escape`)."""
        return any(entry.get("command") == command and entry.get("should_escape") for entry in self.commands)


def read_manifest(path: Path) -> Manifest:
    """The manifest in this YAML or JSON file."""
    try:
        parsed = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ManifestError(f"The manifest {path} cannot be read: {error.strerror}.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ManifestError(f"The manifest {path} is not YAML: {error}") from error
    if not isinstance(parsed, dict):
        raise ManifestError(f"The manifest {path} is not a mapping.")
    return parse_manifest(parsed)


def parse_manifest(manifest: dict[str, Any]) -> Manifest:
    """The parts of a parsed manifest; what it leaves out is switched off, as in Slack."""
    features, settings = _part(manifest, "features"), _part(manifest, "settings")
    home = _part(features, "app_home")
    scopes = _part(_part(manifest, "oauth_config"), "scopes").get("bot") or []
    return Manifest(
        name=str(_part(features, "bot_user").get("display_name", "Baton")),
        scopes=tuple(scopes),
        events=frozenset(_part(settings, "event_subscriptions").get("bot_events") or []),
        commands=tuple(features.get("slash_commands") or []),
        shortcuts=tuple(features.get("shortcuts") or []),
        home_tab=bool(home.get("home_tab_enabled")),
        messages_tab=bool(home.get("messages_tab_enabled", True)),
        interactivity=bool(_part(settings, "interactivity").get("is_enabled")),
    )


def _part(mapping: dict[str, Any], key: str) -> dict[str, Any]:
    part = mapping.get(key)
    return part if isinstance(part, dict) else {}
