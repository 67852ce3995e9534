"""A database with as many handoffs as a measure needs, written by the database itself in a few statements.

Rows of what is over have short bodies: nobody reads them again, and it is their number that grows.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, text

from benchmarks import crowded
from bot.config import load_handbook
from handoff import decide
from handoff.events import Claimed, StageEntered
from handoff.model import Handoff, Person, Post, Record, RecordRef
from handoff.workflow import Workflow
from storage.engine import Database
from storage.migrate import migrate
from storage.store import SqlStore
from storage.tables import to_ms

WORKSPACE = "T0BATON"
_MARK = 987654321  # stands for a handoff's number in the templates
_REP = Person(name="Rep", email="rep@example.com", slack_id="U0REPX")  # X stands for a number
_PRIYA = Person(name="Priya Nair", email="priya@example.com", slack_id="U0PRIYA")
_EARLY = datetime(2025, 1, 6, 9, 0, tzinfo=UTC)
_CHUNK = 20_000
_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT CAST({first} AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {end}) "
_LOG_KINDS = ("stage_entered", "said", "answered", "said", "claimed")
_SAID_KINDS = ("ask", "crm-status:v1", "brief", "owned")
_FIELDS = {
    "amount": "12000",
    "discount": "0",
    "closedate": "2025-01-05",
    "buyer_goals": "Orders packed the same day, before the spring season",
    "contact.email": "ines@client.example",
    "signed_scope_url": "https://docs.example.com/scopes/v3",
    "start_date": "2027-01-31",
    "promised_deliverables": "Two integrations and training for ten people",
    "client_expects_next": "A kickoff call before the end of next week",
    "risk_notes": "Their IT lead leaves in May",
}


def handoff_id(number: int) -> str:
    """The id of a filled handoff; scattered, as random ids are."""
    return f"h{number * 2_654_435_761 % 4_294_967_296}"


@dataclass(frozen=True)
class Filler:
    """Fills one database. `post` is where all of its messages stand in Slack."""

    database: Database
    workflow: Workflow
    post: Post

    def past(self, first: int, count: int) -> None:
        """Handoffs that somebody took long ago, with their log and what was said."""
        self._handoffs(first, count, _owned(self.workflow, self.post))
        for version, kind in enumerate(_LOG_KINDS, 1):
            self._run(_LOG, first, count, version=version, kind=kind, at=to_ms(_EARLY))
        for what in _SAID_KINDS:
            self._run(_SAID, first, count, what=what, at=to_ms(_EARLY))

    def unclaimed(self, first: int, count: int) -> None:
        """Handoffs whose brief nobody has taken yet, each with its next reminder a month away."""
        handoff, nag = _unclaimed(self.workflow, self.post)
        self._handoffs(first, count, handoff)
        due = to_ms(datetime.now(UTC) + timedelta(days=30))
        self._run(_NAG, first, count, nag=nag, mark=str(_MARK), due=due, at=to_ms(_EARLY))

    def _handoffs(self, first: int, count: int, handoff: Handoff) -> None:
        facts = {"status": handoff.status.value, "version": handoff.version, "body": handoff.model_dump_json()}
        more = {"workflow": handoff.workflow, "mark": str(_MARK), "at": to_ms(_EARLY)}
        self._run(_HANDOFF, first, count, **facts, **more)
        for words in _WORDS:
            self._run(words, first, count, at=to_ms(_EARLY))

    def _run(self, statement: str, first: int, count: int, **values: object) -> None:
        for start in range(first, first + count, _CHUNK):
            end = min(start + _CHUNK, first + count)

            def work(connection: Connection, start: int = start, end: int = end) -> None:
                numbers = _NUMBERS.format(first=start, end=end)
                connection.execute(text(numbers + statement), {"workspace": WORKSPACE, **values})

            self.database.write(work)


def filler(database: Database, config: Path, post: Post) -> Filler:
    """A filler for a database, which is brought to the newest shape first."""
    migrate(database)
    workflows = load_handbook(str(config)).workflows
    SqlStore(database, WORKSPACE).remember(workflows.values(), _EARLY)
    return Filler(database, next(iter(workflows.values())), post)


def settle(database: Database) -> None:
    """Let the engine count what is in it as Baton does, and PostgreSQL clear up as autovacuum does by itself."""
    database.learn()
    if not database.alone:
        database.scour()
        database.write(lambda connection: connection.execute(text("ANALYZE")))


def _unclaimed(workflow: Workflow, post: Post) -> tuple[Handoff, str]:
    ref = RecordRef(system="hubspot", object="deal", id=str(_MARK))
    record = Record(
        ref=ref,
        name=f"Deal {_MARK}",
        stage="closedwon",
        stage_label="Closed won",
        owner=_REP,
        fields=_FIELDS,
    )
    entered = StageEntered(
        handoff_id=handoff_id(_MARK),
        at=_EARLY,
        via="hubspot",
        workspace=WORKSPACE,
        record=record,
        rep=_REP,
        backup=None,
    )
    decision = decide.decide(None, entered, workflow, _EARLY)
    assert decision.handoff.completed_at, "the template lacks answers that the workflow asks for"
    nag = next(n for n in decision.notices if n.kind == "nag")
    placed = decision.handoff.model_copy(update={"ask_post": post, "brief_post": post, "version": 3})
    return _marked(placed), nag.model_dump_json().replace(handoff_id(_MARK), f"h{_MARK}")


def _owned(workflow: Workflow, post: Post) -> Handoff:
    handoff, _ = _unclaimed(workflow, post)
    claimed = Claimed(handoff_id=handoff.id, at=_EARLY, via="button", by=_PRIYA)
    return decide.decide(handoff, claimed, workflow, _EARLY).handoff.model_copy(update={"version": 5})


def _marked(handoff: Handoff) -> Handoff:
    return handoff.model_copy(update={"id": f"h{_MARK}"})


_ID = "'h' || CAST(i * 2654435761 % 4294967296 AS TEXT)"
_REP_ID = f"'U0REP' || CAST(i % {crowded.REPS} AS TEXT)"
_BODY = (
    f"replace(replace(replace(CAST({{}} AS TEXT), 'h' || CAST(:mark AS TEXT), {_ID}), CAST(:mark AS TEXT), "
    f"CAST(i AS TEXT)), 'U0REPX', {_REP_ID})"
)
_HANDOFF = (
    "INSERT INTO handoffs "
    "(id, workspace, workflow, record_key, record_name, status, is_open, version, opened_at, asked_id, body) "
    f"SELECT {_ID}, :workspace, :workflow, 'hubspot:deal:' || CAST(i AS TEXT), 'Deal ' || CAST(i AS TEXT), :status, "
    f"true, :version, :at + i * 10000, {_REP_ID}, {_BODY.format(':body')} FROM n"
)
_WORDS = tuple(
    f"INSERT INTO words (workspace, handoff_id, word, is_open, opened_at) "
    f"SELECT :workspace, {_ID}, {word}, true, :at + i * 10000 FROM n"
    for word in ("'deal'", "CAST(i AS TEXT)")
)
_LOG = (
    "INSERT INTO log (handoff_id, version, workspace, kind, at, body) "
    f"SELECT {_ID}, :version, :workspace, :kind, :at + i * 10000, '{{}}' FROM n"
)
_OUT = (
    "INSERT INTO outbox "
    "(workspace, key, lane, body, state, due_at, created_at, handoff_id, ladder, recipient, done_at) "
)
_SAID = (
    f"{_OUT} SELECT :workspace, {_ID} || ':' || :what, {_ID} || '\\:rep', '{{}}', 'done', :at + i * 10000, "
    f":at + i * 10000, {_ID}, NULL, NULL, :at + i * 10000 FROM n"
)
_NAG = (
    f"{_OUT} SELECT :workspace, {_ID} || '\\:nag\\:channel:0', {_ID} || '\\:delivery', {_BODY.format(':nag')}, 'due', "
    f":due + i, :at, {_ID}, 'channel', '#delivery', NULL FROM n"
)
