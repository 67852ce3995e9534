"""`/handoff`: its words, and help for the others. Answers are private."""

from typing import Any

from slack_bolt import Ack, App

from bot import board, texts
from bot.blocks import Block
from bot.desk import Desk
from handoff.errors import StorageError


def register(app: App, desk: Desk) -> None:
    """Listen for the command."""

    def handoff(ack: Ack, body: dict[str, Any]) -> None:
        word, _, rest = str(body.get("text") or "").strip().partition(" ")
        if word.casefold() not in ("status", "help", ""):
            ack(text=texts.unknown_word(word))
            return
        if word.casefold() != "status":
            ack(text=texts.HELP)
            return
        try:
            text, blocks = _status(desk, rest.strip())
            ack(text=text, blocks=blocks)
        except StorageError:
            ack(text=texts.NOT_SAVED)

    app.command("/handoff")(handoff)


def _status(desk: Desk, name: str) -> tuple[str, list[Block]]:
    store = desk.flow.store
    found = [(h, store.workflow(h.edition)) for h in store.search(name or None, board.MOST)]
    if name:
        return board.one(name, found, desk.clock())
    return board.overview(found, store.count(), desk.clock())
