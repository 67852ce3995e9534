"""Filling in *Complete handoff*: what becomes of what somebody typed when they press something in the form.

A form that was closed by Slack or a person is gone with what it held, so everything typed in a step is saved as a draft
before another step takes its place.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.desk import Desk
from bot.messages import texts
from bot.modals import complete, fields, forms, sheet
from bot.modals.complete import Say
from bot.modals.sheet import Place, Sheet, Typed
from bot.redraw import redraw
from handoff.decide import decide
from handoff.decision import Reply, ReplyKind
from handoff.events import Answered, Drafted
from handoff.model import Handoff, Status
from handoff.workflow import ChecklistField, Workflow

Json = dict[str, Any]

_STORED = (ReplyKind.DONE, ReplyKind.STILL_MISSING, ReplyKind.ALREADY_SO)


def opened(desk: Desk, body: Json, handoff: Handoff, workflow: Workflow) -> Json:
    """The form for whoever pressed the button, or why there is nothing to fill in."""
    if handoff.status is not Status.COLLECTING:
        return complete.closed(handoff, workflow)
    place = Place(handoff.id, desk.clock())
    return complete.build(_sheet(desk, body, handoff, workflow, place, Typed()))


def standing(desk: Desk, body: Json) -> Sheet | None:
    """The form that somebody has open, with what they typed. None if its handoff cannot be found."""
    place, typed = sheet.typed(body["view"])
    found = desk.look_up(place.handoff_id, body)
    return _sheet(desk, body, *found, place, typed) if found else None


def save(desk: Desk, body: Json, on: Sheet, only: frozenset[str] | None = None) -> Reply | None:
    """Keep what is typed in this step; with `only`, of these fields alone. None if it could not be stored."""
    known = {f.key: f for f in on.workflow.checklist if only is None or f.key in only}
    answers = {k: text for k, text in on.typed.answers.items() if k in known and _is_to_keep(on, known[k], text)}
    waived = {k: text for k, text in on.typed.waived.items() if k in known and text.strip()}
    if not answers and not waived:
        return Reply(kind=ReplyKind.ALREADY_SO, status=on.handoff.status)
    return desk.record(Drafted(answers=answers, waived=waived, **_act(desk, on)), body)


def _is_to_keep(on: Sheet, field: ChecklistField, text: str) -> bool:
    """Empty fields are kept as such where something was saved, which is then taken back."""
    draft = on.draft(field.key)
    if draft is not None and not draft.waived:
        return draft.text != text
    return bool(text.strip()) and on.is_new(field, text)


def kept(desk: Desk, body: Json) -> None:
    """*Save draft*: say that it is saved, and go on."""
    if (on := standing(desk, body)) is None:
        return
    _show(desk, body, on, save(desk, body, on), Say({}, saved_at=desk.clock()))


def back(desk: Desk, body: Json) -> None:
    """*Back*: save this step and show the one before."""
    if (on := standing(desk, body)) is not None and on.before is not None:
        _stepped(desk, body, on, on.before)


def skipped(desk: Desk, body: Json) -> None:
    """*Skip for now*: save this step, however it is filled in, and show the next one."""
    if (on := standing(desk, body)) is not None and on.after is not None:
        _stepped(desk, body, on, on.after)


def _stepped(desk: Desk, body: Json, on: Sheet, step: int) -> None:
    reply = save(desk, body, on)
    again = standing(desk, body) if _is_stored(reply) else None
    _show(desk, body, again.at(step) if again else on, reply)


def corrected(desk: Desk, body: Json) -> None:
    """*Correct something*: everything that is known becomes a question, with its answer in it."""
    if (on := standing(desk, body)) is None:
        return
    reply = save(desk, body, on)
    if (again := standing(desk, body)) is not None and _is_stored(reply):
        kept = Typed(waiving=again.typed.waiving)  # as Slack keeps what was picked in the menu
        on = replace(again, place=replace(again.place, is_correcting=True, step=0), typed=kept)
    _show(desk, body, on, reply)


def changed(desk: Desk, body: Json) -> None:
    """Something was picked on which other questions depend: they appear and go, and what was typed in them is kept."""
    on = standing(desk, body)
    if on is None or on.handoff.status is not Status.COLLECTING:
        return
    wanted = {f.key: f.key in on.waiving for f in on.shown}  # whether its reason is asked for
    there = {**dict.fromkeys(on.typed.answers, False), **dict.fromkeys(on.typed.waived, True)}
    if wanted == there:
        return
    going = {k for k, text in on.typed.answers.items() if text.strip() and wanted.get(k) is not False}
    going |= {k for k, text in on.typed.waived.items() if text.strip() and k not in wanted}
    reply = save(desk, body, on, frozenset(going))
    _show(desk, body, standing(desk, body) or on, reply)


def closed(desk: Desk, body: Json) -> None:
    """The form was closed: keep what Slack still tells of it, which is little. Nothing is taken back by that."""
    if (on := standing(desk, body)) is None:
        return
    typed = {k: text for k, text in on.typed.answers.items() if text.strip()}
    save(desk, body, replace(on, typed=Typed(typed, on.typed.waived)))


def submitted(desk: Desk, body: Json) -> Json:
    """*Next* or *Hand over*: what Slack does with the form."""
    if (on := standing(desk, body)) is None:
        return forms.answer(None, {})
    if on.after is not None:
        return _next(desk, body, on)
    event = _answered(desk, on, everything=True)
    if event.flags and not event.flag_note.strip():
        return {"response_action": "errors", "errors": {sheet.FLAG_NOTE: texts.FLAG_NEEDS_NOTE}}
    reply = desk.record(event, body)
    if reply is not None and reply.kind is ReplyKind.WRONG_ANSWERS:
        return _wrong(desk, body, on, reply.complaints)
    if reply is not None and reply.kind is ReplyKind.ALREADY_COMPLETE:
        return {"response_action": "update", "view": forms.note("Complete already", texts.already_complete(reply))}
    if reply is not None and reply.kind is ReplyKind.STILL_MISSING and (found := desk.look_up(on.handoff.id, body)):
        return {"response_action": "update", "view": complete.still_missing(*found)}
    return forms.answer(reply, {})


def _next(desk: Desk, body: Json, on: Sheet) -> Json:
    """Check this step; if it will do, save it and show the next one."""
    event = _answered(desk, on, everything=False)
    reply = decide(on.handoff, event, on.workflow, event.at).reply
    if reply.kind is ReplyKind.WRONG_ANSWERS:
        return _wrong(desk, body, on, reply.complaints)
    if reply.kind in (ReplyKind.DONE, ReplyKind.STILL_MISSING):
        saved = save(desk, body, on)
        again = standing(desk, body)
        if saved is None or again is None or again.after is None:
            return forms.answer(None, {})
        return {"response_action": "update", "view": complete.build(again.at(again.after))}
    return forms.answer(reply, {})


def _answered(desk: Desk, on: Sheet, *, everything: bool) -> Answered:
    """What is handed over: what stands in this step, and with `everything` what was saved in the others."""
    answers, waived = _here(on)
    if everything:
        _elsewhere(on, answers, waived)
    return Answered(
        answers=answers,
        people={i: desk.people.named(i, i) for i in sheet.people_in(on.workflow, answers)},
        waived=waived,
        flags=_flags(on) if everything else (),
        flag_note=on.place.flag_note,
        opened_at=on.place.opened_at,
        **_act(desk, on),
    )


def _act(desk: Desk, on: Sheet) -> dict[str, Any]:
    """What the event says: by the roles that decided which questions the form shows."""
    return {**desk.facts(on.handoff.id, "modal"), "by": on.reader, "roles": on.roles}


def _here(on: Sheet) -> tuple[dict[str, str], dict[str, str]]:
    """What stands in this step and was not said before: answers, and reasons why there is none."""
    asked = {f.key: f for f in on.everything}  # not only of this step: others may have answered and moved the steps
    answers = {k: t for k, t in on.typed.answers.items() if k in asked and (not t.strip() or on.is_new(asked[k], t))}
    reasons = on.typed.waived.items()
    return answers, {k: t for k, t in reasons if k in asked and on.is_new(asked[k], t, waived=True)}


def _elsewhere(on: Sheet, answers: dict[str, str], waived: dict[str, str]) -> None:
    """Add what was saved in other steps, by others for their eyes only, and what is still to be said there."""
    here = on.typed.answers.keys() | on.typed.waived.keys() | {f.key for f in on.shown}
    for field in (*on.everything, *on.hidden):
        draft, before = on.draft(field.key), on.answer(field.key)
        if field.key in here:
            continue
        if draft is not None:
            (waived if draft.waived else answers)[field.key] = draft.text
        elif field not in on.hidden and on.is_required(field) and (before is None or field.key in on.handoff.wanted):
            answers[field.key] = ""  # it is still to be said: the complaint leads to its step


def _flags(on: Sheet) -> tuple[str, ...]:
    names = on.workflow.exceptions.flags if on.workflow.exceptions else ()
    return tuple(names[i] for i in on.place.flags if 0 <= i < len(names))


def _wrong(desk: Desk, body: Json, on: Sheet, complaints: Mapping[str, str]) -> Json:
    """Show complaints under their fields; if one of them stands in another step, go there."""
    here = {key: fields.block_id(key) for key in on.typed.answers}
    here |= {key: fields.reason_id(key) for key in on.typed.waived}
    here |= {sheet.FLAGS: sheet.FLAGS} if on.place.flags else {}
    if complaints.keys() <= here.keys():
        return forms.answer(Reply(kind=ReplyKind.WRONG_ANSWERS, complaints=complaints), here)
    hidden = [f for f in on.hidden if f.key in complaints]
    trouble = texts.ask_again(hidden[0], desk.people.called(hidden[0].visible_to)) if hidden else None
    save(desk, body, on)
    elsewhere = next(key for key in complaints if key not in here)
    again = (standing(desk, body) or on).at(on.step_of(elsewhere))
    return {"response_action": "update", "view": complete.build(again, Say(complaints, trouble=trouble))}


def _is_stored(reply: Reply | None) -> bool:
    return reply is not None and reply.kind in _STORED


def _show(desk: Desk, body: Json, on: Sheet, reply: Reply | None, say: Say = complete.NOTHING) -> None:
    """The form as it is now; or why what was typed could not be kept."""
    if reply is None:
        redraw(desk, body, complete.build(on, Say({}, trouble=texts.NOT_SAVED)))
    elif _is_stored(reply):
        redraw(desk, body, complete.build(on, say))
    else:
        redraw(desk, body, forms.note("Nothing was changed", texts.reply(reply) or ""))


def _sheet(desk: Desk, body: Json, handoff: Handoff, workflow: Workflow, place: Place, typed: Typed) -> Sheet:
    by = desk.person(body)
    return Sheet(handoff, workflow, by, desk.people.roles_on(by, workflow), place, typed)
