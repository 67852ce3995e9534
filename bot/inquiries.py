"""What `/handoff` answers: the store and the desk behind each of its words. The pages themselves are made elsewhere.

An answer is a message: `text`, `blocks`, `response_type`. It is empty where a form was opened instead.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot import commands, rests
from bot.commands import Wish
from bot.desk import Desk
from bot.messages import board, history, texts, wording
from bot.messages.answers import system_name
from bot.messages.blocks import Block, escape
from bot.modals import flag, new
from bot.operations import LATE
from handoff.decision import Reply, ReplyKind
from handoff.events import Hint, Paused, Unpaused
from handoff.model import Handoff, Person, RecordRef
from handoff.workflow import Workflow

Message = dict[str, Any]
Found = Sequence[tuple[Handoff, Workflow]]

_LATELY = timedelta(days=7)
_MOST_NAMES = 300  # among which a name that was not found is looked for


@dataclass(frozen=True)
class Inquiry:
    """One wish of one person, and the payload it came in."""

    desk: Desk
    body: dict[str, Any]
    wish: Wish
    by: Person


def answer(desk: Desk, body: dict[str, Any], wish: Wish) -> Message:
    """What the person reads. Guests read nothing about customers. Raises StorageError."""
    by = desk.person(body)
    if by.is_guest:
        return {"text": texts.GUEST}
    word = _WORDS.get(wish.word)
    if word is None:
        return {"text": texts.unknown_word(wish.word, commands.nearest_word(wish.word))}
    return word(Inquiry(desk, body, wish, by))


def _help(asked: Inquiry) -> Message:
    return _message(asked, texts.HELP)


def _status(asked: Inquiry) -> Message:
    wish, store, now = asked.wish, asked.desk.flow.store, asked.desk.clock()
    most = board.FEW if wish.name else board.MOST
    found, more = _found(asked, most, everything=False)
    if wish.name and not found:
        found, more = _found(asked, most, everything=True)  # what is over is shown if nothing is under way
    if wish.name:
        near = () if found else _near(asked, everything=True)
        text, blocks = board.one(wish.name, found, now, near)
    else:
        text, blocks = board.overview(found, store.count(), now, wish.offset)
    return _paged(asked, text, blocks, most, more=more)


def _mine(asked: Inquiry) -> Message:
    store, offset = asked.desk.flow.store, asked.wish.offset
    found = store.of(asked.by.slack_id or "", board.MOST + 1, offset)
    text, blocks = board.mine(_with_workflows(asked, found[: board.MOST]), asked.desk.clock())
    return _paged(asked, text, blocks, board.MOST, more=len(found) > board.MOST)


def _problems(asked: Inquiry) -> Message:
    store, now, offset = asked.desk.flow.store, asked.desk.clock(), asked.wish.offset
    found = store.problems(now - LATE, offset + board.MOST + 1)[offset:]
    skipped = () if offset else store.skipped(now - _LATELY, board.MOST)
    ids = {*(p.subject for p in found), *(one.handoff_id for one in skipped)}
    names = {h.id: h.record.name for id_ in ids if (h := store.handoff(id_)) is not None}
    text, blocks = board.troubles(found[: board.MOST], now, skipped, names)
    private = Inquiry(asked.desk, asked.body, asked.wish.model_copy(update={"is_shared": False}), asked.by)
    return _paged(private, text, blocks, board.MOST, more=len(found) > board.MOST)


def _new(asked: Inquiry) -> Message:
    workflows = asked.desk.flow.workflows
    if (ref := asked.desk.record_named(asked.wish.name)) is not None:
        return _read_again(asked, ref)
    asked.desk.open(asked.body, new.build(workflows, asked.by.slack_id or "", name=asked.wish.name))
    return {}


def _read_again(asked: Inquiry, ref: RecordRef) -> Message:
    """Have a record read, as if its CRM had said that it changed: what starts is decided by its stage."""
    key, now = uuid.uuid4().hex, asked.desk.clock()
    asked.desk.flow.take([Hint(key=f"{ref.key}:asked:{key}", ref=ref, at=now, trace=key[:12])], now)
    return _message(asked, texts.read_again(system_name(ref.system), ref.id))


def _history(asked: Inquiry) -> Message:
    return _for_one(asked, "History", _history_of, everything=True)


def _pause(asked: Inquiry) -> Message:
    if not asked.wish.name and not asked.wish.handoff_id:
        return _resting(asked)
    spared = None if asked.wish.until or asked.wish.handoff_id else commands.without_last_word(asked.wish)
    if spared is not None and not asked.desk.flow.store.search(asked.wish.name, 1):
        return _for_one(Inquiry(asked.desk, asked.body, spared, asked.by), "Pause", _paused)
    return _for_one(asked, "Pause", _paused)


def _resting(asked: Inquiry) -> Message:
    found = asked.desk.flow.store.resting(asked.desk.clock(), board.MOST + 1, asked.wish.offset)
    text, blocks = board.resting(_with_workflows(asked, found[: board.MOST]))
    return _paged(asked, text, blocks, board.MOST, more=len(found) > board.MOST)


def _resume(asked: Inquiry) -> Message:
    return _for_one(asked, "Resume", _resumed)


def _flag(asked: Inquiry) -> Message:
    return _for_one(asked, "Flag", _flagged)


def _history_of(asked: Inquiry, handoff: Handoff, workflow: Workflow) -> Message:
    desk = asked.desk
    roles = () if asked.wish.is_shared else desk.people.roles_on(asked.by, workflow)
    log = desk.flow.store.log(handoff.id)
    text, blocks, older, newer = history.lines(handoff, log, workflow, roles, asked.wish.offset)
    chosen = asked.wish.model_copy(update={"handoff_id": handoff.id})
    turns = [] if asked.wish.is_shared else board.turns(chosen, older, newer)
    return _message(asked, text, [*blocks, *turns])


def _paused(asked: Inquiry, handoff: Handoff, workflow: Workflow) -> Message:  # noqa: ARG001 -- as all of them
    desk, until = asked.desk, None
    if asked.wish.until:
        zone = desk.people.zone(asked.by.slack_id or "")
        try:
            until = commands.moment(asked.wish.until, desk.clock(), zone)
        except ValueError as e:
            return {"text": escape(str(e))}
    event = Paused(**desk.act(asked.body, handoff.id, "command"), until=until)
    if (reply := desk.record(event, asked.body)) is None:
        return {}
    return _refusal(asked, handoff, reply) or _message(asked, texts.paused(handoff.record.name, until))


def _resumed(asked: Inquiry, handoff: Handoff, workflow: Workflow) -> Message:  # noqa: ARG001
    event = Unpaused(**asked.desk.act(asked.body, handoff.id, "command"))
    if (reply := asked.desk.record(event, asked.body)) is None:
        return {}
    return _refusal(asked, handoff, reply) or _message(asked, texts.resumed(handoff.record.name))


def _refusal(asked: Inquiry, handoff: Handoff, reply: Reply) -> Message | None:
    """Why nothing was changed, for whoever asked alone; what holds instead, where that was so already."""
    if reply.kind is ReplyKind.ALREADY_SO and (parts := rests.as_it_is(asked.desk, handoff.id)):
        return {"text": wording.fallback(*parts), "blocks": [wording.paragraph(*parts)]}
    refusal = texts.reply(reply)
    return {"text": refusal} if refusal else None


def _flagged(asked: Inquiry, handoff: Handoff, workflow: Workflow) -> Message:
    asked.desk.open(asked.body, flag.build(handoff, workflow))
    return {}


def _for_one(
    asked: Inquiry,
    label: str,
    act: Callable[[Inquiry, Handoff, Workflow], Message],
    *,
    everything: bool = False,
) -> Message:
    """Do something with the one customer that is meant; ask which one if there are several."""
    if not asked.wish.name and not asked.wish.handoff_id:
        return {"text": texts.needs_name(asked.wish.word)}
    found, more = _found(asked, board.FEW, everything=everything)
    exact = [one for one in found if one[0].record.name.casefold() == asked.wish.name.casefold()]
    if len(found) == 1 or len(exact) == 1:
        return act(asked, *(exact or found)[0])
    if not found:
        near, among = _near(asked, everything=everything), "" if everything else " under way"
        text, blocks = board.one(asked.wish.name, (), asked.desk.clock(), near, among)
        return {"text": text, "blocks": blocks}
    text, blocks = board.choices(found, asked.wish, label, asked.desk.clock())
    alone = Inquiry(asked.desk, asked.body, asked.wish.model_copy(update={"is_shared": False}), asked.by)
    return _paged(alone, text, blocks, board.FEW, more=more)


def _found(asked: Inquiry, most: int, *, everything: bool) -> tuple[Found, bool]:
    """A page of what is meant, and whether there is more."""
    store, wish = asked.desk.flow.store, asked.wish
    if wish.handoff_id:
        one = store.handoff(wish.handoff_id)
        return _with_workflows(asked, [one] if one else []), False
    found = store.search(wish.name or None, most + 1, wish.offset, everything=everything)
    return _with_workflows(asked, found[:most]), len(found) > most


def _with_workflows(asked: Inquiry, found: Sequence[Handoff]) -> Found:
    return [(handoff, asked.desk.flow.store.workflow(handoff.edition)) for handoff in found]


def _near(asked: Inquiry, *, everything: bool) -> tuple[str, ...]:
    names = {h.record.name for h in asked.desk.flow.store.search(None, _MOST_NAMES, everything=everything)}
    return commands.nearest_names(asked.wish.name, sorted(names))


def _paged(asked: Inquiry, text: str, blocks: list[Block], most: int, *, more: bool) -> Message:
    """The answer with its buttons to other pages; what is shared has none, because everybody would turn them."""
    offset = asked.wish.offset
    earlier = max(offset - most, 0) if offset else None
    turns = [] if asked.wish.is_shared else board.turns(asked.wish, earlier, offset + most if more else None)
    return _message(asked, text, [*blocks, *turns])


def _message(asked: Inquiry, text: str, blocks: Sequence[Block] = ()) -> Message:
    message: Message = {"text": text, **({"blocks": list(blocks)} if blocks else {})}
    return {**message, "response_type": "in_channel"} if asked.wish.is_shared else message


_WORDS: dict[str, Callable[[Inquiry], Message]] = {
    "help": _help,
    "status": _status,
    "mine": _mine,
    "new": _new,
    "history": _history,
    "pause": _pause,
    "resume": _resume,
    "flag": _flag,
    "problems": _problems,
}
