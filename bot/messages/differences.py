"""A field whose value in the CRM is another one: both are shown with where they come from, and a person chooses. Pure.

What only some may read is not shown in the message: it says that there is a difference, and those who may read it see
both values in a form of their own.
"""

from bot.messages import blocks, buttons, wording
from bot.messages.answers import mention, system_name
from bot.messages.blocks import Block, Element
from bot.messages.wording import Part
from handoff import checklist
from handoff.model import WITH_DELIVERY, Answer, Difference, Handoff, Source
from handoff.workflow import ChecklistField, FieldType, Workflow

_MOST = 1200  # characters of each value


def difference(place: int, handoff: Handoff, workflow: Workflow) -> tuple[str, list[Block]]:
    """The question which value is kept, open, decided or over."""
    found = handoff.differences[place]
    field = field_of(found, workflow)
    first = _first(field, handoff)
    body = [wording.paragraph(*_who_chooses(found, handoff), *first)]
    if found.kept is not None:
        body = [wording.paragraph(*first), *_decided(found, field, handoff)]
    elif not handoff.is_open:
        body = [wording.paragraph(*first), wording.paragraph("Nothing is to be chosen any more.")]
    elif field.visible_to:
        names = blocks.cut(wording.listed(list(field.visible_to)), 300)
        body.append(wording.paragraph(f"Only {names} may see the two values, and choose."))
        press = blocks.button("See both values", buttons.SEE_BOTH, buttons.value(handoff, place))
        body.append(blocks.actions(press))
    else:
        body += [*both(found, handoff, workflow), blocks.actions(*_press(place, found, field, handoff))]
    return wording.fallback(*first), body


def field_of(found: Difference, workflow: Workflow) -> ChecklistField:
    """The field that a difference is about."""
    return next(f for f in workflow.checklist if f.key == found.key)


def both(found: Difference, handoff: Handoff, workflow: Workflow) -> list[Block]:
    """The two values, each with where it comes from and when, for readers who may see them."""
    field = field_of(found, workflow)
    system = system_name(handoff.record.ref.system)
    theirs: tuple[Part, ...] = (blocks.words(f"{system} now says", bold=True), ", seen ", blocks.moment(found.at), ":")
    body = [wording.paragraph(*theirs), _value(found.theirs, field)]
    if why := unusable(found, field, handoff, workflow):
        body.append(wording.paragraph(blocks.words(why, italic=True, limit=400)))
    return [*body, wording.paragraph(*_said_before(found, handoff)), _value(found.ours, field)]


def choices(found: Difference, field: ChecklistField, handoff: Handoff) -> dict[str, str]:
    """What can be chosen: `theirs` or `ours` → the words of its button. The CRM's value only if it will do."""
    answer = _answer(found, handoff)
    ours = "Keep the earlier value" if answer and answer.source is Source.CRM else "Keep what was said"
    take = (
        {} if unusable(found, field, handoff) else {"theirs": f"Take {system_name(handoff.record.ref.system)}’s value"}
    )
    return {**take, "ours": ours}


def unusable(
    found: Difference, field: ChecklistField, handoff: Handoff, workflow: Workflow | None = None
) -> str | None:
    """Why the CRM's value cannot be the answer, if it cannot. `workflow` says what another field is called."""
    if not found.theirs:
        is_required = checklist.is_required(field, checklist.values(handoff.record, handoff.answers))
        return "The next team needs an answer here, so this cannot stay empty." if is_required else None
    return checklist.complaint(field, found.theirs, handoff.record.fields, workflow)


def _press(place: int, found: Difference, field: ChecklistField, handoff: Handoff) -> list[Element]:
    ids = {"theirs": buttons.KEEP_THEIRS, "ours": buttons.KEEP_OURS}
    value = buttons.value(handoff, place)
    return [blocks.button(words, ids[kept], value) for kept, words in choices(found, field, handoff).items()]


def _first(field: ChecklistField, handoff: Handoff) -> tuple[Part, ...]:
    system = system_name(handoff.record.ref.system)
    asked = f"“{blocks.cut(field.ask, 200)}”"
    return wording.name(handoff), f": {system} and this handoff say different things about {asked}."


def _who_chooses(found: Difference, handoff: Handoff) -> tuple[Part, ...]:
    """The owner is called by name: the question stands in a thread that others read, too."""
    if found.is_for_sales or handoff.owner is None or handoff.status not in WITH_DELIVERY:
        return ()
    return mention(handoff.owner), ", please choose. "


def _said_before(found: Difference, handoff: Handoff) -> tuple[Part, ...]:
    answer = _answer(found, handoff)
    title = blocks.words("The handoff says", bold=True)
    if answer is None:
        return title, ":"
    if answer.source is Source.CRM:
        return title, f", from {system_name(handoff.record.ref.system)}, read ", blocks.moment(answer.at), ":"
    does = ", that it does not apply, said by " if answer.source is Source.WAIVED else ", said by "
    return title, does, wording.who(answer.by), ", ", blocks.moment(answer.at), ":"


def _answer(found: Difference, handoff: Handoff) -> Answer | None:
    """The handoff's own answer, as long as it is the one that the difference speaks of."""
    answer = handoff.answer(found.key)
    return answer if answer is not None and found.ours in (answer.crm_value, answer.value) else None


def _value(text: str | None, field: ChecklistField) -> Block:
    if not text:
        return wording.quote("Nothing; the field is empty.")
    return wording.quote(_readable(text, field), _MOST)


def _readable(text: str, field: ChecklistField) -> str:
    """A value as people read it, as far as it is of the field's kind."""
    try:
        tidy = checklist.tidy(field, text)
    except ValueError:
        return text
    return ", ".join(tidy.split(";")) if field.type is FieldType.CHOICES else tidy


def _decided(found: Difference, field: ChecklistField, handoff: Handoff) -> list[Block]:
    """Who chose what. What only some may read stays hidden here, too."""
    system = system_name(handoff.record.ref.system)
    if found.kept == "same":
        return [wording.paragraph("The two agree again; nothing is to be chosen any more.")]
    if found.kept == "theirs":
        said: tuple[Part, ...] = (wording.who(found.by), f" took {system}’s value.")
    else:
        answer = _answer(found, handoff)
        is_reason = answer is not None and answer.source is Source.WAIVED  # that is no value to write
        said = (
            wording.who(found.by),
            " kept what the handoff says",
            "." if is_reason else f", and {system} gets it, too.",
        )
    if field.visible_to:
        return [wording.paragraph(*said)]
    kept, left = (found.theirs, found.ours) if found.kept == "theirs" else (found.ours, found.theirs)
    before = wording.paragraph("The other one was:")
    return [wording.paragraph(*said), _value(kept, field), before, _value(left, field)]
