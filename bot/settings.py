"""Settings from the environment. Read once, by the command that runs; secrets never appear in a repr."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, get_args

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from handoff.errors import ConfigError

_OF_HUBSPOT = ("HUBSPOT_ACCESS_TOKEN", "HUBSPOT_CLIENT_SECRET")
_ADDRESS = r"^https?://[^/?#@\s]+([/?#].*)?$"  # without a password in it: these are shown


class Settings(BaseSettings):
    """Each `description` says what a variable is for and where to get it: it is the error text."""

    model_config = SettingsConfigDict(case_sensitive=True, extra="ignore", env_ignore_empty=True)

    slack_bot_token: SecretStr = Field(
        validation_alias="SLACK_BOT_TOKEN",
        description="the bot's token (xoxb-…): api.slack.com/apps, your app, OAuth & Permissions",
    )
    slack_signing_secret: SecretStr | None = Field(
        None,
        validation_alias="SLACK_SIGNING_SECRET",
        description="how Slack signs its requests: api.slack.com/apps, your app, Basic Information",
    )
    slack_app_token: SecretStr | None = Field(
        None,
        validation_alias="SLACK_APP_TOKEN",
        description="the app-level token (xapp-…) for Socket Mode: api.slack.com/apps, your app, Basic Information",
    )
    slack_api_url: str = Field(
        "https://slack.com/api/",
        validation_alias="SLACK_API_URL",
        description="where Slack's Web API is; leave it out for Slack itself",
        pattern=_ADDRESS,
    )
    hubspot_access_token: SecretStr | None = Field(
        None,
        validation_alias="HUBSPOT_ACCESS_TOKEN",
        description="the token that reads deals and writes answers: HubSpot, Settings, Integrations, your app, Auth",
    )
    hubspot_client_secret: SecretStr | None = Field(
        None,
        validation_alias="HUBSPOT_CLIENT_SECRET",
        description="how HubSpot signs its webhooks: HubSpot, your app, Auth; a comma separates an old and a new one",
    )
    hubspot_api_url: str = Field(
        "https://api.hubapi.com",
        validation_alias="HUBSPOT_API_URL",
        description="where HubSpot's API is; leave it out for HubSpot itself",
        pattern=_ADDRESS,
    )
    public_url: str = Field(
        "http://127.0.0.1:3000",
        validation_alias="BATON_PUBLIC_URL",
        description="the address under which the CRM reaches Baton; signatures are checked against it",
        pattern=_ADDRESS,
    )
    database_url: SecretStr = Field(
        SecretStr("sqlite:///baton.db"),
        validation_alias="BATON_DATABASE_URL",
        description="where Baton remembers: sqlite:///baton.db or postgresql://user:password@host/name",
    )
    config: str = Field(
        "handoffs.yml",
        validation_alias="BATON_CONFIG",
        description="the file with your workflows, or a folder of them: handoffs.yml",
    )
    host: str = Field(
        "127.0.0.1", validation_alias="BATON_HOST", description="the address to listen on: 127.0.0.1 or 0.0.0.0"
    )
    port: int = Field(
        3000,
        validation_alias="BATON_PORT",
        description="the port to listen on: a number from 1 to 65535",
        ge=1,
        le=65535,
    )
    heartbeat_url: str | None = Field(
        None,
        validation_alias="BATON_HEARTBEAT_URL",
        description="an address that is fetched every minute while all is well, for a dead man's switch",
        pattern=r"^https?://",
        repr=False,  # whoever knows it can pretend that all is well
    )
    log_format: Literal["console", "json"] = Field(
        "console", validation_alias="BATON_LOG_FORMAT", description="how to log: console or json"
    )

    @property
    def hubspot_secrets(self) -> tuple[str, ...]:
        """The client secrets that are good now; two while one is being replaced."""
        text = self.hubspot_client_secret.get_secret_value() if self.hubspot_client_secret else ""
        return tuple(part.strip() for part in text.split(",") if part.strip())


def load_settings(*, whole: bool = False) -> Settings:
    """The settings of this process; `whole`, for a Baton that works and does not only look into its database.

    A secret may stand in a file that `<variable>_FILE` names, as container images have it.

    Raises:
        ConfigError: one sentence for each variable that is missing or wrong, all at once.
    """
    read, wrong = _read_files()
    problems, settings = list(wrong.values()), None
    try:
        settings = Settings.model_validate(read)
    except ValidationError as e:
        told = ((str(error["loc"][0]), error["type"]) for error in e.errors())
        problems += [_sentence(name, kind) for name, kind in told if name not in wrong]
    said = {**os.environ, **read, **wrong}
    if _is_absent("SLACK_APP_TOKEN", said) and _is_absent("SLACK_SIGNING_SECRET", said):
        problems.append(_sentence("SLACK_SIGNING_SECRET", "missing") + " Or set SLACK_APP_TOKEN for Socket Mode.")
    problems += [_sentence(name, "missing") for name in _OF_HUBSPOT if whole and _is_absent(name, said)]
    if problems or settings is None:
        raise ConfigError(*problems)
    return settings


def database_address() -> str:
    """Where Baton remembers, for a command that needs nothing else. Raises ConfigError for a file that says nothing."""
    name, field = "BATON_DATABASE_URL", Settings.model_fields["database_url"]
    path = os.environ.get(f"{name}_FILE")
    return _read_file(name, path) if path else os.environ.get(name) or str(field.default.get_secret_value())


def secret_variables() -> tuple[str, ...]:
    """Every variable whose value nobody may see."""
    fields = Settings.model_fields.values()
    kept = (f for f in fields if not f.repr or SecretStr in (f.annotation, *get_args(f.annotation)))
    return tuple(str(f.validation_alias) for f in kept)


def _read_files() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """What files say in place of variables, and what is wrong with the others; both by variable."""
    read, wrong = {}, {}
    for name in secret_variables():
        if not (path := os.environ.get(f"{name}_FILE")):
            continue
        try:
            read[name] = _read_file(name, path)
        except ConfigError as e:
            wrong[name] = str(e)
    return read, wrong


def _read_file(name: str, path: str) -> str:
    """The one line of a file. What was put in place of a path is not repeated: it may be the secret itself."""
    if os.environ.get(name):
        raise ConfigError(f"{name} and {name}_FILE are both set. Keep one of them.")
    named = path if Path(path).is_absolute() else "a file"
    try:
        text = Path(path).read_text(encoding="utf-8-sig")  # Windows writes a mark at the beginning
    except (OSError, UnicodeDecodeError) as e:
        why = e.strerror if isinstance(e, OSError) else "it is no text"
        cure = "Put the whole path of a file there that Baton may read"
        raise ConfigError(f"{name}_FILE names {named}, which cannot be read: {why}. {cure}.") from None
    line = text.rstrip("\n")  # no header of a request can hold the end of a line
    if not line.strip() or len(line.splitlines()) > 1:
        state = "has more than one line" if line.strip() else "is empty"
        raise ConfigError(f"{name}_FILE names {named}, which {state}. Put the value of {name} there, and nothing else.")
    return line


def _is_absent(variable: str, said: Mapping[str, str]) -> bool:
    return not said.get(variable, "").strip(", ")


def _sentence(variable: str, kind: str) -> str:
    purpose = next(f.description for f in Settings.model_fields.values() if f.validation_alias == variable)
    return f"{variable} is {'missing' if kind == 'missing' else 'wrong'}. It is {purpose}."


def require_hubspot(settings: Settings) -> None:
    """Check what a workflow with `crm: hubspot` needs.

    Raises:
        ConfigError: one sentence for each variable that is missing.
    """
    needed = {
        "HUBSPOT_ACCESS_TOKEN": settings.hubspot_access_token,
        "HUBSPOT_CLIENT_SECRET": settings.hubspot_secrets or None,
    }
    if problems := [_sentence(name, "missing") for name, value in needed.items() if value is None]:
        raise ConfigError(*problems)
