"""Settings from the environment: what is missing or wrong is one sentence that names the variable."""

import os
from pathlib import Path

import pytest

from bot.settings import Settings, load_settings, require_hubspot, secret_variables
from handoff.errors import ConfigError

GOOD = {
    "SLACK_BOT_TOKEN": "xoxb-planted-bot-token",
    "SLACK_SIGNING_SECRET": "planted-signing-secret",
    "HUBSPOT_ACCESS_TOKEN": "planted-access-token",
    "HUBSPOT_CLIENT_SECRET": "planted-client-secret",
}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The variables of `GOOD`, and no other that Baton knows."""
    for name in list(os.environ):
        if name.startswith(("SLACK_", "HUBSPOT_", "BATON_")):
            monkeypatch.delenv(name)
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def problems() -> tuple[str, ...]:
    with pytest.raises(ConfigError) as told:
        load_settings()
    return told.value.problems


def test_what_is_not_said_has_a_default() -> None:
    settings = load_settings()

    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.hubspot_api_url == "https://api.hubapi.com"
    assert settings.database_url.get_secret_value() == "sqlite:///baton.db"
    assert (settings.config, settings.host, settings.port) == ("handoffs.yml", "127.0.0.1", 3000)
    assert settings.log_format == "console"


def test_empty_variable_counts_as_not_said(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("SLACK_APP_TOKEN", "")
    environment.setenv("BATON_PORT", "")

    settings = load_settings()

    assert settings.slack_app_token is None
    assert settings.port == 3000


def test_variable_of_somebody_else_is_left_alone(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("BATON_OF_THE_ORCHESTRA", "willow")

    assert load_settings().port == 3000


def test_missing_bot_token(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("SLACK_BOT_TOKEN")

    (problem,) = problems()

    assert problem.startswith("SLACK_BOT_TOKEN is missing. It is the bot's token (xoxb-…): api.slack.com/apps")


def test_neither_signing_secret_nor_socket_mode(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("SLACK_SIGNING_SECRET")

    (problem,) = problems()

    assert problem.startswith("SLACK_SIGNING_SECRET is missing. It is how Slack signs its requests:")
    assert problem.endswith("Or set SLACK_APP_TOKEN for Socket Mode.")


def test_socket_mode_needs_no_signing_secret(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("SLACK_SIGNING_SECRET")
    environment.setenv("SLACK_APP_TOKEN", "xapp-planted")

    settings = load_settings()

    assert settings.slack_app_token is not None
    assert settings.slack_signing_secret is None


@pytest.mark.parametrize(
    ("name", "value", "purpose"),
    [
        ("BATON_PORT", "http", "the port to listen on: a number from 1 to 65535"),
        ("BATON_PORT", "0", "the port to listen on: a number from 1 to 65535"),
        ("BATON_PORT", "65536", "the port to listen on: a number from 1 to 65535"),
        ("BATON_LOG_FORMAT", "xml", "how to log: console or json"),
        ("SLACK_API_URL", "slack.com", "where Slack's Web API is; leave it out for Slack itself"),
        ("HUBSPOT_API_URL", "ftp://x", "where HubSpot's API is; leave it out for HubSpot itself"),
        (
            "BATON_PUBLIC_URL",
            "baton",
            "the address under which the CRM reaches Baton; signatures are checked against it",
        ),
    ],
)
def test_wrong_value(environment: pytest.MonkeyPatch, name: str, value: str, purpose: str) -> None:
    environment.setenv(name, value)

    assert problems() == (f"{name} is wrong. It is {purpose}.",)


def test_all_mistakes_are_told_at_once(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("SLACK_BOT_TOKEN")
    environment.setenv("BATON_PORT", "http")
    environment.setenv("BATON_LOG_FORMAT", "xml")

    names = [problem.split(" ")[0] for problem in problems()]

    assert names == ["SLACK_BOT_TOKEN", "BATON_PORT", "BATON_LOG_FORMAT"]


def test_wrong_value_is_not_repeated(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("HUBSPOT_API_URL", "planted-token-in-the-wrong-place")

    assert "planted" not in " ".join(problems())


def test_secrets_are_not_in_the_repr(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("SLACK_APP_TOKEN", "xapp-planted")
    environment.setenv("BATON_DATABASE_URL", "postgresql://baton:planted-password@db.example/baton")

    shown = f"{load_settings()!r} {load_settings()}"

    assert "planted" not in shown


@pytest.mark.parametrize(
    ("text", "secrets"),
    [
        ("one", ("one",)),
        ("old,new", ("old", "new")),
        (" old , new ,", ("old", "new")),
        (",", ()),
    ],
)
def test_a_comma_separates_an_old_and_a_new_client_secret(
    environment: pytest.MonkeyPatch, text: str, secrets: tuple[str, ...]
) -> None:
    environment.setenv("HUBSPOT_CLIENT_SECRET", text)

    assert load_settings().hubspot_secrets == secrets


def test_hubspot_needs_its_token_and_its_secret(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("HUBSPOT_ACCESS_TOKEN")
    environment.delenv("HUBSPOT_CLIENT_SECRET")

    with pytest.raises(ConfigError) as told:
        require_hubspot(load_settings())

    token, secret = told.value.problems
    assert token.startswith("HUBSPOT_ACCESS_TOKEN is missing. It is the token that reads deals")
    assert secret.startswith("HUBSPOT_CLIENT_SECRET is missing. It is how HubSpot signs its webhooks")


def test_hubspot_secret_of_commas_only_is_missing(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("HUBSPOT_CLIENT_SECRET", " , ")

    with pytest.raises(ConfigError, match="HUBSPOT_CLIENT_SECRET is missing"):
        require_hubspot(load_settings())


def test_hubspot_with_all_it_needs() -> None:
    settings: Settings = load_settings()

    require_hubspot(settings)


def test_everything_that_is_missing_is_named_at_once(environment: pytest.MonkeyPatch) -> None:
    for name in GOOD:
        environment.delenv(name)

    with pytest.raises(ConfigError) as told:
        load_settings(whole=True)

    assert [problem.partition(" ")[0] for problem in told.value.problems] == list(GOOD)


def test_a_look_into_the_database_needs_no_crm(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("HUBSPOT_ACCESS_TOKEN")
    environment.delenv("HUBSPOT_CLIENT_SECRET")

    assert load_settings().hubspot_access_token is None


@pytest.mark.parametrize(
    "text",
    [
        b"xoxb-planted-in-a-file",
        b"xoxb-planted-in-a-file\n",
        b"xoxb-planted-in-a-file\r\n",
        b"xoxb-planted-in-a-file\n\n",
        b"\xef\xbb\xbfxoxb-planted-in-a-file",
    ],
    ids=["alone", "a line", "a line of Windows", "an empty line after it", "marked as UTF-8"],
)
def test_secret_from_a_file(environment: pytest.MonkeyPatch, tmp_path: Path, text: bytes) -> None:
    (tmp_path / "token").write_bytes(text)
    environment.setenv("SLACK_BOT_TOKEN", "")
    environment.setenv("SLACK_BOT_TOKEN_FILE", str(tmp_path / "token"))

    settings = load_settings(whole=True)

    assert settings.slack_bot_token.get_secret_value() == "xoxb-planted-in-a-file"
    assert "planted" not in f"{settings!r}"


def test_every_secret_may_stand_in_a_file(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in secret_variables():
        environment.delenv(name, raising=False)
        environment.setenv(f"{name}_FILE", str(tmp_path / name))
        (tmp_path / name).write_text(f"https://{name}.example", encoding="utf-8")

    settings = load_settings(whole=True)

    assert settings.slack_signing_secret is not None
    assert settings.slack_signing_secret.get_secret_value() == "https://SLACK_SIGNING_SECRET.example"
    assert settings.hubspot_secrets == ("https://HUBSPOT_CLIENT_SECRET.example",)
    assert settings.database_url.get_secret_value() == "https://BATON_DATABASE_URL.example"
    assert settings.heartbeat_url == "https://BATON_HEARTBEAT_URL.example"
    assert len(secret_variables()) == 7


def test_empty_name_of_a_file_counts_as_not_said(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("SLACK_BOT_TOKEN_FILE", "")

    assert load_settings().slack_bot_token.get_secret_value() == GOOD["SLACK_BOT_TOKEN"]


def test_variable_that_is_no_secret_is_read_from_no_file(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "port").write_text("4000", encoding="utf-8")
    environment.setenv("BATON_PORT_FILE", str(tmp_path / "port"))

    assert load_settings().port == 3000


def test_secret_that_is_said_twice(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    environment.setenv("SLACK_BOT_TOKEN_FILE", str(tmp_path / "token"))

    assert problems() == ("SLACK_BOT_TOKEN and SLACK_BOT_TOKEN_FILE are both set. Keep one of them.",)


@pytest.mark.parametrize(
    ("content", "state"),
    [
        (None, "which cannot be read: No such file or directory. Put the whole path"),
        (b"\xff\xfeplanted", "which cannot be read: it is no text. Put the whole path"),
        (b"", "which is empty. Put the value of HUBSPOT_ACCESS_TOKEN there, and nothing else."),
        (b" \n\n", "which is empty. Put the value of HUBSPOT_ACCESS_TOKEN there, and nothing else."),
        (b"planted\nplanted\n", "which has more than one line. Put the value of HUBSPOT_ACCESS_TOKEN there, and"),
    ],
    ids=["not there", "no text", "empty", "blank", "two lines"],
)
def test_file_that_holds_no_secret_is_one_sentence(
    environment: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None, state: str
) -> None:
    path = tmp_path / "access"
    if content is not None:
        path.write_bytes(content)
    environment.delenv("HUBSPOT_ACCESS_TOKEN")
    environment.setenv("HUBSPOT_ACCESS_TOKEN_FILE", str(path))

    with pytest.raises(ConfigError) as told:
        load_settings(whole=True)

    (problem,) = told.value.problems
    assert problem.startswith(f"HUBSPOT_ACCESS_TOKEN_FILE names {path}, {state}")
    assert "planted" not in problem


@pytest.mark.parametrize("secret", ["xoxb-planted", "postgresql://baton:planted@db.example/baton"])
def test_secret_in_place_of_a_path_is_not_repeated(environment: pytest.MonkeyPatch, secret: str) -> None:
    environment.delenv("SLACK_BOT_TOKEN")
    environment.setenv("SLACK_BOT_TOKEN_FILE", secret)

    (problem,) = problems()

    assert problem.startswith("SLACK_BOT_TOKEN_FILE names a file, which cannot be read: No such file or directory.")
    assert "planted" not in problem


def test_what_is_wrong_in_a_file_is_told_with_all_the_rest(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "beat").write_text("planted", encoding="utf-8")
    environment.setenv("BATON_HEARTBEAT_URL_FILE", str(tmp_path / "beat"))
    environment.setenv("SLACK_SIGNING_SECRET_FILE", str(tmp_path / "secret"))
    environment.setenv("BATON_PORT", "http")

    told = problems()

    assert [text.split(" ")[0] for text in told] == ["SLACK_SIGNING_SECRET", "BATON_PORT", "BATON_HEARTBEAT_URL"]
    assert "planted" not in " ".join(told)
