"""Every text that is stored is known to be private or not, so that nothing is exported or kept by oversight."""

from typing import Any, get_args

import pytest

from handoff.events import EVENT, AnyEvent
from handoff.model import Handoff, Model, Person, Record
from handoff.private import ADDRESSES, FORGOTTEN, WORDS, Cover
from tests.factories import FILLED, SAM, answered, claimed, did, record, stage_entered

# Ids, moments, places, names of config, and Baton's own words: nothing that a person or the CRM said.
PLAIN = {
    *("id", "handoff_id", "workspace", "workflow", "edition", "kind", "via", "trace", "key", "lane", "ladder"),
    *("channel", "ts", "system", "object", "stage", "stage_label", "pipeline", "pipeline_label", "status", "source"),
    *("asked_because", "because", "verdict", "what", "instead", "again", "kept", "question_id", "about", "to"),
    *("wanted", "keys", "flags", "flag"),
}
OURS = {("Unsaid", "reason"), ("PutOff", "reason"), ("TellOps", "reason"), ("Flag", "name"), ("To", "name")}
NAMES_OF_FIELDS = {("SendBack", "fields"), ("SentBack", "fields"), ("Reviewed", "fields"), ("Answered", "people")}


def models(of: Any) -> set[type[Model]]:
    """Every model that something is made of."""
    if isinstance(of, type) and issubclass(of, Model):
        parts = (models(f.annotation) for f in of.model_fields.values())
        return {of}.union(*parts)
    return set().union(*(models(part) for part in get_args(of)))


def holds_text(annotation: Any) -> bool:
    """Whether text may stand in a field, as itself or in a list or mapping."""
    return annotation is str or any(holds_text(part) for part in get_args(annotation) if part is not annotation)


STORED = models(AnyEvent) | models(Handoff)


def test_every_text_is_known_to_be_private_or_not() -> None:
    unknown = [
        f"{model.__name__}.{name}"
        for model in STORED - {Person}
        for name, f in model.model_fields.items()
        if holds_text(f.annotation)
        and name not in WORDS.get(model, ())
        and name not in PLAIN | ADDRESSES
        and (model.__name__, name) not in OURS | NAMES_OF_FIELDS
    ]

    assert unknown == []


def test_what_is_called_private_is_there() -> None:
    assert [f"{m.__name__}.{n}" for m, names in WORDS.items() for n in names if n not in m.model_fields] == []
    assert set(WORDS) <= STORED


EVENTS = [
    stage_entered(record=record(fields=FILLED)),
    answered(waived={"pricing": "They pay the list price"}, flags=("Custom Scope",), flag_note="A second site"),
    did("question_answered", SAM, question_id="q1", text="In the spring"),
    did("reviewed", flag=0, verdict="conditions", reason="Only with a second engineer"),
    claimed(),
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda e: e.kind)
def test_a_covered_event_is_still_one(event: AnyEvent) -> None:
    covered = Cover(words=lambda text: FORGOTTEN if text else text).over(event)

    again: AnyEvent = EVENT.validate_json(covered.model_dump_json())

    assert again == covered
    assert (again.kind, again.at, again.handoff_id) == (event.kind, event.at, event.handoff_id)


def test_a_covered_record_keeps_its_key_and_stage_and_leads_nowhere() -> None:
    whole = record(fields=FILLED)

    covered: Record = Cover(words=lambda _: FORGOTTEN).over(whole)

    assert (covered.ref, covered.stage, covered.name, covered.url) == (whole.ref, whole.stage, FORGOTTEN, None)
    assert covered.fields.keys() == whole.fields.keys()
    assert {value for value in covered.fields.values() if value} == {FORGOTTEN}
