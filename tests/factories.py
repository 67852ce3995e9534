"""Small builders of what the core speaks of. Each gives something whole; a test names only what it is about."""

from datetime import UTC, datetime
from typing import Any

from handoff.events import EVENT, Answered, Claimed, Hint, Said, StageEntered, Unsaid
from handoff.model import Answer, Handoff, Person, Post, Record, RecordRef, Source, Status
from handoff.notices import AskRep, Ladder, Nag, Notice, PostBrief, To
from handoff.workflow import ChecklistField, Workflow

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # a Monday

SAM = Person(name="Sam Rivers", email="sam@example.com", slack_id="U0SAM00001")  # the rep
RUI = Person(name="Rui Lemos", email="rui@example.com", slack_id="U0RUI00001")  # Sam's manager
BEA = Person(name="Bea Holm", email="backup@example.com", slack_id="U0BEA00001")  # the backup
PRIYA = Person(name="Priya Nair", email="priya@example.com", slack_id="U0PRIYA001")  # delivery
MAX = Person(name="Max Orth", email="max@example.com", slack_id="U0MAX00001")  # the reviewer
GUEST = Person(name="Gil Away", email="gil@client.example", slack_id="U0GIL00001", is_guest=True)
DANA = Person(name="Dana Wolf", email="dana@example.com", slack_id="U0DANA0001")  # delivery

CHECKLIST: tuple[dict[str, Any], ...] = (
    {"key": "goals", "ask": "What do they care about?", "type": "long_text", "crm": "buyer_goals", "judgement": True},
    {"key": "contact", "ask": "Who is the main contact?", "type": "email", "crm": "contact.email"},
    {"key": "start", "ask": "When do we start?", "type": "date", "crm": "start_date", "not_before": "closedate"},
    {"key": "promised", "ask": "What was promised?", "type": "long_text"},
    {"key": "next_step", "ask": "What does the client expect next?", "type": "text"},
    {"key": "pricing", "ask": "Any pricing exceptions?", "type": "text", "required": "discount > 0"},
    {"key": "kickoff", "ask": "How?", "type": "choice", "options": ["Call", "On site"], "required": False},
)
ANSWERS = {
    "goals": "Invoices processed in one day instead of five",
    "contact": "ines@client.example",
    "start": "2026-03-20",
    "promised": "Two integrations and training for ten people",
    "next_step": "A call this week with whoever leads the project",
}
FILLED = {"buyer_goals": ANSWERS["goals"], "contact.email": ANSWERS["contact"], "start_date": ANSWERS["start"]}
REASON = "The scope in the contract is another one"
REP_STEPS = 5  # how many reminders each ladder below has
CHANNEL_STEPS = 4
_WORKFLOW: dict[str, Any] = {
    "name": "sales-to-delivery",
    "title": "Sales to delivery",
    "defaults": {"backup_rep": "backup@example.com", "ops_channel": "#ops", "fallback_channel": "#fallback"},
    "people": {"sam@example.com": {"manager": "rui@example.com"}},
    "trigger": {"crm": "hubspot", "object": "deal", "stage": "Closed Won"},
    "checklist": CHECKLIST,
    "brief": {"promised": "promised", "expects_next": "next_step"},
    "delivery": {"channel": "#delivery"},
    "first_task": {"title": "Kick off {{ record.name }}", "checklist": ["Read the brief"]},
    "write_back": {"status": "handoff_status", "owner": "delivery_owner"},
    "nags": {
        "rep": [
            {"after": "2h", "to": "rep"},
            {"after": "1d", "to": "rep"},
            {"after": "2d", "to": "manager of rep"},
            {"every": "1d", "to": "rep", "at_most": 2},
        ],
        "channel": [
            {"after": "1h", "to": "channel"},
            {"after": "4h", "to": "@delivery-leads"},
            {"every": "1d", "to": "channel", "at_most": 2},
        ],
    },
}


def field(**changes: Any) -> ChecklistField:
    """One field of a checklist; a required text unless told otherwise."""
    return ChecklistField.model_validate({"key": "scope", "ask": "What is the scope?", "type": "text", **changes})


def workflow(**changes: Any) -> Workflow:
    """Sales to delivery, as in the shipped `handoffs.yml` but shorter."""
    return Workflow.model_validate({**_WORKFLOW, **changes})


def whole_workflow(**changes: Any) -> Workflow:
    """The same with exceptions, a ladder for each wait, a reviewer, and every answer in the CRM."""
    whole: dict[str, Any] = {
        "checklist": [{"crm": f"crm_{field['key']}", **field} for field in CHECKLIST],
        "exceptions": {"flags": ["Custom Scope", "Delivery Risk"], "channel": "#reviews", "reviewers": [MAX.email]},
        "first_task": {"title": "Kick off {{ record.name }}", "checklist": ["Read the brief", "Call the client"]},
        "welcome_email": {"subject": "Welcome", "body": "Hello"},
        "nags": {
            "rep": [{"after": "2h", "to": "rep"}, {"every": "1d", "to": "ops_channel", "at_most": 2}],
            "reviewer": [{"after": "4h", "to": "reviewer"}, {"after": "1d", "to": "ops_channel"}],
            "channel": [{"after": "1h", "to": "channel"}, {"every": "1d", "to": "channel", "at_most": 2}],
            "owner": [{"after": "2d", "to": "owner"}, {"after": "4d", "to": "@delivery-leads"}],
        },
    }
    return workflow(**{**whole, **changes})


