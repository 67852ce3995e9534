"""The Bolt app: handlers behind Slack's door. The front door in `bot/web.py` has checked the signature before."""

import logging
from contextlib import AbstractContextManager

import structlog
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltError
from slack_sdk import WebClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.desk import Desk
from bot.handlers import register
from bot.strangers import guard


class Socket(SocketModeHandler):
    """Slack over Socket Mode. `visitors` is entered while somebody waits for an answer, as `bot/web.py` does."""

    def __init__(self, app: App, token: str, client: WebClient, visitors: AbstractContextManager[None]) -> None:
        super().__init__(app, token, web_client=client)
        self._visitors = visitors

    def handle(self, client: BaseSocketModeClient, req: SocketModeRequest) -> None:
        """Do what one request asks and answer it."""
        with self._visitors:
            super().handle(client, req)  # type: ignore[arg-type]


def make_app(desk: Desk, client: WebClient, *, workspace: str, bot_user_id: str, bot_id: str) -> App:
    """The app with everything a person can do. It answers only the workspace whose token it has.

    `process_before_response`: what a click does is on disk before Slack hears 200, so nothing acknowledged is lost.
    """

    def authorize(team_id: str | None) -> AuthorizeResult:
        if team_id != workspace:
            raise BoltError(f"A request from workspace {team_id}, which this Baton does not serve.")
        return AuthorizeResult(
            enterprise_id=None, team_id=team_id, bot_token=client.token, bot_id=bot_id, bot_user_id=bot_user_id
        )

    logger = logging.getLogger("bot.bolt")
    logger.setLevel(logging.ERROR)  # at the start it warns of a token in the environment that it does not need
    app = App(
        logger=logger,
        client=client,
        before_authorize=guard(desk, workspace),
        authorize=authorize,
        process_before_response=True,
        request_verification_enabled=False,
        raise_error_for_unhandled_request=False,
    )
    app.error(_report)
    register(app, desk)
    return app


def _report(error: Exception) -> None:
    """Say that a handler failed; Slack hears 500 and tells the person. Bolt's own words would repeat what it said."""
    structlog.get_logger().error("request_failed", exc_info=error)
