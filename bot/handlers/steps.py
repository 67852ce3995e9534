"""The boxes of the first task. A tick that does not count is taken back, because Slack shows it to whoever made it."""

import uuid
from typing import Any

import structlog
from slack_bolt import Ack, App

from bot.desk import Desk
from bot.messages import first_task, texts
from bot.messages.buttons import STEPS
from bot.slack_errors import asking
from handoff.decision import Reply, ReplyKind
from handoff.errors import OutsideError
from handoff.events import Ticked


def register(app: App, desk: Desk) -> None:
    """Listen for the boxes."""

    def tick(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        action = body["actions"][0]
        handoff_id, start = first_task.group_of(str(action.get("block_id")))
        if (found := desk.look_up(handoff_id, body)) is None:
            return
        done = first_task.done_now(found[0], start, action.get("selected_options"))
        reply = desk.record(Ticked(done=done, **desk.act(body, handoff_id, "button")), body)
        _answer(desk, reply, handoff_id, body)

    app.action(STEPS)(tick)


def _answer(desk: Desk, reply: Reply | None, handoff_id: str, body: dict[str, Any]) -> None:
    if reply is not None and reply.kind in (ReplyKind.DONE, ReplyKind.ALREADY_SO):
        return
    if reply is not None:
        desk.tell(body, texts.reply(reply))
    _redraw(desk, handoff_id, body)


def _redraw(desk: Desk, handoff_id: str, body: dict[str, Any]) -> None:
    """Show the task as it is stored. The boxes get another id: Slack keeps what was ticked under the old one."""
    if (found := desk.look_up(handoff_id, body)) is None or (post := found[0].task_post) is None:
        return
    text, blocks = first_task.task(*found, redrawn=uuid.uuid4().hex[:8])
    try:
        with asking("chat.update"):
            desk.client.chat_update(channel=post.channel, ts=post.ts, text=text, blocks=blocks)
    except OutsideError as e:
        structlog.get_logger().warning("tick_not_taken_back", why=type(e).__name__)
