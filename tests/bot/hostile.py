"""The worst that config, a CRM and people can hand to the builders: every text long or malicious, every list full."""

import os
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from handoff.model import Answer, Handoff, Person, Source, Status
from handoff.workflow import MOST_FIELDS, ChecklistField, FieldType, Workflow
from tests import factories
from tests.factories import NOW

EXAMPLES = int(os.environ.get("HOSTILE_EXAMPLES", "20"))  # a second each test; set it to 500 for a long look
# A draw is large and so takes its time; how long is nobody's business here.
thoroughly = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))

SECRET = "margin-of-31-percent"  # what only finance may read

FRAGMENTS = (
    *("<!channel>", "<!here>", "<!subteam^S0GROUP001>", "<@U0VICTIM01>", "<#C0SECRET01>", "@channel", "<", ">"),
    *("<https://evil.example|your invoice>", "https://evil.example/login", "evil.example", "<mailto:a@evil.example|b>"),
    *("&", "&amp;", "&lt;!channel&gt;", "*bold*", "_sly_", "~gone~", "`code`", "```", "> quote", ":tada:", "|", "\\"),
    *("👩🏽‍🚀", "🇵🇹", "日本語の顧客", "عميل جديد", "לקוח", "e\u0301" * 5, "Ünïcödé", "\u200b", "\ufeff"),
    *("\u202egnp.exe", "\u2066", "\x00", "\x07", "\x1b[31m", "\x85", "\r\n", "\n\n", "\t", "   ", "{{ 1/0 }}"),
)
TYPICAL = {
    FieldType.DATE: "2026-03-20",
    FieldType.NUMBER: "-1200.50",
    FieldType.MONEY: "48000",
    FieldType.EMAIL: "ines@client.example",
    FieldType.PERSON: "U0PICKED01",
    FieldType.YES_NO: "yes",
}

TEXTS = st.builds(
    lambda parts, times: ("".join(parts) * times)[:10_000],
    st.lists(st.sampled_from(FRAGMENTS) | st.text(st.characters(exclude_categories=["Cs"]), max_size=12), max_size=6),
    st.sampled_from((1, 1, 40, 2500)),
)
WORDS = TEXTS.map(lambda text: text or "x")
SLUGS = TEXTS.map(lambda text: "".join(c for c in text if c not in "<>|" and not c.isspace() and c >= " "))
LINKS = st.builds(lambda slug, most: f"https://evil.example/{slug}"[:most], SLUGS, st.sampled_from((60, 1990, 5000)))
PEOPLE = st.builds(
    Person, name=WORDS, email=st.none() | WORDS, slack_id=st.sampled_from((None, "U0SAM00001", "U0DANA0001"))
)


@dataclass(frozen=True)
class Case:
    """A handoff and its workflow, to be drawn by Hypothesis."""

    handoff: Handoff
    workflow: Workflow

    def seen_by_all(self) -> dict[str, ChecklistField]:
        """The fields whose answers are for everybody."""
        return {field.key: field for field in self.workflow.checklist if not field.visible_to}


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A handoff in any state, with a checklist of up to as many fields as config takes."""
    pool = draw(st.lists(WORDS, min_size=1, max_size=4))
    number = draw(st.sampled_from((2, 12, MOST_FIELDS)))
    start = draw(st.integers(0, 10))
    checklist = [_field(n, pool[n % len(pool)], list(FieldType)[(n + start) % len(FieldType)]) for n in range(number)]
    steps = [pool[n % len(pool)][:300] for n in range(20)]
    workflow = factories.workflow(
        title=pool[0][:60],
        checklist=checklist,
        brief={"promised": "f0", "expects_next": "f1"},
        first_task=draw(st.sampled_from((None, {"title": "Kick off {{ record.name }}", "checklist": steps}))),
    )
    handoff = draw(handoffs())
    unanswered = draw(st.sampled_from(({1, 2, 3}, {0}, set[int]())))
    answers = tuple(draw(_answer(field)) for n, field in enumerate(workflow.checklist) if n % 4 not in unanswered)
    return Case(handoff.model_copy(update={"answers": answers, "edition": workflow.edition}), workflow)


def fullest() -> Case:
    """As many fields as config takes, each with the longest question, and the longest answers."""
    long = "<!channel> & " * 1000
    checklist = [_field(n, long, list(FieldType)[n % len(FieldType)]) for n in range(MOST_FIELDS)]
    workflow = factories.workflow(checklist=checklist, brief={"promised": "f0", "expects_next": "f1"})
    talker = Person(name=long)
    kinds = {f.key: f.type for f in workflow.checklist}
    answers = [factories.answer(key, TYPICAL.get(kind, long), by=talker) for key, kind in kinds.items()]
    status = {"record": factories.record(name=long, stage_label=long), "asked": talker, "answers": tuple(answers)}
    return Case(factories.handoff(Status.OWNED, owner=talker, **status), workflow)


def emptiest() -> Case:
    """The same while nothing is answered."""
    full = fullest()
    blank = {"status": Status.COLLECTING, "answers": (), "owner": None, "owned_at": None}
    return Case(full.handoff.model_copy(update=blank), full.workflow)


@st.composite
def handoffs(draw: st.DrawFn) -> Handoff:
    """A handoff in any state, of a record with a malicious name, handed over by people with malicious names."""
    status = draw(st.sampled_from(Status))
    record = factories.record(
        name=draw(WORDS),
        url=draw(st.none() | LINKS | WORDS),
        stage_label=draw(WORDS),
        owner=draw(st.none() | PEOPLE),
    )
    changes: dict[str, Any] = {
        "record": record,
        "asked": draw(st.none() | PEOPLE),
        "asked_because": draw(st.sampled_from((None, "not_in_slack", "no_owner"))),
    }
    if status is Status.OWNED:
        changes |= {"owner": draw(PEOPLE), "owned_at": NOW + timedelta(days=draw(st.integers(0, 900)))}
    return factories.handoff(status, **changes)


def _field(number: int, text: str, kind: FieldType) -> dict[str, Any]:
    chooses = kind in (FieldType.CHOICE, FieldType.CHOICES)
    return {
        "key": f"f{number}",
        "ask": text[:200],
        "type": kind,
        "crm": f"crm{number}",
        "good_answer": text[:500],
        "required": number % 3 != 0,
        "options": [f"{n} {text.replace(';', ',')}"[:75].strip() for n in range(100 if number % 2 else 3)]
        if chooses
        else [],
        "visible_to": ["finance@example.com"] if number % 5 == 4 else [],
    }


@st.composite
def _answer(draw: st.DrawFn, field: ChecklistField) -> Answer:
    """An answer of the right kind, from the CRM or from a person; a secret if only some may read it."""
    values: dict[FieldType, st.SearchStrategy[str]] = {
        **{kind: st.just(value) for kind, value in TYPICAL.items()},
        FieldType.LINK: LINKS,
        FieldType.CHOICE: st.just(field.options[-1] if field.options else ""),
        FieldType.CHOICES: st.just(";".join(field.options)),
    }
    value = SECRET if field.visible_to else draw(values.get(field.type, WORDS))
    by = draw(st.none() | PEOPLE)
    return factories.answer(field.key, value, by=by, source=Source.PERSON if by else Source.CRM)
