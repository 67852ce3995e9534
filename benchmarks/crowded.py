"""The local Slack and toy CRM with forty more people who sell and three more channels for those who deliver: one
message a second is Slack's limit for each.

It also hears private answers at `/told/<brief>/<user>`, because a bot may send those to its Slack only, and says at
`/told` what it heard. `python -m benchmarks.crowded PORT BOT_URL`, as a process of its own.
"""

import json
import os
import sys

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from benchmarks.report import ROOT
from sandbox.__main__ import settings_from
from sandbox.crm.model import Owner
from sandbox.seed import DELIVERY
from sandbox.serve import listen, server_for
from sandbox.slack.limits import Limits
from sandbox.slack.manifest import read_manifest
from sandbox.slack.state import Channel, User
from sandbox.world import Sandbox

REPS = 40
TEAMS = 4


def slack_id(number: int) -> str:
    """The Slack id of a rep."""
    return f"U0REP{number}"


class Ears:
    """An app in front of the sandbox that keeps the private answers: brief, user, text."""

    def __init__(self, sandbox: ASGIApp) -> None:
        self._sandbox = sandbox
        self._heard: list[tuple[int, str, str]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/told"):
            await self._sandbox(scope, receive, send)
            return
        request = Request(scope, receive)
        if request.method == "POST":
            _, _, brief, user = scope["path"].split("/")
            self._heard.append((int(brief), user, json.loads(await request.body())["text"]))
            await PlainTextResponse("ok")(scope, receive, send)
        else:
            known = int(request.query_params["since"])
            await JSONResponse(self._heard[known:])(scope, receive, send)


def main(port: int, bot_url: str) -> None:
    """Serve until killed."""
    sandbox = Sandbox(
        settings_from(os.environ, bot_url), read_manifest(ROOT / "manifest.yml"), limits=Limits(enabled=False)
    )
    for number in range(REPS):
        name, email = f"rep{number}", f"rep{number}@example.com"
        sandbox.workspace.users[slack_id(number)] = User(slack_id(number), name, f"Rep {number}", email)
        sandbox.workspace.channels[DELIVERY].members.add(slack_id(number))
        owner = Owner(str(3_500_000_000 + number), 62_000_000 + number, email, "Rep", str(number))
        sandbox.crm.owners[owner.id] = owner
    for team in range(1, TEAMS):
        members = set(sandbox.workspace.channels[DELIVERY].members)
        sandbox.workspace.channels[f"{DELIVERY}{team}"] = Channel(f"{DELIVERY}{team}", f"delivery-{team}", members)
    listener = listen("127.0.0.1", port)
    server = server_for(sandbox, listener)
    server.config.app = Ears(server.config.app)  # type: ignore[arg-type]
    listener.listen(2048)
    server.run(sockets=[listener])


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
