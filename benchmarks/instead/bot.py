"""The same story as a user would write it from the manuals: handlers that post directly, and a job per reminder.

Bolt as its guide shows it, state in SQLite, APScheduler with its SQLAlchemy job store, the client's own retries. It is
meant to be good of its kind: deals are not asked about twice on purpose, and the owner is read before it is written.
"""

import contextlib
import json
import os
import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from apscheduler.jobstores.base import JobLookupError
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from slack_bolt import Ack, App, Respond
from slack_bolt.adapter.starlette.handler import to_bolt_request, to_starlette_response
from slack_sdk import WebClient
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

Json = dict[str, Any]
QUESTIONS = {
    "buyer_goals": "What does the client actually care about?",
    "promised_deliverables": "What was promised, also out loud?",
    "risk_notes": "What could go wrong?",
}
LADDER = (4, 4, 5, 5)  # seconds before each reminder
FILE = os.environ["BATON_DATABASE_URL"].removeprefix("sqlite:///")
TABLE = (
    "CREATE TABLE IF NOT EXISTS deals "
    "(id TEXT PRIMARY KEY, name TEXT, rep TEXT, answers TEXT, brief_ts TEXT, owner TEXT)"
)

client = WebClient(os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"])
app = App(client=client, signing_secret=os.environ["SLACK_SIGNING_SECRET"])
hubspot = httpx.Client(
    base_url=os.environ["HUBSPOT_API_URL"], headers={"Authorization": f"Bearer {os.environ['HUBSPOT_ACCESS_TOKEN']}"}
)
reminders = BackgroundScheduler(jobstores={"default": SQLAlchemyJobStore(f"sqlite:///{FILE}.jobs")}, timezone="UTC")


def sql(text: str, *values: object) -> list[Any]:
    """Run one statement in a transaction of its own."""
    connection = sqlite3.connect(FILE, timeout=10)
    try:
        with connection:
            return connection.execute(text, values).fetchall()
    finally:
        connection.close()


def deal_won(deal_id: str) -> None:
    """Ask the rep, once per deal."""
    if sql("SELECT 1 FROM deals WHERE id = ?", deal_id):
        return
    found = hubspot.get(f"/crm/v3/objects/deals/{deal_id}", params={"properties": "dealname,hubspot_owner_id"})
    properties = found.raise_for_status().json()["properties"]
    owner = hubspot.get(f"/crm/v3/owners/{properties['hubspot_owner_id']}").raise_for_status().json()
    rep = app.client.users_lookupByEmail(email=owner["email"])["user"]["id"]
    text = f"{properties['dealname']} reached Closed Won."
    post(rep, text, f"{deal_id}:ask", button("Complete handoff", "complete_handoff", deal_id))
    sql("INSERT INTO deals (id, name, rep) VALUES (?, ?, ?)", deal_id, properties["dealname"], rep)
    write_back(deal_id, {"handoff_status": "waiting on sales"})
    remind_later(deal_id, "rep", 0)


@app.action("complete_handoff")
def open_form(ack: Ack, body: Json) -> None:
    """Show the form."""
    ack()
    inputs = [
        {
            "type": "input",
            "block_id": f"field:{key}",
            "label": {"type": "plain_text", "text": question},
            "element": {"type": "plain_text_input", "action_id": "value", "multiline": True},
        }
        for key, question in QUESTIONS.items()
    ]
    view = {
        "type": "modal",
        "callback_id": "complete_handoff",
        "private_metadata": body["actions"][0]["value"],
        "title": {"type": "plain_text", "text": "Complete handoff"},
        "submit": {"type": "plain_text", "text": "Hand over"},
        "blocks": inputs,
    }
    app.client.views_open(trigger_id=body["trigger_id"], view=view)


@app.view("complete_handoff")
def take_answers(ack: Ack, view: Json) -> None:
    """Post the brief."""
    ack()
    deal_id = view["private_metadata"]
    answers = {key: view["state"]["values"][f"field:{key}"]["value"]["value"] for key in QUESTIONS}
    sql("UPDATE deals SET answers = ? WHERE id = ?", json.dumps(answers), deal_id)
    forget(deal_id, "rep")
    name = sql("SELECT name FROM deals WHERE id = ?", deal_id)[0][0]
    take = button("Take ownership", "take_ownership", deal_id)
    ts = post("#delivery", f"{name}: waiting for an owner", f"{deal_id}:brief", take)
    sql("UPDATE deals SET brief_ts = ? WHERE id = ?", ts, deal_id)
    write_back(deal_id, {**answers, "handoff_status": "waiting for an owner"})
    remind_later(deal_id, "channel", 0)


@app.action("take_ownership")
def take_ownership(ack: Ack, respond: Respond, body: Json) -> None:
    """The first press has it."""
    ack()
    deal_id, user = body["actions"][0]["value"], body["user"]["name"]
    name, rep, brief_ts, owner = sql("SELECT name, rep, brief_ts, owner FROM deals WHERE id = ?", deal_id)[0]
    if owner:
        respond(text=f"{owner} took this before you.", response_type="ephemeral", replace_original=False)
        return
    sql("UPDATE deals SET owner = ? WHERE id = ?", user, deal_id)
    forget(deal_id, "channel")
    app.client.chat_update(channel=body["channel"]["id"], ts=brief_ts, text=f"{name}: {user} took it", blocks=[])
    post(rep, f"{user} took {name}.", f"{deal_id}:owned")
    write_back(deal_id, {"handoff_status": f"owned by {user}", "delivery_owner": user})


def remind_later(deal_id: str, ladder: str, step: int) -> None:
    """One job per reminder."""
    if step < len(LADDER):
        at = datetime.now(UTC) + timedelta(seconds=LADDER[step])
        reminders.add_job(
            remind, "date", run_date=at, args=[deal_id, ladder, step], id=f"{deal_id}:{ladder}", replace_existing=True
        )


def remind(deal_id: str, ladder: str, step: int) -> None:
    """Say it, and put the next one in."""
    name, rep, brief_ts, answers, owner = sql(
        "SELECT name, rep, brief_ts, answers, owner FROM deals WHERE id = ?", deal_id
    )[0]
    if (ladder == "rep" and answers) or owner:
        return
    key = f"{deal_id}:nag:{ladder}:{step}"
    if ladder == "rep":
        post(rep, f"{name} still lacks answers", key, button("Complete handoff", "complete_handoff", deal_id))
    else:
        post("#delivery", f"Nobody owns {name}", key, thread_ts=brief_ts)
    remind_later(deal_id, ladder, step + 1)


def forget(deal_id: str, ladder: str) -> None:
    """Take a reminder back."""
    with contextlib.suppress(JobLookupError):  # it has just gone out
        reminders.remove_job(f"{deal_id}:{ladder}")


def post(channel: str, text: str, key: str, actions: Json | None = None, **more: Any) -> str:
    """Post a message; its ts. The key is for those who count."""
    body = [{"type": "section", "text": {"type": "mrkdwn", "text": text}}, *([actions] if actions else [])]
    metadata = {"event_type": "instead", "event_payload": {"key": key}}
    return str(app.client.chat_postMessage(channel=channel, text=text, blocks=body, metadata=metadata, **more)["ts"])


def button(label: str, action_id: str, value: str) -> Json:
    """One button in a row of its own."""
    text = {"type": "plain_text", "text": label}
    return {"type": "actions", "elements": [{"type": "button", "text": text, "action_id": action_id, "value": value}]}


def write_back(deal_id: str, fields: Mapping[str, str]) -> None:
    """Write to the CRM."""
    hubspot.patch(f"/crm/v3/objects/deals/{deal_id}", json={"properties": dict(fields)}).raise_for_status()


async def webhook(request: Request) -> Response:
    """What HubSpot says; its signature is left out here, to the advantage of this bot's speed."""
    for event in await request.json():
        if event.get("propertyName") == "dealstage" and event.get("propertyValue") == "closedwon":
            await run_in_threadpool(deal_won, str(event["objectId"]))
    return JSONResponse({"ok": True})


async def slack_event(request: Request) -> Response:
    """What Slack says. Bolt's own adapter would run the handler in the event loop and block everybody else."""
    asked = to_bolt_request(request, await request.body())
    return to_starlette_response(await run_in_threadpool(app.dispatch, asked))


async def ready(_: Request) -> Response:
    """It listens."""
    return JSONResponse({"ok": True})


def main() -> None:
    """Serve."""
    Path(FILE).touch()
    sql(TABLE)
    reminders.start()
    routes = [
        Route("/slack/events", slack_event, methods=["POST"]),
        Route("/crm/hubspot", webhook, methods=["POST"]),
        Route("/readyz", ready),
    ]
    uvicorn.run(Starlette(routes=routes), port=int(os.environ["BATON_PORT"]), log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
