"""The bot as a process, with a word in every secret and in every answer that nobody may ever read in its logs."""

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bot.demo import sped_up
from sandbox import serve
from sandbox.serve import running
from sandbox.slack.limits import Limits
from sandbox.slack.manifest import read_manifest
from sandbox.world import Sandbox, Settings
from tests.commands import command
from tests.stories.rig import ROOT, Bot, Town, until

SECRET = "planted"  # in every secret
ANSWER = "marked"  # in everything that a person or the CRM says about a customer


def planted_settings(bot_url: str) -> Settings:
    """What Slack, the CRM and the bot share, each with the word in it."""
    return Settings(
        bot_url=bot_url,
        bot_token=f"xoxb-{SECRET}-1",
        app_token=f"xapp-{SECRET}-2",
        signing_secret=f"{SECRET}-3",
        hubspot_token=f"pat-{SECRET}-4",
        hubspot_client_secret=f"{SECRET}-5",
    )


class PlantedTown(Town):
    """A town whose bot is watched. `signatures` are those that were sent to it by hand."""

    def __init__(self, sandbox: Sandbox, address: str, bot: Bot, folder: Path) -> None:
        super().__init__(sandbox, address, bot, [])
        self.folder = folder
        self.signatures: list[str] = []

    def said(self) -> str:
        """Everything the bot has said so far."""
        return self.bot.log.read_text(encoding="utf-8")

    def wait_for_words(self, *words: str) -> None:
        """Wait until the bot has said each of these."""
        for word in words:
            until(lambda word=word: word in self.said(), f"the bot says {word}")  # type: ignore[misc]

    def command(self, *words: str) -> str:
        """What `baton …` prints on the same machine."""
        done = command(self.bot.environment, *words)
        return done.stdout + done.stderr

    def change_database(self, statement: str, *values: str) -> None:
        """What trouble with the disk or a careless hand may do to it."""
        with closing(sqlite3.connect(self.folder / "baton.db", timeout=30)) as database, database:
            database.execute(statement, values)


@contextmanager
def planted_town(folder: Path, *, style: str, socket_mode: bool) -> Iterator[PlantedTown]:
    """A running sandbox and a watched bot. One choice of the form is an answer that HubSpot does not take."""
    config = folder / "handoffs.yml"
    text = sped_up(str(ROOT / "handoffs.yml"), 3600)
    config.write_text(text.replace("- Async", f"- {ANSWER}-choice"), encoding="utf-8")
    with serve.listen("127.0.0.1", 0) as reserved:  # bound and never listening: keeps the address
        port = int(reserved.getsockname()[1])
        settings = planted_settings(f"http://127.0.0.1:{port}")
        sandbox = Sandbox(settings, read_manifest(ROOT / "manifest.yml"), limits=Limits(enabled=False))
        with running(sandbox) as address:
            environment = variables(settings, address, folder, style)
            environment |= {"SLACK_APP_TOKEN": settings.app_token} if socket_mode else {}
            bot = Bot({**os.environ, **environment}, port, folder / "baton.log")
            bot.start()
            there = PlantedTown(sandbox, address, bot, folder)
            try:
                yield there
            finally:
                bot.kill()
                there.http.close()
                sandbox.crm.close()


def variables(settings: Settings, address: str, folder: Path, style: str = "console") -> dict[str, str]:
    """The variables of `baton`."""
    return {
        "SLACK_BOT_TOKEN": settings.bot_token,
        "SLACK_SIGNING_SECRET": settings.signing_secret,
        "SLACK_APP_TOKEN": "",
        "SLACK_API_URL": f"{address}/api/",
        "HUBSPOT_ACCESS_TOKEN": settings.hubspot_token,
        "HUBSPOT_CLIENT_SECRET": f"{SECRET}-old-one, {settings.hubspot_client_secret}",
        "HUBSPOT_API_URL": address,
        "BATON_PUBLIC_URL": settings.bot_url,
        "BATON_DATABASE_URL": f"sqlite:///{folder}/baton.db",
        "BATON_CONFIG": str(folder / "handoffs.yml"),
        "BATON_HEARTBEAT_URL": f"{address}/ping/{SECRET}-6",
        "BATON_PORT": settings.bot_url.rpartition(":")[2],
        "BATON_LOG_FORMAT": style,
    }


def leaks(said: str, signatures: list[str] | None = None) -> list[str]:
    """The lines with a secret, an answer, a signature or the address of a private answer in them."""
    forbidden = [re.escape(each) for each in (SECRET, ANSWER, *(signatures or []))]
    wanted = re.compile("|".join([*forbidden, r"v0=[0-9a-f]{8}", r"/response/\w"]), re.IGNORECASE)
    return [line[:400] for line in said.splitlines() if wanted.search(line)]
