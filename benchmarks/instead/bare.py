"""The least that answers: Bolt that only acknowledges, and Starlette that only checks HubSpot's signature."""

import base64
import hashlib
import hmac
import os

import uvicorn
from slack_bolt import Ack, App
from slack_bolt.adapter.starlette import SlackRequestHandler
from slack_bolt.authorization import AuthorizeResult
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

SECRET = os.environ["HUBSPOT_CLIENT_SECRET"].encode()
app = App(
    signing_secret=os.environ["SLACK_SIGNING_SECRET"],
    authorize=lambda: AuthorizeResult(enterprise_id=None, team_id="T0BATON", bot_token="xoxb-bench"),
    process_before_response=os.environ.get("BENCH_STOCK") != "1",  # stock Bolt acknowledges first and works later
)


@app.action("take_ownership")
def take_ownership(ack: Ack) -> None:
    """Acknowledge."""
    ack()


async def webhook(request: Request) -> Response:
    """Check the signature."""
    body = await request.body()
    signed = b"POST" + f"{os.environ['BATON_PUBLIC_URL']}/crm/hubspot".encode() + body
    signed += request.headers["x-hubspot-request-timestamp"].encode()
    signature = base64.b64encode(hmac.digest(SECRET, signed, hashlib.sha256)).decode()
    good = hmac.compare_digest(signature, request.headers["x-hubspot-signature-v3"])
    return JSONResponse({"ok": good}, 200 if good else 401)


async def ready(_: Request) -> Response:
    """It listens."""
    return JSONResponse({"ok": True})


slack = SlackRequestHandler(app)
web = Starlette(
    routes=[
        Route("/slack/events", slack.handle, methods=["POST"]),
        Route("/crm/hubspot", webhook, methods=["POST"]),
        Route("/readyz", ready),
    ]
)

if __name__ == "__main__":
    uvicorn.run(web, port=int(os.environ["BATON_PORT"]), log_config=None, access_log=False, limit_concurrency=2000)
