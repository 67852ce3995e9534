"""`/handoff`: its words, and help for the others. Answers are private."""

from typing import Any

from slack_bolt import Ack, App

from bot import board, texts
from bot.desk import Desk
from bot.operations import LATE
from handoff.errors import StorageError


def register(app: App, desk: Desk) -> None:
    """Listen for the command."""

    def handoff(ack: Ack, body: dict[str, Any]) -> None:
        word, _, rest = str(body.get("text") or "").strip().partition(" ")
        try:
            ack(**_answer(desk, word, rest.strip()))
        except StorageError:
            ack(text=texts.NOT_SAVED)

    app.command("/handoff")(handoff)


def _answer(desk: Desk, word: str, rest: str) -> dict[str, Any]:
    match word.casefold():
        case "status":
            return _status(desk, rest)
        case "problems":
            return _problems(desk)
        case "" | "help":
            return {"text": texts.HELP}
        case _:
            return {"text": texts.unknown_word(word)}


def _status(desk: Desk, name: str) -> dict[str, Any]:
    store = desk.flow.store
    found = [(h, store.workflow(h.edition)) for h in store.search(name or None, board.MOST)]
    if name:
        text, blocks = board.one(name, found, desk.clock())
    else:
        text, blocks = board.overview(found, store.count(), desk.clock())
    return {"text": text, "blocks": blocks}


def _problems(desk: Desk) -> dict[str, Any]:
    now = desk.clock()
    text, blocks = board.troubles(desk.flow.store.problems(now - LATE, board.MOST), now)
    return {"text": text, "blocks": blocks}