def record(number: int = 1, **changes: Any) -> Record:
    """A deal of Sam's in Closed Won of which the CRM knows only amount and close date; add `fields=FILLED` for more."""
    fields = {"amount": "48000", "discount": None, "closedate": "2026-03-01", **changes.pop("fields", {})}
    plain = {
        "ref": RecordRef(system="hubspot", object="deal", id=str(number)),
        "name": f"Deal {number}",
        "url": f"https://crm.example/deal/{number}",
        "stage": "closedwon",
        "stage_label": "Closed Won",
        "pipeline": "default",
        "pipeline_label": "Sales pipeline",
        "owner": Person(name="Sam Rivers", email="sam@example.com"),
        "fields": fields,
    }
    return Record.model_validate({**plain, **changes})


def answer(key: str, value: str | None = None, **changes: Any) -> Answer:
    """What Sam answered to one field."""
    given = value if value is not None else ANSWERS[key]
    return Answer.model_validate({"key": key, "value": given, "source": Source.PERSON, "at": NOW, "by": SAM, **changes})


def handoff(status: Status = Status.COLLECTING, **changes: Any) -> Handoff:
    """A handoff in one state: nothing answered while it collects, all answered and owned by Priya at the end."""
    posted = Post(channel="D0SAM00001", ts="1772442000.000100")
    plain: dict[str, Any] = {
        "id": "h1",
        "workspace": "T0TEST0001",
        "workflow": "sales-to-delivery",
        "edition": workflow().edition,
        "record": record(),
        "status": status,
        "opened_at": NOW,
        "asked": SAM,
        "ask_post": posted,
        "version": 2,
    }
    if status is not Status.COLLECTING:
        brief = Post(channel="C0DELIVERY", ts="1772442000.000200")
        plain |= {"answers": tuple(answer(key) for key in ANSWERS), "completed_at": NOW, "brief_post": brief}
    if status in (Status.OWNED, Status.KICKOFF_SCHEDULED, Status.DONE):
        plain |= {"owner": PRIYA, "owned_at": NOW}
    if status is Status.KICKOFF_SCHEDULED:
        plain |= {"kickoff_at": NOW}
    return Handoff.model_validate({**plain, **changes})


def hint(number: int = 1, **changes: Any) -> Hint:
    """HubSpot's word that a deal changed."""
    plain = {"key": f"hubspot:{number}:1", "ref": record(number).ref, "at": NOW, "stage": "closedwon", "trace": "t1"}
    return Hint.model_validate({**plain, **changes})


def stage_entered(**changes: Any) -> StageEntered:
    """Sam's deal was won."""
    plain = {"workspace": "T0TEST0001", "record": record(), "rep": SAM, "backup": BEA}
    return StageEntered.model_validate({**_event("hubspot"), **plain, **changes})


def answered(answers: dict[str, str] | None = None, **changes: Any) -> Answered:
    """Sam answered in the modal: everything that is required, unless told otherwise."""
    given = ANSWERS if answers is None else answers
    return Answered.model_validate({**_event("modal"), "by": SAM, "answers": given, **changes})


def claimed(by: Person = PRIYA, **changes: Any) -> Claimed:
    """Somebody pressed *Take ownership*."""
    return Claimed.model_validate({**_event("button"), "by": by, **changes})


def did(kind: str, by: Person = PRIYA, **changes: Any) -> Any:
    """Whatever else somebody can do, by the kind of the event."""
    return EVENT.validate_python({**_event("button"), "kind": kind, "by": by, **changes})


def said(notice: Notice, post: Post | None = None, **changes: Any) -> Said:
    """A notice reached its place."""
    return Said.model_validate({**_event("outbox"), "notice": notice, "post": post, **changes})


def unsaid(notice: Notice, reason: str = "is_archived", **changes: Any) -> Unsaid:
    """A notice was refused for good."""
    return Unsaid.model_validate({**_event("outbox"), "notice": notice, "reason": reason, **changes})


def ask_rep(**changes: Any) -> AskRep:
    """The question to Sam."""
    plain = {"key": "h1:ask", "handoff_id": "h1", "due_at": NOW, "trace": "t1", "to": To(person=SAM)}
    return AskRep.model_validate({**plain, **changes})


def post_brief(**changes: Any) -> PostBrief:
    """The brief for delivery."""
    plain = {"key": "h1:brief", "handoff_id": "h1", "due_at": NOW, "trace": "t1", "channel": "#delivery"}
    return PostBrief.model_validate({**plain, **changes})


def nag(ladder: Ladder = "rep", step: int = 0, **changes: Any) -> Nag:
    """One reminder of a ladder."""
    to, lane = (To(person=SAM), "rep") if ladder == "rep" else (To(name="#delivery"), "delivery")
    key = {"key": f"h1:nag:{ladder}:{step}", "handoff_id": "h1", "due_at": NOW, "lane": lane, "trace": "t1"}
    return Nag.model_validate({**key, "ladder": ladder, "step": step, "to": to, **changes})


def _event(via: str) -> dict[str, Any]:
    return {"handoff_id": "h1", "at": NOW, "via": via, "trace": "t1"}
