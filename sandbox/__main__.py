"""`python -m sandbox`: the local Slack and the toy CRM on one port."""

import argparse
import contextlib
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from sandbox.serve import PortTaken, listen, server_for
from sandbox.slack.limits import Limits
from sandbox.slack.manifest import Manifest, ManifestError, read_manifest
from sandbox.world import Sandbox, Settings

ABOUT = """A small Slack and a small HubSpot on this machine, for trying the bot and for testing it.

Secrets come from the environment, the same ones the bot has: SLACK_BOT_TOKEN, SLACK_SIGNING_SECRET, SLACK_APP_TOKEN,
HUBSPOT_ACCESS_TOKEN, HUBSPOT_CLIENT_SECRET, and BATON_PUBLIC_URL. Everything is in memory: a restart is a fresh start.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted. Answers the exit code: 0 fine, 1 it says what is wrong."""
    options = _parser().parse_args(arguments)
    try:
        manifest = read_manifest(options.manifest) if options.manifest else Manifest()
        listener = listen(options.host, options.port)
    except (ManifestError, PortTaken) as error:
        print(error, file=sys.stderr)
        return 1
    limits = Limits(enabled=not options.no_rate_limits)
    sandbox = Sandbox(settings_from(os.environ, options.bot_url), manifest, limits=limits)
    server = server_for(sandbox, listener)
    # The socket listens from here on: whoever reads the line may connect at once.
    listener.listen(2048)
    print(f"The local Slack is at {sandbox.base_url}, the board at {sandbox.base_url}/board", flush=True)
    with contextlib.suppress(KeyboardInterrupt):  # uvicorn raises it again after it has shut down
        server.run(sockets=[listener])
    return 0


def settings_from(environ: Mapping[str, str], bot_url: str) -> Settings:
    """Settings from the bot's own variables; what is unset or empty keeps a local default."""
    default = Settings()
    return Settings(
        bot_url=bot_url.rstrip("/"),
        public_url=(environ.get("BATON_PUBLIC_URL") or "").rstrip("/") or None,
        bot_token=environ.get("SLACK_BOT_TOKEN") or default.bot_token,
        app_token=environ.get("SLACK_APP_TOKEN") or default.app_token,
        signing_secret=environ.get("SLACK_SIGNING_SECRET") or default.signing_secret,
        hubspot_token=environ.get("HUBSPOT_ACCESS_TOKEN") or default.hubspot_token,
        hubspot_client_secret=_newest(environ.get("HUBSPOT_CLIENT_SECRET")) or default.hubspot_client_secret,
    )


def _newest(secrets: str | None) -> str:
    """Of several secrets separated by commas, the last: while one is replaced, the sender already has the new one."""
    return (secrets or "").split(",")[-1].strip()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m sandbox", description=ABOUT, formatter_class=_Formatter)
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on")
    parser.add_argument("--port", type=int, default=4200, help="the port; 0 takes a free one and prints it")
    parser.add_argument("--bot-url", default="http://127.0.0.1:3000", help="where the bot listens")
    parser.add_argument("--manifest", type=Path, help="the app's manifest.yml; without one everything is allowed")
    parser.add_argument("--no-rate-limits", action="store_true", help="do not answer 429, however fast the bot is")
    return parser


class _Formatter(argparse.ArgumentDefaultsHelpFormatter, argparse.RawDescriptionHelpFormatter):
    """Keeps the paragraphs of the description and shows defaults."""


if __name__ == "__main__":
    sys.exit(main())
